/// What the packets of a mission mean, as its XTCE files say it: every reference resolved to an index, every default of
/// the standard filled in, nothing in it that is not supported.
///
/// Standard: OMG XTCE 1.2 (CCSDS 660.0-B-2).
package struct MissionDatabase: Sendable {
  /// The name of the outermost space system.
  package var name: String
  package var spaceSystems: [SpaceSystem]
  package var types: [ParameterType]
  package var parameters: [Parameter]
  package var containers: [Container]
  /// What a person should know of a database that is good enough: what is left out, and why.
  package var notices: [DatabaseProblem]
  /// Names of algorithms, which are not executed.
  package var algorithms: [String]

  package init(name: String) {
    self.name = name
    spaceSystems = []
    types = []
    parameters = []
    containers = []
    notices = []
    algorithms = []
  }
}

/// Where a type stands in `MissionDatabase.types`.
package struct TypeIndex: Hashable, Sendable {
  package var value: Int
  package init(_ value: Int) { self.value = value }
}

/// Where a parameter stands in `MissionDatabase.parameters`.
package struct ParameterIndex: Hashable, Sendable {
  package var value: Int
  package init(_ value: Int) { self.value = value }
}

/// Where a container stands in `MissionDatabase.containers`.
package struct ContainerIndex: Hashable, Sendable {
  package var value: Int
  package init(_ value: Int) { self.value = value }
}

/// A part of a mission database with names of its own.
package struct SpaceSystem: Hashable, Sendable {
  /// From the outermost one on, such as `/SAT/Power`.
  package var path: String
  package var summary: String
  package var place: DatabasePlace

  package init(path: String, summary: String, place: DatabasePlace) {
    self.path = path
    self.summary = summary
    self.place = place
  }
}

/// Something that a packet may hold a value of.
package struct Parameter: Hashable, Sendable {
  /// From the outermost space system on, such as `/SAT/Power/BUSV`.
  package var path: String
  /// Other names, each as `namespace:alias`.
  package var aliases: [String]
  package var summary: String
  package var type: TypeIndex
  package var place: DatabasePlace

  package init(path: String, aliases: [String] = [], summary: String = "", type: TypeIndex, place: DatabasePlace) {
    self.path = path
    self.aliases = aliases
    self.summary = summary
    self.type = type
    self.place = place
  }

  /// The last part of the path.
  package var name: Substring { path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...] }
}

/// A parameter, or a part of one.
package struct ParameterReference: Hashable, Sendable {
  /// A step into a value.
  package enum Step: Hashable, Sendable {
    /// The member of an aggregate, by its place in the list of members.
    case member(Int)
    /// The element of an array, from zero, one for each dimension.
    case element(Int)
  }

  package var parameter: ParameterIndex
  package var steps: [Step]

  package init(_ parameter: ParameterIndex, steps: [Step] = []) {
    self.parameter = parameter
    self.steps = steps
  }
}

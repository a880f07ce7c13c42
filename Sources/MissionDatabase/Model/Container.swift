/// A sequence of entries in a packet, which may be the beginning of others.
package struct Container: Hashable, Sendable {
  /// From the outermost space system on.
  package var path: String
  package var summary: String
  /// Only the beginning of others, never a packet by itself.
  package var isAbstract: Bool
  package var base: BaseContainer?
  package var entries: [Entry]
  package var place: DatabasePlace

  package init(path: String, summary: String = "", isAbstract: Bool = false, place: DatabasePlace) {
    self.path = path
    self.summary = summary
    self.isAbstract = isAbstract
    self.place = place
    base = nil
    entries = []
  }

  /// The last part of the path.
  package var name: Substring { path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...] }
}

/// What a container is an extension of, and when; without a condition, always.
package struct BaseContainer: Hashable, Sendable {
  package var container: ContainerIndex
  package var criterion: Criterion?

  package init(container: ContainerIndex, criterion: Criterion? = nil) {
    self.container = container
    self.criterion = criterion
  }
}

/// An entry of a container.
package struct Entry: Hashable, Sendable {
  /// What lies there.
  package enum Content: Hashable, Sendable {
    case parameter(ParameterIndex)
    case container(ContainerIndex)
    /// An array whose dimensions the entry says.
    case array(ParameterIndex, dimensions: [ArrayDimension])
    /// The parameter that another one names by its value, by an alias of this namespace where there is one.
    case indirect(ParameterReference, aliasNamespace: String?)
  }

  /// Where an entry begins.
  package enum Location: Hashable, Sendable {
    /// So many bits behind the end of the entry before it, or, when negative, into it.
    case behindPrevious(IntegerValue)
    /// So many bits behind the beginning of the packet; in a container within another, of that container.
    case fromStart(IntegerValue)
    /// So many bits before the end of the packet.
    case beforeEnd(IntegerValue)
    /// So many bits before the beginning of the entry behind it.
    case beforeNext(IntegerValue)
  }

  package var content: Content
  package var location: Location
  /// Absent means always; where it does not hold the entry takes no room.
  package var condition: Criterion?
  /// How often, and how many bits between each and the next.
  package var repetition: Repetition?
  package var place: DatabasePlace

  package init(_ content: Content, location: Location = .behindPrevious(.fixed(0)), place: DatabasePlace) {
    self.content = content
    self.location = location
    self.place = place
    condition = nil
    repetition = nil
  }
}

/// How often an entry comes.
package struct Repetition: Hashable, Sendable {
  package var count: IntegerValue
  /// Bits from the end of each to the beginning of the next.
  package var offset: IntegerValue

  package init(count: IntegerValue, offset: IntegerValue = .fixed(0)) {
    self.count = count
    self.offset = offset
  }
}

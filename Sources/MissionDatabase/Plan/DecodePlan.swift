package import CCSDSWire

/// A mission database made ready for decoding: flat instructions, with constant places resolved, made once and shared
/// by all decoders.
///
/// The beginning that containers have in common is decoded once, and then each extension whose criterion holds. Where
/// criteria ask for equality with an integer, as those on the APID do, the extensions are found by a table.
package final class DecodePlan: Sendable {
  /// Whose values there are, in the order that samples count them.
  package let slots: [ParameterSlot]
  /// Where every packet begins: the place in `MissionDatabase.containers`.
  package let root: ContainerIndex
  /// Why that is the root, for a person.
  package let rootReason: String
  /// Containers that are left out, and why; none unless it is made leniently.
  package let notices: [DatabaseProblem]
  let tables: PlanTables
  /// What the octets of the texts of each slot mean; absent where it holds none.
  let characters: [StringEncoding.CharacterSet?]

  /// - Parameters:
  ///   - root: The path or the name of the container that every packet begins with; absent, it is found.
  ///   - isLenient: Containers that cannot be decoded are left out, with a notice each.
  ///   - leapSeconds: For times that leave leap seconds out.
  /// - Throws: All that keeps the database from being decoded.
  package init(
    _ database: MissionDatabase, root: String? = nil, isLenient: Bool = false, leapSeconds: LeapSecondTable = .builtIn
  ) throws(DatabaseErrors) {
    let found: RootContainer
    do {
      found = try RootContainer(of: database, named: root)
    } catch {
      throw DatabaseErrors(problems: [error])
    }
    var compiler = PlanCompiler(database, isLenient: isLenient, leapSeconds: leapSeconds)
    compiler.compile(root: found.index)
    guard compiler.problems.isEmpty else {
      throw DatabaseErrors(
        problems: Array(compiler.problems.prefix(Self.problemCapacity)),
        omittedCount: max(0, compiler.problems.count - Self.problemCapacity))
    }
    self.root = found.index
    rootReason = found.reason
    notices = compiler.notices
    slots = compiler.slots.slots
    characters = compiler.slots.characters
    tables = compiler.tables
  }

  /// So many problems are kept.
  private static let problemCapacity = 200
}

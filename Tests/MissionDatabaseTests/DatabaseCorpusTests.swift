import MissionDatabase
import TestSupport
import Testing

@Suite(
  "Recorded mission databases",
  .enabled(if: DatabaseCorpus.isPresent, Comment(rawValue: DatabaseCorpus.absence)), .timeLimit(.minutes(10)))
struct DatabaseCorpusTests {
  /// What has to be said of a database that is not read as it is: a part of the message, and the line of the element.
  private static let refusals: [String: [(line: Int, message: String)]] = [
    // It names types of a file that is not there.
    "mdb-pus": [(28, "there is no type `/dt/uint11`"), (29, "there is no type `/dt/uint14`")],
    // It has errors on purpose: calibrators that mean nothing, or more than one thing.
    "xtcevec-bogussat1": [(376, "`order` is 2"), (407, "it has 0 terms"), (486, "it leaves 0 numbers")],
    // The size of its octets is found by a Java class.
    "xtcevec-refxtce": [(49, "algorithms are not executed")],
  ]

  @Test("each is read, or refused where it is wrong, with the reason for it")
  func readsAll() throws {
    var accounted = 0
    let items = try DatabaseCorpus.items()
    for item in items {
      do throws(DatabaseErrors) {
        let database = try MissionDatabase.load([(item.path, item.bytes)])
        #expect(Self.refusals[item.id] == nil, "\(item.id) was expected to be refused")
        if compare(database, item) { accounted += 1 }
      } catch {
        guard let expected = Self.refusals[item.id] else {
          Issue.record("\(item.id) is refused:\n\(error.problems.prefix(5).map(\.rendered).joined())")
          continue
        }
        let isTold = expected.allSatisfy { refusal in
          error.problems.contains { $0.place.line == refusal.line && $0.message.contains(refusal.message) }
        }
        #expect(isTold, "\(item.id) is refused for another reason:\n\(error.problems.map(\.rendered).joined())")
        if isTold { accounted += 1 }
      }
    }
    print("mission databases: \(accounted) of \(items.count) are read as others read them, or refused with the reason")
    #expect(items.count == 17)
    #expect(accounted == items.count)
  }

  @Test(
    "each is read leniently, and what is missing is told",
    arguments: ["mdb-pus", "xtcevec-bogussat1", "xtcevec-refxtce"])
  func readsLeniently(id: String) throws {
    let item = try #require(try DatabaseCorpus.items().first { $0.id == id })
    let database = try MissionDatabase.load([(item.path, item.bytes)], isLenient: true)
    let errors = database.notices.filter { $0.severity == .error }
    #expect(!errors.isEmpty)
    for element in errors.map(\.place) { #expect(element.line > 0) }
    let leftOut = database.notices.filter { $0.message.contains("is left out") }.count
    #expect(database.containers.count + leftOut == item.truth.containerCount)
    #expect(!database.tree.isEmpty)
  }

  private func compare(_ database: MissionDatabase, _ item: DatabaseCorpus.Item) -> Bool {
    let truth = item.truth
    var isEqual = true
    func expect<Value: Equatable>(_ value: Value, _ expected: Value?, _ what: String) {
      guard let expected else { return }
      #expect(value == expected, "\(item.id): \(what)")
      if value != expected { isEqual = false }
    }
    expect(database.parameters.count, truth.parameterCount, "parameters")
    expect(database.containers.count, truth.containerCount, "containers")
    expect(database.spaceSystems.count, truth.spaceSystemCount, "space systems")
    expect(database.parameters.map(\.path).sorted(), truth.parameterNames?.sorted(), "names of parameters")
    expect(database.containers.map(\.path).sorted(), truth.containerNames?.sorted(), "names of containers")
    return isEqual
  }
}

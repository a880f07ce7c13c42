import MissionDatabase
import Testing

@Suite("The container that packets begin with")
struct RootContainerTests {
  private func maker(_ containers: [(name: String, isAbstract: Bool, base: Int?)]) -> DatabaseMaker {
    var maker = DatabaseMaker()
    for container in containers {
      _ = maker.container(
        container.name, [], isAbstract: container.isAbstract, base: container.base.map { ContainerIndex($0) })
    }
    return maker
  }

  @Test("the abstract one that others extend, though others stand beside it")
  func abstract() throws {
    let maker = maker([
      ("Lonely", false, nil), ("Plain", false, nil), ("Root", true, nil), ("P", false, 2), ("Q", false, 1),
    ])
    let plan = try DecodePlan(maker.database)
    #expect(plan.root == ContainerIndex(2))
    #expect(plan.rootReason == "the only abstract container that others extend and that extends none")
  }

  @Test("else one that others extend; else the only one there is")
  func others() throws {
    #expect(try DecodePlan(maker([("A", true, nil), ("B", false, nil), ("C", false, 1)]).database).root.value == 1)
    #expect(try DecodePlan(maker([("A", false, nil)]).database).root.value == 0)
  }

  @Test("one that lies within others does not count")
  func included() throws {
    var maker = maker([("Header", true, nil), ("Long", false, 0), ("Root", true, nil), ("Packet", false, 2)])
    maker.database.containers[3].entries = [entry(.container(ContainerIndex(0)))]
    #expect(try DecodePlan(maker.database).root.value == 2)
  }

  @Test("one that is named, by its path or its name")
  func named() throws {
    let database = maker([("A", true, nil), ("B", true, nil), ("C", false, 1), ("D", false, 0)]).database
    #expect(try DecodePlan(database, root: "/SAT/B").root.value == 1)
    #expect(try DecodePlan(database, root: "B").root.value == 1)
    #expect(try DecodePlan(database, root: "/SAT/B").rootReason == "it is configured")
  }

  private func problem(_ database: MissionDatabase, root: String? = nil) -> DatabaseProblem? {
    do {
      _ = try DecodePlan(database, root: root)
      return nil
    } catch {
      return error.problems.first
    }
  }

  @Test("two that could be it are refused, by their names")
  func ambiguous() {
    let found = problem(maker([("A", true, nil), ("B", true, nil), ("C", false, 1), ("D", false, 0)]).database)
    #expect(found?.message == "packets could begin with `/SAT/A`, `/SAT/B`")
    #expect(found?.hint == "say which one in the configuration, by its full path")
  }

  @Test("a database without containers, and a name that no container has")
  func absent() {
    let none = problem(maker([]).database)
    #expect(none?.message == "there is no container that a packet could begin with")
    #expect(none?.hint?.hasPrefix("it has no containers, so that no packet can be decoded with it") == true)
    let found = problem(maker([("A", true, nil)]).database, root: "B")
    #expect(found?.message == "there is no container `B`, which packets are to begin with")
    #expect(found?.hint == "there are `/SAT/A`")
  }

  @Test("that there is none is said of the database, where it begins")
  func place() throws {
    let database = try XTCEText.load(XTCEText.database(types: XTCEText.unsigned("u", 8)))
    #expect(database.containers.isEmpty)
    #expect(problem(database)?.place == DatabasePlace(file: "test.xml", line: 1, column: 1))
    #expect(problem(database)?.hint?.hasPrefix("it has no containers") == true)
  }

  @Test("where each lies within another one, which it is has to be said")
  func circle() {
    var maker = maker([("A", false, nil), ("B", false, nil), ("C", false, 0), ("D", false, 1)])
    maker.database.containers[2].entries = [entry(.container(ContainerIndex(1)))]
    maker.database.containers[3].entries = [entry(.container(ContainerIndex(0)))]
    #expect(problem(maker.database)?.hint?.contains("say which one in the configuration") == true)
  }
}

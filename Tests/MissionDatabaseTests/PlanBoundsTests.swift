import MissionDatabase
import Testing

@Suite("Plans of databases that were made to do harm")
struct PlanBoundsTests {
  private func problems(_ database: MissionDatabase, isLenient: Bool = false) -> [String] {
    do throws(DatabaseErrors) {
      _ = try DecodePlan(database, root: "Root", isLenient: isLenient)
      return []
    } catch { return error.problems.map(\.rendered) }
  }

  @Test("a container that is in itself by what extends what it contains is refused, however many of these there are")
  func refusesCirclesThroughExtensions() {
    // X contains A; forty containers extend A and contain X: two to the forty ways of forty steps.
    var maker = DatabaseMaker()
    let root = maker.container("Root", [])
    let inner = maker.container("A", [])
    let outer = maker.container("X", [entry(.container(inner))])
    for index in 0..<40 { _ = maker.container("E\(index)", [entry(.container(outer))], base: inner) }
    _ = maker.container("HK", [entry(.container(outer))], base: root)
    let found = problems(maker.database)
    #expect(!found.isEmpty && found.count <= 41)
    #expect(found.allSatisfy { $0.contains("is in itself, by what it contains and by what extends that") })
    #expect(problems(maker.database, isLenient: true) == [])
  }

  @Test("families that contain each other are refused after so many problems, and not after all their orders")
  func boundsOrders() {
    // Twelve containers, each with eleven extensions that contain the eleven others: twelve factorial orders.
    var maker = DatabaseMaker()
    let root = maker.container("Root", [])
    let families = (0..<12).map { maker.container("A\($0)", []) }
    for (index, family) in families.enumerated() {
      for (other, inner) in families.enumerated() where other != index {
        _ = maker.container("E\(index)_\(other)", [entry(.container(inner))], base: family)
      }
    }
    _ = maker.container("HK", [entry(.container(families[0]))], base: root)
    #expect(!problems(maker.database).isEmpty)
    #expect(!problems(maker.database, isLenient: true).isEmpty)
  }

  @Test("tables of extensions that ask for different keys do not multiply, and every extension is found")
  func boundsTables() throws {
    // 64 values of each of four keys: 65 · 65 · 65 · 65 tables.
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let keys = (0..<4).map { maker.parameter("K\($0)", byte) }
    let root = maker.container("Root", keys.map { entry($0) }, isAbstract: true)
    for value in 0..<64 {
      for key in keys {
        _ = maker.container("C\(key.value)_\(value)", [], base: root, raw(key, .isEqual, Int64(value)))
      }
    }
    let plan = try DecodePlan(maker.database)
    var decoder = PacketDecoder(plan)
    let found = decoder.decoded([5, 64, 64, 63])
    #expect(found.outcome.isAmbiguous)
    // Two are for it, of the first key and of the last one; the root is container 0.
    #expect(found.outcome.container == Int32(1 + 4 * 5))
    #expect(decoder.decoded([64, 64, 7, 64]).outcome.container == Int32(1 + 4 * 7 + 2))
    #expect(decoder.decoded([64, 64, 64, 64]).outcome.completeness == .unidentified)
  }

  @Test("thousands of labels, and as many comparisons with them, cost one place each")
  func boundsLabels() throws {
    // 60,000 labels and 40,000 comparisons: 2.4 billion verdicts.
    var maker = DatabaseMaker()
    let mode = maker.parameter("MODE", maker.enumerated(16, (0..<60_000).map { ("L\($0)", Int64($0)...Int64($0)) }))
    let flag = maker.parameter("FLAG", maker.unsigned(8))
    var entries = [entry(mode)]
    for row in 0..<40 {
      let parts = (0..<1_000).map { text(mode, .isEqual, "L\(row * 1_000 + $0)") }
      entries.append(entry(flag, if: .any(parts)))
    }
    _ = maker.container("Packet", entries)
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    // 39,999 is in the last row, 40,000 in none.
    #expect(decoder.decoded([0x9C, 0x3F, 1]).all("FLAG").count == 1)
    #expect(decoder.decoded([0x9C, 0x40, 1]).all("FLAG").count == 0)
  }

  @Test("each of ten thousand labels leads to its container")
  func findsLabels() throws {
    var maker = DatabaseMaker()
    let mode = maker.parameter("MODE", maker.enumerated(16, (0..<10_000).map { ("L\($0)", Int64($0)...Int64($0)) }))
    let root = maker.container("Root", [entry(mode)], isAbstract: true)
    for value in 0..<10_000 { _ = maker.container("C\(value)", [], base: root, text(mode, .isEqual, "L\(value)")) }
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0x27, 0x0F]).outcome.container == 10_000)
    #expect(decoder.decoded([0x27, 0x10]).outcome.completeness == .unidentified)
  }

  @Test("each element of an array is remembered for the condition that asks for it")
  func remembersElements() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let dimension = ArrayDimension(startingIndex: .fixed(0), endingIndex: .fixed(199))
    let array = maker.parameter("P", maker.type(.array(element: byte, dimensions: [dimension]), nil))
    let flag = maker.parameter("FLAG", byte)
    let entries = (0..<200).map { index in
      let element = ParameterReference(array, steps: [.element(index)])
      let criterion = Criterion.comparison(
        Comparison(element, usesCalibrated: false, .isEqual, .integer(Int64(index % 7))))
      return entry(flag, .fromStart(.fixed(0)), if: criterion)
    }
    _ = maker.container("Packet", [entry(array)] + entries)
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded((0..<200).map { UInt8($0 % 7) }).all("FLAG").count == 200)
    // Ten numbers of 0…199 are multiples of 22: these are not what is asked for.
    #expect(decoder.decoded((0..<200).map { $0 % 22 == 0 ? 250 : UInt8($0 % 7) }).all("FLAG").count == 190)
  }
}

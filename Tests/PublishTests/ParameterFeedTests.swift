import Publish
import Testing

@Suite("Parameters on their way to those who watch")
struct ParameterFeedTests {
  @Test("rows are made into text once for all who have asked with the same pattern, and only those that it is for")
  func rendersOncePerPattern() throws {
    let rendered = Collected<String>()
    var feed = ParameterFeed()
    let batch = ParameterBatch(of: "dss1", names: ["BUSV", "TANK", "BUSI"]) {
      rendered.append($0)
      return "\"\($0)\""
    }
    let bus = try unwrap(NamePattern("BUS*"))
    let tank = try unwrap(NamePattern("TANK"))
    #expect(feed.put(batch, for: [(1, bus), (2, tank), (3, bus), (4, bus)]).isEmpty)
    var pieces: [ParameterFeed.Piece] = []
    while let piece = feed.next(where: { _ in true }) { pieces.append(piece) }
    #expect(pieces.map(\.receivers) == [[1, 3, 4], [2]])
    #expect(
      pieces.map { $0.lines.map { String(decoding: $0.bytes, as: UTF8.self) } } == [
        ["{\"class\":\"PARAMETERS\",\"link\":\"dss1\",\"parameters\":[\"BUSV\",\"BUSI\"]}\n"],
        ["{\"class\":\"PARAMETERS\",\"link\":\"dss1\",\"parameters\":[\"TANK\"]}\n"],
      ])
    #expect(rendered.elements == ["BUSV", "BUSI", "TANK"])
    #expect(feed.isEmpty)
  }

  @Test("work is done in pieces of 128 rows at most, and patterns take turns")
  func takesTurns() throws {
    var feed = ParameterFeed()
    let batch = ParameterBatch(of: "dss1", names: (0..<300).map { "P\($0)" }) { _ in "1" }
    _ = feed.put(batch, for: [(1, try unwrap(NamePattern("*"))), (2, try unwrap(NamePattern("P*")))])
    var pieces: [[Int]] = []
    while let piece = feed.next(where: { _ in true }) {
      pieces.append(piece.receivers + piece.lines.map(\.rowCount))
    }
    #expect(pieces == [[1, 128], [2, 128], [1, 128], [2, 128], [1, 44], [2, 44]])
  }

  @Test("nothing is made into text for those who have no room; it goes on when one of them has")
  func waitsForRoom() throws {
    var feed = ParameterFeed()
    let batch = ParameterBatch(of: "dss1", names: ["A"]) { _ in "1" }
    let all = try unwrap(NamePattern("*"))
    _ = feed.put(batch, for: [(1, all), (2, all)])
    #expect(feed.next(where: { _ in false }) == nil)
    #expect(!feed.isEmpty)
    #expect(feed.next(where: { $0 == 2 })?.receivers == [1, 2])
    #expect(feed.isEmpty)
  }

  @Test("newer values overtake those that nobody had room for: these are lost, row by row of the pattern")
  func overtakes() throws {
    var feed = ParameterFeed()
    // Of 300 rows the pattern is for 200; 128 of them are told, so that 72 are left.
    let names = (0..<200).map { "P\($0)" } + (0..<100).map { "Q\($0)" }
    let pattern = try unwrap(NamePattern("P*"))
    _ = feed.put(ParameterBatch(of: "dss1", names: names) { _ in "1" }, for: [(1, pattern), (2, pattern)])
    _ = feed.put(ParameterBatch(of: "dss2", names: ["P"]) { _ in "2" }, for: [(1, pattern)])
    #expect(feed.next(where: { _ in true })?.lines.map(\.rowCount) == [128])
    let losses = feed.put(ParameterBatch(of: "dss1", names: ["P7"]) { _ in "3" }, for: [(1, pattern)])
    #expect(losses.map(\.rowCount) == [72])
    #expect(losses.map(\.receivers) == [[1, 2]])
    // That of the other link was not overtaken.
    #expect(feed.next(where: { _ in true })?.lines.first?.bytes.contains(UInt8(ascii: "2")) == true)
    #expect(feed.next(where: { _ in true })?.lines.map(\.rowCount) == [1])
    #expect(feed.isEmpty)
  }

  @Test("who is slow sees every parameter at some time: newer values begin where those before were left")
  func goesRound() throws {
    let rendered = Collected<String>()
    var feed = ParameterFeed()
    let all = try unwrap(NamePattern("*"))
    let batch = ParameterBatch(of: "dss1", names: (0..<300).map { "\($0)" }) {
      rendered.append($0)
      return $0
    }
    // One piece is taken of each batch: rows 0 to 127, 128 to 255, 256 to 299, and the first ones again.
    for (index, lost) in [nil, 172, 172, 256].enumerated() {
      #expect(feed.put(batch, for: [(1, all)]).first?.rowCount == lost, "batch \(index)")
      _ = feed.next { _ in true }
    }
    #expect(rendered.elements == ((0..<300).map { "\($0)" } + (0..<128).map { "\($0)" }))
  }

  @Test("nothing is kept for those who are gone")
  func forgetsThoseWhoLeave() throws {
    var feed = ParameterFeed()
    let all = try unwrap(NamePattern("*"))
    _ = feed.put(ParameterBatch(of: "dss1", names: ["A"]) { _ in "1" }, for: [(1, all), (2, all)])
    feed.leave(1)
    #expect(!feed.isEmpty)
    feed.leave(2)
    #expect(feed.isEmpty)
  }
}

extension ParameterBatch {
  /// What has changed are parameters of these names.
  init(of link: String, names: [String], text: @escaping @Sendable (String) -> String) {
    self.init(
      of: link, rowCount: names.count, chosen: { pattern, rows in rows.filter { pattern.matches(names[$0]) } },
      text: { text(names[$0]) })
  }
}

import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport

/// A link, and what it is given, so that it can be given it more than once: all at a stretch, or with ends in between.
struct StateRun {
  let parameters: LinkParameters
  /// What comes in: datagrams, or pieces of a connection.
  private var units: [(bytes: [UInt8], time: ReceptionTime)] = []
  private var isConnection = false

  var unitCount: Int { units.count }

  // MARK: What comes in

  /// Frames in datagrams, or what a modem sends.
  init(_ scenario: Scenario, isConnection: Bool = false) throws {
    parameters = .frames(scenario.physicalChannel)
    self.isConnection = isConnection
    var scenario = scenario
    // The scenarios for people go on until they are stopped.
    scenario.link.frameCount = scenario.link.frameCount ?? 1000
    var simulation = try Simulation(scenario)
    var unit: [UInt8] = []
    while let stamp = simulation.next(into: &unit) {
      units.append((unit, ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)))
    }
  }

  /// Frames of a connection, in pieces that heed no border.
  init(connectionOf scenario: Scenario, seed: UInt64) throws {
    try self.init(scenario, isConnection: true)
    var random = SeededGenerator(seed: seed)
    units = Self.pieces(of: units.flatMap(\.bytes), &random)
  }

  /// Packets in datagrams or of a connection: one in eight is cut off, repeated, or no packet.
  init(packetsWithSeed seed: UInt64, isConnection: Bool) {
    var random = SeededGenerator(seed: seed)
    var stream = PacketStreamParameters()
    stream.limits.applicationProcessCount = 12
    parameters = .packets(stream)
    self.isConnection = isConnection
    var counts = [UInt16](repeating: 0, count: 16)
    for index in 0..<400 {
      let process = Int.random(in: 0..<16, using: &random)
      counts[process] = (counts[process] + (random.next() % 9 == 0 ? 3 : 1)) & 0x3FFF
      let byteCount = Int.random(in: 1...300, using: &random)
      var packet: [UInt8] = [0, UInt8(process), 0xC0 | UInt8(counts[process] >> 8), UInt8(counts[process] & 0xFF)]
      packet += [UInt8((byteCount - 1) >> 8), UInt8((byteCount - 1) & 0xFF)] + random.bytes(byteCount)
      // A connection that once lost track of its packets stays lost.
      if !isConnection, random.next() % 8 == 0 { packet.removeLast(Int.random(in: 0..<packet.count, using: &random)) }
      units.append((packet, ReceptionTime(nanosecondsSince1970: Int64(index) * 700_000_000)))
    }
    if isConnection { units = Self.pieces(of: units.flatMap(\.bytes), &random) }
  }

  private static func pieces(
    of bytes: [UInt8], _ random: inout SeededGenerator
  ) -> [(bytes: [UInt8], time: ReceptionTime)] {
    var pieces: [(bytes: [UInt8], time: ReceptionTime)] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...3000, using: &random))
      rest = rest.dropFirst(piece.count)
      pieces.append((Array(piece), ReceptionTime(nanosecondsSince1970: Int64(pieces.count) * 10_000_000)))
    }
    return pieces
  }

  // MARK: The link

  func makePipeline() -> LinkPipeline { LinkPipeline(name: "state", parameters: parameters) }

  /// Gives the link a part of what comes in, in batches of a few.
  func feed(_ range: Range<Int>, to pipeline: inout LinkPipeline) {
    for index in range {
      let (bytes, time) = units[index]
      pipeline.noteReceived(at: time.nanosecondsSince1970)
      if isConnection {
        unsafe pipeline.receive(stream: bytes.span.bytes, at: time)
      } else {
        unsafe pipeline.receive(bytes.span.bytes, UnitDescription(time: time, originalByteCount: bytes.count))
      }
      // A batch may be under way when the state is saved: its units are decoded, and it is not known yet when.
      pipeline.noteDecoded(at: time.nanosecondsSince1970 + Int64(index % 90) * 100_000)
      if index % 7 == 6 { pipeline.flush() }
    }
  }

  /// The state of a link that was given the first units.
  func state(after unitCount: Int) -> [UInt8] {
    var pipeline = makePipeline()
    feed(0..<unitCount, to: &pipeline)
    return Self.state(of: &pipeline)
  }

  static func state(of pipeline: inout LinkPipeline) -> [UInt8] {
    var archive = StateArchive()
    pipeline.archive(&archive)
    return archive.bytes
  }

  /// Everything that a link says of itself, but what is found in input that does not decode.
  static func report(_ snapshot: LinkSnapshot) -> String {
    var json = JSONWriter()
    json.object { snapshot.write(to: &$0, problems: []) }
    return json.text
  }
}

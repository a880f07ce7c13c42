import CCSDSLink
import LinkHealth

/// A unit, what it holds and what became of it.
struct UnitAccount {
  let place: UnitPlace
  /// As it came.
  private let delivered: [UInt8]
  /// The same, where nothing was made out in it.
  var bytes: [UInt8]
  private(set) var sections: [Dissection.Section] = []
  private(set) var problems: [Dissection.Problem] = []
  private(set) var steps: [String] = []
  private var omittedStepCount = 0
  private var explanation: Rejection?

  init(place: UnitPlace, bytes: [UInt8]) {
    self.place = place
    self.bytes = bytes
    delivered = bytes
  }

  var isEmpty: Bool { steps.isEmpty }

  /// A datagram may hold thousands of packets.
  private static let stepCapacity = 1000
  private static let sectionCapacity = 200

  mutating func note(_ step: String) {
    if steps.count < Self.stepCapacity { steps.append(step) } else { omittedStepCount += 1 }
  }

  mutating func explain(_ rejection: Rejection) { explanation = rejection }

  /// Adds what a frame of it looks like.
  mutating func add(_ dissection: Dissection) {
    guard sections.count < Self.sectionCapacity else { return }
    problems += dissection.problems
    sections += dissection.sections
    bytes = []
  }

  /// Adds what a packet in it looks like.
  ///
  /// - Parameter place: Where it lies in the unit; absent, it is told of by itself.
  mutating func dissect(packet: [UInt8], at place: PacketPlace?) {
    guard sections.count < Self.sectionCapacity else { return }
    let start = place.map { $0.isInOne ? $0.first.offset : 0 } ?? 0
    let isHere = start + packet.count <= delivered.count
    let unit = isHere ? delivered : packet
    let dissector = PacketDissector(
      unit: UnitBytes(unit), end: unit.count, maximumPacketByteCount: .max, spansUnits: false, showsBytes: false)
    sections.append(dissector.dissect(at: isHere ? start : 0, origin: "").section)
    bytes = []
  }

  private var allSteps: [String] {
    omittedStepCount > 0 ? steps + ["and \(omittedStepCount.grouped) steps more"] : steps
  }

  /// For a person: its fields, and then what became of it.
  var lines: [String] {
    var lines = [place.text]
    lines += DissectionText.lines(problems: problems)
    for section in sections { lines += DissectionText.lines(section) }
    if sections.isEmpty, explanation == nil, !bytes.isEmpty {
      lines += DissectionText.lines(
        Dissection.ByteDump(of: bytes.prefix(FrameSubject.headCapacity), totalByteCount: bytes.count))
    }
    lines.append("  what became of it")
    for (index, step) in allSteps.enumerated() { lines.append("    \(index + 1). \(step)") }
    if let explanation { lines += explanation.lines.dropFirst() }
    return lines
  }

  /// For a program: one object.
  var json: String {
    var json = JSONWriter()
    json.object { root in
      root.member("class", "UNIT")
      place.write(to: &root)
      root.array("sections") { array in
        for section in sections { array.object { DissectionJSON.write(section, to: &$0) } }
      }
      root.array("problems") { array in
        for problem in problems { array.object { DissectionJSON.write(problem, to: &$0) } }
      }
      root.member("steps", allSteps)
      if let explanation { root.member("rejected", json: explanation.json) }
    }
    return json.text
  }
}

import CCSDSCoding
package import CCSDSLink
import CCSDSWire
import Ingest

/// Dissects the frames or packets of a file, a capture or standard input for a person, with offsets.
///
/// What it says of a unit depends on the bytes and on those before it alone. No bytes make it stop or trap.
package struct Inspector {
  /// What to show, and how.
  package struct Options: Sendable {
    /// Stop after so many units; nil goes to the end.
    package var unitLimit: Int?
    /// Show data fields and packets as they stand, the first 256 bytes of each.
    package var showsBytes = false
    /// Of a capture, the datagrams to take by their destination; empty takes all.
    package var ports: [UInt16] = []
    /// One JSON object to a line, one line to a unit.
    package var asJSON = false
    /// Whole frames that the link takes from one datagram.
    package var framesPerDatagram = 1

    /// Everything, for a person.
    package init() {}
  }

  private let parameters: LinkParameters
  private let options: Options

  /// - Parameter parameters: Those of the link that the units are from.
  package init(parameters: LinkParameters, options: Options) {
    self.parameters = parameters
    self.options = options
  }

  /// Dissects one input.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - line: Called with each line, without its end.
  /// - Throws: When the input cannot be opened, or read further; everything before that has been told.
  package func inspect(path: String, line: (String) -> Void) throws(ServiceError) {
    do throws(IngestError) {
      var input = try ReplayInput(path: path, parameters: parameters, ports: options.ports)
      var session = InspectionSession(parameters: parameters, options: options)
      if let coding = parameters.coding {
        try Self.inspect(&input, coding, &session, line)
      } else {
        try Self.inspect(&input, &session, line)
      }
      if session.unitCount == 0, !options.asJSON, options.unitLimit != 0 { line(nothingFound(input)) }
    } catch {
      throw .ingest(error)
    }
  }

  /// The units of an input as they stand in it.
  private static func inspect(
    _ input: inout ReplayInput, _ session: inout InspectionSession, _ line: (String) -> Void
  ) throws(IngestError) {
    while !session.isDone {
      let offset = input.stream.consumedByteCount
      let (unit, hasMore) = try next(of: &input)
      if let unit {
        let position = input.recordNumber.map { UnitPosition.record($0) } ?? .byte(offset)
        session.take(unit.bytes, unit.about, at: position, line)
      }
      guard hasMore else { break }
    }
  }

  /// A copy of the next unit, or piece of a stream, if the next step of the input brings one.
  private static func next(
    of input: inout ReplayInput
  ) throws(IngestError) -> (unit: (bytes: [UInt8], about: UnitDescription)?, hasMore: Bool) {
    var unit: (bytes: [UInt8], about: UnitDescription)?
    let hasMore = try input.next { unit = (unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) }, $1) }
    return (unit, hasMore)
  }

  /// The units of a coded input, each with what the decoder says of it.
  private static func inspect(
    _ input: inout ReplayInput, _ coding: ChannelCoding, _ session: inout InspectionSession, _ line: (String) -> Void
  ) throws(IngestError) {
    var inspection = CodedInspection(coding)
    while !session.isDone {
      let (piece, hasMore) = try next(of: &input)
      if let piece {
        let found = inspection.take(piece.bytes, piece.about)
        for unit in found.units { session.take(unit, piece.about, record: input.recordNumber, line) }
        for refusal in found.refusals {
          session.refuse(refusal, coding, piece.about, record: input.recordNumber, line)
        }
      }
      guard hasMore else { break }
    }
    let about = UnitDescription(originalByteCount: 0)
    for unit in inspection.finish() { session.take(unit, about, record: input.recordNumber, line) }
  }

  private func nothingFound(_ input: ReplayInput) -> String {
    guard input.hasClock else {
      return input.isStream ? "no unit was found in \(input.stream.consumedByteCount) bytes" : "the input is empty"
    }
    guard !input.ports.isEmpty else { return "the capture has no UDP datagram" }
    let found = input.ports.map { "\(Digits.plural($0.datagrams, "datagram")) to port \($0.port)" }
    return "the capture has no datagram to the wanted port; it has \(found.joined(separator: ", "))"
  }
}

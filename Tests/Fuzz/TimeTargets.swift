import CCSDSLink
import CCSDSWire
import DownlinkService

/// Times in every form, lists of leap seconds, and packets with secondary headers.
///
/// Input: a byte that says what follows, and one of choices; for packets each after a byte of time and two of length.
@Sendable func readTimes(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let kind = input.byte()
  let choices = TimeChoices(rawValue: input.byte())
  switch kind & 0b11 {
  case 0: readTimeCode(input.remainder, choices)
  case 1: readTimeText(input.remainder, choices)
  case 2: readLeapSecondList(input.remainder)
  default: receiveTimedPackets(&input, choices)
  }
}

/// What was read exactly is written as it was. Only the P-field may be another: two bytes share out counts freely.
private func readTimeCode(_ bytes: RawSpan, _ choices: TimeChoices) {
  let code = TimeCode.selfIdentified(agencyEpoch: choices.epoch)
  guard let decoded = try? code.decode(bytes, .builtIn) else { return }
  precondition(decoded.byteCount <= bytes.byteCount, "a time has more bytes than there are")
  let utc = LeapSecondTable.builtIn.utc(of: decoded.instant)
  blackHole(utc.iso8601)
  guard let read = try? TimeCodeForm.read(preamble: bytes, agencyEpoch: choices.epoch, .builtIn),
    decoded.isExact, choices.epoch.countsLeapSeconds
  else { return }
  let octets = (0..<decoded.byteCount).map { bytes.byte(at: $0) }
  let written = (try? read.form.encode(decoded.instant, .builtIn)) ?? []
  precondition(written == Array(octets[read.byteCount...]), "a time is written otherwise")
}

private func readTimeText(_ bytes: RawSpan, _ choices: TimeChoices) {
  let reference = choices.contains(.reference) ? UTCTime(day: 21_549, nanosecondOfDay: 86_400_999_999_999) : nil
  guard let decoded = try? ASCIITimeCode.read(bytes, completedBy: reference, .builtIn) else { return }
  let utc = LeapSecondTable.builtIn.utc(of: decoded.instant)
  precondition(LeapSecondTable.builtIn.instant(of: utc) == decoded.instant, "a time is not that of its instant")
}

private func readLeapSecondList(_ bytes: RawSpan) {
  let list = (0..<bytes.byteCount).map { bytes.byte(at: $0) }
  do throws(LeapSecondListError) {
    let table = try LeapSecondTable(list: list)
    for row in table.rows {
      for distance in Int64(-2)...2 {
        guard let instant = TAIInstant(seconds: row.day * 86_400 + row.offset + distance) else { continue }
        precondition(table.instant(of: table.utc(of: instant)) == instant, "an instant does not come back")
      }
    }
  } catch {
    blackHole("\(error)")
  }
}

private func receiveTimedPackets(_ input: inout FuzzInput, _ choices: TimeChoices) {
  var stream = PacketStreamParameters()
  stream.packets = choices.parameters
  stream.limits.applicationProcessCount = 4
  var link = LinkPipeline(name: "fuzz", parameters: .packets(stream))
  var nanoseconds: Int64 = 1_700_000_000_000_000_000
  while !input.isAtEnd {
    nanoseconds &+= 1 << Int64(input.byte() & 63)
    let unit = input.piece()
    let time = ReceptionTime(nanosecondsSince1970: nanoseconds)
    link.receive(unit, UnitDescription(time: time, originalByteCount: unit.byteCount))
    check(link)
  }
  link.finish()
  check(link)
}

/// What is agreed about times and packets, one bit each.
private struct TimeChoices: OptionSet {
  let rawValue: UInt8

  static let unix = TimeChoices(rawValue: 1)
  static let reference = TimeChoices(rawValue: 2)
  static let pusA = TimeChoices(rawValue: 4)
  static let pusC = TimeChoices(rawValue: 8)
  static let explicit = TimeChoices(rawValue: 16)
  static let days = TimeChoices(rawValue: 32)
  static let crc = TimeChoices(rawValue: 64)
  static let window = TimeChoices(rawValue: 128)

  var epoch: CounterEpoch { contains(.unix) ? .unix : .gps }

  var parameters: PacketParameters {
    var parameters = PacketParameters()
    parameters.secondaryHeader = contains(.pusA) ? contains(.pusC) ? .cfs(.init()) : .pusA(.usual) : .none
    if contains(.pusC), !contains(.pusA) { parameters.secondaryHeader = .pusC }
    parameters.errorControl = contains(.crc) ? .crc16 : contains(.reference) ? .iso16 : .none
    let counter = UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 2, agencyEpoch: epoch)
    let form: TimeCodeForm? =
      contains(.days) ? .daySegmented(DaySegmentedTimeCode()) : counter.map { .unsegmented($0) }
    parameters.timeCode = form.map { contains(.explicit) ? .explicit($0) : .implicit($0) }
    if contains(.window) { parameters.earliestTime = .gpsEpoch }
    return parameters
  }
}

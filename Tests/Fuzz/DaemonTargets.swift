import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// A live link from its datagrams to its report: what the socket's owner does with a batch, with everything that goes
/// on between batches. The ledger balances after each, the tables keep to their bounds, and the report can be read.
///
/// Input: two bytes of choices, a byte of frame length, then steps. A step is a byte that says what: a datagram, after
/// a byte each of sender, time and lengths, and two bytes of length; or the end of a batch, a probe, a report.
@Sendable func runLink(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let choices = DaemonChoices(rawValue: UInt16(input.byte()) << 8 | UInt16(input.byte()))
  var link = FuzzedLink(choices, frameByteCount: 8 + Int(input.byte() & 0x7F))
  while !input.isAtEnd {
    let step = input.byte()
    switch step & 7 {
    case 0: link.endBatch()
    case 1: link.tick(report: step & 8 != 0)
    case 2: link.receiveProbe(isWhole: step & 8 != 0)
    case 3: link.reviewProbe()
    default:
      let (source, time, extra) = (input.byte(), input.byte(), input.byte())
      let payload = input.piece()
      link.receive(payload, from: source, time: time, extraByteCount: extra & 1 == 0 ? 0 : Int(extra))
    }
  }
  link.finish()
}

/// A link as its owner has it, without a queue, a clock and a socket.
private struct FuzzedLink: ~Copyable {
  private static let start: Int64 = 1_700_000_000_000_000_000
  private let parameters: LinkParameters
  private let taps: FuzzTaps
  private var pipeline: LinkPipeline
  private var admission: DatagramAdmission
  private var now = start
  private var nonce: UInt128 = 1

  init(_ choices: DaemonChoices, frameByteCount: Int) {
    parameters = choices.parameters(frameByteCount: frameByteCount)
    taps = FuzzTaps()
    pipeline = LinkPipeline(
      name: "fuzz", parameters: parameters, framesPerDatagram: choices.contains(.severalFrames) ? 4 : 1, taps: taps)
    admission = DatagramAdmission(
      allowFrom: choices.contains(.allowList) ? [try? AddressBlock("10.0.0.0/28")].compactMap { $0 } : [],
      datagramsPerSecond: choices.contains(.rateCap) ? 2 : nil, probeIntervalSeconds: 10)
  }

  mutating func receive(_ payload: RawSpan, from source: UInt8, time: UInt8, extraByteCount: Int) {
    // Mostly forwards, by any step from a nanosecond to hours; now and then back, or to no time at all.
    if time & 0x40 == 0 { now &+= 1 << Int64(time & 0x2F) } else { now &-= 1 << Int64(time & 0x2F) }
    let info = DatagramInfo(
      receivedAtNanoseconds: time & 0x80 == 0 ? now : nil, source: Self.address(source), destinationPort: 1,
      originalByteCount: payload.byteCount + extraByteCount, isTruncated: extraByteCount > 0)
    pipeline.receive(payload, info, &admission)
  }

  mutating func endBatch() {
    pipeline.flush()
    pipeline.noteDecoded(at: now)
    check()
  }

  mutating func tick(report: Bool) {
    endBatch()
    taps.journal.tick(at: now)
    pipeline.examineUndecoded()
    guard report else { return }
    let snapshot = pipeline.snapshot()
    var json = JSONWriter()
    json.object { snapshot.write(to: &$0, problems: snapshot.problems()) }
    do throws(JSONSyntaxError) {
      blackHole(try JSONReader.read(Array(json.text.utf8)))
    } catch { preconditionFailure("the report is no JSON: \(error.reason) at byte \(error.byteOffset)") }
  }

  /// What comes back of a probe: it, or something that looks like it.
  mutating func receiveProbe(isWhole: Bool) {
    let before = pipeline.sink.ledger.datagrams.received
    nonce += 1
    let source = Self.address(200)
    admission.probe.noteSent(nonce: nonce, from: source, at: now)
    let datagram = SelfProbe.datagram(nonce: isWhole ? nonce : nonce + 1)
    let info = DatagramInfo(
      receivedAtNanoseconds: now, source: source, destinationPort: 1, originalByteCount: datagram.count,
      isTruncated: false)
    unsafe pipeline.receive(datagram.span.bytes, info, &admission)
    precondition(
      pipeline.sink.ledger.datagrams.received == before + (isWhole ? 0 : 1), "a probe is in no ledger, others are")
  }

  mutating func reviewProbe() {
    blackHole(admission.probe.review(at: now, hasReceived: false), admission.probe.isDue(at: now, quietSince: 0))
  }

  mutating func finish() {
    pipeline.finish(examinesUndecoded: false)
    tick(report: true)
    taps.journal.finish()
  }

  private func check() {
    let ledger = pipeline.sink.ledger
    let breaches = pipeline.snapshot().breaches
    precondition(breaches.isEmpty, "the ledger does not balance: \(breaches)")
    let limits = parameters.limits
    precondition(ledger.masterChannels.count <= limits.masterChannelCount, "too many master channels")
    precondition(ledger.virtualChannels.count <= limits.virtualChannelCount, "too many virtual channels")
    precondition(ledger.applicationProcesses.count <= limits.applicationProcessCount, "too many application processes")
    precondition(admission.rates?.sourceCount ?? 0 <= SourceRates.capacity, "too many senders")
  }

  /// A sender out of 256, of both families.
  private static func address(_ number: UInt8) -> SocketAddress {
    number & 0x80 == 0
      ? SocketAddress(ipv4: 0x0A00_0000 | UInt32(number), port: UInt16(number))
      : SocketAddress(ipv6High: UInt64(number), low: 1, port: 1)
  }
}

/// Turns what the link finds into events, as a live link does.
private final class FuzzTaps: LinkTaps {
  let journal = EventJournal(link: "fuzz") { blackHole($0.body.utf8.count) }

  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) { journal.observe(event, ledger) }
  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}
  func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) { touch(packet) }
  func take(frame: RawSpan) { touch(frame) }
  func take(uncorrectable codeblock: RawSpan) { touch(codeblock) }
}

/// The configuration of a link, one bit each.
private struct DaemonChoices: OptionSet {
  let rawValue: UInt16

  static let aos = DaemonChoices(rawValue: 1)
  static let uslp = DaemonChoices(rawValue: 2)
  static let packets = DaemonChoices(rawValue: 4)
  static let errorControl = DaemonChoices(rawValue: 8)
  static let randomizer = DaemonChoices(rawValue: 16)
  static let reedSolomon = DaemonChoices(rawValue: 32)
  static let syncMarker = DaemonChoices(rawValue: 64)
  static let variableLength = DaemonChoices(rawValue: 128)
  static let severalFrames = DaemonChoices(rawValue: 256)
  static let allowList = DaemonChoices(rawValue: 512)
  static let rateCap = DaemonChoices(rawValue: 1024)
  static let named = DaemonChoices(rawValue: 2048)

  func parameters(frameByteCount: Int) -> LinkParameters {
    var limits = LinkLimits()
    limits.masterChannelCount = 2
    limits.virtualChannelCount = 3
    limits.applicationProcessCount = 4
    limits.accessPointCount = 4
    limits.maximumServiceDataUnitByteCount = 2_048
    limits.quarantinedFrameCount = 3
    guard !contains(.packets) else {
      var parameters = PacketStreamParameters()
      parameters.limits = limits
      parameters.maximumPacketByteCount = 1_024
      return .packets(parameters)
    }
    let frameType: TransferFrameType = contains(.uslp) ? .uslp : contains(.aos) ? .aos : .tm
    // Long enough for all optional fields, which a configuration makes sure of.
    let length = max(frameByteCount, 32)
    var parameters = PhysicalChannelParameters(frameType: frameType, frameByteCount: length)
    parameters.errorControl = contains(.errorControl) ? .crc16 : .none
    parameters.maximumPacketByteCount = 1_024
    parameters.limits = limits
    if contains(.named) { parameters.spacecraftIDs = [SpacecraftID(42), SpacecraftID(0x38)] }
    if contains(.uslp), contains(.variableLength) {
      parameters.shortestFrameByteCount = 8
    } else {
      parameters.coding = coding(frameByteCount: length)
    }
    return .frames(parameters)
  }

  private func coding(frameByteCount: Int) -> ChannelCoding? {
    guard contains(.randomizer) || contains(.reedSolomon) || contains(.syncMarker) else { return nil }
    var coding = ChannelCoding(frameByteCount: frameByteCount)
    coding.syncMarker = contains(.syncMarker) ? .standard : nil
    coding.randomizer = contains(.randomizer) ? .short255 : .none
    if contains(.reedSolomon) {
      var reedSolomon = ReedSolomonParameters()
      reedSolomon.virtualFillSymbolCount = reedSolomon.largestFrameByteCount - frameByteCount
      coding.reedSolomon = reedSolomon
    }
    return coding
  }
}

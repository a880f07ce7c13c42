import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

@testable import DownlinkService

/// A link that begins with the state that the bytes are, and goes on with the units behind it, every now and then as
/// another that is restored from it. Without a state it begins anew; then what it saves has to be believed by the next.
///
/// Input: a byte that says which link; two bytes of length, and the state behind its head; then units: each after a
/// byte that moves the time and says whether the link goes on as another, and two bytes of length.
@Sendable func restoreState(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let parameters = stateParameters(input.byte())
  let items = input.piece()
  var link = LinkPipeline(name: "fuzz", parameters: parameters)
  let isNew = items.byteCount == 0
  if !isNew {
    var state = Array(saved(&link).prefix(headByteCount))
    unsafe items.withUnsafeBytes { unsafe state.append(contentsOf: $0) }
    StateArchive.seal(&state)
    link = LinkPipeline(name: "fuzz", parameters: parameters)
    guard link.restore(from: state) else { return }
  }
  var nanoseconds: Int64 = 1_700_000_000_000_000_000
  while !input.isAtEnd {
    let step = input.byte()
    let unit = input.piece()
    nanoseconds &+= 1 << Int64(step & 63)
    let time = step == 0 ? nil : ReceptionTime(nanosecondsSince1970: nanoseconds)
    if step & 0x80 == 0 {
      link.receive(unit, UnitDescription(time: time, originalByteCount: unit.byteCount))
    } else {
      link.receive(stream: unit, at: time)
    }
    link.flush()
    check(link)
    if step & 0x40 != 0 { continue }
    let state = saved(&link)
    var next = LinkPipeline(name: "fuzz", parameters: parameters)
    next.parametersDigest = link.parametersDigest
    let restores = next.restore(from: state)
    precondition(restores || !isNew, "what was saved is not believed")
    guard restores else { continue }
    precondition(saved(&next) == state, "what is restored is not what was saved")
    link = next
  }
  link.finish(examinesUndecoded: false)
  check(link)
  var json = JSONWriter()
  let snapshot = link.snapshot()
  json.object { snapshot.write(to: &$0, problems: snapshot.problems()) }
}

/// What stands before the items is made up by the target: a fuzzer would not find a digest.
private let headByteCount = 24

private func saved(_ link: inout LinkPipeline) -> [UInt8] {
  var archive = StateArchive()
  link.archive(&archive)
  return archive.bytes
}

/// Small links of each kind, with tables that run full.
private func stateParameters(_ choice: UInt8) -> LinkParameters {
  var limits = LinkLimits()
  limits.masterChannelCount = 2
  limits.virtualChannelCount = 3
  limits.applicationProcessCount = 4
  limits.accessPointCount = 4
  limits.quarantinedFrameCount = 3
  limits.maximumServiceDataUnitByteCount = 2_048
  var channel = PhysicalChannelParameters(frameType: .tm, frameByteCount: 40)
  switch choice % 6 {
  case 0: break
  case 1:
    channel.frameType = .aos
    channel.spacecraftIDs = [SpacecraftID(42)]
  case 2:
    channel.frameType = .uslp
    channel.frameByteCount = 64
    channel.shortestFrameByteCount = 8
  case 3:
    channel.frameType = .aos
    channel.coding = coding(frameByteCount: 40, hasCode: false)
  case 4: channel.coding = coding(frameByteCount: 40, hasCode: true)
  default:
    var packets = PacketStreamParameters()
    packets.limits = limits
    packets.maximumPacketByteCount = 512
    return .packets(packets)
  }
  channel.maximumPacketByteCount = 512
  channel.limits = limits
  return .frames(channel)
}

private func coding(frameByteCount: Int, hasCode: Bool) -> ChannelCoding {
  var coding = ChannelCoding(frameByteCount: frameByteCount)
  coding.syncMarker = .standard
  guard hasCode else { return coding }
  var code = ReedSolomonParameters()
  code.capability = .eight
  code.interleavingDepth = 1
  code.virtualFillSymbolCount = code.largestFrameByteCount - frameByteCount
  coding.reedSolomon = code
  return coding
}

import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth

/// One frame: every field of its views, and then the whole way into the ledger.
///
/// Input: a byte of choices, then the frame.
@Sendable func readFrame(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let choices = LinkChoices(rawValue: input.byte())
  let frame = input.remainder
  if let view = try? TMTransferFrame(validating: frame, errorControlByteCount: choices.errorControl.byteCount) {
    touch(view.secondaryHeaderData)
    readPackets(view.dataField)
    blackHole(view.extendedVirtualChannelFrameCount, view.firstHeaderPointer, view.operationalControlField)
  }
  let layout = AOSFrameLayout(
    hasHeaderErrorControl: choices.contains(.headerErrorControl),
    insertZoneByteCount: choices.insertZoneByteCount,
    hasOperationalControlField: choices.contains(.operationalControlField),
    errorControlByteCount: choices.errorControl.byteCount,
    spacecraftIDBitCount: choices.contains(.tenBitSpacecraftID) ? 10 : 8)
  if let view = try? AOSTransferFrame(validating: frame, layout: layout) {
    touch(view.insertZone)
    blackHole(view.spacecraftID, view.virtualChannelFrameCount, view.operationalControlField)
    if let unit = try? MultiplexingProtocolDataUnit(validating: view.dataField) { readPackets(unit.packetZone) }
    if let unit = try? BitstreamProtocolDataUnit(validating: view.dataField) { touch(unit.bitstreamZone) }
  }
  var link = LinkPipeline(
    name: "fuzz", parameters: .frames(choices.parameters(frameByteCount: frame.byteCount)))
  link.receive(frame, UnitDescription(originalByteCount: frame.byteCount))
  check(link)
}

/// A sequence of frames through one link with small tables, so that they run full. The ledger balances after each.
///
/// Input: a byte of choices, then frames of the length of the first: each after a byte that moves the time, and two
/// bytes of length.
@Sendable func receiveFrames(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let choices = LinkChoices(rawValue: input.byte())
  var step = input.byte()
  var frame = input.piece()
  var nanoseconds: Int64 = 1_700_000_000_000_000_000
  var link = LinkPipeline(name: "fuzz", parameters: .frames(choices.parameters(frameByteCount: frame.byteCount)))
  while true {
    nanoseconds &+= 1 << Int64(step & 63)
    let time = step == 0 ? nil : ReceptionTime(nanosecondsSince1970: nanoseconds)
    link.receive(frame, UnitDescription(time: time, originalByteCount: frame.byteCount))
    check(link)
    guard !input.isAtEnd else { break }
    step = input.byte()
    frame = input.piece()
  }
  link.finish(examinesUndecoded: false)
  check(link)
  var json = JSONWriter()
  let snapshot = link.snapshot()
  json.object { snapshot.write(to: &$0, problems: snapshot.problems()) }
}

/// Every packet that the bytes seem to hold, one behind the other.
func readPackets(_ zone: RawSpan) {
  var rest = zone
  while rest.byteCount > 0 {
    if let packet = try? SpacePacket(validating: rest) {
      touch(packet.dataField)
      blackHole(packet.sequenceFlags, packet.sequenceCount, packet.applicationProcessID)
    }
    if let packet = try? EncapsulationPacket(validating: rest) { touch(packet.dataField) }
    guard case .complete(let count) = PacketExtent(ofPacketAt: rest), count <= rest.byteCount else { return }
    rest = rest.extracting(droppingFirst: count)
  }
}

func check(_ link: borrowing LinkPipeline) {
  let breaches = link.snapshot().breaches
  precondition(breaches.isEmpty, "the ledger does not balance: \(breaches)")
}

/// The managed parameters of a link, one bit each.
private struct LinkChoices: OptionSet {
  let rawValue: UInt8

  static let aos = LinkChoices(rawValue: 1)
  static let errorControl = LinkChoices(rawValue: 2)
  static let operationalControlField = LinkChoices(rawValue: 4)
  static let headerErrorControl = LinkChoices(rawValue: 8)
  static let insertZone = LinkChoices(rawValue: 16)
  static let tenBitSpacecraftID = LinkChoices(rawValue: 32)
  static let sixteenBitPointer = LinkChoices(rawValue: 64)
  static let listed = LinkChoices(rawValue: 128)

  var errorControl: FrameErrorControl { contains(.errorControl) ? .crc16 : .none }
  var insertZoneByteCount: Int { contains(.insertZone) ? 4 : 0 }

  func parameters(frameByteCount: Int) -> PhysicalChannelParameters {
    // Long enough for all optional fields, which a configuration makes sure of.
    var parameters = PhysicalChannelParameters(
      frameType: contains(.aos) ? .aos : .tm, frameByteCount: max(frameByteCount, 24))
    parameters.errorControl = errorControl
    parameters.hasOperationalControlField = contains(.operationalControlField)
    parameters.hasHeaderErrorControl = contains(.headerErrorControl)
    parameters.insertZoneByteCount = insertZoneByteCount
    parameters.spacecraftIDBitCount = contains(.tenBitSpacecraftID) ? 10 : 8
    parameters.firstHeaderPointerBitCount = contains(.sixteenBitPointer) ? 16 : 11
    if contains(.listed) {
      parameters.spacecraftIDs = [SpacecraftID(42), SpacecraftID(0x38)]
      parameters.virtualChannels = [1, 2].map { VirtualChannelParameters(virtualChannelID: VirtualChannelID($0)) }
      parameters.virtualChannels[1].service = .bitstream
    }
    parameters.maximumPacketByteCount = 1_024
    parameters.limits.masterChannelCount = 2
    parameters.limits.virtualChannelCount = 3
    parameters.limits.applicationProcessCount = 4
    parameters.limits.quarantinedFrameCount = 3
    return parameters
  }
}

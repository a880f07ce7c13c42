import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth

/// USLP frames of one or of any length, through all their views, the inspector, and one link with small tables.
///
/// Input: two bytes of choices, then units: each after a byte that moves the time, and two bytes of length. Where all
/// frames have one length, it is that of the first.
@Sendable func receiveUSLPFrames(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let choices = USLPChoices(rawValue: UInt16(input.byte()) << 8 | UInt16(input.byte()))
  var step = input.byte()
  var unit = input.piece()
  let parameters = choices.parameters(frameByteCount: unit.byteCount)
  var nanoseconds: Int64 = 1_700_000_000_000_000_000
  var link = LinkPipeline(name: "fuzz", parameters: .frames(parameters))
  var inspection = InspectionSession(parameters: .frames(parameters), options: Inspector.Options())
  while true {
    nanoseconds &+= 1 << Int64(step & 63)
    let time = step == 0 ? nil : ReceptionTime(nanosecondsSince1970: nanoseconds)
    let about = UnitDescription(time: time, originalByteCount: unit.byteCount)
    readViews(unit, choices)
    let copy = unsafe unit.withUnsafeBytes { unsafe [UInt8]($0) }
    inspection.take(copy, about, at: .byte(0)) { blackHole($0) }
    link.receive(unit, about)
    check(link)
    guard !input.isAtEnd else { break }
    step = input.byte()
    unit = input.piece()
  }
  link.finish(examinesUndecoded: false)
  check(link)
  var json = JSONWriter()
  let snapshot = link.snapshot()
  json.object { snapshot.write(to: &$0, problems: snapshot.problems()) }
}

private func readViews(_ bytes: RawSpan, _ choices: USLPChoices) {
  blackHole(USLPFrameExtent(ofFrameAt: bytes))
  let layout = USLPFrameLayout(
    insertZoneByteCount: choices.insertZoneByteCount, errorControlByteCount: choices.errorControl.byteCount)
  guard
    let frame = try? USLPTransferFrame(
      validating: bytes, layout: layout, truncatedFrameByteCount: choices.truncatedFrameByteCount)
  else { return }
  touch(frame.insertZone)
  touch(frame.dataField)
  blackHole(frame.spacecraftID, frame.virtualChannelFrameCount, frame.operationalControlField, frame.isForSpacecraft)
  guard let field = try? TransferFrameDataField(validating: frame.dataField, isTruncated: frame.isTruncated) else {
    return
  }
  touch(field.zone)
  precondition(field.lastPartByteCount ?? 0 <= field.zone.byteCount, "a unit ends behind its zone")
  blackHole(field.firstHeaderPointer, field.constructionRule, field.protocolID)
  readPackets(field.zone)
}

/// The managed parameters of a USLP link, one bit each.
private struct USLPChoices: OptionSet {
  let rawValue: UInt16

  static let variableLength = USLPChoices(rawValue: 1)
  static let errorControl = USLPChoices(rawValue: 2)
  static let longErrorControl = USLPChoices(rawValue: 4)
  static let insertZone = USLPChoices(rawValue: 8)
  static let truncatedFrames = USLPChoices(rawValue: 16)
  static let named = USLPChoices(rawValue: 32)

  var errorControl: FrameErrorControl {
    contains(.errorControl) ? contains(.longErrorControl) ? .crc32 : .crc16 : .none
  }
  var insertZoneByteCount: Int { contains(.insertZone) ? 4 : 0 }
  var truncatedFrameByteCount: Int? { contains(.truncatedFrames) ? 9 : nil }

  func parameters(frameByteCount: Int) -> PhysicalChannelParameters {
    // Long enough for all optional fields, which a configuration makes sure of.
    var parameters = PhysicalChannelParameters(
      frameType: .uslp, frameByteCount: contains(.variableLength) ? 2048 : max(frameByteCount, 32))
    parameters.shortestFrameByteCount = contains(.variableLength) ? 8 : nil
    parameters.errorControl = errorControl
    parameters.insertZoneByteCount = insertZoneByteCount
    if contains(.named) { parameters.spacecraftIDs = [SpacecraftID(100), SpacecraftID(171)] }
    if contains(.truncatedFrames) {
      parameters.virtualChannels = [1, 2, 3, 63].map {
        VirtualChannelParameters(virtualChannelID: VirtualChannelID($0))
      }
      parameters.virtualChannels[0].truncatedFrameByteCount = truncatedFrameByteCount
      parameters.virtualChannels[1].service = .vca
    }
    parameters.maximumPacketByteCount = 1_024
    parameters.limits.masterChannelCount = 2
    parameters.limits.virtualChannelCount = 3
    parameters.limits.applicationProcessCount = 4
    parameters.limits.accessPointCount = 4
    parameters.limits.maximumServiceDataUnitByteCount = 2_048
    parameters.limits.quarantinedFrameCount = 3
    return parameters
  }
}

import CCSDSLink
import CCSDSWire

/// Dissects the secondary header of a Space Packet by what was agreed about it.
struct SecondaryHeaderDissector {
  let parameters: PacketParameters
  let unit: UnitBytes
  private let start = SpacePacket.primaryHeaderByteCount

  init(_ parameters: PacketParameters, _ unit: UnitBytes) {
    self.parameters = parameters
    self.unit = unit
  }

  /// - Returns: Nothing where the packet says that it has none.
  func dissect() -> Dissection.Section? {
    guard unit.bits(at: 4, count: 1) == 1, unit.byteCount > start else { return nil }
    var reader = SectionReader(unit, at: start, title: "secondary header")
    switch parameters.secondaryHeader {
    case .none: break
    case .pusA(let layout): pusA(layout, &reader)
    case .pusC: pusC(&reader)
    case .cfs(let layout): cfs(layout, &reader)
    }
    if let timeCode = parameters.timeCode {
      let rest = unit.byteCount - reader.byteOffset
      reader.bytes(timeCode.byteCount.map { min($0, max(0, rest)) } ?? min(8, max(0, rest)), "time")
    } else if parameters.secondaryHeader == .none {
      reader.note("nothing is agreed about it: see packets.secondary_header and packets.time_code")
    }
    reader.problemIfCutOff(hint: "check packets.secondary_header and packets.time_code")
    return reader.section
  }

  /// By which rule the time is read, for a person; nothing where none is.
  var timeRule: String? {
    guard let timeCode = parameters.timeCode else { return nil }
    let place = "at byte \(start + parameters.secondaryHeader.timeOffset)"
    return switch timeCode {
    case .implicit(let form): "\(Self.name(of: form)), without a P-field, \(place)"
    case .explicit(let form): "\(Self.name(of: form)), with its P-field, \(place)"
    case .selfIdentified: "whatever its P-field says, \(place)"
    }
  }

  private static func name(of form: TimeCodeForm) -> String {
    switch form {
    case .unsegmented: "CUC of \(Digits.bytes(form.byteCount))"
    case .daySegmented: "CDS of \(Digits.bytes(form.byteCount))"
    case .calendarSegmented: "CCS of \(Digits.bytes(form.byteCount))"
    case .ascii: "ASCII of \(Digits.bytes(form.byteCount))"
    }
  }

  private func pusA(_ layout: PUSATelemetryHeader.Layout, _ reader: inout SectionReader) {
    reader.title = "secondary header, PUS-A"
    reader.field(1, "spare")
    let version = reader.field(3, "PUS version number")
    if let version, version != UInt64(PUSATelemetryHeader.versionNumber) {
      reader.problem(
        "another version of the Packet Utilization Standard", found: String(version), expected: "1 (PUS-A)",
        hint: "check packets.secondary_header")
    }
    reader.field(4, "spare")
    reader.field(8, "service type")
    reader.field(8, "service subtype")
    if layout.hasPacketSubcounter { reader.field(8, "packet subcounter") }
    if layout.destinationByteCount > 0 { reader.field(8 * layout.destinationByteCount, "destination ID") }
  }

  private func pusC(_ reader: inout SectionReader) {
    reader.title = "secondary header, PUS-C"
    let version = reader.field(4, "PUS version number")
    if let version, version != UInt64(PUSCTelemetryHeader.versionNumber) {
      reader.problem(
        "another version of the Packet Utilization Standard", found: String(version), expected: "2 (PUS-C)",
        hint: "check packets.secondary_header")
    }
    reader.field(4, "time reference status")
    reader.field(8, "service type")
    reader.field(8, "message subtype")
    reader.field(16, "message type counter")
    reader.field(16, "destination ID")
  }

  private func cfs(_ layout: CFSTelemetryHeader.Layout, _ reader: inout SectionReader) {
    reader.title = "secondary header, cFS"
    guard layout.isExtended else { return }
    reader.field(16, "subsystem and version")
    reader.field(16, "system ID")
  }
}

/// A borrowed view of the secondary header of a telemetry packet as the Packet Utilization Standard, issue A, has it.
///
/// Standard: ECSS-E-70-41A §5.4.
///
///     |spare 1|PUS version 3 = 1|spare 4|service type 8|service subtype 8|[packet subcounter 8]|
///     |[destination ID 8 or 16]| time ... | source data ...
package struct PUSATelemetryHeader: ~Escapable {
  /// What a mission has of the fields that a header may be without.
  package struct Layout: Hashable, Sendable {
    /// Whether packets of one service and subtype are counted.
    package var hasPacketSubcounter: Bool
    /// 0, 1 or 2.
    package let destinationByteCount: Int

    /// Nothing comes of a destination of another length.
    package init?(hasPacketSubcounter: Bool = true, destinationByteCount: Int = 0) {
      guard Self.destinationByteCounts ~= destinationByteCount else { return nil }
      self.hasPacketSubcounter = hasPacketSubcounter
      self.destinationByteCount = destinationByteCount
    }

    private init() {
      hasPacketSubcounter = true
      destinationByteCount = 0
    }

    /// With a packet subcounter and without a destination.
    package static let usual = Layout()
    /// The lengths that a destination may have.
    package static let destinationByteCounts = 0...2
    /// Where the time begins, behind the primary header.
    package var timeOffset: Int { 3 + (hasPacketSubcounter ? 1 : 0) + destinationByteCount }
  }

  /// What tells this issue from the one after.
  package static let versionNumber: UInt8 = 1

  private let bytes: RawSpan
  private let layout: Layout
  private let timeByteCount: Int

  /// - Parameters:
  ///   - bytes: The data field of a packet, from the first byte of its secondary header on.
  ///   - timeByteCount: The length of the time, its P-field included.
  /// - Throws: `.truncated` when the header does not fit, `.forbidden` when its version is not 1.
  @_lifetime(copy bytes)
  package init(
    validating bytes: RawSpan, layout: Layout = .usual, timeByteCount: Int
  ) throws(WireError) {
    let needed = layout.timeOffset + max(0, timeByteCount)
    guard bytes.byteCount >= needed else {
      throw .truncated(.secondaryHeader, need: needed, have: bytes.byteCount)
    }
    let version = bytes.byte(at: 0) >> 4 & 0b111
    guard version == Self.versionNumber else { throw .forbidden(.utilizationVersionNumber, value: UInt32(version)) }
    self.bytes = bytes
    self.layout = layout
    self.timeByteCount = max(0, timeByteCount)
  }

  /// The service that reports.
  package var serviceType: UInt8 { bytes.byte(at: 1) }
  /// Which of its reports.
  package var serviceSubtype: UInt8 { bytes.byte(at: 2) }
  /// Counts the packets of this service and subtype, where the mission does so.
  package var packetSubcounter: UInt8? { layout.hasPacketSubcounter ? bytes.byte(at: 3) : nil }

  /// Whom the report is for, where the mission says it.
  package var destinationID: UInt16? {
    let offset = layout.timeOffset - layout.destinationByteCount
    return switch layout.destinationByteCount {
    case 1: UInt16(bytes.byte(at: offset))
    case 2: bytes.uint16(at: offset)
    default: nil
    }
  }

  /// The time, its P-field included.
  package var time: RawSpan {
    @_lifetime(copy self) get { bytes.extracting(layout.timeOffset..<layout.timeOffset + timeByteCount) }
  }

  /// What is behind the time: the mission's spare bits if there are any, the report, and the packet error control.
  package var sourceData: RawSpan {
    @_lifetime(copy self) get { bytes.from(layout.timeOffset + timeByteCount) }
  }
}

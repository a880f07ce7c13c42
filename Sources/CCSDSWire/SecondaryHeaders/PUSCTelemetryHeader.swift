/// A borrowed view of the secondary header of a telemetry packet as the Packet Utilization Standard, issue C, has it.
///
/// Standard: ECSS-E-ST-70-41C §7.4.3.1.
///
///     |PUS version 4 = 2|time reference status 4|service type 8|message subtype 8|message type counter 16|
///     |destination ID 16| time ... | source data ...
package struct PUSCTelemetryHeader: ~Escapable {
  /// Where the time begins, behind the primary header.
  package static let timeOffset = 7
  /// What tells this issue from the one before.
  package static let versionNumber: UInt8 = 2

  private let bytes: RawSpan
  private let timeByteCount: Int

  /// - Parameters:
  ///   - bytes: The data field of a packet, from the first byte of its secondary header on.
  ///   - timeByteCount: The length of the time, its P-field included.
  /// - Throws: `.truncated` when the header does not fit, `.forbidden` when its version is not 2.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan, timeByteCount: Int) throws(WireError) {
    let needed = Self.timeOffset + max(0, timeByteCount)
    guard bytes.byteCount >= needed else {
      throw .truncated(.secondaryHeader, need: needed, have: bytes.byteCount)
    }
    let version = bytes.byte(at: 0) >> 4
    guard version == Self.versionNumber else { throw .forbidden(.utilizationVersionNumber, value: UInt32(version)) }
    self.bytes = bytes
    self.timeByteCount = max(0, timeByteCount)
  }

  /// Of the spacecraft's clock, as the mission defines it.
  package var timeReferenceStatus: UInt8 { bytes.byte(at: 0) & 0xF }
  /// The service that reports.
  package var serviceType: UInt8 { bytes.byte(at: 1) }
  /// Which of its reports.
  package var messageSubtype: UInt8 { bytes.byte(at: 2) }
  /// Counts the reports of this type to this destination, where the application process does so; otherwise 0.
  package var messageTypeCounter: UInt16 { bytes.uint16(at: 3) }
  /// Whom the report is for.
  package var destinationID: UInt16 { bytes.uint16(at: 5) }

  /// The time, its P-field included.
  package var time: RawSpan {
    @_lifetime(copy self) get { bytes.extracting(Self.timeOffset..<Self.timeOffset + timeByteCount) }
  }

  /// What is behind the time: the mission's spare bits if there are any, the report, and the packet error control.
  package var sourceData: RawSpan {
    @_lifetime(copy self) get { bytes.from(Self.timeOffset + timeByteCount) }
  }
}

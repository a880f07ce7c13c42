/// A borrowed view of the secondary header of a telecommand packet as the Packet Utilization Standard has it.
///
/// Standard: ECSS-E-ST-70-41C §7.4.4.1, ECSS-E-70-41A §5.3.
///
///     C: |PUS version 4 = 2|acknowledgement flags 4|service type 8|message subtype 8|source ID 16| ...
///     A: |spare 1|PUS version 3 = 1|acknowledgement flags 4|service type 8|service subtype 8| ...
package struct PUSTelecommandHeader: ~Escapable {
  private let bytes: RawSpan

  /// - Parameter bytes: The data field of a packet, from the first byte of its secondary header on.
  /// - Throws: `.truncated` when the header does not fit, `.forbidden` when its version is neither 1 nor 2.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan) throws(WireError) {
    guard bytes.byteCount > 0 else { throw .truncated(.secondaryHeader, need: 1, have: 0) }
    let version = bytes.byte(at: 0) >> 4
    let needed: Int
    switch (version, version & 0b111) {
    case (PUSCTelemetryHeader.versionNumber, _): needed = 5
    case (_, PUSATelemetryHeader.versionNumber): needed = 3
    default: throw .forbidden(.utilizationVersionNumber, value: UInt32(version))
    }
    guard bytes.byteCount >= needed else {
      throw .truncated(.secondaryHeader, need: needed, have: bytes.byteCount)
    }
    self.bytes = bytes
  }

  /// 1 for issue A, 2 for issue C.
  package var versionNumber: UInt8 { bytes.byte(at: 0) >> 4 & 0b111 }
  /// Which stages of its execution are to be acknowledged, one bit each.
  package var acknowledgementFlags: UInt8 { bytes.byte(at: 0) & 0xF }
  /// The service that is asked.
  package var serviceType: UInt8 { bytes.byte(at: 1) }
  /// What it is asked to do.
  package var messageSubtype: UInt8 { bytes.byte(at: 2) }

  /// Who asks; issue C.
  package var sourceID: UInt16? {
    versionNumber == PUSCTelemetryHeader.versionNumber ? bytes.uint16(at: 3) : nil
  }
}

/// A borrowed view of the secondary header of a telemetry packet of the core Flight System: the time, and nothing else.
///
/// Source: nasa/cFE, `default_cfe_msg_sechdr.h` and `default_cfe_msg_hdr_priext.h`.
///
///     |[subsystem and version 16|system ID 16]|seconds 32|subseconds 16|[spare 32]| payload ...
package struct CFSTelemetryHeader: ~Escapable {
  /// What a mission has of the fields that depend on how the flight software was built.
  package struct Layout: Hashable, Sendable {
    /// The four bytes of the extended header stand between the primary header and the time.
    package var isExtended: Bool
    /// Four bytes behind the time put the payload at a multiple of eight.
    package var hasSpare: Bool

    package init(isExtended: Bool = false, hasSpare: Bool = true) {
      self.isExtended = isExtended
      self.hasSpare = hasSpare
    }

    /// Where the time begins, behind the primary header.
    package var timeOffset: Int { isExtended ? 4 : 0 }
    /// How many bytes the header has, the primary one not counted.
    package var byteCount: Int { timeOffset + CFSTelemetryHeader.timeByteCount + (hasSpare ? 4 : 0) }
  }

  /// Four bytes of seconds, two of their fractions.
  package static let timeByteCount = 6

  private let bytes: RawSpan
  private let layout: Layout

  /// - Parameter bytes: The data field of a packet, from the first byte of its secondary header on.
  /// - Throws: `.truncated` when the header does not fit.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan, layout: Layout = Layout()) throws(WireError) {
    guard bytes.byteCount >= layout.byteCount else {
      throw .truncated(.secondaryHeader, need: layout.byteCount, have: bytes.byteCount)
    }
    self.bytes = bytes
    self.layout = layout
  }

  /// Since the epoch of the mission.
  package var seconds: UInt32 { bytes.uint32(at: layout.timeOffset) }
  /// In 1/65536 s.
  package var subseconds: UInt16 { bytes.uint16(at: layout.timeOffset + 4) }
  /// Which software of which version; only extended headers have it.
  package var systemID: (subsystemAndVersion: UInt16, system: UInt16)? {
    layout.isExtended ? (bytes.uint16(at: 0), bytes.uint16(at: 2)) : nil
  }

  /// The time: an unsegmented time code of four and two bytes, without a P-field.
  package var time: RawSpan {
    @_lifetime(copy self) get { bytes.extracting(layout.timeOffset..<layout.timeOffset + Self.timeByteCount) }
  }

  /// What is behind the header, in the byte order of the computer that sent it.
  package var payload: RawSpan {
    @_lifetime(copy self) get { bytes.from(layout.byteCount) }
  }
}

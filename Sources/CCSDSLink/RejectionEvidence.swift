package import CCSDSWire

/// What rejected frames have in common: enough to say which setting would accept them.
package struct RejectionEvidence: Sendable, Equatable {
  private static let sampleCount = 64

  /// The length of the last frames that had not the managed one, and how many in a row had it.
  package private(set) var otherByteCount = 0
  package private(set) var otherByteCountRepeats = 0
  /// The spacecraft of the last frames of another one, and how many in a row had it.
  package private(set) var otherSpacecraftID: SpacecraftID?
  package private(set) var otherSpacecraftRepeats = 0
  /// The version number of the last frame of another protocol, and how many in a row had it.
  package private(set) var otherVersion: UInt8 = 0
  package private(set) var otherVersionRepeats = 0
  /// The first bytes of the last rejected frame.
  package private(set) var sample: [UInt8] = []

  package init() {}

  mutating func note(_ rejection: FrameRejection, _ frame: RawSpan, _ parameters: PhysicalChannelParameters) {
    switch rejection {
    case .length:
      otherByteCountRepeats = frame.byteCount == otherByteCount ? otherByteCountRepeats + 1 : 1
      otherByteCount = frame.byteCount
    case .version where frame.byteCount > 0:
      let version = frame.byte(at: 0) >> 6
      otherVersionRepeats = version == otherVersion ? otherVersionRepeats + 1 : 1
      otherVersion = version
    case .spacecraft where frame.byteCount > 1:
      let word = frame.uint16(at: 0)
      let other = SpacecraftID(parameters.frameType == .tm ? word >> 4 & 0x3FF : word >> 6 & 0xFF)
      otherSpacecraftRepeats = other == otherSpacecraftID ? otherSpacecraftRepeats + 1 : 1
      otherSpacecraftID = other
    case .version, .spacecraft, .headerErrorControl, .errorControl, .quarantined: break
    }
  }
}

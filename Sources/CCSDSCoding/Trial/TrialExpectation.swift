/// What a link was told about its input, as far as a trial goes by it.
package struct TrialExpectation: Sendable, Equatable {
  /// What stands between bits and frames; absent where frames come as they are.
  package var coding: ChannelCoding?
  /// The length of a frame.
  package var frameByteCount: Int
  /// The protocol of the frames.
  package var version: TransferFrameVersion
  /// Whether frames end in a CRC-16.
  package var hasFrameErrorControl = false

  package init(coding: ChannelCoding?, frameByteCount: Int, version: TransferFrameVersion) {
    self.coding = coding
    self.frameByteCount = frameByteCount
    self.version = version
  }
}

/// The protocol of a frame, as its first bits name it.
///
/// Standard: CCSDS 132.0-B-3 §4.1.2.2, CCSDS 732.0-B-4 §4.1.2.2, CCSDS 732.1-B-3 §4.1.2.2.
package enum TransferFrameVersion: Sendable, CaseIterable {
  /// 00
  case tm
  /// 01
  case aos
  /// 1100
  case uslp
}

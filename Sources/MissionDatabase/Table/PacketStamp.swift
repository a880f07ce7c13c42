/// What is known of a packet besides its values. All times are nanoseconds since 1958-01-01T00:00:00 TAI.
package struct PacketStamp: BitwiseCopyable, Hashable, Sendable {
  /// When it was made, by what it says itself; absent where it does not.
  package var onBoardTime: Int64?
  /// When its last byte came; absent in a file that does not say.
  package var receptionTime: Int64?
  /// Whether it comes from a recorder, by its channel or by the replay flag of its frames.
  package var isMarkedStored: Bool
  /// Whether its frames were barely corrected, or the header of one was mended, so that its values may be wrong.
  package var isSuspect: Bool
  /// Whose packet it is: the bits of its spacecraft identifier, then those of its application process identifier.
  package var source: UInt32

  package init(
    onBoardTime: Int64? = nil, receptionTime: Int64? = nil, isMarkedStored: Bool = false, isSuspect: Bool = false,
    source: UInt32 = 0
  ) {
    self.onBoardTime = onBoardTime
    self.receptionTime = receptionTime
    self.isMarkedStored = isMarkedStored
    self.isSuspect = isSuspect
    self.source = source
  }

  /// When it was made, or at least when it came.
  package var time: Int64? { onBoardTime ?? receptionTime }
}

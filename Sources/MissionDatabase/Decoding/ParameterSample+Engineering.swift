/// What becomes of the engineering value of a sample.
extension ParameterSample {
  /// There is no engineering value.
  @inline(never)
  mutating func refuse() {
    engineeringForm = .none
    engineeringBits = 0
    validity = .notCalibrated
  }

  /// A floating-point number that is what the packet says, whatever it is; of bits that are no number there is none.
  @inline(__always)
  mutating func setFloat(_ value: Double) {
    engineeringBits = value.bitPattern
    if rawForm == .none { refuse() }
  }

  /// What a calibrator made; nothing where it is no finite number.
  @inline(__always)
  mutating func setCalibrated(_ value: Double) {
    engineeringBits = value.bitPattern
    if !value.isFinite { refuse() }
  }

  @inline(__always)
  mutating func setLabel(_ label: Int32?) {
    if let label {
      engineeringBits = UInt64(UInt32(bitPattern: label))
    } else {
      lackLabel()
    }
  }

  /// There is no label for the number.
  @inline(never)
  mutating func lackLabel() {
    engineeringForm = .none
    engineeringBits = 0
    validity = .noLabel
  }
}

/// What an encoding leaves in hand before anything is made of it.
enum RawForm: Hashable, Sendable {
  case signed, unsigned, float, text, octets
  /// There is no encoding.
  case none
}

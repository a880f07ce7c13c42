internal import CLinux

/// What the kernel says of a network interface now.
enum NetworkInterface: Equatable {
  case absent
  case down(index: UInt32)
  case up(index: UInt32)

  init(named name: String) {
    var isUp: Int32 = 0
    let index = unsafe clinux_interface(name, &isUp)
    self = index <= 0 ? .absent : isUp != 0 ? .up(index: UInt32(index)) : .down(index: UInt32(index))
  }

  /// An interface that is made anew by the same name has another one.
  var index: UInt32? {
    switch self {
    case .absent: nil
    case .down(let index), .up(let index): index
    }
  }
}

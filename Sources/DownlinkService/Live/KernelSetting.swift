import Glibc

/// What the kernel of this host is set to.
enum KernelSetting {
  /// The most that an unprivileged socket gets as its receive buffer (`net.core.rmem_max`).
  static let largestReceiveBufferByteCount = readNumber("/proc/sys/net/core/rmem_max")

  private static func readNumber(_ path: String) -> Int? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes.prefix(count).filter { (0x30...0x39).contains($0) }, as: UTF8.self))
  }
}

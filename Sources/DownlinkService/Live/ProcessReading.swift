import Glibc
import LinkHealth
import Publish

/// What the kernel says of this process.
enum ProcessReading {
  /// As it is now; nothing where `/proc` cannot be read.
  static func now() -> StationSnapshot.Process? {
    // The name of the process stands in parentheses, and may have some itself.
    guard let text = read("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ").dropFirst().map { Int($0) ?? 0 }
    guard fields.count > residentPages else { return nil }
    let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    var process = StationSnapshot.Process()
    process.cpuSeconds = Double(fields[userTicks] + fields[systemTicks]) / ticksPerSecond
    process.residentByteCount = fields[residentPages] * sysconf(Int32(_SC_PAGESIZE))
    process.startSeconds = bootSeconds + Double(fields[startTicks]) / ticksPerSecond
    if let descriptors = HostConditions.countDescriptors() {
      (process.descriptorCount, process.descriptorCapacity) = descriptors
    }
    return process
  }

  /// Places in `/proc/self/stat`, from the state on, which is the third field there.
  private static let userTicks = 14 - 3
  private static let systemTicks = 15 - 3
  private static let startTicks = 22 - 3
  private static let residentPages = 24 - 3

  /// When this host was started, in seconds since 1970. Asked once: a clock that is set later moves nothing.
  private static let bootSeconds: Double = {
    var (uptime, wall) = (timespec(), timespec())
    _ = unsafe clock_gettime(CLOCK_BOOTTIME, &uptime)
    _ = unsafe clock_gettime(CLOCK_REALTIME, &wall)
    return Double(wall.tv_sec - uptime.tv_sec) + Double(wall.tv_nsec - uptime.tv_nsec) / 1e9
  }()

  private static func read(_ path: String) -> Substring? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? Substring(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

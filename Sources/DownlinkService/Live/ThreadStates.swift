import Glibc
import Publish

/// What the threads of this process are doing, as far as the kernel tells a process of itself: for whoever has to find
/// out why a part of it hangs.
enum ThreadStates {
  private static let capacity = 64

  /// One line for each: its number, its state as `ps` has it, and what it waits for in the kernel, such as
  /// `4711 D io_schedule`.
  static func lines() -> [String] {
    guard let directory = unsafe opendir("/proc/self/task") else { return [] }
    defer { unsafe closedir(directory) }
    var lines: [String] = []
    while lines.count < capacity, let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      // The name of the program stands in parentheses, and may hold anything.
      guard Int(name) != nil, let state = word(of: "/proc/self/task/\(name)/stat", after: ")") else { continue }
      let place = word(of: "/proc/self/task/\(name)/wchan", after: nil) ?? "0"
      lines.append("\(name) \(state)" + (place == "0" ? "" : " \(place)"))
    }
    return lines
  }

  /// The first word of a small file, or the first behind the last of these characters.
  private static func word(of path: String, after character: Character?) -> Substring? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let bytes = try? FileBytes.read(descriptor, from: 0, byteCount: 512, path: path) else { return nil }
    let text = Substring(decoding: bytes, as: UTF8.self)
    let rest = character.flatMap { text.lastIndex(of: $0) }.map { text[text.index(after: $0)...] } ?? text
    return rest.split { $0 == " " || $0 == "\n" }.first
  }
}

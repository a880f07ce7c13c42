internal import Glibc

/// The bytes of a configuration file, or why there are none.
struct ConfigurationFile {
  enum Content {
    case bytes([UInt8])
    case failure(message: String, hint: String?)
  }

  /// Files of `conf.d` that are read at most.
  private static let fragmentCapacity = 64

  var name: String
  var content: Content
  /// What is wrong with the file beside its content.
  var refusals: [(message: String, hint: String)] = []

  /// Reads a regular file up to one byte more than is allowed.
  static func read(_ path: String) -> ConfigurationFile {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return failure(path, "cannot be opened", errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return failure(path, "cannot be read", errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return ConfigurationFile(name: path, content: .failure(message: "is not a regular file", hint: nil))
    }
    var file = ConfigurationFile(name: path, content: .bytes([]))
    file.refusals = writableRefusals(path, status)
    let capacity = SourceText.largestByteCount + 1
    var bytes = [UInt8](repeating: 0, count: min(capacity, Int(status.st_size) + 1))
    var count = 0
    while count < bytes.count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      guard result >= 0 || errno == EINTR else { return failure(path, "cannot be read", errno) }
      guard result != 0 else { break }
      count += max(0, result)
    }
    file.content = .bytes(Array(bytes.prefix(count)))
    return file
  }

  /// The paths of `conf.d/*.yaml` beside a file, in the order of their bytes.
  static func namesBeside(_ path: String) -> [String] {
    let folder = path.contains("/") ? "\(folder(of: path))/conf.d" : "conf.d"
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".yaml"), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(fragmentCapacity).map {
      "\(folder)/\($0)"
    }
  }

  // MARK: Helpers

  /// Whoever may write the configuration commands the daemon.
  private static func writableRefusals(_ path: String, _ status: stat) -> [(message: String, hint: String)] {
    var refusals: [(message: String, hint: String)] = []
    if let who = writers(status.st_mode) {
      refusals.append(("the file can be written by \(who)", "run: chmod go-w \(path)"))
    }
    let folder = folder(of: path)
    var folderStatus = stat()
    // In a folder such as /tmp, whose files only their owners may replace, a file is safe.
    guard unsafe stat(folder, &folderStatus) == 0, folderStatus.st_mode & S_ISVTX == 0 else { return refusals }
    if let who = writers(folderStatus.st_mode) {
      refusals.append(("the folder \(folder) can be written by \(who)", "run: chmod go-w \(folder)"))
    }
    return refusals
  }

  private static func writers(_ mode: mode_t) -> String? {
    if mode & S_IWOTH != 0 { return "everyone" }
    return mode & S_IWGRP != 0 ? "its group" : nil
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ path: String, _ message: String, _ code: Int32) -> ConfigurationFile {
    let reason = unsafe String(cString: strerror(code))
    let hint: String? =
      switch code {
      case ENOENT: "name the file with -c, or write /etc/downlinkd/downlinkd.yaml"
      case EACCES: "run as a user of the group downlinkd, or name another file with -c"
      default: nil
      }
    return ConfigurationFile(name: path, content: .failure(message: "\(message): \(reason)", hint: hint))
  }
}

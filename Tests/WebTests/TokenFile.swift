import Glibc

/// A file with a mode of its own, for as long as this is kept.
final class TokenFile {
  let path: String

  init(_ text: String, mode: mode_t) {
    var template = Array("/tmp/downlinkd-web-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    fchmod(descriptor, mode)
    close(descriptor)
  }

  deinit { _ = unsafe unlink(path) }
}

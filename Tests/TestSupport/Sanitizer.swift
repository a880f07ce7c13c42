import Glibc

/// What `.ci/sanitize` tells the tests, and what they tell the processes that they start.
///
/// Under a sanitizer everything takes many times as long. Tests that try very many cases of one kind, one behind the
/// other, then try fewer of them: what each of them has to do with memory is the same.
package enum Sanitizer {
  private static let variable = "DOWNLINKD_SANITIZER"

  /// Whether the tests run under a sanitizer.
  package static let isOn = unsafe getenv(variable) != nil

  /// `count`, or under a sanitizer `fewer`.
  package static func count(_ count: Int, or fewer: Int) -> Int { isOn ? fewer : count }

  /// What has to be in the environment of another process, so that what the sanitizer finds there is told, too.
  package static var environment: [String: String] {
    var environment: [String: String] = [:]
    for name in [variable, "TSAN_OPTIONS", "ASAN_OPTIONS"] {
      if let value = unsafe getenv(name) { environment[name] = unsafe String(cString: value) }
    }
    return environment
  }
}

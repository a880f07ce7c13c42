internal import CLinux
import Glibc

/// A descriptor that the service manager handed over when it started the process: a socket of a `.socket` unit, or what
/// an earlier process put into the descriptor store.
package struct InheritedDescriptor: Equatable, Sendable {
  package let descriptor: Int32
  /// What the unit, or that process, called it.
  package let name: String

  package init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// No service manager hands over more.
  private static let largestCount = 4096
  /// The first one, after standard input, output and error.
  private static let first: Int32 = 3

  /// Takes what was handed over to this process, and clears the variables that tell of it: a second call gets nothing,
  /// and neither does any child.
  package static func takeAll() -> [InheritedDescriptor] {
    let all = all(environment: ServiceNotifier.processEnvironment)
    for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { _ = unsafe unsetenv(name) }
    return all.filter { clinux_make_own($0.descriptor) == 0 }
  }

  /// What the variables `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` say, if they are for this process.
  package static func all(environment: (String) -> String?) -> [InheritedDescriptor] {
    guard environment("LISTEN_PID").flatMap({ Int32($0) }) == getpid(),
      let count = environment("LISTEN_FDS").flatMap({ Int32($0) }), (1...Int32(largestCount)).contains(count)
    else { return [] }
    let names = environment("LISTEN_FDNAMES")?.split(separator: ":", omittingEmptySubsequences: false) ?? []
    return (0..<count).map { index in
      InheritedDescriptor(
        descriptor: first + index, name: Int(index) < names.count ? String(names[Int(index)]) : "unknown")
    }
  }
}

/// Tells a socket from every other since the machine was started, and how far its drops are on somebody's account.
struct SocketMark: Sendable, Equatable {
  /// 0 where the kernel does not tell.
  var cookie: UInt64 = 0
  /// The kernel's own count, as it was read last.
  var dropCount: UInt32 = 0
}

/// What went wrong between this process and the place it publishes to.
package enum PublishError: Error, Equatable, Sendable {
  /// What was being done when the system refused.
  package enum Operation: String, Equatable, Sendable {
    case openDirectory, listDirectory, openLog, readLog, writeLog, rotateLog, synchronizeLog
    case createSocket, bindSocket, listen, inspectSocket, removeSocket
  }

  /// The system refused, with its `errno`.
  case system(Operation, path: String, errno: Int32)
  /// A log's path leads to something that is not a regular file.
  case notARegularFile(path: String)
  /// A socket's path leads to something that is not a socket.
  case notASocket(path: String)
  /// A socket's path is longer than the system can bind.
  case socketPathTooLong(path: String, limit: Int)
  /// A socket at the path belongs to somebody else.
  case socketOfAnotherUser(path: String, owner: UInt32)
  /// A socket at the path still answers: another daemon serves it.
  case socketInUse(path: String)

  /// The path it is about.
  package var path: String {
    switch self {
    case .system(_, let path, _), .notARegularFile(let path), .notASocket(let path), .socketPathTooLong(let path, _),
      .socketOfAnotherUser(let path, _), .socketInUse(let path):
      path
    }
  }
}

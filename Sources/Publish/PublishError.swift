import Glibc

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

extension PublishError: CustomStringConvertible {
  /// What happened and what to do about it, for a person.
  package var description: String {
    switch self {
    case .system(let operation, let path, let errno):
      "\(path): \(operation.words): \(unsafe String(cString: strerror(errno)))"
    case .notARegularFile(let path): "\(path): is not a regular file\nhint: move it away, or name another directory"
    case .notASocket(let path): "\(path): is not a socket\nhint: move it away, or name another status.socket"
    case .socketPathTooLong(let path, let limit):
      "\(path): is longer than the \(limit) bytes that a socket's path can have\nhint: name a shorter status.socket"
    case .socketOfAnotherUser(let path, let owner):
      "\(path): belongs to user \(owner)\nhint: remove it if no daemon uses it, or name another status.socket"
    case .socketInUse(let path):
      "\(path): another daemon answers there\nhint: stop that one, or give this one a status.socket of its own"
    }
  }
}

extension PublishError.Operation {
  /// What could not be done.
  fileprivate var words: String {
    switch self {
    case .openDirectory: "the directory cannot be opened"
    case .listDirectory: "the directory cannot be read"
    case .openLog: "the log cannot be opened"
    case .readLog: "the log cannot be read"
    case .writeLog: "the log cannot be written"
    case .rotateLog: "the log cannot be rotated"
    case .synchronizeLog: "the log cannot be brought to disk"
    case .createSocket: "the socket cannot be made"
    case .bindSocket: "the socket cannot be bound"
    case .listen: "the socket cannot be listened to"
    case .inspectSocket: "what is there cannot be looked at"
    case .removeSocket: "the socket left there cannot be removed"
    }
  }
}

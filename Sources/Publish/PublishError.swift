import Glibc

/// What went wrong between this process and the place it publishes to.
package enum PublishError: Error, Equatable, Sendable {
  /// What was being done when the system refused.
  package enum Operation: String, Equatable, Sendable {
    case openDirectory, listDirectory, openLog, readLog, writeLog, rotateLog, synchronizeLog, compressLog
    case createSocket, bindSocket, listen, inspectSocket, removeSocket, writeTextfile
  }

  /// The system refused, with its `errno`.
  case system(Operation, path: String, errno: Int32)
  /// The file system of the logs has less room than has to stay free, with all finished files deleted.
  case shortOfSpace(path: String, freeByteCount: Int, minimumByteCount: Int)
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
      .socketOfAnotherUser(let path, _), .socketInUse(let path), .shortOfSpace(let path, _, _):
      path
    }
  }
}

extension PublishError {
  /// Whether this user may not do what it takes.
  package var isPermission: Bool {
    switch self {
    case .system(_, _, let errno): errno == EACCES || errno == EPERM
    case .socketOfAnotherUser: true
    case .notARegularFile, .notASocket, .socketPathTooLong, .socketInUse, .shortOfSpace: false
    }
  }
}

extension PublishError {
  /// What the system said, where it was the system that refused.
  package var systemErrorNumber: Int32? { if case .system(_, _, let errno) = self { errno } else { nil } }

  /// Whether what was written could not be brought to the disk.
  var isAboutSynchronization: Bool {
    if case .system(.synchronizeLog, _, _) = self { true } else { false }
  }
}

extension PublishError: CustomStringConvertible {
  /// What happened, and on a line of its own what to do about it.
  package var description: String { message + (hint.map { "\nhint: " + $0 } ?? "") }

  /// What happened, with the path it happened to.
  package var message: String {
    switch self {
    case .system(let operation, let path, let errno): "\(path): \(operation.text): \(Self.text(errno))"
    case .shortOfSpace(let path, let freeByteCount, let minimumByteCount):
      "\(path): only \(freeByteCount) bytes are free, and \(minimumByteCount) have to stay free"
    case .notARegularFile(let path): "\(path): is no regular file, so it can be no log"
    case .notASocket(let path): "\(path): is no socket, and is left alone"
    case .socketPathTooLong(let path, let limit): "\(path): a socket's path has at most \(limit) bytes"
    case .socketOfAnotherUser(let path, let owner): "\(path): the socket there belongs to user \(owner)"
    case .socketInUse(let path): "\(path): another daemon answers there"
    }
  }

  /// What to do about it; nothing where only its cause can say.
  package var hint: String? {
    switch self {
    case .system(let operation, _, let errno): Self.hint(operation, errno)
    case .shortOfSpace: "make room on its file system, or lower logs.min_free_bytes"
    case .notARegularFile: "move it away, or choose another logs.directory"
    case .notASocket: "move it away, or choose another status.socket"
    case .socketPathTooLong: "choose a shorter status.socket"
    case .socketOfAnotherUser: "run as that user, or choose another status.socket"
    case .socketInUse: "stop it, or choose another status.socket"
    }
  }

  private static func text(_ errno: Int32) -> String {
    errno == ENOBUFS
      ? "records came faster than they could be written" : unsafe String(cString: strerror(errno))
  }

  private static func hint(_ operation: Operation, _ errno: Int32) -> String? {
    let key = operation.key
    return switch errno {
    case ENOENT, ENOTDIR: "make the directory, or choose another \(key)"
    case EACCES, EPERM: "this user has to be able to write there: see its owner, or choose another \(key)"
    case ENOSPC, EDQUOT:
      "make room on its file system" + (operation.isAboutLogs ? ", or lower logs.max_total_bytes" : "")
    case EROFS: "its file system is read-only: choose another \(key)"
    case ELOOP: "symbolic links are not followed there: move it away"
    case EIO: "the disk has errors: see 'journalctl -k', and choose another \(key) if they stay"
    case ENOBUFS, EBUSY: "the disk is slow or hangs: see what else writes to it, and 'journalctl -k'"
    default: nil
    }
  }
}

extension PublishError.Operation {
  /// Where the configuration says what it was done to.
  fileprivate var key: String {
    switch self {
    case .openDirectory, .listDirectory, .openLog, .readLog, .writeLog, .rotateLog, .synchronizeLog, .compressLog:
      "logs.directory"
    case .createSocket, .bindSocket, .listen, .inspectSocket, .removeSocket: "status.socket"
    case .writeTextfile: "metrics.textfile"
    }
  }

  fileprivate var isAboutLogs: Bool { key == "logs.directory" }

  fileprivate var text: String {
    switch self {
    case .openDirectory: "the log directory cannot be opened"
    case .listDirectory: "the log directory cannot be listed"
    case .openLog: "the log cannot be opened"
    case .readLog: "the log cannot be read"
    case .writeLog: "the log cannot be written"
    case .rotateLog: "the log cannot be rotated"
    case .synchronizeLog: "the log cannot be brought to the disk"
    case .compressLog: "a finished log file cannot be packed"
    case .createSocket: "no socket can be made for it"
    case .bindSocket: "the status socket cannot be made"
    case .listen: "the status socket cannot be listened on"
    case .inspectSocket: "it cannot be seen what is there"
    case .removeSocket: "the socket of an earlier run cannot be removed"
    case .writeTextfile: "the metrics cannot be written"
    }
  }
}

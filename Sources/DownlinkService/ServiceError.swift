import Glibc
package import Ingest
package import Publish
package import StationConfiguration

/// Why a command could not do its work: the environment, never the data.
package enum ServiceError: Error, Equatable, Sendable {
  case ingest(IngestError)
  case publish(PublishError)
  case configuration(ConfigurationErrors)
  case cannotCreate(path: String, errno: Int32)
  case cannotWrite(path: String, errno: Int32)
  /// Another daemon writes its logs there.
  case directoryInUse(path: String)
  /// Its logs could be replaced by anybody.
  case directoryOfEveryone(path: String)
  /// The configuration has no such link, or several and none was named.
  case noSuchLink(name: String?, known: [String])
  /// The loopback lost a datagram that it was sent.
  case loopbackLoss(sent: Int, received: Int)
  /// The daemon was started as root.
  case isRoot
  /// The files of a replay are no good.
  case damagedInput(String, hint: String)
  /// What was asked for makes no sense.
  case usage(String, hint: String)

  /// The code that a command which failed for this reason exits with.
  package var exitCode: Int32 {
    switch self {
    case .ingest(let error): error.category.exitCode
    case .publish(let error): error.isPermission ? 77 : 73
    case .configuration, .noSuchLink: 78
    case .cannotCreate(_, let errno): errno == EACCES || errno == EPERM ? 77 : 73
    case .directoryInUse: 73
    case .directoryOfEveryone: 77
    case .cannotWrite: 74
    case .loopbackLoss: 71
    case .isRoot: 77
    case .damagedInput: 65
    case .usage: 64
    }
  }

  /// What the system said, where it was the system that refused.
  package var systemErrorNumber: Int32? {
    switch self {
    case .ingest(.system(_, let errno, _)), .publish(.system(_, _, let errno)), .cannotCreate(_, let errno),
      .cannotWrite(_, let errno):
      errno
    case .ingest, .publish, .configuration, .directoryInUse, .directoryOfEveryone, .noSuchLink, .loopbackLoss, .isRoot,
      .damagedInput, .usage:
      nil
    }
  }
}

extension ServiceError: CustomStringConvertible {
  /// What happened and what to do about it, for a person.
  package var description: String {
    switch self {
    case .ingest(let error): return error.description
    case .publish(let error): return error.description
    case .configuration(let errors): return errors.rendered
    case .cannotCreate(let path, let errno):
      return "\(path): cannot be created: \(IngestError.text(errno))\(Self.hint(errno))"
    case .cannotWrite(let path, let errno): return "\(path): cannot be written: \(IngestError.text(errno))"
    case .directoryInUse(let path):
      return "\(path): another daemon writes its logs there\nhint: stop it, or choose another logs.directory"
    case .directoryOfEveryone(let path):
      return "\(path): can be written by everyone\nhint: chmod o-w \(path), or choose another logs.directory"
    case .noSuchLink(let name?, let known):
      return "there is no link '\(name)' in the configuration\nhint: it has \(known.joined(separator: ", "))"
    case .noSuchLink(nil, let known):
      return "the configuration has \(known.count) links\n"
        + "hint: name one of \(known.joined(separator: ", ")) with --link"
    case .loopbackLoss(let sent, let received):
      return "the loopback lost datagrams: \(sent) were sent, \(received) received\nhint: raise net.core.rmem_max"
    case .isRoot:
      return "downlinkd does not run as root: what comes from the sky needs no privilege\n"
        + "hint: start it as another user, as the service unit does, or add --allow-root"
    case .damagedInput(let message, let hint), .usage(let message, let hint): return "\(message)\nhint: \(hint)"
    }
  }

  private static func hint(_ errno: Int32) -> String {
    switch errno {
    case EACCES, EPERM: "\nhint: run as a user who may write there, or choose another place"
    case ENOENT, ENOTDIR: "\nhint: make the directory that it is to be in first"
    default: ""
    }
  }
}

import LinkHealth

/// The documents about the protocol itself, whoever carries them.
package enum StatusDocuments {
  /// Which daemon this is.
  package static func version(_ identity: StatusServer.Identity) -> String {
    object {
      $0.member("daemon", "downlinkd")
      $0.member("version", identity.version)
      $0.object("proto") { proto in
        proto.member("major", 1)
        proto.member("minor", 0)
      }
      $0.member("run_id", identity.runID)
    }
  }

  /// Answers `help {command}` for these commands.
  package static func help(
    _ arguments: StatusArguments, _ all: [StatusRequest.Command]
  ) -> Result<String, StatusError> {
    do throws(StatusError) {
      var commands = all
      if let name = try arguments.string("command") {
        commands = commands.filter { $0.name == name }
        guard !commands.isEmpty else { throw .unknown(.notFound, "command", name, among: all.map(\.name)) }
      }
      return .success(object { describe(commands, in: &$0) })
    } catch { return .failure(error) }
  }

  /// The shape of requests and replies with these commands.
  package static func schema(_ commands: [StatusRequest.Command]) -> String {
    object {
      $0.member("protocol", "downlinkd-status/1")
      $0.member("classes", ["HELLO", "REPLY", "EVENT", "STATS", "PARAMETERS", "LOST", "BYE"])
      $0.array("error_codes") { for code in StatusError.Code.allCases { $0.element(code.rawValue) } }
      $0.array("event_types") { for type in EventType.allCases { $0.element(type.rawValue) } }
      $0.member("request_bytes", StatusRequest.maximumByteCount)
      $0.member("reply_bytes", StatusExchange.maximumReplyByteCount)
      describe(commands, in: &$0)
    }
  }

  private static func describe(_ commands: [StatusRequest.Command], in writer: inout JSONWriter) {
    writer.array("commands") { elements in
      for command in commands {
        elements.object {
          $0.member("name", command.name)
          $0.member("summary", command.summary)
          $0.member("arguments", command.argumentNames)
        }
      }
    }
  }

  private static func object(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(nil, members)
    return writer.text
  }
}

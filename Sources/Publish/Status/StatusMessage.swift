import LinkHealth

/// The lines the server writes. All end in one line feed.
package enum StatusMessage {
  /// The first line to every client: who answers, in which version, and what time it is there.
  package static func hello(_ identity: StatusServer.Identity, now: Int64) -> [UInt8] {
    line {
      $0.member("class", "HELLO")
      $0.member("daemon", "downlinkd")
      $0.member("version", identity.version)
      $0.object("proto") { proto in
        proto.member("major", 1)
        proto.member("minor", 0)
      }
      $0.member("run_id", identity.runID)
      $0.member("now", UTCTimestamp.rfc3339(now))
    }
  }

  /// The answer to one request, with the `id` that the client gave it.
  package static func reply(_ id: StatusRequest.RequestID?, _ result: Result<String, StatusError>) -> [UInt8] {
    line { reply in
      reply.member("class", "REPLY")
      switch id {
      case nil: break
      case .integer(let value): reply.member("id", value)
      case .string(let value): reply.member("id", value)
      }
      switch result {
      case .success(let json):
        reply.member("ok", true)
        reply.member("result", json: json)
      case .failure(let error):
        reply.member("ok", false)
        reply.object("error") { error.write(to: &$0) }
      }
    }
  }

  /// An event or statistics object with its class put in front of its members.
  package static func push(_ messageClass: String, object: String) -> [UInt8] {
    let members = object.dropFirst()
    return Array("{\"class\":\"\(messageClass)\"\(members == "}" ? "" : ",")\(members)\n".utf8)
  }

  /// Rows of parameters that have changed, in as few lines as have room for them.
  static func parameters(of link: String, _ rows: [String]) -> [(bytes: [UInt8], rowCount: Int)] {
    var lines: [(bytes: [UInt8], rowCount: Int)] = []
    var index = 0
    while index < rows.count {
      var chosen: [String] = []
      var byteCount = 0
      while index < rows.count, chosen.isEmpty || byteCount + rows[index].utf8.count < parameterLineByteCount {
        byteCount += rows[index].utf8.count + 1
        chosen.append(rows[index])
        index += 1
      }
      let bytes = line {
        $0.member("class", "PARAMETERS")
        $0.member("link", link)
        $0.array("parameters") { array in for row in chosen { array.element(json: row) } }
      }
      lines.append((bytes, chosen.count))
    }
    return lines
  }

  /// A part of what may wait for a client.
  private static let parameterLineByteCount = 32 << 10

  /// Says how many events, and rows of parameters, a client did not get because it read too slowly.
  package static func lost(_ loss: OutboundQueue.Loss) -> [UInt8] {
    line {
      $0.member("class", "LOST")
      $0.member("events", loss.eventCount)
      if loss.rowCount > 0 { $0.member("parameters", loss.rowCount) }
    }
  }

  /// The last line to a client, with the reason and a sentence for a person.
  package static func bye(_ reason: String, message: String? = nil) -> [UInt8] {
    line {
      $0.member("class", "BYE")
      $0.member("reason", reason)
      if let message { $0.member("message", message) }
    }
  }

  private static func line(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object(nil, members)
    return Array((writer.text + "\n").utf8)
  }
}

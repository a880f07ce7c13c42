import LinkHealth
import Publish

/// What an argument of a command may be.
struct OpenAPIArgument {
  private enum Shape {
    case text(mostBytes: Int? = nil)
    case pattern(String)
    case choice([String])
    case list(of: [String]?)
    case count(upTo: Int)
    case seconds
  }

  private static let largestCount = 9_007_199_254_740_991

  private let name: String

  init(_ name: String) { self.name = name }

  func write(to json: inout JSONWriter) {
    json.member("name", name)
    json.member("in", "query")
    json.member("description", description)
    if case .list = shape {
      json.member("style", "form")
      json.member("explode", false)
    }
    json.object("schema") { write(shape, to: &$0) }
  }

  private func write(_ shape: Shape, to json: inout JSONWriter) {
    switch shape {
    case .text(let most):
      json.member("type", "string")
      if let most { json.member("maxLength", most) }
    case .pattern(let pattern):
      json.member("type", "string")
      json.member("pattern", pattern)
    case .choice(let words):
      json.member("type", "string")
      json.member("enum", words)
    case .list(let words):
      json.member("type", "array")
      json.object("items") { items in write(words.map(Shape.choice) ?? .text(), to: &items) }
    case .count(let maximum):
      json.member("type", "integer")
      json.member("minimum", 0)
      json.member("maximum", maximum)
    case .seconds:
      json.array("oneOf") { array in
        array.element(json: "{\"const\":0}")
        array.element(json: "{\"type\":\"number\",\"minimum\":0.1,\"maximum\":3600}")
      }
    }
  }

  private var shape: Shape {
    let types = EventType.allCases.map(\.rawValue)
    return switch name {
    case "limit", "cursor", "scid", "vcid", "apid": .count(upTo: Self.largestCount)
    case "n", "tail": .count(upTo: RecentEvents.capacity)
    case "command": .choice(StatusCommand.allCases.map(\.rawValue))
    case "data": .choice(["live", "stored"])
    case "form": .choice(["report", "text", "gaps", "csv"])
    case "type", "types": .list(of: types)
    case "links": .list(of: nil)
    case "stats_interval_seconds": .seconds
    case "glob", "parameters": .text(mostBytes: NamePattern.maximumByteCount)
    case "since": .pattern("^20[0-9]{2}-0[1-9]-[01][1-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z$")
    default: .text()
    }
  }

  private var description: String {
    switch name {
    case "limit": "At most so many elements."
    case "cursor": "Where to go on: as the page before has given it."
    case "link": "The name of one link."
    case "links": "The names of links; absent, all of them, and what belongs to none."
    case "scid": "A spacecraft identifier."
    case "vcid": "A virtual channel identifier."
    case "apid": "An application process identifier."
    case "n", "tail": "So many of the last events, 20 when nobody says."
    case "since": "Only those from this time on, in UTC with six digits."
    case "type", "types": "Only events of these types."
    case "glob": "The names of parameters, with * and ?."
    case "parameters": "The names of parameters to be told when they change, with * and ?."
    case "reason": "Only what was rejected for this reason, as the ledger calls it."
    case "id": "The name of one pass."
    case "form":
      "What of the pass: its report, the report as lines of text, or what is missing, as a list or as lines of CSV."
    case "data": "As it comes in, or as it was stored on board."
    case "stats_interval_seconds": "How often the statistics of a link come; 0 for never."
    case "command": "The name of one command."
    default: name
    }
  }
}

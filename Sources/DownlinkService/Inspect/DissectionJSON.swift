import LinkHealth

/// A dissection as one JSON object, for programs.
enum DissectionJSON {
  static func line(_ heading: UnitHeading, _ dissection: Dissection) -> String {
    var json = JSONWriter()
    json.object {
      $0.member("unit", heading.number)
      $0.member("kind", heading.kind.rawValue)
      switch heading.position {
      case .byte(let offset): $0.member("byte_offset", offset)
      case .record(let number): $0.member("record", number)
      }
      if let time = heading.time { $0.member("time", time) }
      $0.member("bytes", heading.byteCount)
      $0.member("problem_count", dissection.allProblems.count)
      write(dissection.problems, to: &$0)
      $0.array("sections") { json in
        for section in dissection.sections { json.object { write(section, to: &$0) } }
      }
    }
    return json.text
  }

  static func write(_ section: Dissection.Section, to json: inout JSONWriter) {
    json.member("title", section.title)
    json.member("byte_offset", section.byteOffset)
    var notes: [String] = []
    var problems: [Dissection.Problem] = []
    var dumps: [Dissection.ByteDump] = []
    json.array("fields") { json in
      for item in section.items {
        switch item {
        case .field(let field): json.object { write(field, to: &$0) }
        case .note(let text): notes.append(text)
        case .problem(let problem): problems.append(problem)
        case .bytes(let dump): dumps.append(dump)
        }
      }
    }
    json.member("notes", notes)
    write(problems, to: &json)
    guard !dumps.isEmpty else { return }
    json.array("dumps") { json in
      for dump in dumps {
        json.object {
          $0.member("byte_offset", dump.byteOffset)
          $0.member("bytes", dump.totalByteCount)
          $0.member("hex", dump.bytes.map(Digits.hex).joined())
        }
      }
    }
  }

  private static func write(_ field: Dissection.Field, to json: inout JSONWriter) {
    json.member("offset", Digits.place(field.bitOffset))
    json.member("bits", field.bitCount)
    json.member("name", field.name)
    json.member("raw", field.raw)
    if let value = field.value { json.member("value", value) }
    json.member("meaning", field.meaning)
  }

  private static func write(_ problems: [Dissection.Problem], to json: inout JSONWriter) {
    json.array("problems") { json in
      for problem in problems { json.object { write(problem, to: &$0) } }
    }
  }

  static func write(_ problem: Dissection.Problem, to json: inout JSONWriter) {
    json.member("offset", Digits.place(problem.bitOffset))
    json.member("what", problem.what)
    json.member("found", problem.found)
    json.member("expected", problem.expected)
    json.member("hint", problem.hint)
  }
}

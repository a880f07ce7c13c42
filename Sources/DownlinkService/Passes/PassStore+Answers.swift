import LinkHealth
package import Publish
import Synchronization

/// The answers to the question `passes`.
extension PassStore {
  /// What is wanted of one pass.
  private enum Form: String, CaseIterable {
    case report, text, gaps, csv
  }

  /// Answers the question `passes`: a list, or one report in one of its forms.
  package func answer(_ arguments: StatusArguments) -> Result<String, StatusError> {
    do throws(StatusError) {
      let link = try arguments.string("link")
      guard let id = try arguments.string("id") else { return try list(of: link, arguments) }
      let form = try form(arguments)
      guard let report = report(id) else { return try stored(id, form, arguments) }
      return answer(report, form, arguments)
    } catch {
      return .failure(error)
    }
  }

  private func form(_ arguments: StatusArguments) throws(StatusError) -> Form {
    guard let name = try arguments.string("form") else { return .report }
    guard let form = Form(rawValue: name) else {
      let names = Form.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw StatusError(.badArgument, "'form' must be one of \(names)")
    }
    return form
  }

  /// Those under way, then the others, the newest first.
  private func list(of link: String?, _ arguments: StatusArguments) throws(StatusError) -> Result<String, StatusError> {
    let (current, heads, removed) = content.withLock { content in
      (
        content.current.values.filter { link == nil || $0.link == link }.sorted { $0.link < $1.link },
        content.heads.filter { link == nil || $0.link == link }, content.removedCount
      )
    }
    func lead(_ json: inout JSONWriter) { json.member("removed", removed) }
    return StatusPage.object(
      "passes", elementCount: current.count + heads.count, arguments: arguments, leading: lead
    ) { index in
      index < current.count
        ? Head(current[index]).json : heads[heads.count - 1 - (index - current.count)].json
    }
  }

  /// A report that is in memory.
  private func report(_ id: String) -> PassReport? {
    content.withLock { content in
      content.current.values.first { $0.id == id } ?? content.recent.last { $0.id == id }
    }
  }

  private func answer(
    _ report: PassReport, _ form: Form, _ arguments: StatusArguments
  ) -> Result<String, StatusError> {
    switch form {
    case .report:
      let whole = report.json(leapSeconds)
      return .success(
        whole.utf8.count <= StatusPage.maximumByteCount ? whole : report.json(leapSeconds, detail: .summary))
    case .text: return lines(PassText(report).lines, report.id, arguments)
    case .csv:
      return lines(GapList(report).csv(leapSeconds).split(separator: "\n").map(String.init), report.id, arguments)
    case .gaps:
      let gaps = GapList(report)
      let isComplete = gaps.isComplete
      func lead(_ json: inout JSONWriter) { gaps.writeHead(to: &json, isComplete: isComplete) }
      return StatusPage.object(
        "gaps", elementCount: gaps.frames.count + gaps.packets.count, arguments: arguments, leading: lead
      ) { index in
        var json = JSONWriter()
        json.object {
          if index < gaps.frames.count {
            $0.member("kind", "frames")
            gaps.frames[index].write(to: &$0)
          } else {
            $0.member("kind", "packets")
            gaps.packets[index - gaps.frames.count].write(to: &$0, leapSeconds)
          }
        }
        return json.text
      }
    }
  }

  /// A report that is in the state directory alone.
  private func stored(
    _ id: String, _ form: Form, _ arguments: StatusArguments
  ) throws(StatusError) -> Result<String, StatusError> {
    guard content.withLock({ content in content.heads.contains { $0.id == id } }), let folder else {
      throw StatusError(.notFound, "there is no pass '\(id)'", hint: "'passes' lists them")
    }
    let name = id + Self.file(of: form).rawValue
    guard let bytes = folder.read(name) else {
      throw StatusError(.notFound, "the file \(folder.path)/\(name) cannot be read any more")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    switch form {
    case .text, .csv:
      return lines(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), id, arguments)
    case .report where bytes.count <= StatusPage.maximumByteCount:
      return .success(String(text.filter { $0 != "\n" }))
    case .gaps where bytes.count <= StatusPage.maximumByteCount:
      return .success(String(text.filter { $0 != "\n" }))
    case .report, .gaps:
      throw StatusError(
        .notFound, "the report is longer than a reply may be", hint: "read \(folder.path)/\(name), or ask for its text")
    }
  }

  private static func file(of form: Form) -> PassFolder.Form {
    switch form {
    case .report: .json
    case .text: .text
    case .gaps: .gaps
    case .csv: .table
    }
  }

  private func lines(_ lines: [String], _ id: String, _ arguments: StatusArguments) -> Result<String, StatusError> {
    func lead(_ json: inout JSONWriter) { json.member("id", id) }
    return StatusPage.object("lines", elementCount: lines.count, arguments: arguments, leading: lead) { index in
      var json = JSONWriter()
      json.element(lines[index])
      return json.text
    }
  }
}

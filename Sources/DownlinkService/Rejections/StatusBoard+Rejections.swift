import CCSDSLink
import LinkHealth
import Publish

/// The answer to `explain`: the last units that a link rejected, and what would have accepted them.
extension StatusBoard {
  func explanationPage(_ arguments: StatusArguments) throws(StatusError) -> Result<String, StatusError> {
    let status = try explained(arguments)
    let record = status.rejections ?? RejectionRecord(since: status.life.since)
    let entries = try Self.selected(record, arguments)
    let finder = status.configuration.map { NearestSetting(configuration: $0, snapshot: status.snapshot) }
    return StatusPage.object(
      "reasons", elementCount: entries.count, arguments: arguments,
      leading: {
        $0.member("link", status.snapshot.name)
        $0.member("since", UTCTimestamp.rfc3339(record.since))
        $0.member("checked", status.takenAt.rfc3339)
        $0.member("rejected", record.entries.reduce(0) { $0 + $1.count })
      },
      element: { RejectionExplanation(entries[$0], status, finder?.advice(for: entries[$0])).json })
  }

  /// The link that is meant: the only one, when there is one.
  private func explained(_ arguments: StatusArguments) throws(StatusError) -> LinkStatus {
    let links = links
    let names = links.map(\.snapshot.name).joined(separator: ", ")
    guard let name = try arguments.string("link") else {
      guard links.count == 1, let only = links.first else {
        throw StatusError(.badArgument, "'link' is missing", hint: "the links are \(names)")
      }
      return only
    }
    guard let link = links.first(where: { $0.snapshot.name == name }) else {
      throw StatusError(.notFound, "there is no link '\(name.prefix(64))'", hint: "the links are \(names)")
    }
    return link
  }

  private static func selected(
    _ record: RejectionRecord, _ arguments: StatusArguments
  ) throws(StatusError) -> [RejectionRecord.Entry] {
    guard let name = try arguments.string("reason") else { return record.entries }
    let names = RejectionReason.all.map(\.name)
    guard names.contains(name) else { throw .unknown(.notFound, "reason", name, among: names) }
    return record.entries.filter { $0.reason.name == name }
  }
}

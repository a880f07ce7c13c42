import Glibc

/// Lines for a person or the journal on standard error: `key=value`, with a priority prefix unless it is a terminal.
///
/// Where standard error leads to the journal, entries go there with all their fields, and to standard error only when
/// the journal does not answer.
package struct ConsoleLog: Sendable {
  private let descriptor: Int32
  private let hasPriorityPrefix: Bool
  private let journal: JournalSocket?

  /// A console on standard error, or on another descriptor.
  ///
  /// - Parameter hasPriorityPrefix: Whether lines begin with `<N>`; by default when `descriptor` is not a terminal.
  package init(
    descriptor: Int32 = STDERR_FILENO, hasPriorityPrefix: Bool? = nil, journal: JournalSocket? = nil
  ) {
    self.descriptor = descriptor
    self.hasPriorityPrefix = hasPriorityPrefix ?? (isatty(descriptor) != 1)
    self.journal = journal
  }

  /// Standard error, or the journal where that is where it leads.
  package static func ofTheProcess() -> ConsoleLog {
    let stream = ServiceNotifier.processEnvironment("JOURNAL_STREAM")
    return ConsoleLog(journal: JournalSocket.behind(STDERR_FILENO, stream: stream))
  }

  /// Whether entries go to the journal.
  package var isJournal: Bool { journal != nil }

  /// Entries that the journal did not take.
  package var droppedCount: UInt64 { journal?.droppedCount ?? 0 }

  /// Writes an event as one line in one piece: its type, its link, and the members of its body that are no objects.
  /// What cannot be written is lost: there is nowhere left to say so.
  package func write(_ record: EventRecord) {
    let fields = Self.fields(of: record)
    if let journal, journal.send(Self.entry(for: record, fields)) != .unreachable { return }
    emit(line(record.severity, record.eventType.rawValue, fields))
  }

  /// An event as the journal keeps it: the line for a person, and what one may search by.
  static func entry(for record: EventRecord, _ fields: [(name: String, value: String)]) -> JournalEntry {
    var entry = JournalEntry()
    entry.add("MESSAGE", text(record.eventType.rawValue, fields))
    entry.add("PRIORITY", record.severity.priority)
    entry.add("SYSLOG_IDENTIFIER", "downlinkd")
    entry.add("MESSAGE_ID", record.eventType.messageID)
    if let number = fields.first(where: { $0.name == "errno" }) { entry.add("ERRNO", number.value) }
    entry.add("DOWNLINKD_EVENT", record.eventType.rawValue)
    if let link = record.link { entry.add("DOWNLINKD_LINK", escaped(link)) }
    entry.add("DOWNLINKD_SCID", record.scid)
    entry.add("DOWNLINKD_VCID", record.vcid)
    entry.add("DOWNLINKD_APID", record.apid)
    return entry
  }

  func line(_ severity: EventSeverity, _ message: String, _ fields: [(name: String, value: String)]) -> String {
    (hasPriorityPrefix ? "<\(severity.priority)>" : "") + Self.text(message, fields)
  }

  private static func text(_ message: String, _ fields: [(name: String, value: String)]) -> String {
    fields.reduce(escaped(message)) { $0 + " \($1.name)=\(quotedIfNeeded($1.value))" }
  }

  static func fields(of record: EventRecord) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    if let link = record.link { fields.append(("link", link)) }
    if let sourceAddress = record.sourceAddress { fields.append(("src_ip", sourceAddress)) }
    if let sourcePort = record.sourcePort { fields.append(("src_port", String(sourcePort))) }
    if let scid = record.scid { fields.append(("scid", String(scid))) }
    if let vcid = record.vcid { fields.append(("vcid", String(vcid))) }
    if let apid = record.apid { fields.append(("apid", String(apid))) }
    guard case .object(let members) = try? JSONReader.read(Array(record.body.utf8)) else { return fields }
    // Of one that was not merged with others, the entry has the time already.
    let isSingle = members.contains { $0.name == "count" && $0.value == .integer(1) }
    for member in members where !isSingle || !["count", "first", "last"].contains(member.name) {
      guard let value = text(member.value) else { continue }
      fields.append((member.name, value))
      guard member.name == "errno", case .integer(let number) = member.value else { continue }
      fields.append(("error", unsafe String(cString: strerror(Int32(clamping: number)))))
    }
    return fields
  }

  /// A value as a person reads it; nothing for objects, empty lists, and lists of other than texts.
  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let value): return value
    case .integer(let value): return String(value)
    case .number(let value): return String(value)
    case .bool(let value): return String(value)
    case .array(let elements):
      let texts = elements.compactMap(\.string)
      return texts.isEmpty || texts.count < elements.count ? nil : texts.joined(separator: "; ")
    case .null, .object: return nil
    }
  }

  private func emit(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
  }

  private static func quotedIfNeeded(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
    return isPlain ? escaped(value) : "\"\(escaped(value, escapingQuotes: true))\""
  }

  /// Control characters made visible, so that nothing from outside can forge a line or move a cursor.
  private static func escaped(_ value: String, escapingQuotes: Bool = false) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        let digits = String(scalar.value, radix: 16)
        text += "\\x" + String(repeating: "0", count: 2 - digits.utf8.count) + digits
      } else {
        if escapingQuotes, scalar == "\"" || scalar == "\\" { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

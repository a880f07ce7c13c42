import Glibc

/// Lines for a person or the journal on standard error: `key=value`, with a priority prefix unless it is a terminal.
package struct ConsoleLog: Sendable {
  private let descriptor: Int32
  private let hasPriorityPrefix: Bool
  private let minimumSeverity: EventSeverity

  /// A console on standard error, or on another descriptor.
  ///
  /// - Parameter hasPriorityPrefix: Whether lines begin with `<N>`; by default when `descriptor` is not a terminal.
  package init(
    descriptor: Int32 = STDERR_FILENO, hasPriorityPrefix: Bool? = nil, minimumSeverity: EventSeverity = .info
  ) {
    self.descriptor = descriptor
    self.hasPriorityPrefix = hasPriorityPrefix ?? (isatty(descriptor) != 1)
    self.minimumSeverity = minimumSeverity
  }

  /// Writes one line in one piece. What cannot be written is lost: there is nowhere left to say so.
  package func write(_ severity: EventSeverity, _ message: String, _ fields: [(name: String, value: String)] = []) {
    guard severity.priority <= minimumSeverity.priority else { return }
    emit(line(severity, message, fields))
  }

  /// Writes an event: its type, its link, and the members of its body that are not objects.
  package func write(_ record: EventRecord) {
    guard record.severity.priority <= minimumSeverity.priority else { return }
    emit(line(record.severity, record.eventType.rawValue, Self.fields(of: record)))
  }

  func line(_ severity: EventSeverity, _ message: String, _ fields: [(name: String, value: String)]) -> String {
    var text = hasPriorityPrefix ? "<\(severity.priority)>" : ""
    text += Self.escaped(message)
    for field in fields { text += " \(field.name)=\(Self.quotedIfNeeded(field.value))" }
    return text
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
    for member in members {
      switch member.value {
      case .string(let value): fields.append((member.name, value))
      case .integer(let value): fields.append((member.name, String(value)))
      case .number(let value): fields.append((member.name, String(value)))
      case .bool(let value): fields.append((member.name, String(value)))
      case .null, .array, .object: break
      }
    }
    return fields
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

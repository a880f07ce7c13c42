/// The header field `Host`, and who may be called what.
///
/// A page of somebody else's can make a browser ask this server by a name that leads here; what it must not get is an
/// answer. So the server answers to its own names only.
package struct HostNames: Sendable, Equatable {
  private let names: Set<String>

  /// - Parameters:
  ///   - configured: Names beside `localhost` and the addresses.
  ///   - listening: The address that is listened on.
  package init(_ configured: [String], listening: String) {
    names = Set(configured.map { $0.lowercased() } + ["localhost", "127.0.0.1", "::1", listening.lowercased()])
  }

  /// Whether a client may call the server so.
  ///
  /// - Parameters:
  ///   - field: With or without a port.
  ///   - local: The address that the client has reached.
  package func allow(_ field: String, local: String?) -> Bool {
    guard let name = Self.name(in: field) else { return false }
    return names.contains(name) || name == local
  }

  /// The name or address without the port, in lower case; `nil` where there is none.
  package static func name(in field: String) -> String? {
    var name = Substring(field.lowercased())
    if name.first == "[" {
      guard let end = name.firstIndex(of: "]"), isPort(name[name.index(after: end)...]) else { return nil }
      name = name[name.index(after: name.startIndex)..<end]
    } else if let colon = name.firstIndex(of: ":") {
      guard isPort(name[colon...]) else { return nil }
      name = name[..<colon]
    }
    if name.last == "." { name = name.dropLast() }
    return name.isEmpty ? nil : String(name)
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || text.first == ":" && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

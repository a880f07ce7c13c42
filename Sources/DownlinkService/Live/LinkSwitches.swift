package import StationConfiguration

/// Which links are to hear: as the configuration says, unless somebody said otherwise since.
package struct LinkSwitches: Equatable, Sendable {
  private var commanded: [String: Bool] = [:]

  /// Nobody has said anything.
  package init() {}

  /// Whether a link is to hear.
  package func isEnabled(_ link: LinkConfiguration) -> Bool { commanded[link.name] ?? link.isEnabled }

  /// Takes note of a command.
  package mutating func set(_ name: String, to isEnabled: Bool) { commanded[name] = isEnabled }

  /// Another configuration comes into force. A link that was disabled by command stays so; one that was enabled does
  /// unless it is this configuration that disables it.
  package mutating func reload(from old: [LinkConfiguration], to new: [LinkConfiguration]) {
    commanded = commanded.filter { name, isEnabled in
      guard let after = new.first(where: { $0.name == name }) else { return false }
      let before = old.first { $0.name == name }
      return !isEnabled || after.isEnabled || before?.isEnabled == false
    }
  }

  /// The links that would hear if they had not been disabled by command.
  package func disabledByCommand(among links: [LinkConfiguration]) -> [String] {
    links.filter { $0.isEnabled && !isEnabled($0) }.map(\.name)
  }
}

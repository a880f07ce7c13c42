import Foundation
import Publish
import Testing

@Suite("The message catalog of the journal")
struct MessageCatalogTests {
  /// The entries of the catalog: identifier, header lines, text.
  private static func entries() throws -> [(id: String, header: [String], text: String)] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let catalog = try String(contentsOf: root.appending(path: "systemd/downlinkd.catalog"), encoding: .utf8)
    return catalog.components(separatedBy: "\n-- ").dropFirst().map { entry in
      let parts = entry.components(separatedBy: "\n\n")
      let header = parts[0].components(separatedBy: "\n")
      return (header[0], Array(header.dropFirst()), parts.dropFirst().joined(separator: "\n\n"))
    }
  }

  @Test("every event type has an entry that says what it means and what to do", arguments: EventType.allCases)
  func explains(type: EventType) throws {
    let found = try Self.entries().filter { $0.id == type.messageID }
    #expect(found.count == 1, "\(type.rawValue) wants one entry in systemd/downlinkd.catalog")
    let entry = try #require(found.first)
    #expect(entry.header.contains { $0.wholeMatch(of: /Subject: \S.{4,}/) != nil })
    #expect(entry.text.contains("What to do: "))
  }

  @Test("identifiers are 128 bits in hexadecimal, each another, and the catalog has no others")
  func identifies() throws {
    let identifiers = EventType.allCases.map(\.messageID)
    #expect(identifiers.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
    #expect(Set(identifiers).count == identifiers.count)
    #expect(Set(try Self.entries().map(\.id)) == Set(identifiers))
  }
}

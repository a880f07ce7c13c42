import FoundationEssentials
import TestSupport
import Testing
import Web

@Suite("The files of the page")
struct PageFileTests {
  private static let folder = "Sources/Web/Page"

  @Test("each file of the folder is part of the program, as it is, and nothing else is")
  func embedsFiles() throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: Self.folder).path)
    #expect(Set(names) == Set(PageFile.allCases.map(\.rawValue)))
    for file in PageFile.allCases {
      #expect(try Self.text(of: file) == PackageFile.text("\(Self.folder)/\(file.rawValue)"), "\(file.rawValue)")
    }
  }

  @Test("what a file asks for is there", arguments: PageFile.allCases)
  func findsReferences(file: PageFile) {
    let imports = Self.text(of: file).matches(of: /from "\.(\/[a-z]+\.js)"/).map { String($0.output.1) }
    let links = Self.text(of: file).matches(of: /(?:href|src)="([a-z]+\.[a-z]+)"/).map { "/" + $0.output.1 }
    for path in imports + links { #expect(PageFile(path: path) != nil, "\(path)") }
    #expect(file != .script || imports.count > 5)
    #expect(file != .document || links.count > 2)
  }

  @Test("no file names another server, or does what the content security policy forbids", arguments: PageFile.allCases)
  func staysAtHome(file: PageFile) {
    // The name of SVG is not an address that anybody asks for.
    let text = Self.text(of: file).replacing("http://www.w3.org/2000/svg", with: "")
    for word in ["http://", "https://", "innerHTML", "style=\"", "<style", "onclick=", "eval("] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  private static func text(of file: PageFile) -> String { String(decoding: file.bytes, as: UTF8.self) }
}

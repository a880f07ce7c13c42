import FoundationEssentials
package import Publish

/// The files of the package, as they are shipped.
package enum PackageFile {
  /// The text of one of them.
  ///
  /// - Parameter path: From the root of the package.
  package static func text(_ path: String) throws -> String {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
  }

  /// What is in one of them that is JSON.
  package static func json(_ path: String) throws -> JSONValue { try JSONReader.read(Array(text(path).utf8)) }
}

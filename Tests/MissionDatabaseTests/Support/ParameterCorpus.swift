import Foundation
import MissionDatabase
import Testing

/// Recorded packets, their databases, and what other programs made of them.
enum ParameterCorpus {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["DOWNLINKD_CORPUS"] {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return package.appendingPathComponent("../shared/corpus", isDirectory: true).standardizedFileURL
  }()

  static let isPresent = FileManager.default.fileExists(atPath: folder.appendingPathComponent("truth").path)

  /// What a test that is passed over for want of the corpus says.
  static let absence: Comment = "no corpus at DOWNLINKD_CORPUS, nor at ../shared/corpus beside the package"

  /// The truth of an item, as JSON has it.
  static func truth(_ item: String) throws -> JSON {
    let data = try Data(contentsOf: folder.appendingPathComponent("truth/\(item).json"))
    return JSON(try JSONSerialization.jsonObject(with: data))
  }

  /// A group of the vectors of the standards.
  static func vectors(_ group: String) throws -> JSON {
    let data = try Data(contentsOf: folder.appendingPathComponent("../standards/08-test-vectors.json"))
    return JSON(try JSONSerialization.jsonObject(with: data))["vectors"][group]
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// The database of an item; leniently, where it is not all that a database should be.
  static func database(_ truth: JSON) throws -> MissionDatabase {
    let path = try #require(truth["files"].list.compactMap { $0["file"].text }.first { $0.hasSuffix(".xml") })
    let file = (name: path, bytes: try bytes(path))
    return try (try? MissionDatabase.load([file])) ?? MissionDatabase.load([file], isLenient: true)
  }

  /// The packets of an item, cut at the lengths of their headers, each behind so many other bytes.
  static func packets(_ truth: JSON, prefixByteCount: Int) throws -> [[UInt8]] {
    let suffixes = [".bin", ".pkts", ".DAT1", ".spl", ".ccsds"]
    let path = try #require(
      truth["files"].list.compactMap { $0["file"].text }.first { path in suffixes.contains { path.hasSuffix($0) } })
    let bytes = try bytes(path)
    var packets: [[UInt8]] = []
    var offset = prefixByteCount
    while offset + 6 <= bytes.count {
      let end = offset + 7 + (Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5]))
      guard end <= bytes.count else { break }
      packets.append(Array(bytes[offset..<end]))
      offset = end + prefixByteCount
    }
    return packets
  }
}

/// A part of a JSON document, absent where there is none.
struct JSON {
  private let value: Any?

  init(_ value: Any?) { self.value = value }

  subscript(name: String) -> JSON { JSON((value as? [String: Any])?[name]) }

  var isPresent: Bool { value != nil && !(value is NSNull) }
  var list: [JSON] { (value as? [Any])?.map { JSON($0) } ?? [] }
  var members: [String: JSON] { (value as? [String: Any])?.mapValues { JSON($0) } ?? [:] }
  var text: String? { value as? String }
  var number: Double? { (value as? NSNumber)?.doubleValue }
  var integer: Int? { (value as? NSNumber)?.intValue }

  /// Whether a value is this one: numbers to a millionth of them, octets as far as they are written down.
  func agrees(with value: Value) -> Bool {
    switch value {
    case .integer(let integer): return agrees(with: Double(integer))
    case .unsigned(let integer): return agrees(with: Double(integer))
    case .number(let number): return agrees(with: number)
    case .boolean(let truth): return number == (truth ? 1 : 0) || text.map { ($0 == "True") == truth } ?? false
    case .text(let text), .label(let text): return self.text == text
    case .octets(let octets): return agrees(with: octets)
    case .time, .none: return false
    }
  }

  private func agrees(with found: Double) -> Bool {
    guard let number else { return false }
    return abs(found - number) <= 1e-6 * max(abs(found), abs(number))
  }

  /// As `hex:` and digits; of long ones the first characters, and in brackets how many there are in all.
  private func agrees(with octets: [UInt8]) -> Bool {
    let whole = "hex:" + Self.digits(of: octets)
    guard let text else { return false }
    guard text.hasSuffix("]"), let dots = text.range(of: "...[") else { return text == whole }
    return whole.hasPrefix(text[..<dots.lowerBound]) && text[dots.upperBound...].dropLast() == "\(whole.count)"
  }

  /// Two hexadecimal digits for each.
  static func digits(of octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

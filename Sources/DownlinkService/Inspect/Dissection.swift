/// What a person is told about the bytes of one unit: its fields in the order in which they stand, and what is wrong.
struct Dissection: Equatable, Sendable {
  /// What does not fit the unit as a whole.
  var problems: [Problem] = []
  var sections: [Section] = []

  /// A part of the unit: a header, a data field, a packet.
  struct Section: Equatable, Sendable {
    let byteOffset: Int
    var title: String
    var items: [Item] = []
  }

  /// One line, or a few, of a section.
  enum Item: Equatable, Sendable {
    case field(Field)
    case note(String)
    case problem(Problem)
    case bytes(ByteDump)
  }

  /// Some bits with a name.
  struct Field: Equatable, Sendable {
    /// From the start of the unit.
    let bitOffset: Int
    let bitCount: Int
    let name: String
    /// The bits as they were received: binary up to three, hexadecimal beyond.
    let raw: String
    /// Absent when the field is too long for a number.
    let value: UInt64?
    let meaning: String
  }

  /// What was found where something else was expected.
  struct Problem: Equatable, Sendable {
    let bitOffset: Int
    let what: String
    let found: String
    let expected: String
    let hint: String
  }

  /// Bytes as they stand, the first of them.
  struct ByteDump: Equatable, Sendable {
    /// The most that is shown of one field.
    static let capacity = 256

    let byteOffset: Int
    let bytes: [UInt8]
    let totalByteCount: Int

    /// - Parameter totalByteCount: How many there are, where these are only the first.
    init(of bytes: ArraySlice<UInt8>, totalByteCount: Int? = nil) {
      byteOffset = bytes.startIndex
      self.bytes = Array(bytes.prefix(Self.capacity))
      self.totalByteCount = totalByteCount ?? bytes.count
    }
  }

  /// All that is wrong, in the order of the lines.
  var allProblems: [Problem] {
    problems
      + sections.flatMap { section in
        section.items.compactMap { if case .problem(let problem) = $0 { problem } else { nil } }
      }
  }
}

/// Which unit of its input a dissection is about.
struct UnitHeading: Equatable, Sendable {
  /// What the link carries.
  enum Kind: String, Sendable {
    case frame
    case packet
    case codeblock
  }

  let kind: Kind
  /// Counts the units from 1.
  let number: Int
  let position: UnitPosition
  /// RFC 3339, where the input has times.
  var time: String?
  let byteCount: Int
}

/// Where a unit stands in its input.
package enum UnitPosition: Equatable, Sendable {
  /// In a file: the offset of its first byte.
  case byte(Int)
  /// In a capture: the number of its record, from 1.
  case record(Int)
}

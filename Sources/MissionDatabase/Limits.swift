/// What a mission database may have at most. A file that has more is refused before it costs time or memory; each bound
/// is several times what the largest database of a mission that we know needs.
enum Limits {
  /// Bytes of one file, and of all files together.
  static let fileByteCount = 64 << 20
  static let fileCount = 64
  /// Elements of all files together. Those in comments count: they are counted before anything is parsed.
  static let elementCount = 1 << 19
  /// Elements within elements.
  static let elementDepth = 64
  /// Elements in one that is no list.
  static let childCount = 64
  static let attributeCount = 64
  static let attributeByteCount = 16 << 10
  /// Characters of one element without elements in it.
  static let textByteCount = 1 << 20
  /// One tag, comment or processing instruction: the parser holds it whole.
  static let tokenByteCount = 1 << 20
  /// The name of an element or an attribute.
  static let tagByteCount = 255
  /// Names of elements and attributes that differ.
  static let vocabularyCount = 1_000

  /// One name, and a name with those of all space systems around it.
  static let nameByteCount = 255
  static let pathByteCount = 511
  static let spaceSystemCount = 4_096
  static let spaceSystemDepth = 16
  static let typeCount = 65_536
  static let parameterCount = 65_536
  static let containerCount = 65_536

  /// Types on types, containers on containers.
  static let typeDepth = 32
  static let containerDepth = 32
  static let dimensionCount = 8
  /// The bits of the longest Space Packet.
  static let packetBitCount = (6 + 65_536) * 8
  /// The values of one packet, and of all containers together: what aggregates, arrays and repetitions multiply to.
  static let valueCount = 65_536
  static let totalValueCount = 1 << 20
  /// Slopes and intercepts of sizes.
  static let adjustment = 1 << 24
  static let exponent = 64
  static let termCount = 256
  static let splinePointCount = 4_096
  static let mathStepCount = 256
  static let alarmCount = 65_536
  /// Labels, members, parts of calibrators and of alarms of all types together, those that are inherited included.
  static let totalPartCount = 1 << 20
  static let patternByteCount = 1_024
  /// What the tables of all patterns take: some tens of milliseconds, and a few megabytes.
  static let patternStepCount = 2_000_000

  /// Problems that are kept and shown, and those after which reading ends.
  static let shownProblemCount = 200
  static let problemCount = 1_000
}

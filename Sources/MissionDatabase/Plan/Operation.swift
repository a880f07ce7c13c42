/// A step of a decode plan.
///
/// A place is counted from one of two marks. `start` is where the packet, or an included container, begins. `anchor` is
/// where the last thing ended whose size only the packet tells; as long as sizes are constant it is not needed.
enum Operation: Sendable {
  /// Decodes fields at constant distances.
  case fields(FieldRun)
  /// Decodes the same fields several times, at a constant stride.
  case rows(RowRun)
  /// Decodes a text or octets: the place in `strings`.
  case string(Int32, at: Place)
  /// Moves the anchor.
  case move(Move)
  /// Goes on at `otherwise` unless a criterion holds.
  case condition(Condition)
  /// Goes on at `otherwise` where something comes not at all.
  case unlessNone(RepeatCount, otherwise: Int32)
  /// Does what lies between here and `end` several times, each time with the anchor behind the last time.
  case loop(Loop)
  /// Does what lies between here and `end` with its start at a place.
  case include(at: Place, end: Int32)
  /// From here on it is a packet of this container.
  case container(Int32, isAbstract: Bool)
  /// Does what is for each of the container's extensions that fits; goes on at `end`.
  case choice(Int32, end: Int32)
  /// Does what is for the parameter that another one names; goes on at `end`.
  case indirect(Int32, end: Int32)
  /// Leaves the loop, the extension or the packet.
  case end
}

/// A place in a packet while it is decoded.
struct Place: BitwiseCopyable, Sendable, Equatable {
  /// What it is counted from.
  enum Mark: UInt8, BitwiseCopyable, Sendable {
    case start, anchor
    /// The end of the packet.
    case end
  }

  var mark: Mark
  /// In bits.
  var offset: Int

  static let start = Place(mark: .start, offset: 0)
  static let anchor = Place(mark: .anchor, offset: 0)

  static func + (place: Place, bitCount: Int) -> Place {
    Place(mark: place.mark, offset: place.offset + bitCount)
  }
}

/// How the anchor moves: to a place, and from there by what the packet says.
struct Move: BitwiseCopyable, Sendable {
  var place: Place
  /// The place in `amounts` of bits to go on; -1 without.
  var amount: Int32 = -1
  /// The bits go towards the beginning.
  var isBackwards = false
}

/// An entry that is not always there.
struct Condition: BitwiseCopyable, Sendable {
  var criterion: Int32
  /// How much work the test is at most.
  var weight: Int32
  var otherwise: Int32
  /// Whose: the container, and the place in its list of entries.
  var container: Int32
  var entry: Int32
}

/// How often something comes.
enum RepeatCount: BitwiseCopyable, Sendable {
  case fixed(Int)
  /// The place in `amounts`.
  case amount(Int32)
  /// The product of dimensions: places in `dimensions`.
  case dimensions(first: Int32, count: Int32)
}

/// One dimension of an array: places in `amounts`, both ends included.
struct DimensionBounds: BitwiseCopyable, Sendable {
  var first: Int32
  var last: Int32
}

/// Rows of the same fields.
struct RowRun: BitwiseCopyable, Sendable {
  var run: FieldRun
  var count: RepeatCount
  /// From the beginning of each row to that of the next.
  var stride: Int
  /// Where in a row, from the mark, its content ends.
  var contentEnd: Int
  /// Whether the anchor is to be at the end of the last row.
  var movesAnchor: Bool
}

/// A part of the plan that is done several times.
struct Loop: BitwiseCopyable, Sendable {
  var count: RepeatCount
  /// Where the first time begins.
  var at: Place
  /// The place in `amounts` of bits between each time and the next; -1 without.
  var gap: Int32
  var end: Int32
}

import CCSDSWire

/// Decodes one packet after the other by a plan.
///
/// It remembers the last values that criteria, sizes and calibrators of later packets may ask for, so that it is for
/// one stream of packets: those of packets that were sent as they were made, and those of stored ones, apart from each
/// other. Once made it asks for no memory, whatever the packets are.
package struct PacketDecoder: ~Copyable {
  /// What the packets mean.
  package let plan: DecodePlan
  var values: FixedBuffer<ParameterSample>
  var memory: ValueMemory
  /// That of the other kind of packets.
  private var otherMemory: ValueMemory
  /// Whether what is remembered is that of stored packets.
  package private(set) var remembersStored = false
  private let canTakeBack: Bool
  var counters: FixedBuffer<OccurrenceCount>
  var pass = DecodePass(bitCount: 0)
  /// Which packet this is, for the counters.
  private var packetNumber: UInt64 = 0

  /// - Parameters:
  ///   - sampleCapacity: A packet of more values than that is not decoded to its end.
  ///   - canTakeBack: Whether a packet may have to be taken back.
  package init(
    _ plan: DecodePlan, sampleCapacity: Int = PacketDecoder.standardCapacity, canTakeBack: Bool = false
  ) {
    self.plan = plan
    self.canTakeBack = canTakeBack
    values = FixedBuffer(
      repeating: ParameterSample(slot: 0, bitOffset: 0, bitCount: 0), count: max(1, sampleCapacity))
    let (rules, textByteCount) = (plan.tables.memories, plan.tables.textMemoryByteCount)
    let elements = plan.tables.elementMemories
    memory = ValueMemory(rules, elements, textByteCount: textByteCount, canTakeBack: canTakeBack)
    otherMemory = ValueMemory(rules, elements, textByteCount: textByteCount, canTakeBack: canTakeBack)
    counters = FixedBuffer(repeating: OccurrenceCount(), count: plan.tables.counterCount)
  }

  /// So many values fit unless it is said otherwise.
  package static let standardCapacity = 16_384

  /// The values of the last packet, in the order in which they were found.
  package var samples: Span<ParameterSample> {
    @_lifetime(borrow self)
    borrowing get { values.span.extracting(0..<pass.sampleCount) }
  }

  /// Decodes a packet from its primary header on. Its values are there until the next one comes.
  package mutating func decode(_ packet: RawSpan) -> DecodedOutcome {
    var witness = NoWitness()
    return decode(packet, &witness)
  }

  /// Decodes a packet and notes how.
  package mutating func decode(_ packet: RawSpan, noting trace: inout DecodeTrace) -> DecodedOutcome {
    decode(packet, &trace)
  }

  /// Says which packets the next one is one of: those that were stored, or those that were sent as they were made.
  package mutating func remember(stored isStored: Bool) {
    guard isStored != remembersStored else { return }
    remembersStored = isStored
    swap(&memory, &otherMemory)
  }

  /// Forgets what the last packet has brought, as if it had not come: it was one of the other kind.
  package mutating func takeBack() {
    precondition(canTakeBack, "a decoder that was not made for it")
    memory.takeBack()
  }

  private mutating func decode(_ packet: RawSpan, _ witness: inout some DecodeWitness) -> DecodedOutcome {
    packetNumber &+= 1
    if canTakeBack { memory.begin() }
    pass = DecodePass(bitCount: packet.bitCount)
    pass.packetNumber = packetNumber
    if execute(from: 0, packet, &witness), !pass.isIdentified { pass.outcome.completeness = .unidentified }
    pass.outcome.describedBitCount = UInt32(clamping: pass.describedBitCount)
    return pass.outcome
  }
}

/// How often a slot came in a packet.
struct OccurrenceCount: BitwiseCopyable, Sendable {
  var packetNumber: UInt64 = 0
  var count: UInt32 = 0
}

/// Where the decoding of a packet stands.
struct DecodePass: BitwiseCopyable, Sendable {
  /// So many steps and tests at most are done for one packet.
  static let workCapacity = 1 << 20

  let bitCount: Int
  var packetNumber: UInt64 = 0
  /// The two marks that places are counted from, in bits.
  var start = 0
  var anchor = 0
  var describedBitCount = 0
  var sampleCount = 0
  var work = 0
  /// A container that is not abstract was for it.
  var isIdentified = false
  var outcome = DecodedOutcome()

  init(bitCount: Int) { self.bitCount = bitCount }

  func position(_ place: Place) -> Int {
    switch place.mark {
    case .start: start &+ place.offset
    case .anchor: anchor &+ place.offset
    case .end: bitCount &+ place.offset
    }
  }

  /// Notes how far the packet is described.
  mutating func describe(upTo bit: Int) { describedBitCount = max(describedBitCount, bit) }
}

import CCSDSWire
import Glibc
import MissionDatabase

/// Packets by a database that has one of everything: two decoders, one of which notes what it does, say the same of
/// each packet, and nothing that is not in it. Their values are watched, every number for how fast it changes too, at
/// times that may be any.
///
/// Input: a byte that says how many values fit; then packets, each after two bytes of length, and the application
/// process of each in the low bits of its second byte. The last eight bytes of a packet are when it was made, those
/// before them when it was received.
@Sendable func decodePackets(_ bytes: RawSpan) {
  let plan = everything.plan
  var monitor = ParameterMonitor(plan.slots, of: everything.database, everything.alarms)
  var input = FuzzInput(bytes)
  let capacity = Int(input.byte()) * 4 + 1
  var decoder = PacketDecoder(plan, sampleCapacity: capacity)
  var tracing = PacketDecoder(plan, sampleCapacity: capacity)
  while !input.isAtEnd {
    let packet = input.piece()
    var trace = DecodeTrace()
    let outcome = decoder.decode(packet)
    let traced = tracing.decode(packet, noting: &trace)
    check(outcome, packet, plan)
    precondition(same(outcome, traced), "a trace changes the outcome")
    let samples = decoder.samples
    let others = tracing.samples
    precondition(samples.count == others.count && samples.count <= capacity, "a trace changes the values")
    for index in 0..<samples.count {
      check(samples[index], packet, plan)
      precondition(same(samples[index], others[index]), "a trace changes a value")
      blackHole(trace.calibration(ofSample: index), plan.label(of: samples[index]))
      blackHole(plan.text(of: samples[index], in: packet), plan.octets(of: samples[index], in: packet))
    }
    let stamp = stamp(of: packet)
    monitor.take(samples, of: packet, stamp, isStored: monitor.isStored(stamp))
    blackHole(monitor.events.count)
  }
}

/// The times that the end of a packet says, over all that 64 bits hold; a packet that is too short has none.
private func stamp(of packet: RawSpan) -> PacketStamp {
  func time(endingAt end: Int) -> Int64? {
    guard end >= 8 else { return nil }
    return Int64(bitPattern: unsafe packet.unsafeLoadUnaligned(fromByteOffset: end - 8, as: UInt64.self).bigEndian)
  }
  let count = packet.byteCount
  return PacketStamp(
    onBoardTime: time(endingAt: count), receptionTime: time(endingAt: count - 8),
    source: count > 1 ? UInt32(unsafe packet.unsafeLoad(fromByteOffset: 1, as: UInt8.self)) : 0)
}

/// An outcome says nothing of what is not there.
func check(_ outcome: DecodedOutcome, _ packet: RawSpan, _ plan: DecodePlan) {
  precondition(outcome.describedBitCount <= UInt32(8 * packet.byteCount), "more is described than there is")
  precondition(outcome.endSlot < Int32(plan.slots.count), "it ends at a slot that does not exist")
  precondition(outcome.container >= 0, "no packet is of no container")
  if outcome.completeness == .whole || outcome.completeness == .unidentified {
    precondition(outcome.endSlot < 0, "a packet that is whole has an end")
  }
}

/// A value lies in its packet, and is one of those that the plan knows.
func check(_ sample: ParameterSample, _ packet: RawSpan, _ plan: DecodePlan) {
  precondition(sample.slot < UInt32(plan.slots.count), "a slot that does not exist")
  precondition(
    Int(sample.bitOffset) + Int(sample.bitCount) <= 8 * packet.byteCount, "a value lies beyond its packet")
  if sample.engineeringForm == .label {
    precondition(plan.label(of: sample) != nil, "a label that does not exist")
  }
}

private func same(_ left: DecodedOutcome, _ right: DecodedOutcome) -> Bool {
  left.completeness == right.completeness && left.container == right.container && left.endSlot == right.endSlot
    && left.describedBitCount == right.describedBitCount && left.isAmbiguous == right.isAmbiguous
}

private func same(_ left: ParameterSample, _ right: ParameterSample) -> Bool {
  left.slot == right.slot && left.occurrence == right.occurrence && left.rawForm == right.rawForm
    && left.engineeringForm == right.engineeringForm && left.validity == right.validity
    && left.rawBits == right.rawBits && left.engineeringBits == right.engineeringBits
    && left.bitOffset == right.bitOffset && left.bitCount == right.bitCount
}

/// A database with all that is made of it.
private struct Everything: Sendable {
  let database: MissionDatabase
  let plan: DecodePlan
  let alarms: AlarmPlan

  init(_ text: [UInt8]) throws(DatabaseErrors) {
    var database = try MissionDatabase.load([(name: "everything.xml", bytes: text)])
    let slow = ChangeRange(range: ValueRange(minimum: -1, maximum: 1), isPerSecond: true, isPercentage: false)
    for index in database.types.indices {
      switch database.types[index].kind {
      case .integer, .float: break
      default: continue
      }
      var rules = database.types[index].alarms ?? AlarmRules()
      rules.standard = rules.standard ?? AlarmRule(tests: [])
      rules.standard?.tests.append(.change(slow, .critical))
      database.types[index].alarms = rules
    }
    plan = try DecodePlan(database)
    alarms = try AlarmPlan(plan.slots, of: database)
    self.database = database
  }
}

/// What `Fixtures/MissionDatabase/everything.xml` says, read once.
private let everything: Everything = {
  let path = #filePath.replacing("Tests/Fuzz/ParameterTargets.swift", with: "Fixtures/MissionDatabase/everything.xml")
  var text: [UInt8] = []
  guard let file = unsafe fopen(path, "r") else { preconditionFailure("\(path) cannot be read") }
  defer { unsafe fclose(file) }
  var block = [UInt8](repeating: 0, count: 4_096)
  while case let count = unsafe fread(&block, 1, block.count, file), count > 0 { text += block.prefix(count) }
  do {
    return try Everything(text)
  } catch {
    preconditionFailure("\(path): \((error as? DatabaseErrors)?.problems.map(\.rendered).joined() ?? "\(error)")")
  }
}()

import CCSDSWire

/// Watches the values of packets for alarms.
///
/// It keeps a state for every slot that has rules, from the beginning, and takes no memory for packets in which nothing
/// changes. A value that is not valid, or no number, neither violates a limit nor keeps it. The elements of an array
/// that come in one packet are as bad as the worst of them.
///
/// Standard: OMG XTCE 1.2, AlarmType: minViolations and minConformance.
package struct AlarmMonitor: Sendable {
  private let plan: AlarmPlan
  private let isStored: Bool
  private var states: [AlarmState]
  /// The states of arrays of which the packet under way has elements.
  private var pending: [Int32] = []
  /// The last known values of the elements that conditions ask for.
  private var elements: [ParameterSample?]
  /// Which packet this is, for the rules that are in force.
  private var packetNumber: UInt64 = 0

  /// - Parameter isStored: Whether it watches stored data.
  package init(_ plan: AlarmPlan, isStored: Bool = false) {
    self.plan = plan
    self.isStored = isStored
    states = plan.isElement.map { _ in AlarmState() }
    elements = Array(repeating: nil, count: plan.conditions.elements.count)
    pending.reserveCapacity(plan.isElement.count { $0 })
  }

  /// Watches the values of a packet, which the table has taken already.
  ///
  /// - Parameter events: What has changed is added to it.
  package mutating func observe(
    _ samples: Span<ParameterSample>, of packet: RawSpan, _ stamp: PacketStamp, in table: inout ParameterTable,
    _ events: inout [AlarmEvent]
  ) {
    guard !states.isEmpty else { return }
    packetNumber &+= 1
    let set = plan.setIndex(at: stamp.time)
    if !elements.isEmpty { takeElements(samples) }
    for index in samples.indices {
      let slot = Int(samples[index].slot)
      let state = Int(plan.states[slot])
      guard state >= 0 else { continue }
      let before = states[state].choice.rule.tests
      let rule = rule(of: slot, state, set, table, packet)
      if rule.tests != before { table.setTests(rule.tests, of: slot) }
      guard let measured = level(of: samples[index], rule, state, packet, stamp, table) else { continue }
      if plan.isElement[state] {
        note(measured, state, index)
      } else {
        step(samples[index], measured, rule, state, stamp, &table, &events)
      }
    }
    for position in pending.indices {
      let state = Int(pending[position])
      let index = Int(states[state].pendingIndex)
      let measured = states[state].pendingLevel
      states[state].pendingIndex = -1
      states[state].pendingLevel = .normal
      let rule = rule(of: Int(samples[index].slot), state, set, table, packet)
      step(samples[index], measured, rule, state, stamp, &table, &events)
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Keeps the worst element of an array until all of them are seen.
  private mutating func note(_ measured: AlarmLevel, _ state: Int, _ index: Int) {
    if states[state].pendingIndex < 0 {
      pending.append(Int32(state))
    } else if measured <= states[state].pendingLevel {
      return
    }
    states[state].pendingIndex = Int32(index)
    states[state].pendingLevel = measured
  }

  private mutating func step(
    _ sample: ParameterSample, _ measured: AlarmLevel, _ rule: AlarmRuleBits, _ state: Int, _ stamp: PacketStamp,
    _ table: inout ParameterTable, _ events: inout [AlarmEvent]
  ) {
    guard let previous = states[state].take(measured, rule, stamp) else { return }
    let slot = Int(sample.slot)
    let now = states[state]
    table.setLevel(now.level, of: slot)
    events.append(
      AlarmEvent(
        sample: sample, octets: sample.hasOctets ? Array(table.octets(of: slot)) : [], level: now.level,
        previousLevel: previous, since: now.since, violationCount: Int(now.violationCount),
        isSuspect: now.level == .normal ? stamp.isSuspect : now.isSuspect, isStored: isStored, stamp: stamp,
        violation: measured == .normal ? nil : plan.violation(of: rule, sample, measured)))
    if now.level == .normal { states[state].forgetViolations() }
  }

  private mutating func takeElements(_ samples: Span<ParameterSample>) {
    for index in samples.indices {
      let sample = samples[index]
      guard let places = plan.elementPlaces[sample.slot] else { continue }
      var low = 0
      var high = places.count
      while low < high {
        let middle = (low + high) / 2
        if places[middle].occurrence < sample.occurrence { low = middle + 1 } else { high = middle }
      }
      if low < places.count, places[low].occurrence == sample.occurrence { elements[Int(places[low].place)] = sample }
    }
  }

  // MARK: Rules

  /// The rule that is in force for all values of a slot in a packet, by what is known when the packet is whole.
  private mutating func rule(
    of slot: Int, _ state: Int, _ set: Int, _ table: ParameterTable, _ packet: RawSpan
  ) -> AlarmRuleBits {
    guard states[state].choice.packetNumber != packetNumber else { return states[state].choice.rule }
    let rule = choose(slot, set, table, packet)
    var level = AlarmLevel.normal
    for index in Int(rule.firstTest)..<Int(rule.firstTest + rule.testCount) {
      guard case .condition(let condition, isOwn: false, let worse) = plan.tests[index], worse > level,
        plan.conditions.holds(Int(condition), in: table, elements, own: nil, packet)
      else { continue }
      level = worse
    }
    states[state].choice = AlarmChoice(packetNumber: packetNumber, rule: rule, level: level)
    return rule
  }

  private func choose(_ slot: Int, _ set: Int, _ table: ParameterTable, _ packet: RawSpan) -> AlarmRuleBits {
    let index = Int(plan.sets[set].alarms[slot])
    guard index >= 0 else { return .none }
    let alarms = plan.alarms[index]
    for context in Int(alarms.firstContext)..<Int(alarms.firstContext + alarms.contextCount)
    where plan.conditions.holds(Int(plan.contexts[context].condition), in: table, elements, own: nil, packet) {
      return plan.contexts[context].rule
    }
    return alarms.standard
  }

  /// The rule that the last packet was judged by for a slot, and how it stands; nothing where it has no alarms, or did
  /// not come in that packet.
  func rule(inForceFor slot: Int) -> (AlarmRuleBits, AlarmState)? {
    guard !states.isEmpty, plan.states[slot] >= 0 else { return nil }
    let state = states[Int(plan.states[slot])]
    return state.choice.packetNumber == packetNumber ? (state.choice.rule, state) : nil
  }

  /// The tests of a rule.
  func tests(of rule: AlarmRuleBits) -> ArraySlice<AlarmTest> {
    plan.tests[Int(rule.firstTest)..<Int(rule.firstTest + rule.testCount)]
  }

  /// How bad a value is; nothing where it is no value.
  private mutating func level(
    of sample: ParameterSample, _ rule: AlarmRuleBits, _ state: Int, _ packet: RawSpan, _ stamp: PacketStamp,
    _ table: ParameterTable
  ) -> AlarmLevel? {
    switch sample.validity {
    case .valid, .noLabel: break
    case .outOfRange, .notCalibrated: return nil
    }
    // Limits are numbers, and a date is none.
    let number = sample.engineeringForm == .time ? nil : sample.engineeringNumber?.value
    if let number, number.isNaN { return nil }
    var worst = states[state].choice.level
    for index in Int(rule.firstTest)..<Int(rule.firstTest + rule.testCount) {
      let level =
        switch plan.tests[index] {
        case .range(let bounds, let isInside, let level):
          number.map { bounds.contains($0) == isInside ? level : .normal } ?? .normal
        case .labels(let first, let count, let other): labelLevel(sample, Int(first), Int(count), other)
        case .texts(let first, let count, let other): textLevel(sample, packet, Int(first), Int(count), other)
        case .condition(_, isOwn: false, _): AlarmLevel.normal
        case .condition(let condition, isOwn: true, let level):
          plan.conditions.holds(Int(condition), in: table, elements, own: sample, packet) ? level : .normal
        case .change(let bounds, let isPerSecond, let isPercentage, let level):
          changeLevel(number, states[state], stamp, bounds, isPerSecond, isPercentage, level)
        }
      worst = max(worst, level)
    }
    if let number { states[state].remember(number, at: stamp.time) }
    return worst
  }

  private func labelLevel(_ sample: ParameterSample, _ first: Int, _ count: Int, _ other: AlarmLevel) -> AlarmLevel {
    switch sample.engineeringForm {
    case .label, .boolean:
      sample.validity == .valid && sample.engineeringBits < UInt64(count)
        ? plan.labelLevels[first + Int(sample.engineeringBits)] : other
    case .none, .signed, .unsigned: sample.validity == .noLabel ? other : .normal
    case .text, .octets, .float, .time: .normal
    }
  }

  private func textLevel(
    _ sample: ParameterSample, _ packet: RawSpan, _ first: Int, _ count: Int, _ other: AlarmLevel
  ) -> AlarmLevel {
    guard sample.engineeringForm == .text, let characters = plan.characters[Int(sample.slot)] else { return .normal }
    for index in first..<first + count {
      let text = CharacterCursor(
        packet, bitOffset: Int(sample.bitOffset), bitCount: Int(sample.bitCount), characters)
      if plan.patterns[Int(plan.patternTests[index].pattern)].matches(text) { return plan.patternTests[index].level }
    }
    return other
  }

  /// Changes are compared without their sign: what falls too fast is as bad as what rises too fast.
  ///
  /// Standard: OMG XTCE 1.2, ChangeAlarmRangesType.
  private func changeLevel(
    _ number: Double?, _ state: AlarmState, _ stamp: PacketStamp, _ bounds: AlarmBounds, _ isPerSecond: Bool,
    _ isPercentage: Bool, _ level: AlarmLevel
  ) -> AlarmLevel {
    guard let number,
      let change = state.change(to: number, at: stamp.time, isPerSecond: isPerSecond, isPercentage: isPercentage)
    else { return .normal }
    return bounds.contains(abs(change)) ? .normal : level
  }
}

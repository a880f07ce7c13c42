import CCSDSWire

/// The steps of a plan, one after the other.
extension PacketDecoder {
  /// Does the steps from `first` on up to an end.
  ///
  /// - Returns: Whether to go on: not where the packet is over, or says what cannot be.
  mutating func execute(from first: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness) -> Bool {
    var step = first
    while true {
      guard charge(1) else { return halt(.tooManyValues, at: step) }
      switch plan.tables.operations[step] {
      case .fields(let run):
        guard decode(run, packet, &witness) else { return false }
      case .rows(let rows):
        guard decode(rows, at: step, packet, &witness) else { return false }
      case .string(let place, let start):
        guard decode(plan.tables.strings[Int(place)], at: start, step, packet, &witness) else { return false }
      case .move(let move):
        guard apply(move, at: step) else { return false }
      case .condition(let condition):
        guard charge(condition.weight) else { return halt(.tooManyValues, at: step) }
        let truth = plan.truth(of: condition.criterion, memory)
        witness.tested(condition, truth)
        if truth != .yes {
          step = Int(condition.otherwise)
          continue
        }
      case .unlessNone(let count, let otherwise):
        guard let count = value(of: count), count >= 0 else { return halt(.impossibleSize, at: step) }
        if count == 0 {
          step = Int(otherwise)
          continue
        }
      case .loop(let loop):
        guard execute(loop, at: step, packet, &witness) else { return false }
        step = Int(loop.end)
        continue
      case .include(let place, let end):
        let start = pass.start
        pass.start = pass.position(place)
        guard execute(from: step + 1, packet, &witness) else { return false }
        pass.start = start
        step = Int(end)
        continue
      case .container(let container, let isAbstract):
        pass.outcome.container = container
        if !isAbstract { pass.isIdentified = true }
      case .choice(let place, let end):
        guard choose(plan.tables.choices[Int(place)], packet, &witness) else { return false }
        step = Int(end)
        continue
      case .indirect(let place, let end):
        guard follow(plan.tables.indirections[Int(place)], at: step, packet, &witness) else { return false }
        step = Int(end)
        continue
      case .end: return true
      }
      step += 1
    }
  }

  private mutating func apply(_ move: Move, at step: Int) -> Bool {
    var position = pass.position(move.place)
    if move.amount >= 0 {
      guard let amount = distance(move.amount) else {
        return halt(.impossibleSize, at: step)
      }
      position += move.isBackwards ? -amount : amount
    }
    guard position >= 0 else { return halt(.impossibleSize, at: step) }
    guard position <= pass.bitCount else { return halt(.short, at: step) }
    pass.anchor = position
    return true
  }

  private mutating func execute(
    _ loop: Loop, at step: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness
  ) -> Bool {
    guard let count = value(of: loop.count), count >= 0 else { return halt(.impossibleSize, at: step) }
    var gap = 0
    if loop.gap >= 0, count > 1 {
      guard let value = distance(loop.gap) else { return halt(.impossibleSize, at: step) }
      gap = value
    }
    for round in 0..<count {
      pass.anchor = round == 0 ? pass.position(loop.at) : pass.anchor + gap
      guard pass.anchor >= 0 else { return halt(.impossibleSize, at: step) }
      guard execute(from: step + 1, packet, &witness) else {
        // What is next at the end of a round is what the next one begins with.
        if pass.outcome.endSlot < 0 { pass.outcome.endSlot = plan.slot(from: step) }
        return false
      }
    }
    return true
  }

  /// How often something comes; nil where that is not known, or too large.
  mutating func value(of count: RepeatCount) -> Int? {
    switch count {
    case .fixed(let count): return count
    case .amount(let place): return value(of: place)
    case .dimensions(let first, let count):
      var product = 1
      for place in first..<first + count {
        let bounds = plan.tables.dimensions[Int(place)]
        guard let first = value(of: bounds.first), let last = value(of: bounds.last) else { return nil }
        let (size, overflows) = last.subtractingReportingOverflow(first)
        guard !overflows, size >= -1, size < Int.max else { return nil }
        let (next, overflowsToo) = product.multipliedReportingOverflow(by: size + 1)
        guard !overflowsToo else { return nil }
        product = next
      }
      return product
    }
  }

  /// What an integer is now; nil where it is not known, or too large.
  mutating func value(of amount: Int32) -> Int? {
    charge(plan.weight(of: amount)) ? plan.value(of: amount, memory) : nil
  }

  /// The same of bits to go on, which are never as many as an `Int` holds.
  private mutating func distance(_ amount: Int32) -> Int? {
    value(of: amount).flatMap { $0.magnitude <= UInt(Int32.max) ? $0 : nil }
  }

  /// Counts work that a packet makes; false where it is too much.
  mutating func charge(_ count: Int32) -> Bool {
    pass.work &+= Int(count)
    return pass.work <= DecodePass.workCapacity
  }

  /// Up to 64 extensions are tested before the first of them is decoded, so that none decides about another.
  private mutating func choose(_ choice: Choice, _ packet: RawSpan, _ witness: inout some DecodeWitness) -> Bool {
    let candidates = plan.candidates(for: choice.decision, memory)
    let (start, anchor) = (pass.start, pass.anchor)
    var matchCount = 0
    var end = anchor
    var lower = candidates.lowerBound
    while lower < candidates.upperBound {
      let upper = min(lower + 64, candidates.upperBound)
      var matches: UInt64 = 0
      for place in lower..<upper {
        guard charge(plan.tables.candidates[place].weight) else { return halt(.tooManyValues, slot: -1) }
        let truth = plan.truth(of: plan.tables.candidates[place].criterion, memory)
        witness.tested(plan.tables.candidates[place], truth)
        if truth == .yes { matches |= 1 << UInt64(place - lower) }
      }
      while matches != 0 {
        let place = lower + matches.trailingZeroBitCount
        matches &= matches - 1
        matchCount += 1
        pass.start = start
        pass.anchor = anchor
        let container = pass.outcome.container
        guard execute(from: Int(plan.tables.candidates[place].program), packet, &witness) else { return false }
        end = max(end, pass.anchor)
        if matchCount > 1 {
          pass.outcome.isAmbiguous = true
          pass.outcome.container = container
        }
      }
      lower = upper
    }
    pass.start = start
    pass.anchor = choice.isIncluded ? end : anchor
    return true
  }

  private mutating func follow(
    _ indirection: Indirection, at step: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness
  ) -> Bool {
    guard let program = plan.program(of: indirection, memory) else { return halt(.impossibleSize, at: step) }
    return execute(from: Int(program), packet, &witness)
  }

  /// Ends the packet at the next slot from a step on.
  mutating func halt(_ completeness: DecodedOutcome.Completeness, at step: Int) -> Bool {
    halt(completeness, slot: plan.slot(from: step))
  }

  /// Ends the packet at a slot.
  mutating func halt(_ completeness: DecodedOutcome.Completeness, slot: Int32) -> Bool {
    pass.outcome.completeness = completeness
    pass.outcome.endSlot = slot
    return false
  }
}

extension DecodePlan {
  /// The slot that is decoded next from a step on; -1 where none is.
  fileprivate func slot(from step: Int) -> Int32 {
    for operation in tables.operations[step...] {
      switch operation {
      case .fields(let run) where run.count > 0: return Int32(bitPattern: tables.fields[Int(run.first)].slot)
      case .rows(let rows) where rows.run.count > 0: return Int32(bitPattern: tables.fields[Int(rows.run.first)].slot)
      case .string(let place, _): return Int32(bitPattern: tables.strings[Int(place)].slot)
      case .end: return -1
      case .fields, .rows, .move, .condition, .unlessNone, .loop, .include, .container, .choice, .indirect: continue
      }
    }
    return -1
  }
}

import CCSDSWire

/// Texts and octets whose size or end the packet tells.
extension PacketDecoder {
  /// Where a value lies, in bits, and where what it takes ends.
  private struct Extent {
    var value: Range<Int>
    var end: Int
  }

  /// Decodes a text or octets.
  mutating func decode(
    _ field: VariableField, at place: Place, _ step: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness
  ) -> Bool {
    let slot = Int32(bitPattern: field.slot)
    let start = pass.position(place)
    guard start >= 0 else { return halt(.impossibleSize, slot: slot) }
    let extent: Extent
    switch self.extent(of: field, from: start, packet) {
    case .success(let found): extent = found
    case .failure(let reason): return halt(reason.completeness, slot: slot)
    }
    // Texts that lie over each other are read as often as there are entries.
    guard pass.sampleCount < values.count, charge(Int32(truncatingIfNeeded: extent.value.count >> 7)) else {
      return halt(.tooManyValues, slot: slot)
    }
    var sample = ParameterSample(
      slot: field.slot, bitOffset: UInt32(truncatingIfNeeded: extent.value.lowerBound),
      bitCount: UInt32(truncatingIfNeeded: extent.value.count))
    sample.rawForm = field.form
    interpret(field, extent.value, &sample, packet, &witness)
    finish(field.range, field.counter, field.memory, &sample, packet)
    values[pass.sampleCount] = sample
    pass.sampleCount += 1
    pass.describe(upTo: extent.end)
    if field.movesAnchor { pass.anchor = extent.end }
    return true
  }

  /// Why there is no extent.
  private enum ExtentFailure: Error {
    case short, impossible

    var completeness: DecodedOutcome.Completeness { self == .short ? .short : .impossibleSize }
  }

  private mutating func extent(
    of field: VariableField, from start: Int, _ packet: RawSpan
  ) -> Result<Extent, ExtentFailure> {
    // What it takes at most, and whether it takes it all.
    let limit: Int
    if field.size >= 0 {
      guard let size = value(of: field.size), size >= 0, field.mayHave(size) else { return .failure(.impossible) }
      guard size <= pass.bitCount - start else { return .failure(.short) }
      limit = start + size
    } else {
      limit = min(start, Int(Int32.max)) + min(field.maximumBitCount, Int(Int32.max))
    }
    switch field.ending {
    case .whole: return .success(Extent(value: start..<limit, end: limit))
    case .leadingSize(let bitCount):
      return counted(start, sizeBitCount: bitCount, limit: limit, isOpen: field.size < 0, packet)
    case .terminator(let first, let count):
      let terminator = Int(first)..<Int(first) + Int(count)
      return terminated(field, start, terminator, limit: limit, packet)
    }
  }

  /// A count of octets, and as many of them.
  private func counted(
    _ start: Int, sizeBitCount: Int, limit: Int, isOpen: Bool, _ packet: RawSpan
  ) -> Result<Extent, ExtentFailure> {
    let first = start + sizeBitCount
    guard first <= limit else { return .failure(.impossible) }
    guard first <= pass.bitCount else { return .failure(.short) }
    let count = packet.bits(at: start, count: sizeBitCount)
    guard count <= UInt64((limit - first) / 8) else { return .failure(.impossible) }
    let end = first + 8 * Int(count)
    guard end <= pass.bitCount else { return .failure(.short) }
    return .success(Extent(value: first..<end, end: isOpen ? end : limit))
  }

  /// Octets up to a terminator; where the size is said otherwise there need not be one.
  private func terminated(
    _ field: VariableField, _ start: Int, _ terminator: Range<Int>, limit: Int, _ packet: RawSpan
  ) -> Result<Extent, ExtentFailure> {
    let isOpen = field.size < 0
    let last = min(limit, pass.bitCount) - 8 * terminator.count
    var bit = start
    while bit <= last {
      if isTerminator(terminator, at: bit, packet) {
        return .success(Extent(value: start..<bit, end: isOpen ? bit + 8 * terminator.count : limit))
      }
      bit += 8 * field.characterByteCount
    }
    guard isOpen else { return .success(Extent(value: start..<limit, end: limit)) }
    return .failure(limit <= pass.bitCount ? .impossible : .short)
  }

  private func isTerminator(_ terminator: Range<Int>, at bit: Int, _ packet: RawSpan) -> Bool {
    for (index, place) in terminator.enumerated()
    where packet.octet(atBit: bit + 8 * index) != plan.tables.octets[place] {
      return false
    }
    return true
  }

  private func interpret(
    _ field: VariableField, _ bits: Range<Int>, _ sample: inout ParameterSample, _ packet: RawSpan,
    _ witness: inout some DecodeWitness
  ) {
    switch field.meaning {
    case .itself: sample.engineeringForm = field.form
    case .number(let conversion):
      let rule = plan.convert(packet.number(writtenIn: bits), by: conversion, memory, &sample)
      witness.converted(sample: pass.sampleCount, by: rule)
    case .boolean(let one, let zero):
      sample.engineeringForm = .boolean
      let literals = plan.tables.octets
      if packet.equals(literals.span.extracting(one.range), in: bits) {
        sample.engineeringBits = 1
      } else if !packet.equals(literals.span.extracting(zero.range), in: bits) {
        let number = packet.number(writtenIn: bits)
        sample.engineeringBits = number.value == 0 ? 0 : 1
        if number.form == .none {
          sample.engineeringForm = .none
          sample.validity = .noLabel
        }
      }
    case .none: sample.refuse()
    }
  }
}

extension VariableField {
  /// Whether the bits that a packet gives a text are whole characters, and no more than it has at most.
  fileprivate func mayHave(_ bitCount: Int) -> Bool {
    guard form == .text, movesAnchor else { return true }
    return bitCount <= maximumBitCount && bitCount.isMultiple(of: 8 * characterByteCount)
  }
}

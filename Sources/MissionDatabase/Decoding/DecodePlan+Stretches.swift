import CCSDSWire

/// Stretches of plain fields: nearly all that there is to decode, and so with nothing to decide about each of them.
extension DecodePlan {
  /// Writes the values of a stretch that is none of `others`, all of which the packet has.
  ///
  /// - Parameters:
  ///   - packet: At least eight bytes.
  ///   - samples: As many as the stretch has fields.
  @inline(never)
  func decode(
    _ stretch: FieldStretch, _ mark: Int, _ packet: RawSpan, into samples: consuming MutableSpan<ParameterSample>
  ) {
    let plainFields = tables.plainFields
    let fields = plainFields.span.extracting(stretch.plain)
    switch stretch.kind {
    case .integers:
      for index in 0..<samples.count {
        let raw = fields[index].integer(mark, packet)
        var sample = fields[index].sample(raw, mark)
        sample.engineeringBits = min(raw, fields[index].highest)
        samples[index] = sample
      }
    case .calibratedIntegers:
      for index in 0..<samples.count {
        let raw = fields[index].integer(mark, packet)
        var sample = fields[index].sample(raw, mark)
        sample.engineeringBits = fields[index].calibrated(Double(Int64(bitPattern: raw))).bitPattern
        samples[index] = sample
      }
    case .labels:
      for index in 0..<samples.count {
        let raw = fields[index].integer(mark, packet)
        let label = label(of: Int64(bitPattern: raw), by: fields[index].labels) ?? -1
        var sample = fields[index].sample(raw, mark)
        sample.engineeringBits = UInt64(UInt32(bitPattern: label))
        samples[index] = sample
        if label < 0 { samples[index].lackLabel() }
      }
    case .floats:
      for index in 0..<samples.count {
        let raw = fields[index].float(mark, packet).bitPattern
        var sample = fields[index].sample(raw, mark)
        sample.engineeringBits = raw
        samples[index] = sample
      }
    case .calibratedFloats:
      for index in 0..<samples.count {
        let raw = fields[index].float(mark, packet)
        let value = fields[index].calibrated(raw)
        var sample = fields[index].sample(raw.bitPattern, mark)
        sample.engineeringBits = value.bitPattern
        samples[index] = sample
        if !value.isFinite { samples[index].refuse() }
      }
    case .others: preconditionFailure("a stretch of other fields")
    }
  }
}

extension PlainField {
  /// Its bits, the last of them in the lowest place.
  @inline(__always)
  private func word(_ mark: Int, _ packet: RawSpan) -> UInt64 {
    let bit = mark &+ Int(bitOffset)
    // Eight bytes that hold all of it, never beyond the end.
    let first = min(bit &>> 3, packet.byteCount &- 8)
    let excess = (first &<< 3) &+ 64 &- bit &- Int(sample.bitCount)
    return packet.uint64(at: first) &>> UInt64(truncatingIfNeeded: excess) & mask
  }

  /// The integer, its sign carried to the top.
  @inline(__always)
  fileprivate func integer(_ mark: Int, _ packet: RawSpan) -> UInt64 {
    (word(mark, packet) ^ sign) &- sign
  }

  /// The number of IEEE 754 binary32.
  @inline(__always)
  fileprivate func float(_ mark: Int, _ packet: RawSpan) -> Double {
    Double(Float(bitPattern: UInt32(truncatingIfNeeded: word(mark, packet))))
  }

  @inline(__always)
  fileprivate func calibrated(_ raw: Double) -> Double {
    let (c0, c1, c2, c3) = coefficients
    return ((c3 * raw + c2) * raw + c1) * raw + c0
  }

  /// All but the engineering value.
  @inline(__always)
  fileprivate func sample(_ raw: UInt64, _ mark: Int) -> ParameterSample {
    var sample = sample
    sample.bitOffset &+= UInt32(truncatingIfNeeded: mark)
    sample.rawBits = raw
    return sample
  }
}

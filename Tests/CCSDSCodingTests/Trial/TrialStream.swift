import CCSDSCoding
import SpacecraftSimulator
import TestSupport

/// Frames and the units that the simulator's encoder, which shares no code with ours, makes of them.
struct TrialStream {
  enum Content: CaseIterable {
    case random
    /// All data fields are the same, as in frames that carry nothing.
    case idle
  }

  var plan = CodingPlan()
  var version = TransferFrameVersion.aos
  var frameByteCount = 223
  var hasErrorControl = false
  var content = Content.random
  var unitCount = 24
  var seed: UInt64 = 1

  /// The frames, one after the other.
  func frames() -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<unitCount).map { index in
      var frame = header(index)
      let rest = frameByteCount - frame.count - (hasErrorControl ? 2 : 0)
      frame += content == .random ? generator.bytes(rest) : [UInt8](repeating: 0x55, count: rest)
      if hasErrorControl {
        let check = Self.crc16(frame)
        frame += [UInt8(check >> 8), UInt8(check & 0xFF)]
      }
      return frame
    }
  }

  func units() -> [[UInt8]] {
    let encoder = UnitEncoder(plan, frameByteCount: frameByteCount)
    return frames().map(encoder.unit(of:))
  }

  /// What a link would be told that is to read this.
  var expectation: TrialExpectation {
    var coding = ChannelCoding(frameByteCount: frameByteCount)
    coding.syncMarker = plan.syncMarker.isEmpty ? nil : SyncMarker(bytes: plan.syncMarker)
    switch plan.randomizer {
    case .none: coding.randomizer = .none
    case .short255: coding.randomizer = .short255
    case .long131071: coding.randomizer = .long131071
    }
    if let code = plan.reedSolomon {
      var parameters = ReedSolomonParameters()
      parameters.capability = code.errors == 8 ? .eight : .sixteen
      parameters.interleavingDepth = code.interleave
      parameters.basis = code.basis == .dual ? .dual : .conventional
      parameters.virtualFillSymbolCount = (code.largestFrameByteCount - frameByteCount) / code.interleave
      coding.reedSolomon = parameters
    }
    var expectation = TrialExpectation(coding: coding, frameByteCount: frameByteCount, version: version)
    expectation.hasFrameErrorControl = hasErrorControl
    return expectation
  }

  /// The fields of the standards, by their places: TM spacecraft 0x12A channel 3, AOS spacecraft 0x9D channel 16,
  /// USLP spacecraft 0xABCD channel 5.
  private func header(_ index: Int) -> [UInt8] {
    let low = UInt8(truncatingIfNeeded: 250 + index)
    let middle = UInt8(truncatingIfNeeded: (250 + index) >> 8)
    switch version {
    case .tm: return [0x12, 0xA6, low, low &+ 7, 0x18, 0x00]
    case .aos: return [0x67, 0x50, 0x00, middle, low, 0x00, 0x00, 0x00]
    case .uslp:
      let length = frameByteCount - 1
      return [0xCA, 0xBC, 0xD0, 0xA0, UInt8(length >> 8), UInt8(length & 0xFF), 0x01, low, 0xE0]
    }
  }

  /// Bit by bit: x^16 + x^12 + x^5 + 1, preset to ones.
  static func crc16(_ bytes: [UInt8]) -> UInt16 {
    var register: UInt16 = 0xFFFF
    for byte in bytes {
      register ^= UInt16(byte) << 8
      for _ in 0..<8 { register = register & 0x8000 == 0 ? register << 1 : register << 1 ^ 0x1021 }
    }
    return register
  }
}

extension InputSample {
  /// Bytes without borders, or pieces with one behind each.
  init(stream bytes: [UInt8]) {
    self.init()
    unsafe note(bytes.span.bytes, endsUnit: false)
  }

  init(units: [[UInt8]]) {
    self.init()
    for unit in units { unsafe note(unit.span.bytes, endsUnit: true) }
  }
}

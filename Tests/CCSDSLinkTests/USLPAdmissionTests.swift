import CCSDSLink
import CCSDSWire
import Testing

@Suite("Which USLP frames are taken, CCSDS 732.1-B-3 §4.1")
struct USLPAdmissionTests {
  private static let zone = [UInt8](repeating: 0xAA, count: 8)

  private static func frame(_ count: Int = 0, _ configure: (inout FrameMaker.USLP) -> Void = { _ in }) -> [UInt8] {
    var parts = FrameMaker.USLP()
    parts.count = count
    configure(&parts)
    return FrameMaker.uslp(parts, rule: 7, protocolID: 5, zone: zone)
  }

  @Test("on a channel of one length every other length is rejected, and so is a frame that says another")
  func rejectsOtherLengths() {
    let frame = Self.frame()
    var bench = Bench(Bench.uslp(frame.count))
    for byteCount in 0..<frame.count { bench.receive(Array(frame.prefix(byteCount))) }
    bench.receive(frame + [0])
    // The length says one less, and the error control is right.
    var liar = Array(frame.dropLast(2))
    liar[5] -= 1
    bench.receive(FrameMaker.withErrorControl(liar))
    // Nothing at all has no version either: it is the length that is wrong.
    #expect(bench.recorder.rejections == Array(repeating: .length, count: frame.count + 2))
    bench.receive(frame)
    #expect(bench.recorder.accepted.count == 1)
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test("version, error control and spacecraft are checked in this order")
  func checksInOrder() {
    let frame = Self.frame()
    var bench = Bench(Bench.uslp(frame.count))
    var other = frame
    other[0] = 0x40
    bench.receive(other)
    other = frame
    other[12] ^= 1
    bench.receive(other)
    bench.receive(Self.frame { $0.scid = 101 })
    #expect(bench.recorder.rejections == [.version, .errorControl, .spacecraft])
  }

  @Test("a frame to the spacecraft is one of that spacecraft too")
  func takesBothDirections() {
    let frame = Self.frame()
    var bench = Bench(Bench.uslp(frame.count))
    bench.receive(frame)
    bench.receive(Self.frame(1) { $0.isDestination = true })
    #expect(bench.recorder.continuity() == [.first, .inSequence])
  }

  @Test("a check of 32 bits is looked at where it is agreed on")
  func checksCRC32() {
    var parts = FrameMaker.USLP()
    parts.isChecked = false
    var frame = FrameMaker.uslp(parts, rule: 7, protocolID: 5, zone: Self.zone)
    frame[5] += 4
    let check = Self.proximity1(frame)
    frame += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: check >> $0) }
    var parameters = Bench.uslp(frame.count)
    parameters.errorControl = .crc32
    var bench = Bench(parameters)
    bench.receive(frame)
    #expect(bench.recorder.accepted.count == 1)
    #expect(bench.recorder.serviceDataUnits == [8])
    for bit in 0..<frame.count * 8 {
      var damaged = frame
      damaged[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      bench.receive(damaged)
    }
    #expect(bench.recorder.accepted.count == 1)
    #expect(bench.recorder.rejections.count == frame.count * 8)
  }

  /// x^32 + x^23 + x^21 + x^11 + x^2 + 1, preset to zeros, bit by bit.
  private static func proximity1(_ bytes: [UInt8]) -> UInt32 {
    var check: UInt32 = 0
    for byte in bytes {
      check ^= UInt32(byte) << 24
      for _ in 0..<8 { check = check >> 31 == 0 ? check << 1 : check << 1 ^ 0x00A0_0805 }
    }
    return check
  }

  @Test("the insert zone stands before the data on a channel of one length, and nowhere else")
  func skipsInsertZone() {
    let frame = Self.frame { $0.insertZone = [1, 2, 3] }
    var parameters = Bench.uslp(frame.count)
    parameters.insertZoneByteCount = 3
    var bench = Bench(parameters)
    bench.receive(frame)
    #expect(bench.recorder.serviceDataUnits == [8])
    parameters.shortestFrameByteCount = 8
    bench = Bench(parameters)
    bench.receive(Self.frame())
    #expect(bench.recorder.serviceDataUnits == [8])
  }

  @Test("the control field of every frame is reported, idle ones included")
  func reportsControlField() {
    let word: [UInt8] = [1, 4, 0, 0xA5]
    var bench = Bench(Bench.variableUSLP())
    bench.receive(Self.frame { $0.controlWord = word })
    var parts = FrameMaker.USLP(vcid: 63)
    parts.controlWord = word
    bench.receive(FrameMaker.uslp(parts, rule: 1, protocolID: 31, pointer: 7, zone: Self.zone))
    let reported = bench.recorder.events.filter { if case .operationalControlField = $0 { true } else { false } }
    #expect(reported.count == 2)
    #expect(bench.recorder.accepted.map(\.isIdle) == [false, true])
    #expect(bench.unaccountedServiceDataByteCount == 0)
  }

  // Truncated frames.

  private static func truncatedParameters(_ byteCount: Int?) -> PhysicalChannelParameters {
    var parameters = Bench.variableUSLP()
    var channel = VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))
    channel.truncatedFrameByteCount = byteCount
    parameters.virtualChannels = [channel, VirtualChannelParameters(virtualChannelID: VirtualChannelID(2))]
    return parameters
  }

  @Test("a truncated frame of the managed length is one whole unit, uncounted and without error control")
  func takesTruncatedFrames() {
    var bench = Bench(Self.truncatedParameters(10))
    bench.receive(FrameMaker.truncatedUSLP(zone: [1, 2, 3, 4, 5]))
    bench.receive(FrameMaker.truncatedUSLP(zone: [1, 2, 3, 4, 5]))
    #expect(bench.recorder.continuity() == [.uncounted, .uncounted])
    #expect(bench.recorder.serviceDataUnits == [5, 5])
  }

  @Test("it is rejected at any other length, on any other channel, and where none is agreed on")
  func rejectsTruncatedFrames() {
    var bench = Bench(Self.truncatedParameters(10))
    for count in 1...40 where count != 5 {
      bench.receive(FrameMaker.truncatedUSLP(zone: [UInt8](repeating: 1, count: count)))
    }
    bench.receive(FrameMaker.truncatedUSLP(vcid: 2, zone: [1, 2, 3, 4, 5]))
    #expect(bench.recorder.rejections == Array(repeating: .length, count: 40))
    bench = Bench(Self.truncatedParameters(nil))
    bench.receive(FrameMaker.truncatedUSLP(zone: [1, 2, 3, 4, 5]))
    #expect(bench.recorder.rejections == [.length])
  }

  // Units that hold several frames.

  @Test("frames that say their length are taken one by one out of one unit, truncated ones too")
  func splitsUnits() {
    var bench = Bench(Self.truncatedParameters(10))
    let unit = Self.frame(1) + FrameMaker.truncatedUSLP(zone: [1, 2, 3, 4, 5]) + Self.frame(2) + Self.frame(3)
    bench.receive(framesOf: unit)
    #expect(bench.recorder.accepted.count == 4)
    #expect(bench.recorder.rejections == [])
    #expect(bench.recorder.frames.flatMap { $0 } == unit)
  }

  @Test("what is no frame counts as one rejected up to the end of its unit, wherever it begins")
  func rejectsRestOfUnit() {
    let frame = Self.frame(1)
    for byteCount in 1..<frame.count {
      var bench = Bench(Self.truncatedParameters(10))
      bench.receive(framesOf: Self.frame(0) + frame.prefix(byteCount))
      #expect(bench.recorder.accepted.count == 1)
      #expect(bench.recorder.rejections == [.length], "\(byteCount) bytes")
    }
    var bench = Bench(Self.truncatedParameters(10))
    bench.receive(framesOf: Self.frame(0) + [0x12, 0x34] + Self.frame(1))
    #expect(bench.recorder.accepted.count == 1)
    #expect(bench.recorder.rejections == [.version])
    bench.receive(framesOf: [])
    #expect(bench.recorder.rejections == [.version, .length])
  }

  @Test("a frame shorter or longer than is agreed on ends its unit")
  func boundsLength() {
    var parameters = Bench.variableUSLP()
    let frame = Self.frame(0)
    parameters.shortestFrameByteCount = frame.count
    parameters.frameByteCount = frame.count
    var bench = Bench(parameters)
    bench.receive(framesOf: frame + Self.frame(1))
    #expect(bench.recorder.accepted.count == 2)
    parameters.shortestFrameByteCount = frame.count + 1
    parameters.frameByteCount = frame.count + 1
    bench = Bench(parameters)
    bench.receive(framesOf: frame + Self.frame(1))
    #expect(bench.recorder.rejections == [.length])
  }

  @Test("every first bytes of a frame ask for more, or say its length")
  func tellsExtent() {
    let parameters = Bench.variableUSLP()
    let frame = Self.frame(0)
    for byteCount in 0...frame.count {
      let part = Array(frame.prefix(byteCount))
      let expected: FrameExtent =
        switch byteCount {
        case 0: .incomplete(need: 1)
        case 1...3: .incomplete(need: 4)
        case 4...5: .incomplete(need: 6)
        default: .frame(byteCount: frame.count)
        }
      #expect(parameters.frameExtent(at: unsafe part.span.bytes) == expected)
    }
  }
}

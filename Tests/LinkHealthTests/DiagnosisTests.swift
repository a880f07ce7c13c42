import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("Problems and their hints")
struct DiagnosisTests {
  private static func problems(_ bench: borrowing Bench, _ input: InputFacts = InputFacts()) -> [Problem] {
    bench.snapshot().problems(input)
  }

  /// The one hint of a link that received ten such units.
  private static func hint(
    _ parameters: PhysicalChannelParameters, code: Problem.Code = .everythingRejected, _ unit: (Int) -> [UInt8]
  ) throws -> String {
    var bench = Bench(parameters)
    for index in 0..<10 { bench.receive(unit(index)) }
    let found = problems(bench)
    #expect(found.map(\.code) == [code])
    return try #require(found.first).hint
  }

  private static func unchecked(_ type: TransferFrameType, _ byteCount: Int) -> PhysicalChannelParameters {
    var parameters = Bench.parameters(type, byteCount)
    parameters.errorControl = .none
    return parameters
  }

  private static func aos(_ count: Int, zone: Int = 8, scid: Int = 100, checked: Bool = true) -> [UInt8] {
    FrameMaker.aos(
      scid: scid, count: count, zone: (0..<zone).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }, checked: checked)
  }

  @Test("a link in order has no problem")
  func findsNothing() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<10 { bench.receive(Self.aos(index)) }
    #expect(Self.problems(bench).isEmpty)
  }

  /// A USLP frame of spacecraft 100 and channel 1, with a count of one byte and one whole unit of the mission's own.
  private static func uslp(_ count: Int, isLong: Bool) -> [UInt8] {
    let data = (0..<40).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
    let byteCount = 8 + 1 + data.count + (isLong ? 4 : 2)
    let frame: [UInt8] = [0xC0, 0x06, 0x40, 0x20, 0, UInt8(byteCount - 1), 0x01, UInt8(count), 0xE5] + data
    return isLong ? frame + longErrorControl(of: frame) : FrameMaker.withErrorControl(frame)
  }

  /// The remainder by x^32 + x^23 + x^21 + x^11 + x^2 + 1, bit by bit.
  private static func longErrorControl(of bytes: [UInt8]) -> [UInt8] {
    var remainder: UInt32 = 0
    for byte in bytes {
      remainder ^= UInt32(byte) << 24
      for _ in 0..<8 { remainder = remainder << 1 ^ (remainder >> 31 == 0 ? 0 : 0x00A0_0805) }
    }
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: remainder >> $0) }
  }

  @Test("USLP: a check of the other length than is agreed on is named, of 16 bits and of 32", arguments: [false, true])
  func namesOtherErrorControl(isLong: Bool) throws {
    let byteCount = Self.uslp(0, isLong: isLong).count
    var parameters = Bench.parameters(.uslp, byteCount)
    parameters.errorControl = isLong ? .crc16 : .crc32
    let hint = try Self.hint(parameters) { Self.uslp($0, isLong: isLong) }
    #expect(hint.hasSuffix("set coding.error_control: crc\(isLong ? 32 : 16)"))
    let unchecked = try Self.hint(Self.unchecked(.uslp, byteCount), code: .errorControlUnchecked) {
      Self.uslp($0, isLong: isLong)
    }
    #expect(unchecked.hasPrefix("set coding.error_control: crc\(isLong ? 32 : 16)"))
  }

  @Test("of units with another length it names the length")
  func namesLength() throws {
    let hint = try Self.hint(Bench.parameters(.aos, 100)) { Self.aos($0) }
    #expect(hint == "the units have 18 bytes: set frames.length: 18")
  }

  @Test("units two bytes short may have lost their error control field, and units two bytes long may have one")
  func namesErrorControl() throws {
    let less = try Self.hint(Bench.parameters(.aos, 18)) { Self.aos($0, checked: false) }
    #expect(less.hasSuffix("set frames.length: 16 and coding.error_control: none"))
    let more = try Self.hint(Self.unchecked(.aos, 16)) { Self.aos($0) }
    #expect(more.hasSuffix("set frames.length: 18 and coding.error_control: crc16"))
  }

  @Test("units of several frames are told by their length")
  func namesFramesPerDatagram() throws {
    let hint = try Self.hint(Bench.parameters(.aos, 18)) { Self.aos($0) + Self.aos($0 + 1) + Self.aos($0 + 2) }
    #expect(hint == "the units hold 3 frames of 18 bytes: set input.frames_per_datagram: 3")
  }

  @Test("units that begin with the sync marker 1ACFFC1D are coded")
  func namesSyncMarker() throws {
    let hint = try Self.hint(Bench.parameters(.aos, 18)) { [0x1A, 0xCF, 0xFC, 0x1D] + Self.aos($0) }
    #expect(hint == "the units of 22 bytes begin with a sync marker: they are coded (CADUs), not frames")
  }

  @Test(
    "frames of another protocol are named",
    arguments: [(0x00, "type: tm"), (0xC0, "USLP"), (0x80, "neither TM nor AOS")])
  func namesVersion(first: UInt8, part: String) throws {
    let hint = try Self.hint(Bench.parameters(.aos, 18)) { _ in [first] + [UInt8](repeating: 0, count: 17) }
    #expect(hint.contains(part))
  }

  @Test("AOS frames on a TM link are named")
  func namesAOS() throws {
    let hint = try Self.hint(Bench.parameters(.tm, 18)) { Self.aos($0) }
    #expect(hint == "the frames look like AOS: set frames.type: aos")
  }

  @Test("with headers in order and checks that never fit, the frames may carry none")
  func namesMissingErrorControl() throws {
    let hint = try Self.hint(Bench.parameters(.aos, 18)) { Self.aos($0, zone: 10, checked: false) }
    #expect(hint.contains("spacecraft 100"))
    #expect(hint.hasSuffix("set coding.error_control: none"))
  }

  @Test("another spacecraft is named")
  func namesSpacecraft() throws {
    let hint = try Self.hint(Bench.parameters(.aos, 18)) { Self.aos($0, scid: 44) }
    #expect(hint == "the frames are of spacecraft 44: add it to frames.spacecraft_id if they are yours")
  }

  @Test("TM frames whose secondary header does not fit are not told to take the length that they have")
  func doesNotBlameLength() throws {
    let hint = try Self.hint(Bench.parameters(.tm, 18)) { _ in
      FrameMaker.withErrorControl([0x06, 0x40, 0, 0, 0x98, 0, 0x3F] + [UInt8](repeating: 0, count: 9))
    }
    #expect(!hint.contains("set frames.length"))
  }

  @Test("a check that fits and is not made is pointed out")
  func namesUncheckedErrorControl() throws {
    let hint = try Self.hint(Self.unchecked(.aos, 18), code: .errorControlUnchecked) { Self.aos($0) }
    #expect(hint.hasPrefix("set coding.error_control: crc16"))
  }

  @Test("one frame in ten rejected is no problem, and more is")
  func toleratesFew() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<9 { bench.receive(Self.aos(index)) }
    bench.receive([1])
    #expect(Self.problems(bench).isEmpty)
    bench.receive([1])
    let found = Self.problems(bench)
    #expect(found.map(\.code) == [.someRejected])
    #expect(found.map(\.severity) == [.warning])
    #expect(
      found.first?.message
        == "2 of 11 frames were rejected: they have not the length that was agreed on (length)")
    #expect(found.first?.hint.contains("these have 1 bytes") == true)
  }

  @Test("where some frames pass, those that do not are damaged, and no setting is blamed")
  func blamesTheLine() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<8 {
      var frame = Self.aos(index)
      if index % 2 == 1 { frame[12] ^= 0x10 }
      bench.receive(frame)
    }
    let found = Self.problems(bench)
    #expect(found.map(\.code) == [.someRejected])
    #expect(found.first?.hint.contains("Eb/N0") == true)
    #expect(found.first?.hint.contains("coding.") == false)
  }

  @Test("a frozen counter is named with its channel")
  func namesFrozenCounter() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<5 {
      bench.receive(FrameMaker.aos(count: 3, zone: [UInt8](repeating: UInt8(index), count: 8)))
    }
    let found = Self.problems(bench)
    #expect(found.map(\.code) == [.frozenCounter])
    #expect(found.first?.message == "the frame count of spacecraft 100 channel 1 never moves")
  }

  @Test("many frozen counters are one problem")
  func namesFrozenCountersOnce() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for vcid in 1...4 {
      for index in 0..<5 {
        bench.receive(FrameMaker.aos(vcid: vcid, count: 3, zone: [UInt8](repeating: UInt8(index), count: 8)))
      }
    }
    let found = Self.problems(bench)
    #expect(found.map(\.code) == [.frozenCounter])
    #expect(
      found.first?.message == "the frame count of spacecraft 100 channel 1 and of 3 other channels never moves")
  }

  @Test("a packet channel that mostly holds no packets is pointed out")
  func namesChannelWithoutPackets() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<5 {
      bench.receive(FrameMaker.aos(count: index, pointer: 0, zone: [UInt8](repeating: 0x40, count: 8)))
    }
    #expect(Self.problems(bench).map(\.code) == [.notPackets])
  }

  @Test("channels and application processes past the limits are pointed out")
  func namesLimits() {
    var parameters = Bench.parameters(.aos, 17)
    parameters.limits.virtualChannelCount = 1
    parameters.limits.applicationProcessCount = 1
    var bench = Bench(parameters)
    for (index, vcid) in [1, 1, 2].enumerated() {
      bench.receive(
        FrameMaker.aos(
          vcid: vcid, count: index, pointer: 0, zone: FrameMaker.packet(apid: index, count: 0, data: [0])))
    }
    let found = Self.problems(bench)
    #expect(found.map(\.code) == [.limitReached, .limitReached])
    #expect(found.first?.hint.contains("limits.virtual_channel_count (now 1)") == true)
    #expect(found.last?.hint.contains("limits.application_process_count (now 1)") == true)
  }

  @Test("kernel drops come first and say which buffer to raise")
  func namesKernelDrops() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<10 { bench.receive([UInt8](repeating: 0, count: index)) }
    bench.sink.ledger.datagrams.kernelDropped = 12
    func hint(_ requested: Int?, _ granted: Int?, _ kind: InputFacts.Kind = .udp) -> String? {
      var input = InputFacts()
      input.kind = kind
      input.largestReceiveBufferByteCount = 212_992
      input.requestedReceiveBufferByteCount = requested
      input.grantedReceiveBufferByteCount = granted
      let found = Self.problems(bench, input).first
      #expect(found?.code == .kernelDrops && found?.severity == .critical)
      #expect(found?.message == "this host dropped 12 datagrams before they could be received")
      return found?.hint
    }
    #expect(hint(nil, nil) == "raise input.receive_buffer_bytes, and net.core.rmem_max with it")
    #expect(hint(65_536, 65_536) == "raise input.receive_buffer_bytes (now 65536)")
    #expect(
      hint(212_992, 212_992) == "raise input.receive_buffer_bytes (now 212992) and net.core.rmem_max (now 212992)")
    #expect(
      hint(8_388_608, 212_992)
        == "raise net.core.rmem_max (now 212992) to 8388608, 'sysctl -w net.core.rmem_max=8388608', and restart "
        + "downlinkd")
    // What libpcap asks for has nothing to do with that setting.
    #expect(hint(1_048_576, nil, .capture) == "raise input.receive_buffer_bytes (now 1048576)")
  }

  @Test("a receive buffer smaller than was asked for is pointed out")
  func namesReceiveBuffer() {
    var bench = Bench(Bench.parameters(.aos, 18))
    bench.receive(Self.aos(0))
    var input = InputFacts()
    input.kind = .udp
    input.largestReceiveBufferByteCount = 212_992
    input.requestedReceiveBufferByteCount = 8_388_608
    input.grantedReceiveBufferByteCount = 425_984
    let found = Self.problems(bench, input)
    #expect(found.map(\.code) == [.receiveBufferSmall])
    #expect(found.first?.message.contains("425984") == true && found.first?.message.contains("8388608") == true)
    #expect(found.first?.hint.hasSuffix("or lower input.receive_buffer_bytes") == true)
    // Where /proc/sys is hidden, as the service unit does, what was granted is what there is.
    input.largestReceiveBufferByteCount = nil
    #expect(
      Self.problems(bench, input).first?.hint.hasPrefix("raise net.core.rmem_max (now 425984) to 8388608, ") == true)
  }

  @Test("silence is a problem when it is longer than the configured quiet, and once something was received")
  func namesSilence() {
    var bench = Bench(Bench.parameters(.aos, 18))
    var input = InputFacts()
    input.kind = .udp
    input.place = "0.0.0.0:10017"
    input.port = 10_017
    input.secondsOfSilence = 3725
    input.secondsSinceStart = 3725
    let nothing = Self.problems(bench, input)
    #expect(nothing.map(\.code) == [.nothingReceived])
    #expect(nothing.first?.message == "nothing was received on 0.0.0.0:10017 since the start, 1 h 2 min ago")
    #expect(nothing.first?.hint.contains("'tcpdump -ni any udp port 10017'") == true)
    bench.receive(Self.aos(0))
    let silence = Self.problems(bench, input)
    #expect(silence.map(\.code) == [.silence])
    #expect(silence.first?.message == "nothing was received for 1 h 2 min")
    #expect(silence.first?.hint.contains("quiet_after (now 1 min)") == true)
    input.secondsOfSilence = 60
    #expect(Self.problems(bench, input).isEmpty)
  }

  @Test("between announced passes silence is no problem; in one, and without a plan, it is")
  func knowsThePlan() {
    var input = InputFacts()
    input.secondsOfSilence = 3725
    input.secondsSinceStart = 3725
    var bench = Bench(Bench.parameters(.aos, 18))
    input.isPassExpected = false
    #expect(Self.problems(bench, input).isEmpty)
    bench.receive(Self.aos(0))
    #expect(Self.problems(bench, input).isEmpty)
    input.isPassExpected = true
    let expected = Self.problems(bench, input)
    #expect(expected.map(\.code) == [.silence])
    #expect(expected.first?.hint.hasPrefix("a pass was announced for now: look at the antenna") == true)
    input.isPassExpected = nil
    #expect(Self.problems(bench, input).first?.hint.hasPrefix("nothing between passes; otherwise look at") == true)
  }

  @Test("a link that cannot hear is not told to be silent, too: its one cause is one problem")
  func tellsOneCause() {
    var input = InputFacts()
    input.canHear = false
    input.secondsOfSilence = 1000
    input.secondsSinceStart = 1000
    var bench = Bench(Bench.parameters(.aos, 18))
    #expect(Self.problems(bench, input).isEmpty)
    bench.receive(Self.aos(0))
    #expect(Self.problems(bench, input).isEmpty)
  }

  @Test("a connection that brings nothing is another matter than a port that nobody sends to")
  func namesQuietConnection() {
    var input = InputFacts()
    input.secondsSinceStart = 61
    for (kind, words) in [(InputFacts.Kind.tcp, "the other end sends nothing"), (.capture, "check input.pcap")] {
      input.kind = kind
      #expect(Self.problems(Bench(Bench.parameters(.aos, 18)), input).first?.hint.contains(words) == true)
    }
  }

  @Test("datagrams that are all refused are a problem, with the setting that refuses them")
  func namesRefusedDatagrams() {
    func problem(_ reason: DatagramRejection, _ count: Int, accepted: Int = 0) -> Problem? {
      var bench = Bench(Bench.parameters(.aos, 18))
      for index in 0..<accepted { bench.receive(Self.aos(index)) }
      bench.sink.ledger.datagrams.received += count
      bench.sink.ledger.datagrams.rejected[reason] += count
      let found = Self.problems(bench)
      #expect(found.count <= 1)
      return found.first
    }
    let stranger = problem(.sourceNotAllowed, 40)
    #expect(stranger?.code == .everythingRejected && stranger?.severity == .critical)
    #expect(
      stranger?.message == "every one of 40 datagrams was rejected: their sender is not allowed (source_not_allowed)")
    #expect(stranger?.hint.contains("add the address to input.allow_from") == true)
    #expect(problem(.sourceNotAllowed, 2) == nil)
    let some = problem(.oversize, 2, accepted: 8)
    #expect(some?.code == .someRejected && some?.severity == .warning)
    #expect(some?.message.hasPrefix("2 of 10 datagrams were rejected: ") == true)
    #expect(some?.hint.contains("input.frames_per_datagram") == true)
    #expect(problem(.truncated, 1, accepted: 9) == nil)
  }

  @Test("senders that are too fast are told of with the bound")
  func namesFastSenders() {
    var bench = Bench(Bench.parameters(.aos, 18))
    for index in 0..<10 { bench.receive(Self.aos(index)) }
    bench.sink.ledger.datagrams.received += 30
    bench.sink.ledger.datagrams.rejected[.rateLimited] += 30
    var input = InputFacts()
    input.datagramsPerSecond = 500
    let found = Self.problems(bench, input)
    #expect(found.map(\.code) == [.rateLimited])
    #expect(found.first?.message == "30 datagrams were more than the 500 a second that one sender may send")
    #expect(found.first?.hint.hasSuffix("input.max_datagrams_per_second (now 500)") == true)
  }

  @Test("a capture with datagrams to other ports names the busiest")
  func namesOtherPorts() {
    var input = InputFacts()
    input.port = 5000
    input.otherPorts = [(6000, 3), (7000, 90)]
    let found = Self.problems(Bench(Bench.parameters(.aos, 18)), input)
    #expect(found.map(\.code) == [.otherPort])
    #expect(found.first?.message == "the capture has no datagrams to port 5000, but 90 to port 7000, 3 to port 6000")
    #expect(found.first?.hint == "name the port: --port 7000")
  }

  @Test("a ledger that does not balance is the worst problem")
  func namesBreach() {
    var bench = Bench(Bench.parameters(.aos, 18))
    bench.receive(Self.aos(0))
    bench.sink.ledger.datagrams.received += 1
    let found = Self.problems(bench)
    #expect(found.map(\.code) == [.unbalanced])
    #expect(found.first?.message == "the ledger does not balance: datagrams received 2, accounted for 1")
  }
}

import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

@Suite("The report of a link")
struct ReportTests {
  private static func report(_ bench: borrowing Bench) -> String {
    let snapshot = bench.snapshot()
    var json = JSONWriter()
    json.object { snapshot.write(to: &$0, problems: snapshot.problems()) }
    return json.text
  }

  /// Five AOS frames with zones of 20 bytes, of which the third is lost and one is damaged; at 1, 2, 4, 5 and 6 s:
  ///
  ///     count 10: packet of APID 7, count 100 (10 bytes); idle packet (7 bytes); 3 bytes of a packet
  ///     count 11: the other 7 bytes of it (APID 7, count 101); 13 idle packets of one byte
  ///     count 13: 5 bytes of a packet that nobody saw begin; 15 bytes of a packet of 20
  ///     a frame with a wrong check
  ///     count 14: idle
  ///
  /// Zones: 3 · 20 = 60 bytes = packets 20 + idle 7 + 13 + unsynchronized 5 + pending 15.
  @Test("a small reception gives this report, with every promised member")
  func writesReport() {
    var bench = Bench(Bench.parameters(.aos, 30))
    let packets = [100, 101, 102].map { FrameMaker.packet(apid: 7, count: $0, data: [1, 2, 3, 4]) }
    let idle: [UInt8] = [0x07, 0xFF, 0xC0, 0, 0, 0, 0x55]
    let long = FrameMaker.packet(apid: 8, count: 0, data: [UInt8](repeating: 9, count: 14))
    bench.receive(FrameMaker.aos(count: 10, pointer: 0, zone: packets[0] + idle + packets[1][..<3]), at: 1)
    bench.receive(
      FrameMaker.aos(count: 11, pointer: 7, zone: packets[1][3...] + [UInt8](repeating: 0xE0, count: 13)), at: 2)
    bench.receive(
      FrameMaker.aos(count: 13, pointer: 5, zone: [UInt8](repeating: 0xAA, count: 5) + long[..<15]), at: 4)
    bench.receive([0x59, 0x01] + [UInt8](repeating: 0, count: 28), at: 5)
    bench.receive(FrameMaker.aos(count: 14, pointer: 0x7FE, zone: [UInt8](repeating: 0, count: 20)), at: 6)
    let expected =
      #"{"name":"test","ledger":{"#
      + #""datagrams":{"received":5,"accepted":5,"kernel_dropped":0,"rejected":{}},"#
      + #""stream_bytes":{"received":0,"framed":0,"skipped":0,"pending":0},"#
      + #""codewords":{"received":0,"clean":0,"corrected":0,"corrected_symbols":0,"uncorrectable":0},"#
      + #""codeblocks":{"received":0,"decoded":0,"uncorrectable":0,"refused":0,"refused_bytes":0,"flywheel":0},"#
      + #""frames":{"received":5,"delivered":3,"idle":1,"unlisted":0,"rejected":{"fecf":1},"pending":0},"#
      + #""zone_bytes":{"received":60,"packets":20,"idle_packets":20,"pending":15,"discarded":{"unsynchronized":5}},"#
      + #""packets":{"completed":16,"delivered":2,"idle":14,"rejected":{},"abandoned":{}},"#
      + #""service_data_units":{"completed":0,"abandoned":{},"#
      + #""bytes":{"received":0,"delivered":0,"fill":0,"pending":0,"discarded":{}}}},"#
      + #""master_channels":[{"scid":100,"frames":4,"gaps":1,"missing":1,"trust":"trusted"}],"#
      + #""virtual_channels":[{"scid":100,"vcid":1,"service":"packet","frames":4,"idle_frames":1,"first_count":10,"#
      + #""last_count":14,"gaps":1,"missing":1,"duplicates":0,"trust":"trusted","packets":2,"idle_packets":14,"#
      + #""first_frame":"1970-01-01T00:00:01.000000Z","last_frame":"1970-01-01T00:00:06.000000Z"}],"#
      + #""apids":[{"scid":100,"vcid":1,"apid":7,"packets":2,"bytes":20,"first_sequence_count":100,"#
      + #""last_sequence_count":101,"gaps":0,"missing":0,"repeats":0,"trust":"trusted"}],"#
      + #""passes":[{"start":"1970-01-01T00:00:01.000000Z","end":"1970-01-01T00:00:06.000000Z","frames":4,"#
      + #""missing":1,"gaps":[{"scid":100,"vcid":1,"expected":12,"received":13,"missing":1,"#
      + #""time":"1970-01-01T00:00:04.000000Z"}]}],"#
      + #""problems":[{"code":"some_rejected","severity":"warning","link":"test","#
      + #""message":"1 of 5 frames were rejected: their error control field does not fit (fecf)","#
      + #""meaning":"what was in these frames or datagrams is lost","#
      + #""hint":"others came through, so these are damaged on their way, or noise between passes: look at antenna "#
      + #"pointing, the modem's lock and its Eb/N0, and the line to this host"}]}"#
    #expect(Self.report(bench) == expected)
    #expect(bench.snapshot().isBalanced)
  }

  @Test("a link that received nothing still has every member")
  func writesEmptyReport() {
    let report = Self.report(Bench(Bench.parameters(.tm, 30)))
    #expect(report.hasPrefix(#"{"name":"test","ledger":{"datagrams":{"received":0,"#))
    #expect(
      report.hasSuffix(
        #""master_channels":[],"virtual_channels":[],"apids":[],"passes":[],"problems":[]}"#))
  }

  @Test("TM losses are those of the master channel, and control words stand beside them")
  func writesMasterChannel() {
    var bench = Bench(Bench.parameters(.tm, 20))
    for count in [0, 1, 4] {
      bench.receive(
        FrameMaker.tm(
          master: count, count: count, zone: [UInt8](repeating: 0, count: 8), controlWord: [0x05, 0x04, 0xF8, 0xFF]))
    }
    var json = JSONWriter()
    json.array { bench.snapshot().writeMasterChannels(to: &$0) }
    #expect(
      json.text
        == #"[{"scid":100,"frames":3,"gaps":1,"missing":2,"trust":"trusted","control_words":{"count":3,"changes":0,"#
        + #""clcw":[{"vcid":1,"report_value":255,"lockout":true,"wait":true,"retransmit":true,"no_rf":true,"#
        + #""no_bit_lock":true,"farm_b":0}]}}]"#)
  }
}

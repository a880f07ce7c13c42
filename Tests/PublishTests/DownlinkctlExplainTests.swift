import Publish
import Testing

@Suite("downlinkctl explain: what was rejected, and what to set", .serialized)
struct DownlinkctlExplainTests {
  @Test("units are shown in 80 columns, with the bytes marked that broke the rule")
  func printsRejections() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("explain", "dss1", "--hex", "16", "--socket", bench.path)
        == .init(
          text: """
            dss1: rejected 1,234 times since 2026-11-21 09:20:00.000Z

            frame rejected (scid), 1,234 times, 1,231 of them passed over
              rule      the spacecraft is one of frames.spacecraft_id (CCSDS 132.0-B-3
                        §4.1.2)
              nearest   frames.spacecraft_id: 0x2B
                        leave out frames.ocf
                        accepts 3 of 3 that were tried: their error control or their code
                        fits then
              number 1,234, 2026-11-21 09:20:01.000Z, from 127.0.0.1:5000, 40 bytes
              what      another spacecraft
              expected  56
              seen      43
                  0  02 b2 00 00 18 00 00 05  c0 00 00 1f 61 62 63 7f  ............abc.
                     ^^ ^^
                  …
                 32  00 00 00 00 00 00 ab cd                           ........
                                       ^^ ^^

            """, errors: "", exitCode: 0))
    #expect(
      try bench.run("explain", "dss1", "--reason", "version", "--socket", bench.path).text
        == "dss1: nothing was rejected for 'version' since 2026-11-21 09:20:00.000Z\n")
    let json = try bench.run("explain", "dss1", "--json", "--socket", bench.path)
    #expect(json.exitCode == 0 && json.text.hasPrefix("{\"link\":\"dss1\""))
    #expect(try bench.run("explain", "--hex", "257", "--socket", bench.path).exitCode == 64)
    #expect(try bench.run("explain", "--limit", "0", "--socket", bench.path).exitCode == 64)
  }
}

extension ClientBench {
  /// What a link has rejected.
  static func rejections(_ arguments: StatusArguments) -> String {
    let head =
      #"{"link":"dss1","since":"2026-11-21T09:20:00.000000Z","checked":"2026-11-21T09:20:02.000000Z","rejected":1234,"#
    let wanted = try? arguments.string("reason")
    guard wanted == nil || wanted == "scid" else { return head + #""reasons":[]}"# }
    let unit =
      #"{"number":1234,"time":"2026-11-21T09:20:01.000000Z","source":"127.0.0.1:5000","bytes":40,"kept_bytes":40,"#
      + #""what":"another spacecraft","expected":"56","seen":"43","#
      + #""marks":[{"offset":0,"bytes":2},{"offset":38,"bytes":2}],"dump":[{"offset":0,"hex":""#
      + "02b20000180000" + "05c000001f6162637f" + String(repeating: "00", count: 22) + "abcd" + #""}]}"#
    return head
      + #""reasons":[{"stage":"frame","reason":"scid","count":1234,"passed_over":1231,"#
      + #""rule":"the spacecraft is one of frames.spacecraft_id (CCSDS 132.0-B-3 §4.1.2)","#
      + #""nearest":{"settings":[{"key":"frames.spacecraft_id","value":"0x2B"},{"key":"frames.ocf","leave_out":true}],"#
      + #""accepts":3,"of":3,"proof":"check","words":"their error control or their code fits then"},"#
      + #""units":[\#(unit)]}]}"#
  }
}

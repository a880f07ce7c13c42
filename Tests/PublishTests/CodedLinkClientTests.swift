import Publish
import Testing

@Suite("downlinkctl and links with coding", .serialized)
struct CodedLinkClientTests {
  private static let coding =
    #""coding":{"lock_state":"flywheel","lock_since":"2026-11-21T09:20:00.000000Z","locks_acquired":3,"#
    + #""locks_lost":2,"longest_lock_seconds":260.5,"marker":{"checked":12345,"bit_errors":1,"missed":2,"#
    + #""histogram":[12342,1,0,0,0]},"slips":1,"slips_late":1,"slips_early":0,"slip_bits":1,"inversions":1,"#
    + #""inverted":true,"skipped_bytes":4711,"symbol_errors":{"histogram":[49379,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0],"#
    + #""uncorrectable":0},"margin":{"worst_corrected_last_minute":15,"mean_corrected_last_minute":0.0003,"#
    + #""uncorrectable_last_minute":0,"correctable":16,"margin_symbols":1},"error_rates":{"symbols":1.2e-06}}"#

  private static func link(_ name: String, _ more: String...) -> String {
    let members = [
      #""name":"\#(name)","state":"receiving","transport":"tcp","listen":"modem:5000""#,
      #""totals":{"kernel_dropped":0,"frames":12345,"rejected":{},"missing":0}"#,
    ]
    return "{" + (members + more).joined(separator: ",") + "}"
  }

  private static let ledger =
    #""ledger":{"datagrams":{"received":0,"accepted":0,"kernel_dropped":0,"rejected":{}},"#
    + #""stream_bytes":{"received":15798915,"framed":15793600,"skipped":4711,"pending":604},"#
    + #""codewords":{"received":49380,"clean":49379,"corrected":1,"corrected_symbols":15,"uncorrectable":0},"#
    + #""codeblocks":{"received":12345,"decoded":12345,"uncorrectable":0,"refused":0,"refused_bytes":0,"flywheel":2},"#
    + #""frames":{"received":12345,"delivered":12345,"idle":0,"unlisted":0,"rejected":{}},"#
    + #""zone_bytes":{"received":0,"packets":0,"idle_packets":0,"pending":0,"discarded":{}},"#
    + #""packets":{"completed":0,"delivered":0,"idle":0,"rejected":{}}}"#

  @Test("status shows what became of stream, codeblocks and codewords, and lock and margin beside them")
  func printsStatus() throws {
    let status =
      #"{"state":"running","uptime_seconds":1.0,"accounting":{"balanced":true},"links":["#
      + Self.link("xband", Self.ledger, Self.coding) + #"],"problems":[]}"#
    let bench = try ClientBench(status: status)
    defer { bench.server.stop() }
    let text = try bench.run("status", "--socket", bench.path).text
    #expect(
      text.split(separator: "\n").dropFirst(2).prefix(9).joined(separator: "\n") == """
          datagrams                  0  = 0
          stream bytes      15,798,915  = 15,793,600 in units + 4,711 skipped + 604 pending
          lock                flywheel  acquired 3, lost 2, since 2026-11-21 09:20:00.000Z; 12,345 markers: \
        1 wrong bit, 2 missed, 1 slipped, 1 inverted anew, now inverted
          codeblocks            12,345  = 12,345 decoded
          codewords             49,380  = 49,379 clean + 1 corrected
          margin                     1  of 16 symbols left in the worst codeword of the last minute; \
        less than 0.01 corrected per codeword
          frames                12,345  = 12,345 delivered
          packet bytes               0  = 0
          packets                    0  = 0
        """)
  }

  @Test("the list of links has columns for lock and margin when a link has coding")
  func printsLinks() throws {
    let bench = try ClientBench(links: [Self.link("xband", Self.coding), Self.link("udp")])
    defer { bench.server.stop() }
    #expect(
      try bench.run("links", "--socket", bench.path).text == """
          link   state      input           lock       margin  frames/s  bit/s  frames  missing  rejected  \
        kernel drops  last frame
          xband  receiving  tcp modem:5000  flywheel  1 of 16         -      -  12,345        0         0  \
                   0       never
          udp    receiving  tcp modem:5000  -               -         -      -  12,345        0         0  \
                   0       never

        """)
  }

  @Test("health has the margin and the uncorrectable codewords among its figures")
  func printsHealth() throws {
    let bench = try ClientBench(state: "ok", links: [Self.link("xband", Self.coding)])
    defer { bench.server.stop() }
    #expect(
      try bench.run("health", "--socket", bench.path).text
        == "DOWNLINKD OK - 1 link, no problems | links=1 problems=0 xband_frames=12345c xband_missing=0c "
        + "xband_rejected=0c xband_kernel_dropped=0c xband_uncorrectable=0c xband_margin=1\n")
  }
}

import downlinkctl

/// A station made by hand: one link whose ledger has a branch of every kind, and one that is down.
enum Station {
  /// Its status. Datagrams 1,000 = 990 + 10. Frames 990 = 800 + 150 + 30 + 10. Bytes 80,000 = 70,000 + 9,000 + 1,000.
  /// Packets 500 = 490 + 10. Channel 0 has 750 of 760 frames (98.68 %), channel 1 does not count.
  static let status = #"""
    {"schema_version":1,"state":"running","uptime_seconds":3725.4,"config":{"path":"/etc/a.yaml"},
    "accounting":{"balanced":true},
    "links":[{"name":"dss1","state":"receiving","transport":"udp","as_of":"2026-03-01T04:12:09.250000Z",
    "last_frame":"2026-03-01T04:12:08.850000Z",
    "rates":{"last1min":{"frames_per_second":12.34,"bits_per_second":110000.0}},
    "totals":{"datagrams":1000,"kernel_dropped":7,"frames":990,"rejected":{"length":1,"fecf":29,"oversize":10},
    "missing":10,"packets":490},
    "latency":{"count":100,"buckets":[{"le_seconds":0.0005,"count":98},{"le_seconds":0.001,"count":1},{"count":1}]},
    "ledger":{"datagrams":{"received":1000,"accepted":990,"kernel_dropped":7,"rejected":{"oversize":10}},
    "frames":{"received":990,"delivered":800,"idle":150,"unlisted":0,"rejected":{"length":1,"fecf":29},"pending":10},
    "zone_bytes":{"received":80000,"packets":70000,"idle_packets":9000,"pending":0,"discarded":{"gap":1000}},
    "packets":{"completed":500,"delivered":490,"idle":10,"rejected":{},"abandoned":{"gap":3}}},
    "virtual_channels":[
    {"scid":42,"vcid":0,"service":"packet","frames":750,"gaps":4,"missing":10,"packets":490,"trust":"trusted"},
    {"scid":42,"vcid":1,"service":"vca","frames":50,"gaps":0,"missing":0,"trust":"frozen"}],
    "apids":[{"scid":42,"vcid":0,"apid":17,"packets":490,"bytes":70000,"gaps":2,"missing":5,"trust":"trusted"}]},
    {"name":"eo-x","state":"down","transport":"tcp","as_of":"2026-03-01T04:12:09.250000Z","totals":{}}],
    "problems":[{"code":"disconnected","severity":"critical","link":"eo-x","since":"2026-03-01T04:00:00.000000Z",
    "message":"there is no connection to the modem","meaning":"nothing is received","hint":"look at the modem"}]}
    """#

  static let event = #"""
    {"timestamp":"2026-03-01T04:12:08.100000Z","event_type":"frame_gap","severity":"notice","link":"dss1","scid":42,
    "vcid":0,"frame_gap":{"expected":3,"received":5,"missing":2}}
    """#

  static func picture(_ status: String = status) throws -> StationPicture {
    var picture = StationPicture()
    picture.version = "1.2.3"
    picture.station = "hoa-lac"
    picture.status = try DocumentReader.read(status)
    picture.events = [try DocumentReader.read(event)]
    picture.formats = ["dss1": "aos"]
    return picture
  }

  /// What somebody could put into every text that comes from the wire or a configuration.
  static let hostileTexts = [
    "\u{1B}[2J\u{1B}]0;owned\u{07}", "\u{9B}31m", "日本語日本語", "e\u{301}\u{301}\u{301}", "\u{202E}abc\u{202C}", "👩‍👩‍👧‍👦",
    "\r\n\t",
    "\u{200B}\u{FEFF}\u{AD}", String(repeating: "x", count: 5000), "",
  ]
}

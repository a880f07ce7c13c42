import Testing
import downlinkctl

@Suite("The screen of top: a value of what the station says, and the size")
struct ScreenTests {
  private func text(_ picture: StationPicture, _ view: ScreenView = ScreenView(), rows: Int, columns: Int) -> [String] {
    Screen(picture, view: view, rows: rows, columns: columns).lines.map { line in
      var text = line.text
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  @Test("in 24 rows of 80: the header, the links, the ledger of the first beside its channels, the keys")
  func fitsSmallWindow() throws {
    let expected = """
      downlinkd 1.2.3  hoa-lac  running for 1 h 2 min  the ledger balances   04:12:09Z
      host dropped 7  ! 1 problem, critical eo-x: there is no connection to the modem
        link  state      frames/s  missing   complete  rejected      host lost
      > dss1  receiving      12.3       10    98.68 %  40 (fecf 29)          7
        eo-x  down              -        0  not known  0                     0
      ─[ledger of dss1] 1-17 of 19 ─────  ── virtual channels of dss1 ────────────────
      datagrams                    1,000  scid:vcid  missing   complete  trust
      ├─ accepted                    990  42:0            10    98.68 %
      └─ × oversize                   10  42:1             0  not known  frozen
         × dropped by the kernel       7  ── APIDs of dss1 ───────────────────────────
      frames                         990  scid:vcid:apid  missing  complete  trust
      ├─ delivered                   800  42:0:17               5   98.98 %
      ├─ idle                        150
      ├─ held back                    10
      ├─ × length                      1
      └─ × fecf                       29
         × missing                    10
      bytes of packet zones       80,000
      ├─ in packets               70,000
      ├─ in idle packets           9,000
      └─ × gap                     1,000
      packets                        500
      ├─ delivered                   490
      q quit  ? help  ↑↓ link  Tab pane  p problems  e events  z zoom  s sort: as con…
      """
    #expect(text(try Station.picture(), rows: 24, columns: 80).joined(separator: "\n") == expected)
  }

  @Test("of the columns of the links the loss stays longest, then the rate, the share, the reasons")
  func dropsColumns() throws {
    let picture = try Station.picture()
    let headings = { (columns: Int) in
      text(picture, rows: 10, columns: columns)[2].split(separator: "  ").map { String($0.drop { $0 == " " }) }
    }
    #expect(headings(20) == ["link", "state"])
    #expect(headings(30) == ["link", "state", "missing"])
    #expect(headings(40) == ["link", "state", "frames/s", "missing"])
    #expect(headings(200).contains("latency"))
  }

  @Test("every size from 1 x 1 to 300 x 100 is filled, and nothing is longer than its row", .timeLimit(.minutes(10)))
  func fitsEverySize() throws {
    let picture = try Station.picture()
    for rows in 1...100 {
      for columns in 1...300 {
        var view = ScreenView()
        view.pane = ScreenView.Pane.allCases[(rows + columns) % ScreenView.Pane.allCases.count]
        view.isZoomed = columns % 3 == 0
        view.isHelpShown = columns % 13 == 0
        view.scrolled = rows * columns % 17
        view.order = ScreenView.Order.allCases[columns % ScreenView.Order.allCases.count]
        let lines = Screen(picture, view: view, rows: rows, columns: columns).lines
        try #require(lines.count == rows, "\(rows) x \(columns)")
        try #require(lines.allSatisfy { $0.cells.count <= columns }, "\(rows) x \(columns)")
      }
    }
  }

  @Test("no text of the station reaches the terminal but as characters of one column", arguments: Station.hostileTexts)
  func showsNothingHostile(hostile: String) throws {
    var escaped = ""
    for scalar in hostile.unicodeScalars where scalar != "\"" && scalar != "\\" {
      let digits = String(scalar.value, radix: 16)
      escaped += scalar.value < 0x20 ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : String(scalar)
    }
    let status = Station.status.replacing("dss1", with: escaped).replacing("there is no", with: escaped)
      .replacing("fecf", with: escaped).replacing("frozen", with: escaped).replacing("running", with: escaped)
    var picture = try Station.picture(status)
    picture.station = hostile
    picture.version = hostile
    picture.notice = hostile
    picture.events = [try DocumentReader.read(Station.event.replacing("frame_gap", with: escaped))]
    picture.formats = [hostile: hostile]
    for pane in ScreenView.Pane.allCases {
      var view = ScreenView()
      view.pane = pane
      for (rows, columns) in [(24, 80), (60, 200), (7, 33)] {
        let lines = Screen(picture, view: view, rows: rows, columns: columns).lines
        #expect(lines.allSatisfy { $0.cells.count <= columns })
        #expect(lines.allSatisfy { $0.cells.allSatisfy { Self.isHarmless($0.scalar) } })
      }
    }
    let plain = Screen.plainText(picture, view: ScreenView(), columns: 80)
    #expect(plain.allSatisfy { $0.unicodeScalars.count <= 80 && $0.unicodeScalars.allSatisfy(Self.isHarmless) })
  }

  /// One column everywhere: what Unicode calls neither a control, nor a format, nor a mark, nor wide.
  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark, .spacingMark, .lineSeparator, .paragraphSeparator,
      .surrogate, .privateUse, .unassigned:
      false
    default: scalar.value < 0x1100 || (0x1E00...0x25FF).contains(scalar.value)
    }
  }

  @Test("the branches of each level add up to what came in, as the document has it")
  func sumsBranches() throws {
    let lines = Screen.plainText(try Station.picture(), view: ScreenView(), columns: 100)
    let begin = try #require(lines.firstIndex(of: "ledger of dss1:"))
    var totals: [String: Int] = [:]
    var sums: [String: Int] = [:]
    var level = ""
    for line in lines[(begin + 1)...].prefix(while: { !$0.isEmpty }) {
      let figure = try #require(line.split(separator: " ").last.flatMap { Int($0.replacing(",", with: "")) })
      if line.hasPrefix("├") || line.hasPrefix("└") {
        sums[level, default: 0] += figure
      } else if !line.hasPrefix(" ") {
        level = String(line.prefix { !$0.isNumber }.split(separator: " ").joined(separator: " "))
        totals[level] = figure
      }
    }
    #expect(totals == ["datagrams": 1000, "frames": 990, "bytes of packet zones": 80_000, "packets": 500])
    #expect(sums == totals)
  }

  @Test("what has grown since the picture before is marked, and a daemon that is gone is told of in words")
  func marksChanges() throws {
    var picture = try Station.picture()
    picture.earlier = try DocumentReader.read(
      Station.status.replacing(#""missing":10,"packets":490}"#, with: #""missing":8}"#))
    #expect(text(picture, rows: 24, columns: 80)[3].contains("▲ 10 "))
    picture.earlier = picture.status
    #expect(!text(picture, rows: 24, columns: 80)[3].contains("▲"))
    picture.notice = "no answer for 3.0 s, trying again"
    picture.isStale = true
    let lines = text(picture, rows: 24, columns: 80)
    #expect(lines[0].contains("was running"))
    #expect(lines[1] == "! no answer for 3.0 s, trying again")
  }

  @Test("a pass under way is that of the status, with who has lost what is missing")
  func showsPass() throws {
    let status = #"""
      {"links":[{"name":"dss1","pass":{"id":"p2","link":"dss1","state":"running","aos":"2026-03-01T04:00:00.000000Z",
      "duration_seconds":60.0,"good_frames":97,"missing_frames":3,
      "losses":{"frames":3,"space_link":2,"host":1,"unknown":0}}}]}
      """#
    var picture = try Station.picture(status)
    let older = #"{"id":"p2","link":"dss1","state":"running","good_frames":1}"#
    let over = #"{"id":"p1","link":"dss1","state":"over","good_frames":5,"missing_frames":0}"#
    picture.passes = [try DocumentReader.read(older), try DocumentReader.read(over)]
    let lines = Screen.plainText(picture, view: ScreenView(), columns: 200)
    let begin = try #require(lines.firstIndex(of: "passes:"))
    #expect(
      lines[(begin + 1)...(begin + 3)].map { $0.split(separator: "  ").map { String($0.drop { $0 == " " }) } } == [
        ["link", "state", "acquisition", "duration", "frames", "missing", "complete", "lost by"],
        [
          "dss1", "running", "2026-03-01 04:00:00.000Z", "1 min 0 s", "97", "3", "97.00 %", "space link 2, this host 1",
        ],
        ["dss1", "over", "-", "-", "5", "0", "100.00 %"],
      ])
    #expect(lines[begin + 4].isEmpty)
  }

  @Test("without anything said, or with figures beyond all bounds, there is a screen all the same")
  func survivesOddDocuments() throws {
    let odd = [
      "{}", "[]", "null", #"{"links":[]}"#, #"{"links":[{}]}"#, #"{"links":[1,null,"a"]}"#,
      Station.status.replacing("990", with: "9223372036854775807").replacing("10", with: "9223372036854775807"),
      Station.status.replacing("990", with: "-9223372036854775808").replacing("12.34", with: "1e308"),
      Station.status.replacing("2026-03-01T04", with: "nonsense"),
    ]
    for status in odd {
      let picture = try Station.picture(status)
      for pane in ScreenView.Pane.allCases {
        var view = ScreenView()
        view.pane = pane
        view.order = .worst
        #expect(Screen(picture, view: view, rows: 24, columns: 80).lines.count == 24)
      }
      #expect(!Screen.plainText(picture, view: ScreenView(), columns: 80).isEmpty)
    }
  }
}

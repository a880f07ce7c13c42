import Testing
import downlinkctl

@Suite("What goes to the terminal when a screen changes")
struct ScreenDrawingTests {
  /// As much of a terminal as the drawing needs: ECMA-48 CUP, ED 2 and SGR. Anything else is counted as foreign.
  private struct Emulator {
    var rows: [[Unicode.Scalar]]
    var foreignCount = 0
    private var cursor = (row: 0, column: 0)

    init(rows: Int, columns: Int) { self.rows = Array(repeating: Array(repeating: "#", count: columns), count: rows) }

    mutating func feed(_ text: String) {
      var rest = Array(text.unicodeScalars)[...]
      while let scalar = rest.popFirst() {
        guard scalar == "\u{1B}" else {
          guard cursor.row < rows.count, cursor.column < rows[0].count else {
            foreignCount += 1
            continue
          }
          rows[cursor.row][cursor.column] = scalar
          cursor.column += 1
          continue
        }
        guard rest.popFirst() == "[", let end = rest.firstIndex(where: { $0.properties.isAlphabetic }) else {
          foreignCount += 1
          return
        }
        let parameters = String(String.UnicodeScalarView(rest[..<end])).split(separator: ";").compactMap { Int($0) }
        switch rest[end] {
        case "H": cursor = (parameters[0] - 1, parameters[1] - 1)
        case "J": rows = rows.map { $0.map { _ in " " } }
        case "m": break
        default: foreignCount += 1
        }
        rest = rest[(end + 1)...]
      }
    }

    var text: [String] { rows.map { String(String.UnicodeScalarView($0)) } }
  }

  @Test("whatever was shown before, the terminal shows the screen, in every size on the way")
  func arrives() throws {
    var drawing = ScreenDrawing(.init(hasColours: true, isUnicode: true))
    let picture = try Station.picture()
    for (rows, columns) in [(24, 80), (24, 80), (60, 200), (1, 1), (10, 40), (24, 80)] {
      var emulator = Emulator(rows: rows, columns: columns)
      for pane in ScreenView.Pane.allCases {
        var view = ScreenView()
        view.pane = pane
        let screen = Screen(picture, view: view, rows: rows, columns: columns)
        if pane == .ledger { drawing.forget() }
        emulator.feed(drawing.update(screen.lines, rows: rows, columns: columns))
        let expected = screen.lines.map { $0.text + String(repeating: " ", count: columns - $0.cells.count) }
        #expect(emulator.text == expected)
      }
      #expect(emulator.foreignCount == 0)
    }
  }

  @Test("what is the same is not drawn again; of a row only what differs")
  func drawsDifferences() {
    var drawing = ScreenDrawing(.init(hasColours: true, isUnicode: true))
    _ = drawing.update([ScreenLine("abcdef"), ScreenLine("ghi")], rows: 2, columns: 8)
    #expect(drawing.update([ScreenLine("abcdef"), ScreenLine("ghi")], rows: 2, columns: 8) == "")
    #expect(
      drawing.update([ScreenLine("abXYef"), ScreenLine("ghi")], rows: 2, columns: 8)
        == "\u{1B}[1;3H\u{1B}[0mXY\u{1B}[0m")
    #expect(
      drawing.update([ScreenLine("abXYef"), ScreenLine("g", .alarm)], rows: 2, columns: 8)
        == "\u{1B}[2;1H\u{1B}[0;1;31mg\u{1B}[0m  \u{1B}[0m")
  }

  @Test("without colours there is none, and without Unicode nothing but ASCII")
  func drawsPlainly() throws {
    var drawing = ScreenDrawing(.init(hasColours: false, isUnicode: false))
    let screen = Screen(try Station.picture(), view: ScreenView(), rows: 24, columns: 80)
    let text = drawing.update(screen.lines, rows: 24, columns: 80)
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(!text.contains(/\x1B\[[0-9;]*3[0-9]/))
    #expect(text.contains("`- x oversize"))
  }
}

import Testing
import downlinkctl

@Suite("What keys do to the screen of top")
struct ScreenViewTests {
  private let links = ["a", "b", "c"]

  private func view(after keys: Key...) -> ScreenView {
    var view = ScreenView()
    for key in keys { _ = view.press(key, links: links) }
    return view
  }

  @Test("arrows, j and k choose a link, and stop at the ends")
  func selects() {
    #expect(view(after: .down).link == "b")
    #expect(view(after: .character("j"), .down, .down, .down).link == "c")
    #expect(view(after: .down, .character("k"), .up, .up).link == "a")
    var view = ScreenView()
    #expect(view.press(.down, links: []) == nil)
    #expect(view.link == nil)
    view.link = "gone"
    _ = view.press(.down, links: links)
    #expect(view.link == "b")
  }

  @Test("Tab goes through the panes and round, Shift-Tab back")
  func turns() {
    #expect(view(after: .tab).pane == .channels)
    #expect(view(after: .backTab).pane == .events)
    #expect(view(after: .tab, .tab, .tab, .tab, .tab, .tab, .tab).pane == .ledger)
  }

  @Test("p and e show problems and events alone, and again what was there")
  func zooms() {
    #expect(view(after: .character("p")).pane == .problems)
    #expect(view(after: .character("p")).isZoomed)
    #expect(!view(after: .character("p"), .character("p")).isZoomed)
    #expect(view(after: .character("p"), .character("e")).pane == .events)
    #expect(view(after: .character("p"), .character("e")).isZoomed)
    #expect(!view(after: .character("e"), .escape).isZoomed)
  }

  @Test("p again gives the room back to the pane that had it, and Escape always to the ledger")
  func goesBack() {
    #expect(view(after: .character("p"), .character("p")).pane == .ledger)
    #expect(view(after: .character("p"), .character("p"), .tab).pane == .channels)
    #expect(view(after: .character("p"), .character("p"), .tab, .tab).pane == .apids)
    #expect(view(after: .tab, .character("p"), .character("e"), .character("e")).pane == .channels)
    #expect(view(after: .tab, .character("z"), .character("p"), .character("p")).isZoomed)
    #expect(view(after: .character("p"), .enter, .character("p"), .character("p")).pane == .ledger)
    #expect(view(after: .character("p"), .escape).pane == .ledger)
    #expect(view(after: .tab, .tab, .escape) == ScreenView())
  }

  @Test("a page is scrolled by, never before the beginning, and another pane begins at its beginning")
  func scrolls() {
    #expect(view(after: .pageDown, .pageUp, .pageUp).scrolled == 0)
    #expect(view(after: .pageDown).scrolled == 10)
    #expect(view(after: .pageDown, .character("+")).scrolled == 11)
    #expect(view(after: .pageDown, .home).scrolled == 0)
    #expect(view(after: .pageDown, .tab).scrolled == 0)
  }

  @Test("s goes through the orders, ? explains until any key, q asks to end")
  func asks() {
    #expect(view(after: .character("s")).order == .worst)
    #expect(view(after: .character("s"), .character("s"), .character("s")).order == .station)
    #expect(view(after: .character("?")).isHelpShown)
    #expect(!view(after: .character("?"), .escape).isHelpShown)
    #expect(view(after: .character("?"), .down).link == "b")
    var view = ScreenView()
    #expect(view.press(.character("q"), links: links) == .quit)
    #expect(view.press(.character("r"), links: links) == .refresh)
    #expect(view.press(.character("n"), links: links) == .nextStation)
  }

  @Test("links stand as configured, by name, or those that need somebody first")
  func sorts() throws {
    let picture = try Station.picture(
      #"""
      {"links":[{"name":"m"},{"name":"z","virtual_channels":[{"frames":9,"missing":1,"trust":"trusted"}]},{"name":"a"}],
      "problems":[{"link":"a","severity":"warning"}]}
      """#)
    #expect(picture.linkNames(in: .station) == ["m", "z", "a"])
    #expect(picture.linkNames(in: .name) == ["a", "m", "z"])
    #expect(picture.linkNames(in: .worst) == ["a", "z", "m"])
  }

  @Test("keys come out of the bytes of a terminal, wherever these are cut")
  func decodes() {
    // ECMA-48 control sequences, as xterm sends them: arrows, Shift-Tab, Page Up, Page Down with Control, Home.
    let bytes = Array("q\u{1B}[A\u{1B}OB\u{1B}[Z\u{1B}[5~\u{1B}[6;5~\u{1B}[H\tz\r".utf8)
    let keys: [Key] = [.character("q"), .up, .down, .backTab, .pageUp, .pageDown, .home, .tab, .character("z"), .enter]
    for cut in 0...bytes.count {
      var decoder = KeyDecoder()
      let found = decoder.keys(in: bytes[..<cut]) + decoder.keys(in: bytes[cut...])
      // An escape at the end of what was read is taken for the key, as well.
      #expect(found.filter { $0 != .escape } == keys, "cut at \(cut)")
    }
    var decoder = KeyDecoder()
    #expect(decoder.keys(in: [0x1B]) == [.escape])
    #expect(decoder.keys(in: Array("q".utf8)) == [.character("q")])
    #expect(decoder.keys(in: Array(repeating: 0x1B, count: 3)) == [.escape, .escape, .escape])
    _ = decoder.keys(in: [0x1B, 0x5B] + Array(repeating: 0x31, count: 100_000))
    #expect(decoder.keys(in: Array("mq".utf8)) == [.character("q")])
    #expect(decoder.keys(in: [0xFF, 0x00, 0x80]).isEmpty)
  }
}

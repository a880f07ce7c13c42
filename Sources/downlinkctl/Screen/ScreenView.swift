/// What the person at the screen has chosen: a value that keys change.
package struct ScreenView: Equatable, Sendable {
  /// A part of the screen.
  package enum Pane: String, CaseIterable, Sendable {
    case ledger, channels, apids, problems, alarms, passes, events
  }

  /// In which order the links stand.
  package enum Order: String, CaseIterable, Sendable {
    case station = "as configured"
    case worst = "worst first"
    case name = "by name"
  }

  /// What a key asks the program for, beyond another view.
  package enum Request: Sendable {
    case quit, refresh, nextStation
  }

  /// The link whose ledger is shown, by name; without one, or when it is not there, the first.
  package var link: String?
  /// The pane that has the room, and scrolls.
  package var pane = Pane.ledger
  /// Whether that pane is all there is below the links.
  package var isZoomed = false
  /// Whether the keys are explained instead.
  package var isHelpShown = false
  /// In which order the links stand.
  package var order = Order.station
  /// How many lines of the pane were scrolled away.
  package var scrolled = 0

  /// What has the room.
  private struct Place: Equatable {
    var pane: Pane
    var isZoomed: Bool
  }

  /// Where a key that shows one pane goes back to; absent when no such key was pressed.
  private var before: Place?

  package init() {}

  /// Takes a key.
  ///
  /// - Parameters:
  ///   - links: The names as they stand on the screen.
  ///   - page: How many lines a page of a pane has.
  package mutating func press(_ key: Key, links: [String], page: Int = 10) -> Request? {
    if isHelpShown, key != .character("q") {
      isHelpShown = false
      return key == .character("?") || key == .escape ? nil : press(key, links: links, page: page)
    }
    switch key {
    case .character("q"): return .quit
    case .character("r"): return .refresh
    case .character("n"): return .nextStation
    case .character("?"), .character("h"): isHelpShown = true
    case .up, .character("k"): select(-1, of: links)
    case .down, .character("j"): select(1, of: links)
    case .tab, .right: turn(1)
    case .backTab, .left: turn(-1)
    case .pageDown, .character(" "): scrolled = min(scrolled + max(1, page), Self.mostScrolled)
    case .pageUp, .character("b"): scrolled = max(0, scrolled - max(1, page))
    case .character("+"): scrolled = min(scrolled + 1, Self.mostScrolled)
    case .character("-"): scrolled = max(0, scrolled - 1)
    case .home: scrolled = 0
    case .enter, .character("z"): isZoomed.toggle()
    case .character("p"): zoom(.problems)
    case .character("e"): zoom(.events)
    case .character("s"): order = Self.next(of: order, 1)
    case .escape: (pane, isZoomed, scrolled, before) = (.ledger, false, 0, nil)
    case .character: break
    }
    return nil
  }

  /// Shows nothing but this pane, or again what was there before.
  private mutating func zoom(_ pane: Pane) {
    scrolled = 0
    if isZoomed, self.pane == pane {
      let back = before ?? Place(pane: pane, isZoomed: false)
      (self.pane, isZoomed, before) = (back.pane, back.isZoomed, nil)
    } else {
      before = before ?? Place(pane: self.pane, isZoomed: isZoomed)
      (self.pane, isZoomed) = (pane, true)
    }
  }

  private mutating func turn(_ step: Int) { (pane, scrolled, before) = (Self.next(of: pane, step), 0, nil) }

  private mutating func select(_ step: Int, of links: [String]) {
    guard !links.isEmpty else { return }
    let current = link.flatMap(links.firstIndex) ?? 0
    link = links[max(0, min(links.count - 1, current + step))]
    scrolled = 0
  }

  private static func next<Choice: CaseIterable & Equatable>(of choice: Choice, _ step: Int) -> Choice {
    let all = Array(Choice.allCases)
    let index = all.firstIndex(of: choice) ?? 0
    return all[(index + step + all.count) % all.count]
  }

  private static let mostScrolled = 1_000_000
}

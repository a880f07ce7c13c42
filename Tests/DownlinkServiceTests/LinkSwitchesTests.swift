import CCSDSLink
import DownlinkService
import StationConfiguration
import Testing

@Suite("Which links are to hear")
struct LinkSwitchesTests {
  private static func link(_ name: String, isEnabled: Bool = true) -> LinkConfiguration {
    let parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 64)
    var link = LinkConfiguration(name: name, parameters: .frames(parameters))
    link.isEnabled = isEnabled
    return link
  }

  /// Whether a link hears that was told so by command, or not, when it was as `before` in the configuration and is as
  /// `after`.
  private static func hears(_ command: Bool?, before: Bool, after: Bool) -> Bool {
    var switches = LinkSwitches()
    if let command { switches.set("a", to: command) }
    switches.reload(from: [link("a", isEnabled: before)], to: [link("a", isEnabled: after)])
    return switches.isEnabled(link("a", isEnabled: after))
  }

  @Test("as the configuration says, as long as nobody says otherwise", arguments: [true, false])
  func followsConfiguration(isEnabled: Bool) {
    #expect(LinkSwitches().isEnabled(Self.link("a", isEnabled: isEnabled)) == isEnabled)
    for before in [true, false] { #expect(Self.hears(nil, before: before, after: isEnabled) == isEnabled) }
  }

  @Test("a command counts at once, for its link")
  func followsCommand() {
    var switches = LinkSwitches()
    switches.set("a", to: false)
    switches.set("b", to: true)
    #expect(!switches.isEnabled(Self.link("a")))
    #expect(switches.isEnabled(Self.link("b", isEnabled: false)))
    #expect(switches.isEnabled(Self.link("c")))
    switches.set("a", to: true)
    #expect(switches.isEnabled(Self.link("a")))
  }

  @Test("what was disabled by command stays so over every reload", arguments: [true, false], [true, false])
  func staysDisabled(before: Bool, after: Bool) {
    #expect(!Self.hears(false, before: before, after: after))
  }

  @Test("what was enabled by command stays so, unless this very configuration disables it")
  func staysEnabled() {
    #expect(Self.hears(true, before: false, after: false))
    #expect(Self.hears(true, before: false, after: true))
    #expect(Self.hears(true, before: true, after: true))
    #expect(!Self.hears(true, before: true, after: false))
  }

  @Test("a link that goes and comes back is another one")
  func forgetsLinks() {
    var switches = LinkSwitches()
    switches.set("a", to: false)
    switches.reload(from: [Self.link("a")], to: [Self.link("b")])
    switches.reload(from: [Self.link("b")], to: [Self.link("a")])
    #expect(switches.isEnabled(Self.link("a")))
    #expect(switches == LinkSwitches())
  }

  @Test("those that would hear but for a command are named")
  func namesDisabled() {
    var switches = LinkSwitches()
    switches.set("a", to: false)
    switches.set("b", to: false)
    switches.set("c", to: true)
    let links = [
      Self.link("a"), Self.link("b", isEnabled: false), Self.link("c", isEnabled: false), Self.link("d"),
    ]
    #expect(switches.disabledByCommand(among: links) == ["a"])
  }
}

import CCSDSLink
import CCSDSWire
import LinkHealth
import Publish

/// The virtual channels and application processes that somebody asks for.
struct ChannelFilter {
  private let spacecraftID: Int?
  private let virtualChannelID: Int?
  private let applicationProcessID: Int?

  init(_ arguments: StatusArguments) throws(StatusError) {
    spacecraftID = try arguments.count("scid")
    virtualChannelID = try arguments.count("vcid")
    applicationProcessID = try arguments.count("apid")
  }

  /// An object for each channel of a link that is asked for.
  func virtualChannels(of link: LinkStatus) -> [String] {
    link.snapshot.ledger.virtualChannels.filter { accepts($0.identity) }.map { channel in
      link.object { channel.write(to: &$0) }
    }
  }

  /// An object for each application process of a link that is asked for.
  func applicationProcesses(of link: LinkStatus) -> [String] {
    let channels = link.snapshot.ledger.virtualChannels
    return link.snapshot.ledger.applicationProcesses.filter {
      Self.fits($0.applicationProcessID.rawValue, applicationProcessID) && accepts(channels[$0.virtualChannel].identity)
    }.map { process in
      link.object { process.write(to: &$0, channels[process.virtualChannel].identity) }
    }
  }

  private func accepts(_ identity: VirtualChannelIdentity) -> Bool {
    Self.fits(identity.spacecraftID.rawValue, spacecraftID)
      && Self.fits(identity.virtualChannelID.rawValue, virtualChannelID)
  }

  private static func fits(_ value: some FixedWidthInteger, _ wanted: Int?) -> Bool {
    wanted.map { $0 == value } ?? true
  }
}

extension LinkStatus {
  /// An object that begins with the name of the link.
  fileprivate func object(_ members: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.object {
      $0.member("link", snapshot.name)
      members(&$0)
    }
    return json.text
  }
}

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

  /// The place of one row: of which link, and which one there. There may be very many, and few of them on a page.
  struct Row {
    let link: Int
    let index: Int
  }

  /// The channels of these links that are asked for.
  func virtualChannels(of links: [LinkStatus]) -> [Row] {
    links.enumerated().flatMap { link, status in
      let channels = status.snapshot.ledger.virtualChannels
      return channels.indices.filter { accepts(channels[$0].identity) }.map { Row(link: link, index: $0) }
    }
  }

  /// The application processes of these links that are asked for.
  func applicationProcesses(of links: [LinkStatus]) -> [Row] {
    links.enumerated().flatMap { link, status in
      let channels = status.snapshot.ledger.virtualChannels
      let processes = status.snapshot.ledger.applicationProcesses
      return processes.indices.filter {
        Self.fits(processes[$0].applicationProcessID.rawValue, applicationProcessID)
          && accepts(channels[processes[$0].virtualChannel].identity)
      }.map { Row(link: link, index: $0) }
    }
  }

  /// The object of a channel of one of these links.
  static func virtualChannel(_ row: Row, of links: [LinkStatus]) -> String {
    let snapshot = links[row.link].snapshot
    return links[row.link].object { snapshot.ledger.virtualChannels[row.index].write(to: &$0, snapshot.leapSeconds) }
  }

  /// The object of an application process of one of these links.
  static func applicationProcess(_ row: Row, of links: [LinkStatus]) -> String {
    let ledger = links[row.link].snapshot.ledger
    let process = ledger.applicationProcesses[row.index]
    return links[row.link].object { process.write(to: &$0, ledger.virtualChannels[process.virtualChannel].identity) }
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

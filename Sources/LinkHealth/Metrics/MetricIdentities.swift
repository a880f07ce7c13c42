import CCSDSLink
import CCSDSWire

/// Which identifiers of a link have series of their own: those that its configuration names, seen or not.
///
/// What the wire says makes no series, whatever it says: all others are counted together.
package struct MetricIdentities: Sendable {
  /// A virtual channel: what it is called, and where it is in the ledger, played back and expedited ones included.
  struct Channel: Sendable {
    let scid: String
    let vcid: String
    let places: [Int]
  }

  /// A spacecraft, and where it is in the ledger.
  struct MasterChannel: Sendable {
    let scid: String
    let place: Int?
  }

  /// An application process of a spacecraft, on all of its virtual channels.
  struct ApplicationProcess: Sendable {
    let scid: String
    let apid: String
    let places: [Int]
  }

  let masterChannels: [MasterChannel]
  let channels: [Channel]
  let otherChannels: [Int]
  let applicationProcesses: [ApplicationProcess]
  let otherApplicationProcesses: [Int]

  init(_ snapshot: LinkSnapshot, _ listed: [ApplicationProcessID]) {
    let ledger = snapshot.ledger
    let spacecraft = Self.spacecraft(of: snapshot.parameters)
    masterChannels = spacecraft.map { id in
      MasterChannel(
        scid: String(id.rawValue), place: ledger.masterChannels.firstIndex { $0.spacecraftID == id })
    }
    var places: [ChannelKey: [Int]] = [:]
    for (place, channel) in ledger.virtualChannels.enumerated() {
      places[ChannelKey(channel.identity), default: []].append(place)
    }
    channels = Self.channels(of: snapshot.parameters, spacecraft).map { key in
      Channel(
        scid: String(key.spacecraftID.rawValue), vcid: String(key.virtualChannelID.rawValue),
        places: places.removeValue(forKey: key) ?? [])
    }
    otherChannels = places.values.flatMap { $0 }.sorted()
    var processes: [ProcessKey: [Int]] = [:]
    for (place, process) in ledger.applicationProcesses.enumerated() {
      let spacecraftID = ledger.virtualChannels[process.virtualChannel].identity.spacecraftID
      processes[ProcessKey(spacecraftID: spacecraftID, id: process.applicationProcessID), default: []].append(place)
    }
    applicationProcesses = spacecraft.flatMap { id in
      listed.map { listed in
        ApplicationProcess(
          scid: String(id.rawValue), apid: String(listed.rawValue),
          places: processes.removeValue(forKey: ProcessKey(spacecraftID: id, id: listed)) ?? [])
      }
    }
    otherApplicationProcesses = processes.values.flatMap { $0 }.sorted()
  }

  private struct ChannelKey: Hashable {
    let spacecraftID: SpacecraftID
    let virtualChannelID: VirtualChannelID

    init(_ spacecraftID: SpacecraftID, _ virtualChannelID: VirtualChannelID) {
      self.spacecraftID = spacecraftID
      self.virtualChannelID = virtualChannelID
    }

    init(_ identity: VirtualChannelIdentity) { self.init(identity.spacecraftID, identity.virtualChannelID) }
  }

  private struct ProcessKey: Hashable {
    let spacecraftID: SpacecraftID
    let id: ApplicationProcessID
  }

  /// The spacecraft that are named, in their order. Packets that come without frames are of none, which the ledger
  /// calls 0.
  private static func spacecraft(of parameters: LinkParameters) -> [SpacecraftID] {
    switch parameters {
    case .frames(let channel):
      Set(channel.spacecraftIDs + channel.virtualChannels.compactMap(\.spacecraftID)).sorted()
    case .packets: [SpacecraftID(0)]
    }
  }

  /// The virtual channels that are named, in their order.
  private static func channels(of parameters: LinkParameters, _ spacecraft: [SpacecraftID]) -> [ChannelKey] {
    guard case .frames(let channel) = parameters else {
      return [ChannelKey(SpacecraftID(0), VirtualChannelID(0))]
    }
    let named = channel.virtualChannels.flatMap { virtualChannel in
      (virtualChannel.spacecraftID.map { [$0] } ?? spacecraft).map {
        ChannelKey($0, virtualChannel.virtualChannelID)
      }
    }
    return Set(named).sorted {
      ($0.spacecraftID, $0.virtualChannelID) < ($1.spacecraftID, $1.virtualChannelID)
    }
  }
}

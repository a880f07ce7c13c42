package import CCSDSWire

/// Who has counters of their own on a link, by index: the same for what receives the frames and for what keeps the
/// account.
package struct LinkRoster: Equatable {
  /// An application process on a virtual channel.
  package struct ApplicationProcess: Equatable {
    /// The index of its virtual channel.
    package var virtualChannel: Int
    /// Its own identifier.
    package var id: ApplicationProcessID

    package init(virtualChannel: Int, id: ApplicationProcessID) {
      self.virtualChannel = virtualChannel
      self.id = id
    }
  }

  /// The spacecraft.
  package var masterChannels: [SpacecraftID]
  /// The virtual channels of all of them.
  package var virtualChannels: [VirtualChannelIdentity]
  /// The application processes on all virtual channels; absent where an index stands for none.
  package var applicationProcesses: [ApplicationProcess?]

  package init(
    masterChannels: [SpacecraftID], virtualChannels: [VirtualChannelIdentity],
    applicationProcesses: [ApplicationProcess?]
  ) {
    self.masterChannels = masterChannels
    self.virtualChannels = virtualChannels
    self.applicationProcesses = applicationProcesses
  }
}

extension LinkRoster {
  /// The roster of those who receive the frames or packets.
  init(_ masterChannels: [SpacecraftID], _ channels: [VirtualChannel], applicationProcessCount: Int) {
    self.init(
      masterChannels: masterChannels, virtualChannels: channels.map(\.identity),
      applicationProcesses: Array(repeating: nil, count: applicationProcessCount))
    for channel in channels {
      for entry in channel.applicationProcesses.entries where entry.index < applicationProcessCount {
        applicationProcesses[entry.index] = ApplicationProcess(
          virtualChannel: channel.index, id: entry.applicationProcess)
      }
    }
  }
}

import CCSDSWire
import Dispatch
import Publish
import StationConfiguration

/// All links of a configuration with their sockets: built beside the ones that run, and put in their place at once.
struct LinkSet: Sendable {
  struct Entry: Sendable {
    let configuration: LinkConfiguration
    let owner: LinkOwner
    let key: SocketKey
    let isEnabled: Bool
    /// What its packets mean, if that is known.
    let mission: LoadedMission?
  }

  /// In the order of the configuration.
  private(set) var entries: [Entry] = []
  private(set) var groups: [SocketKey: LinkGroup] = [:]

  /// Nothing at all.
  init() {}

  /// The links of a configuration, in the place of others: those that are the same go on, and so do sockets whose
  /// address and port are the same. Opens all that is new; when any of it fails, nothing has changed.
  ///
  /// - Parameters:
  ///   - isEnabled: Whether a link is to hear.
  ///   - bound: Sockets that may be gone on with.
  ///   - heritage: What an earlier process has left.
  ///   - missions: What the packets of links mean.
  ///   - suppressed: Is told how many events of the new links were not written.
  ///   - leapSeconds: By which the new links read times on board.
  ///   - passes: What is to be known of the passes of a new link.
  ///   - emit: Takes the events of the new links.
  init(
    _ links: [LinkConfiguration], from current: LinkSet, bound: BoundSockets = BoundSockets(),
    heritage: LinkHeritage = .none, missions: MissionLibrary = MissionLibrary(),
    isEnabled: (LinkConfiguration) -> Bool,
    suppressed: SuppressedCounts = SuppressedCounts(), leapSeconds: LeapSecondTable = .builtIn,
    passes: (LinkConfiguration) -> LinkPasses? = { _ in nil },
    emit: @escaping @Sendable (EventRecord) -> Void
  ) throws(ServiceErrors) {
    var queues: [SocketKey: DispatchQueue] = [:]
    for entry in current.entries { queues[entry.key] = entry.owner.executor.queue }
    for link in links {
      let key = SocketKey(of: link)
      let queue = queues[key] ?? DispatchQueue(label: "downlinkd.link." + link.name)
      queues[key] = queue
      let kept = current.entries.first { $0.configuration.hears(as: link) }?.owner
      // One that comes in the place of another inherits from that when it has ended.
      let life = current[link.name] == nil ? heritage.life(of: link.name) : nil
      let owner =
        kept
        ?? LinkOwner(
          link, queue: queue, life: life, mission: missions[link.name], suppressed: suppressed,
          leapSeconds: leapSeconds, passes: passes(link), emit: emit)
      entries.append(
        Entry(
          configuration: link, owner: owner, key: key, isEnabled: isEnabled(link), mission: missions[link.name]))
    }
    try openGroups(from: current, queues, bound, heritage)
  }

  private mutating func openGroups(
    from current: LinkSet, _ queues: [SocketKey: DispatchQueue], _ bound: BoundSockets, _ heritage: LinkHeritage
  ) throws(ServiceErrors) {
    var failures: [ServiceError] = []
    // What others may refuse comes before what goes on with a socket that is there.
    let isThere = { (entry: Entry) in current.groups[entry.key]?.input != nil }
    for entry in entries.filter({ !isThere($0) }) + entries.filter(isThere) where groups[entry.key] == nil {
      let members = entries.filter { $0.key == entry.key }.map {
        LinkGroup.Member(owner: $0.owner, isEnabled: $0.isEnabled)
      }
      let old = current.groups[entry.key]
      if let old, old.isSame(as: members) {
        groups[entry.key] = old
        continue
      }
      guard let queue = queues[entry.key] else { continue }
      do throws(ServiceError) {
        groups[entry.key] = try LinkGroup(
          entry.key, members, queue: queue, bound: old?.socketToHandOver ?? bound, heritage: heritage)
      } catch {
        failures.append(error)
        groups[entry.key] = old
      }
    }
    if let errors = ServiceErrors(failures) { throw errors }
  }

  /// The link of this name.
  subscript(name: String) -> Entry? { entries.first { $0.owner.name == name } }

  /// What the packets of its links mean, of those of which it is known.
  var missions: [(link: String, source: ParameterSource, mission: LoadedMission)] {
    entries.compactMap { entry in entry.mission.map { (entry.owner.name, entry.owner.parameterSource, $0) } }
  }
}

/// All that keeps something from being done.
struct ServiceErrors: Error {
  let first: ServiceError
  let rest: ArraySlice<ServiceError>

  /// Nothing when there is none.
  init?(_ errors: [ServiceError]) {
    guard let first = errors.first else { return nil }
    (self.first, rest) = (first, errors.dropFirst())
  }
}

extension LinkConfiguration {
  /// Whether a link of this configuration can go on as one of the other: they differ at most in whether they are to
  /// hear at all, in what people are told, in what their packets mean, and in where their frames go besides.
  func hears(as other: LinkConfiguration) -> Bool {
    var changed = self
    (changed.isEnabled, changed.description) = (other.isEnabled, other.description)
    (changed.mission, changed.sinks) = (other.mission, other.sinks)
    return changed == other
  }
}

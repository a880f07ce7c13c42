internal import CLinux
internal import Glibc

/// The multicast group that a socket is in: on which interfaces, and from which sources.
///
/// When an interface goes away the kernel forgets the membership, and says nothing; one that comes by the same name is
/// another. So the owner of the socket looks after it once in a while.
package struct GroupMembership {
  /// What became of a membership.
  package enum Change: Equatable, Sendable {
    /// The interface is gone, and the group with it.
    case lost(interface: String)
    /// The group has been joined again.
    case regained(interface: String)
    /// There is an interface again, and the group cannot be joined on it.
    case refused(interface: String, errno: Int32)
  }

  /// One interface, and the membership there.
  private struct Place {
    /// Absent for the kernel's choice.
    let name: String?
    /// Where the group was joined; absent where it is not, or nobody has looked yet.
    var index: UInt32?
    var isLost = false

    var label: String { name ?? "the default interface" }
  }

  private let group: Endpoint
  private let sources: [Endpoint]
  private var places: [Place]

  /// - Returns: Nothing for a socket that is in no group.
  package init?(_ input: UDPInput) throws(IngestError) {
    guard let name = input.group else { return nil }
    group = try Endpoint(host: name, port: input.port)
    var sources: [Endpoint] = []
    for source in input.sources { sources.append(try Endpoint(host: source, port: 0)) }
    self.sources = sources
    places = input.interfaces.isEmpty ? [Place(name: nil)] : input.interfaces.map { Place(name: $0) }
  }

  /// The interfaces on which the group is not joined.
  package var lostInterfaces: [String] { places.filter(\.isLost).map(\.label) }

  /// Joins the group everywhere; before the socket is bound, unless it was handed over and is a member already.
  package mutating func join(_ descriptor: Int32, description: String) throws(IngestError) {
    var address = group.address
    try check(unsafe clinux_prepare_group(descriptor, &address), "setsockopt", description)
    for number in places.indices {
      guard let index = Self.index(of: places[number]) else {
        throw .system(call: "join", errno: ENODEV, address: description)
      }
      if case .refused(let errno) = join(descriptor, on: index) {
        throw .system(call: "join", errno: errno, address: description)
      }
      places[number].index = index
    }
  }

  /// Joins again what was lost. To be called once a second or so; costs a few system calls.
  package mutating func renew(_ descriptor: Int32) -> [Change] {
    places.indices.compactMap { renew(descriptor, at: $0) }
  }

  private mutating func renew(_ descriptor: Int32, at number: Int) -> Change? {
    let place = places[number]
    guard let index = Self.index(of: place) else {
      // The socket still has an entry of the old interface, of which it may have but few.
      if let old = place.index { leave(descriptor, on: old) }
      places[number].index = nil
      return setLost(true, at: number) ? .lost(interface: place.label) : nil
    }
    guard index != 0 else { return renewByChoice(descriptor, at: number) }
    guard index != place.index else { return nil }
    if let old = place.index { leave(descriptor, on: old) }
    if case .refused(let errno) = join(descriptor, on: index) {
      places[number].index = nil
      return setLost(true, at: number) ? .refused(interface: place.label, errno: errno) : nil
    }
    places[number].index = index
    // Where nobody had looked before, the socket was a member all the time.
    let isAnother = place.index != nil
    return setLost(false, at: number) || isAnother ? .regained(interface: place.label) : nil
  }

  /// Where the kernel chooses, only joining again shows whether there is a membership.
  private mutating func renewByChoice(_ descriptor: Int32, at number: Int) -> Change? {
    let label = places[number].label
    switch join(descriptor, on: 0) {
    case .wasMember:
      places[number].index = 0
      return setLost(false, at: number) ? .regained(interface: label) : nil
    case .refused(let errno):
      return setLost(true, at: number) ? .refused(interface: label, errno: errno) : nil
    case .joined:
      // The entry of the interface that is gone can only be had after the one that was just made.
      for _ in 0..<2 { leave(descriptor, on: 0) }
      _ = join(descriptor, on: 0)
      _ = setLost(false, at: number)
      return .regained(interface: label)
    }
  }

  private mutating func setLost(_ isLost: Bool, at number: Int) -> Bool {
    defer { places[number].isLost = isLost }
    return places[number].isLost != isLost
  }

  /// What came of joining.
  private enum Outcome {
    case joined
    /// For all that is wanted, so nothing has changed.
    case wasMember
    case refused(errno: Int32)
  }

  /// Joins the group on one interface for every source, whatever it has been joined for already.
  private func join(_ descriptor: Int32, on index: UInt32) -> Outcome {
    var address = group.address
    guard !sources.isEmpty else { return Self.outcome(unsafe clinux_join_group(descriptor, &address, index, nil)) }
    var hasJoined = false
    for source in sources {
      var from = source.address
      switch Self.outcome(unsafe clinux_join_group(descriptor, &address, index, &from)) {
      case .joined: hasJoined = true
      case .wasMember: break
      case .refused(let errno): return .refused(errno: errno)
      }
    }
    return hasJoined ? .joined : .wasMember
  }

  private static func outcome(_ result: Int32) -> Outcome {
    switch -result {
    case ...0: .joined
    case EADDRINUSE, EADDRNOTAVAIL: .wasMember
    case let errno: .refused(errno: errno)
    }
  }

  private func leave(_ descriptor: Int32, on index: UInt32) {
    var address = group.address
    _ = unsafe clinux_leave_group(descriptor, &address, index)
  }

  private static func index(of place: Place) -> UInt32? {
    guard let name = place.name else { return 0 }
    return NetworkInterface(named: name).index
  }
}

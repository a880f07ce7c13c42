import SpacecraftSimulator

/// A receiver that knows nothing but bytes and managed parameters, as plain as can be, to hold the truth against.
struct ReferenceReceiver {
  private let parameters: ReceiverParameters
  private let code = FrameErrorControlCode()
  private var result = SimulationTruth()
  private var channels: [VirtualChannelName: ReferenceChannel] = [:]
  private var masters: [UInt16: ReferenceCounter] = [:]

  init(_ parameters: ReceiverParameters) { self.parameters = parameters }

  mutating func receive(_ datagram: [UInt8]) {
    result.datagrams.received += 1
    guard !datagram.isEmpty else {
      result.datagrams.rejectedEmpty += 1
      return
    }
    result.datagrams.accepted += 1
    result.frames.received += 1
    if let reason = refusal(datagram) {
      result.frames.rejected[reason, default: 0] += 1
      return
    }
    let frame = ReferenceFrame(datagram, parameters)
    if !parameters.spacecraftIDs.isEmpty, !parameters.spacecraftIDs.contains(frame.name.spacecraftID) {
      result.frames.rejected[.scid, default: 0] += 1
      return
    }
    var channel =
      channels[frame.name]
      ?? ReferenceChannel(
        isTrusted: !parameters.spacecraftIDs.isEmpty && parameters.hasErrorControl,
        plausibleStep: parameters.frameType == .tm ? 128 : 4096)
    let (accepted, rejectedCount) = channel.admit(frame)
    if rejectedCount > 0 { result.frames.rejected[.quarantined, default: 0] += rejectedCount }
    for frame in accepted { accept(frame, &channel) }
    channels[frame.name] = channel
  }

  /// The account of all that was received.
  func finish() -> SimulationTruth {
    var result = result
    for (name, channel) in channels.sorted(by: { $0.key < $1.key }) {
      if channel.held != nil { result.frames.rejected[.quarantined, default: 0] += 1 }
      guard channel.truth.frames > 0 else { continue }
      var truth = channel.truth
      truth.name = name
      result.virtualChannels.append(truth)
      result.applications += channel.applications.sorted { $0.key < $1.key }.map { id, application in
        var application = application
        application.channel = name
        application.applicationProcessID = id
        return application
      }
      add(channel, to: &result)
    }
    for (id, counter) in masters.sorted(by: { $0.key < $1.key }) {
      var master = MasterChannelTruth(spacecraftID: id)
      master.gaps = counter.gaps
      master.missing = counter.missing
      for channel in result.virtualChannels where channel.name.spacecraftID == id {
        master.frames += channel.frames
        guard parameters.frameType == .aos else { continue }
        master.gaps += channel.gaps
        master.missing += channel.missing
      }
      result.masterChannels.append(master)
    }
    return result
  }

  private func add(_ channel: ReferenceChannel, to result: inout SimulationTruth) {
    result.packets.delivered += channel.truth.packets
    result.packets.idle += channel.truth.idlePackets
    result.packets.completed += channel.truth.packets + channel.truth.idlePackets
    result.zoneBytes.received += channel.zoneBytes.received
    result.zoneBytes.packets += channel.zoneBytes.packets
    result.zoneBytes.idlePackets += channel.zoneBytes.idlePackets
    result.zoneBytes.pending += channel.partial.count
    result.zoneBytes.discarded.merge(channel.zoneBytes.discarded, uniquingKeysWith: +)
  }

  private func refusal(_ datagram: [UInt8]) -> FrameRejection? {
    if datagram.count != parameters.frameByteCount { return .length }
    if datagram[0] >> 6 != (parameters.frameType == .tm ? 0 : 1) { return .version }
    if parameters.hasErrorControl, code.remainder(of: datagram, byteCount: datagram.count) != 0 { return .fecf }
    return nil
  }

  private mutating func accept(_ frame: ReferenceFrame, _ channel: inout ReferenceChannel) {
    if frame.isIdle { result.frames.idle += 1 } else { result.frames.delivered += 1 }
    var master = masters[frame.name.spacecraftID] ?? ReferenceCounter()
    var isMasterLate = false
    if let count = frame.masterCount {
      isMasterLate = master.isLate(count, modulus: 256)
      master.note(count, modulus: 256, mayBeLate: true)
    }
    masters[frame.name.spacecraftID] = master
    channel.count(frame, mayBeLate: frame.modulus > 256 || isMasterLate)
  }
}

/// A counter of frames as it is seen on the wire.
struct ReferenceCounter {
  enum Step {
    case first, next, standing
    case gap(Int)
    case late, repeated
  }

  var newest: UInt32?
  var gaps = 0
  var missing = 0
  private var seen: Set<UInt32> = []
  private var order: [UInt32] = []

  func isLate(_ count: UInt32, modulus: UInt64) -> Bool {
    guard let newest else { return false }
    let behind = (UInt64(newest) + modulus - UInt64(count)) % modulus
    return (1...31).contains(behind)
  }

  /// How far ahead of the newest a count is.
  func ahead(_ count: UInt32, modulus: UInt64) -> UInt64 {
    newest.map { (UInt64(count) + modulus - UInt64($0)) % modulus } ?? 0
  }

  @discardableResult
  mutating func note(_ count: UInt32, modulus: UInt64, mayBeLate: Bool) -> Step {
    guard newest != nil else {
      remember(count)
      newest = count
      return .first
    }
    if mayBeLate, isLate(count, modulus: modulus) {
      guard !seen.contains(count) else { return .repeated }
      remember(count)
      missing -= 1
      return .late
    }
    let step = ahead(count, modulus: modulus)
    newest = count
    remember(count)
    if step == 0 { return .standing }
    guard step > 1 else { return .next }
    gaps += 1
    missing += Int(step) - 1
    return .gap(Int(step) - 1)
  }

  mutating func restart(_ count: UInt32) {
    seen = [count]
    order = [count]
    newest = count
  }

  private mutating func remember(_ count: UInt32) {
    if seen.insert(count).inserted { order.append(count) }
    if order.count > 96 { seen.remove(order.removeFirst()) }
  }
}

/// Finds the UDP datagram in each record of a capture, and accounts for every record in which there is none.
struct DatagramExtractor {
  /// Where the payload of a datagram lies.
  struct Found: Equatable {
    /// The place in the fragment table that holds it, or nothing when the record does.
    var slot: Int?
    var payload: Range<Int>
    var info: DatagramInfo
  }

  private(set) var counts: CaptureCounts
  private(set) var ports = PortHistogram()
  private let link: LinkLayer
  private let wantedPorts: [UInt16]
  private var fragments = FragmentTable()

  /// - Parameters:
  ///   - wantedPorts: Destination ports; empty takes all.
  ///   - counts: What became of records before, to go on from.
  init(link: LinkLayer, wantedPorts: [UInt16], counts: CaptureCounts = CaptureCounts()) {
    self.link = link
    self.wantedPorts = wantedPorts
    self.counts = counts
  }

  /// Takes one record and says where its datagram is, if there is one.
  ///
  /// - Parameters:
  ///   - record: The bytes that were captured.
  ///   - originalByteCount: The bytes that were on the wire.
  mutating func extract(_ record: RawSpan, originalByteCount: Int, time: Int64?) -> Found? {
    counts.recordCount += 1
    let offset: Int
    switch link.content(of: record) {
    case .internet(let found): offset = found
    case .other:
      counts.notInternetCount += 1
      return nil
    case .malformed:
      counts.malformedCount += 1
      return nil
    }
    let packet = record.extracting(offset..<record.byteCount)
    let originalPacketByteCount = max(originalByteCount, record.byteCount) - offset
    switch InternetHeader.parse(packet, originalByteCount: originalPacketByteCount) {
    case .notUDP: counts.notUDPCount += 1
    case .malformed: counts.malformedCount += 1
    case .header(let header):
      let begin = min(header.payload.lowerBound, packet.byteCount)
      let captured = packet.extracting(begin..<min(header.payload.upperBound, packet.byteCount))
      guard header.fragment != nil else {
        let udp = UDPHeader(captured, declaredByteCount: header.payload.count)
        return accept(udp, header, slot: nil, offset: offset + begin, time: time)
      }
      return join(captured, header, time: time)
    }
    return nil
  }

  /// Lends the bytes of a datagram that was put together.
  func withBytes(of slot: Int, _ body: (RawSpan) -> Void) { fragments.withBytes(of: slot, body) }

  /// To be called when a datagram that was put together has been lent.
  mutating func release(_ slot: Int) { fragments.release(slot) }

  /// No more records come: what waits for its other fragments waits in vain.
  mutating func finish() { move(abandoned: fragments.abandonAll()) }

  private mutating func accept(
    _ udp: UDPHeader?, _ header: InternetHeader, slot: Int?, offset: Int, time: Int64?
  ) -> Found? {
    guard let udp else {
      counts.malformedCount += 1
      return nil
    }
    ports.count(udp.destinationPort)
    guard wantedPorts.isEmpty || wantedPorts.contains(udp.destinationPort) else {
      counts.otherPortCount += 1
      return nil
    }
    let isTruncated = udp.payload.count < udp.originalByteCount
    counts.datagramCount += 1
    if isTruncated { counts.truncatedDatagramCount += 1 }
    let info = DatagramInfo(
      receivedAtNanoseconds: time, source: header.socketAddress(port: udp.sourcePort),
      destinationPort: udp.destinationPort, originalByteCount: udp.originalByteCount, isTruncated: isTruncated)
    return Found(slot: slot, payload: (offset + udp.payload.lowerBound)..<(offset + udp.payload.upperBound), info: info)
  }

  private mutating func join(_ captured: RawSpan, _ header: InternetHeader, time: Int64?) -> Found? {
    guard let fragment = header.fragment else { return nil }
    let key = FragmentTable.Key(
      source: header.source, destination: header.destination, identification: fragment.identification,
      isIPv6: header.isIPv6)
    var abandoned = 0
    let outcome = fragments.add(
      fragment, captured, byteCount: header.payload.count, key: key, time: time, abandoned: &abandoned)
    move(abandoned: abandoned)
    switch outcome {
    case .held:
      counts.heldFragmentCount += 1
    case .repeated:
      counts.repeatedFragmentCount += 1
    case .refused(let heldFragmentCount, let isFirst):
      move(abandoned: heldFragmentCount)
      counts.abandonedFragmentCount += 1
      if isFirst { counts.refusedDatagramCount += 1 }
    case .complete(let slot, let nextHeader, let otherFragmentCount):
      counts.heldFragmentCount -= otherFragmentCount
      counts.joinedFragmentCount += otherFragmentCount
      let found = acceptWhole(slot, nextHeader: nextHeader, header, time: time)
      if found == nil { fragments.release(slot) }
      return found
    }
    return nil
  }

  /// A datagram that was put together may begin with more extension headers, but not with fragments of fragments.
  private mutating func acceptWhole(
    _ slot: Int, nextHeader: UInt8, _ header: InternetHeader, time: Int64?
  ) -> Found? {
    let walk = fragments.withBytes(of: slot) { InternetHeader.walk($0, nextHeader: nextHeader, offset: 0) }
    switch walk {
    case .udp(let offset, nil):
      let udp = fragments.withBytes(of: slot) { bytes in
        offset > bytes.byteCount
          ? nil : UDPHeader(bytes.extracting(droppingFirst: offset), declaredByteCount: bytes.byteCount - offset)
      }
      return accept(udp, header, slot: slot, offset: offset, time: time)
    case .notUDP: counts.notUDPCount += 1
    case .udp, .malformed: counts.malformedCount += 1
    }
    return nil
  }

  private mutating func move(abandoned count: Int) {
    counts.heldFragmentCount -= count
    counts.abandonedFragmentCount += count
  }
}

extension InternetHeader {
  fileprivate func socketAddress(port: UInt16) -> SocketAddress {
    isIPv6
      ? SocketAddress(ipv6High: source.high, low: source.low, port: port)
      : SocketAddress(ipv4: UInt32(truncatingIfNeeded: source.low), port: port)
  }
}

internal import CLibpcap
internal import CLinux
internal import Glibc

/// UDP datagrams as they arrive at a network interface, through libpcap, whoever they are for.
///
/// The kernel filters them and hands them over in blocks, 10 ms after the first at the latest. Each datagram is seen
/// once: what this host itself sends to others is left out, and what it sends to itself is seen where it arrives.
/// Checksums are not looked at.
///
/// Nothing is allocated for a packet once running. It is confined to the queue of its owner; the descriptor is closed
/// when it goes away, which must not be before a read source on it has been cancelled.
@safe final class LiveCapture: @unchecked Sendable {
  /// For a read source to wait on.
  let fileDescriptor: Int32
  private let handle: OpaquePointer
  private var extractor: DatagramExtractor
  private var drops = DropCounter()

  /// - Parameter counts: What became of packets before, to go on from.
  init(_ input: CaptureInput, counts: CaptureCounts = CaptureCounts()) throws(CaptureTrouble) {
    let handle = try unsafe Self.open(input)
    do throws(CaptureTrouble) {
      try unsafe Self.configure(handle, input)
      let type = unsafe pcap_datalink(handle)
      guard let link = LinkLayer(dataLinkType: type) else { throw .unsupportedLinkType(type) }
      extractor = DatagramExtractor(link: link, wantedPorts: [input.port], counts: counts)
      fileDescriptor = unsafe pcap_get_selectable_fd(handle)
    } catch {
      unsafe pcap_close(handle)
      throw error
    }
    unsafe self.handle = handle
  }

  deinit { unsafe pcap_close(handle) }

  /// What became of the packets so far.
  var counts: CaptureCounts { extractor.counts }

  /// No more packets come: what waits for its other fragments waits in vain.
  func finish() { extractor.finish() }

  /// Lends the datagrams of the next packets, without waiting.
  ///
  /// - Returns: How many packets that were; fewer than `batchCapacity` when there are no more now.
  func receiveBatch(_ body: (RawSpan, DatagramInfo) -> Void) throws(CaptureTrouble) -> Int {
    for index in 0..<Self.batchCapacity {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var bytes: UnsafePointer<UInt8>?
      let result = unsafe pcap_next_ex(handle, &header, &bytes)
      guard result == 1, let header = unsafe header?.pointee, let bytes = unsafe bytes else {
        guard result < 0 else { return index }
        throw unsafe Self.trouble(result, handle)
      }
      let record = unsafe RawSpan(_unsafeStart: bytes, byteCount: Int(header.caplen))
      let time = Int64(header.ts.tv_sec) * 1_000_000_000 + Int64(header.ts.tv_usec)
      guard let found = extractor.extract(record, originalByteCount: Int(header.len), time: time) else { continue }
      if let slot = found.slot {
        extractor.withBytes(of: slot) { body($0.extracting(found.payload), found.info) }
        extractor.release(slot)
      } else {
        body(record.extracting(found.payload), found.info)
      }
    }
    return Self.batchCapacity
  }

  /// Packets that passed the filter and found no room, since the capture was opened. libpcap adds them up.
  func readKernelDroppedCount() -> UInt64 {
    var statistics = pcap_stat()
    if unsafe pcap_stats(handle, &statistics) == 0 { drops.observe(statistics.ps_drop) }
    return drops.total
  }

  static let batchCapacity = 64
  private static let longestDelayMilliseconds: Int32 = 10
}

// MARK: Opening

extension LiveCapture {
  private static func open(_ input: CaptureInput) throws(CaptureTrouble) -> OpaquePointer {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(input.interface, &message) else {
      throw .other(unsafe text(message))
    }
    unsafe pcap_set_snaplen(handle, Int32(input.snapshotByteCount))
    unsafe pcap_set_buffer_size(handle, Int32(clamping: input.bufferByteCount))
    unsafe pcap_set_promisc(handle, input.isPromiscuous ? 1 : 0)
    unsafe pcap_set_timeout(handle, longestDelayMilliseconds)
    unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let result = unsafe pcap_activate(handle)
    // Above 0 are warnings: an interface that cannot be promiscuous, for one.
    guard result >= 0 else {
      let trouble = unsafe trouble(result, handle)
      unsafe pcap_close(handle)
      throw trouble
    }
    return unsafe handle
  }

  private static func configure(_ handle: OpaquePointer, _ input: CaptureInput) throws(CaptureTrouble) {
    // libpcap takes out what is sent only when it has been captured, and counted as dropped, like everything else.
    _ = unsafe clinux_ignore_outgoing(pcap_get_selectable_fd(handle))
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard unsafe pcap_setdirection(handle, PCAP_D_IN) == 0, unsafe pcap_setnonblock(handle, 1, &message) == 0 else {
      throw .other(unsafe text(pcap_geterr(handle)))
    }
    var program = unsafe bpf_program()
    let isCompiled = input.filters.contains {
      unsafe pcap_compile(handle, &program, $0, 1, PCAP_NETMASK_UNKNOWN) == 0
    }
    guard isCompiled else { throw .other(unsafe text(pcap_geterr(handle))) }
    defer { unsafe pcap_freecode(&program) }
    guard unsafe pcap_setfilter(handle, &program) == 0 else { throw .other(unsafe text(pcap_geterr(handle))) }
  }

  private static func trouble(_ result: Int32, _ handle: OpaquePointer) -> CaptureTrouble {
    let text = unsafe text(pcap_geterr(handle))
    switch result {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: return .noPermission
    case PCAP_ERROR_NO_SUCH_DEVICE: return .noSuchInterface
    case PCAP_ERROR_IFACE_NOT_UP: return .interfaceDown
    // What a unit without AF_PACKET in RestrictAddressFamilies= comes to, and an interface that goes while it is read.
    default:
      if text.contains("Address family not supported") { return .noPermission }
      return text.contains("disappeared") ? .noSuchInterface : .other(text)
    }
  }

  private static func text(_ message: UnsafePointer<CChar>?) -> String {
    guard let message = unsafe message else { return "unknown" }
    return unsafe String(cString: message)
  }
}

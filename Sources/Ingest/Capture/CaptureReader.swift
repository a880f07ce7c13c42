internal import CLibpcap
internal import CLinux
internal import Glibc

/// UDP datagrams out of a pcap or pcapng capture, whatever its link layer, byte order and clock resolution.
///
/// libpcap reads the capture; the rest, from the link layer up, is done here. Nothing is allocated for a record once
/// running. One owner uses it, from one queue.
@safe package final class CaptureReader {
  /// What one step through the capture came upon.
  package enum Step: Equatable, Sendable {
    /// A datagram, which was lent.
    case datagram
    /// A record that holds no datagram, or not the one that was wanted. It is counted.
    case other
    case end
  }

  /// What the capture comes from; tells how far reading has got.
  package let stream: ByteStreamReader
  private let handle: OpaquePointer
  private var extractor: DatagramExtractor
  private var hasEnded = false

  /// Reads the head of the capture.
  ///
  /// - Parameter destinationPorts: Only datagrams to these ports are lent; empty lends all.
  /// - Throws: `.notACapture`, `.unsupportedLinkType`, `.unsupportedCapture`, `.damaged`, `.cannotRead`.
  package init(_ stream: ByteStreamReader, destinationPorts: [UInt16] = []) throws(IngestError) {
    let kind = try stream.detectKind()
    let isEmpty = stream.available(1).isEmpty
    let handle = unsafe try Self.openHandle(stream, kind: kind, isEmpty: isEmpty)
    let linkType = unsafe pcap_datalink(handle)
    guard let link = LinkLayer(dataLinkType: linkType) else {
      unsafe pcap_close(handle)
      throw .unsupportedLinkType(path: stream.path, linkType: linkType)
    }
    unsafe self.handle = handle
    self.stream = stream
    extractor = DatagramExtractor(link: link, wantedPorts: destinationPorts)
  }

  deinit { unsafe pcap_close(handle) }

  /// What became of the records so far.
  package var counts: CaptureCounts { extractor.counts }

  /// The destination ports seen so far, wanted or not.
  package var ports: PortHistogram { extractor.ports }

  /// Goes on by one record, and lends its datagram if it has one.
  ///
  /// - Throws: `.damaged` at a record that is cut off or lies about its length, `.unsupportedCapture`, `.cannotRead`.
  ///   Everything before it has been lent and counted. After an error, and after the end, comes nothing but the end.
  package func next(_ body: (RawSpan, DatagramInfo) -> Void) throws(IngestError) -> Step {
    guard !hasEnded else { return .end }
    let recordOffset = stream.consumedByteCount
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    let result = unsafe pcap_next_ex(handle, &header, &bytes)
    guard result == 1, let header = unsafe header?.pointee, let bytes = unsafe bytes else {
      hasEnded = true
      extractor.finish()
      if result == Self.endOfFile { return .end }
      throw stream.failure ?? Self.trouble(unsafe Self.text(pcap_geterr(handle)), at: recordOffset, of: stream)
    }
    let record = unsafe RawSpan(_unsafeStart: bytes, byteCount: Int(header.caplen))
    let found = extractor.extract(record, originalByteCount: Int(header.len), time: Self.nanoseconds(header.ts))
    guard let found else { return .other }
    guard let slot = found.slot else {
      body(record.extracting(found.payload), found.info)
      return .datagram
    }
    extractor.withBytes(of: slot) { body($0.extracting(found.payload), found.info) }
    extractor.release(slot)
    return .datagram
  }

  /// Lends every datagram that is left.
  package func forEachDatagram(_ body: (RawSpan, DatagramInfo) -> Void) throws(IngestError) {
    while try next(body) != .end {}
  }

  private static func openHandle(
    _ stream: ByteStreamReader, kind: InputFileKind, isEmpty: Bool
  ) throws(IngestError) -> OpaquePointer {
    switch kind {
    case .compressed: throw .notACapture(path: stream.path, reason: .compressed)
    case .other: throw .notACapture(path: stream.path, reason: isEmpty ? .empty : .unknownFormat)
    case .capture: break
    }
    let context = unsafe Unmanaged.passUnretained(stream).toOpaque()
    let opened = unsafe clinux_open_stream(context) { context, bytes, byteCount in
      guard let context = unsafe context else { return -1 }
      let destination = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: byteCount)
      return unsafe Unmanaged<ByteStreamReader>.fromOpaque(context).takeUnretainedValue().copy(into: destination)
    }
    guard let file = unsafe opened?.assumingMemoryBound(to: FILE.self) else {
      throw .cannotOpen(path: stream.path, errno: ENOMEM)
    }
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    if let handle = unsafe pcap_fopen_offline_with_tstamp_precision(file, precision, &message) { return unsafe handle }
    unsafe fclose(file)
    throw stream.failure ?? trouble(unsafe text(message), at: 0, of: stream)
  }

  /// libpcap tells its errors apart only by their texts.
  private static func trouble(_ reason: String, at byteOffset: Int, of stream: ByteStreamReader) -> IngestError {
    let isUnsupported = ["different from the", "unsupported", "archaic"].contains { reason.contains($0) }
    return isUnsupported
      ? .unsupportedCapture(path: stream.path, byteOffset: byteOffset, reason: reason)
      : .damaged(path: stream.path, byteOffset: byteOffset, reason: reason)
  }

  private static func text(_ message: UnsafePointer<CChar>?) -> String {
    guard let message = unsafe message else { return "unknown" }
    return unsafe String(cString: message)
  }

  /// libpcap was asked for nanoseconds, and puts them where microseconds are otherwise. Records without a time have 0.
  private static func nanoseconds(_ time: timeval) -> Int64? {
    guard time.tv_sec != 0 || time.tv_usec != 0 else { return nil }
    let (scaled, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(time.tv_usec))
    return overflow || carry ? nil : sum
  }

  private static let endOfFile: Int32 = -2
}

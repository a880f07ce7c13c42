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
  private let file: UnsafeMutablePointer<FILE>
  private let fileBuffer: UnsafeMutableRawPointer
  private var extractor: DatagramExtractor
  private var hasEnded = false

  /// Reads the head of the capture.
  ///
  /// - Parameter destinationPorts: Only datagrams to these ports are lent; empty lends all.
  /// - Throws: `.notACapture`, `.unsupportedLinkType`, `.unsupportedCapture`, `.damaged`, `.cannotRead`.
  package init(_ stream: ByteStreamReader, destinationPorts: [UInt16] = []) throws(IngestError) {
    let kind = try stream.detectKind()
    let isEmpty = stream.available(1).isEmpty
    try Self.check(kind, isEmpty: isEmpty, path: stream.path)
    let fileBuffer = UnsafeMutableRawPointer.allocate(byteCount: Self.fileBufferByteCount, alignment: 64)
    let file: UnsafeMutablePointer<FILE>
    let handle: OpaquePointer
    do throws(IngestError) {
      unsafe file = try Self.openFile(stream, buffer: fileBuffer)
      unsafe handle = try Self.openHandle(file, stream)
    } catch {
      unsafe fileBuffer.deallocate()
      throw error
    }
    let linkType = unsafe pcap_datalink(handle)
    guard let link = LinkLayer(dataLinkType: linkType) else {
      unsafe pcap_close(handle)
      unsafe fileBuffer.deallocate()
      throw .unsupportedLinkType(path: stream.path, linkType: linkType)
    }
    unsafe self.handle = handle
    unsafe self.file = file
    unsafe self.fileBuffer = fileBuffer
    self.stream = stream
    extractor = DatagramExtractor(link: link, wantedPorts: destinationPorts)
  }

  deinit {
    unsafe pcap_close(handle)
    unsafe fileBuffer.deallocate()
  }

  /// How far into the capture reading has got: to the end of the last record.
  package var consumedByteCount: Int { stream.consumedByteCount - (unsafe clinux_stream_unread(file)) }

  /// What became of the records so far.
  package var counts: CaptureCounts { extractor.counts }

  /// The destination ports seen so far, wanted or not.
  package var ports: PortHistogram { extractor.ports }

  /// Goes on by one record, and lends its datagram if it has one.
  ///
  /// - Throws: `.damaged` at a record that is cut off or lies about its length, `.unsupportedCapture`, `.cannotRead`.
  ///   Everything before it has been lent and counted. After an error, and after the end, comes nothing but the end.
  ///   The offset of damage is where the record begins; in pcapng, blocks without packets belong to the record behind.
  package func next(_ body: (RawSpan, DatagramInfo) -> Void) throws(IngestError) -> Step {
    guard !hasEnded else { return .end }
    let recordOffset = consumedByteCount
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

  private static func check(_ kind: InputFileKind, isEmpty: Bool, path: String) throws(IngestError) {
    switch kind {
    case .capture: break
    case .compressed: throw .notACapture(path: path, reason: .compressed)
    case .other: throw .notACapture(path: path, reason: isEmpty ? .empty : .unknownFormat)
    }
  }

  private static func openFile(
    _ stream: ByteStreamReader, buffer: UnsafeMutableRawPointer
  ) throws(IngestError) -> UnsafeMutablePointer<FILE> {
    let context = unsafe Unmanaged.passUnretained(stream).toOpaque()
    let read: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<CChar>?, Int) -> Int = {
      guard let context = unsafe $0 else { return -1 }
      let destination = unsafe UnsafeMutableRawBufferPointer(start: $1, count: $2)
      return unsafe Unmanaged<ByteStreamReader>.fromOpaque(context).takeUnretainedValue().copy(into: destination)
    }
    let opened = unsafe clinux_open_stream(context, read, buffer, fileBufferByteCount)
    guard let file = unsafe opened?.assumingMemoryBound(to: FILE.self) else {
      throw .cannotOpen(path: stream.path, errno: ENOMEM)
    }
    return unsafe file
  }

  /// Closes the file if libpcap cannot read it.
  private static func openHandle(
    _ file: UnsafeMutablePointer<FILE>, _ stream: ByteStreamReader
  ) throws(IngestError) -> OpaquePointer {
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
    // pcap counts seconds to the year 2106 without a sign, but libpcap 1.10 gives them one.
    let isWrapped = (Int(Int32.min)..<0).contains(time.tv_sec)
    let seconds = isWrapped ? time.tv_sec + 1 << 32 : time.tv_sec
    let (scaled, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(time.tv_usec))
    return overflow || carry ? nil : sum
  }

  private static let fileBufferByteCount = 65_536
  private static let endOfFile: Int32 = -2
}

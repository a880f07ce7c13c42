internal import CLibpcap
internal import Glibc

/// Writes UDP datagrams into a pcap capture with nanoseconds, wrapped in Ethernet and IPv4, for any tool to read.
@safe package final class CaptureWriter {
  private let path: String
  private let handle: OpaquePointer
  private var dumper: OpaquePointer?
  private var record: [UInt8]
  private var identification: UInt16 = 0

  /// Creates the file, or empties it.
  package init(path: String) throws(IngestError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, errno: errno) }
    guard let file = unsafe fdopen(descriptor, "w") else {
      Glibc.close(descriptor)
      throw .cannotCreate(path: path, errno: ENOMEM)
    }
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    guard
      let handle = unsafe pcap_open_dead_with_tstamp_precision(DLT_EN10MB, Self.snapshotByteCount, precision)
    else {
      unsafe fclose(file)
      throw .cannotCreate(path: path, errno: ENOMEM)
    }
    guard let dumper = unsafe pcap_dump_fopen(handle, file) else {
      unsafe fclose(file)
      unsafe pcap_close(handle)
      throw .cannotWrite(path: path, errno: errno)
    }
    unsafe self.handle = handle
    unsafe self.dumper = dumper
    self.path = path
    record = Self.template
    record.reserveCapacity(Self.template.count + UDPInput.largestDatagramByteCount)
  }

  deinit {
    if let dumper = unsafe dumper { unsafe pcap_dump_close(dumper) }
    unsafe pcap_close(handle)
  }

  /// Appends a datagram from 10.0.0.1 to 10.0.0.2.
  ///
  /// - Parameters:
  ///   - payload: At most 65,507 bytes.
  ///   - timeNanoseconds: Since 1970 in UTC, not before.
  package func write(
    _ payload: RawSpan, timeNanoseconds: Int64, sourcePort: UInt16, destinationPort: UInt16
  ) throws(IngestError) {
    precondition(payload.byteCount <= UDPInput.largestDatagramByteCount)
    guard let dumper = unsafe dumper else { throw .cannotWrite(path: path, errno: EBADF) }
    prepareRecord(payload, sourcePort: sourcePort, destinationPort: destinationPort)
    var header = pcap_pkthdr()
    header.ts.tv_sec = Int(max(0, timeNanoseconds) / 1_000_000_000)
    header.ts.tv_usec = Int(max(0, timeNanoseconds) % 1_000_000_000)
    header.caplen = UInt32(record.count)
    header.len = UInt32(record.count)
    errno = 0
    unsafe record.withUnsafeBufferPointer { bytes in
      unsafe withUnsafeMutablePointer(to: &header) { header in
        unsafe pcap_dump(UnsafeMutablePointer<UInt8>(dumper), header, bytes.baseAddress)
      }
    }
    // Writing fails without a word; the stream knows.
    if unsafe ferror(pcap_dump_file(dumper)) != 0 { throw .cannotWrite(path: path, errno: errno == 0 ? EIO : errno) }
  }

  /// Writes out what is buffered, and closes the file.
  package func close() throws(IngestError) {
    guard let dumper = unsafe dumper else { return }
    let flushed = unsafe pcap_dump_flush(dumper)
    let number = errno
    unsafe pcap_dump_close(dumper)
    unsafe self.dumper = nil
    if flushed != 0 { throw .cannotWrite(path: path, errno: number) }
  }

  private func prepareRecord(_ payload: RawSpan, sourcePort: UInt16, destinationPort: UInt16) {
    record.removeSubrange(Self.template.count...)
    unsafe payload.withUnsafeBytes { unsafe record.append(contentsOf: $0) }
    identification &+= 1
    put(UInt16(28 + payload.byteCount), at: 16)
    put(identification, at: 18)
    put(0, at: 24)
    put(sourcePort, at: 34)
    put(destinationPort, at: 36)
    put(UInt16(8 + payload.byteCount), at: 38)
    put(internetChecksum(), at: 24)
  }

  private func put(_ value: UInt16, at offset: Int) {
    record[offset] = UInt8(value >> 8)
    record[offset + 1] = UInt8(truncatingIfNeeded: value)
  }

  /// The ones' complement of the ones' complement sum of the words of the IPv4 header.
  private func internetChecksum() -> UInt16 {
    var sum = stride(from: 14, to: 34, by: 2).reduce(UInt32(0)) {
      $0 + UInt32(record[$1]) << 8 + UInt32(record[$1 + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(sum)
  }

  private static let snapshotByteCount: Int32 = 262_144
  /// Ethernet between two made-up stations, IPv4 without options, UDP without a checksum.
  private static let template: [UInt8] = [
    0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00,
    0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
    0, 0, 0, 0, 0, 0, 0, 0,
  ]
}

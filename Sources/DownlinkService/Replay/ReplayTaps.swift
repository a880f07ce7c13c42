import CCSDSCoding
package import CCSDSLink
import CCSDSWire
import Glibc
package import LinkHealth
package import MissionDatabase
import Publish

/// Where the frames, packets and events of a replay go beside the report.
package final class ReplayTaps: LinkTaps {
  private let packetDirectory: String?
  private let frameFile: OutputFile?
  private let uncorrectableFile: OutputFile?
  private let eventFile: OutputFile?
  private let parameterFile: OutputFile?
  private var packetFiles: [PacketFileKey: PacketFile] = [:]
  private var recentKey: PacketFileKey?
  private var recentFile: PacketFile?
  /// Whether the units that are delivered have codeblocks in them, or pieces of codeblocks.
  private let isCoded: Bool
  private var fileName = ""
  /// The codeblocks found in the file, or, where there are none, the units delivered from it.
  private var unitCount = 0
  private var failure: ServiceError?
  let journal: EventJournal

  private struct PacketFileKey: Hashable {
    let spacecraftID: SpacecraftID
    let virtualChannelID: VirtualChannelID
  }

  /// - Parameter isCoded: Whether there are codeblocks, which then are what events count.
  /// - Throws: When a directory or file cannot be made.
  package init(link: String, isCoded: Bool = false, _ options: Replay.Options) throws(ServiceError) {
    self.isCoded = isCoded
    if let directory = options.packetsTo { try Self.makeDirectory(directory) }
    packetDirectory = options.packetsTo
    frameFile = try Self.makeFile(options.framesTo)
    uncorrectableFile = try Self.makeFile(options.uncorrectableTo)
    parameterFile = try Self.makeFile(options.parametersTo)
    let events = try Self.makeFile(options.eventsTo)
    eventFile = events
    var count: UInt64 = 0
    journal = EventJournal(link: link) { record in
      count += 1
      events?.append(line: record.render(seq: count, runID: "replay"))
    }
  }

  package func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    guard eventFile != nil else { return }
    if case .coding(let event) = event { note(event) }
    journal.observe(event, ledger)
  }

  /// The units that follow are from this file.
  func begin(file name: String) {
    fileName = name
    unitCount = 0
    journal.position = nil
  }

  /// The next unit of the file, or piece of it, goes to the link.
  func noteDelivery() {
    // How a stream is cut into pieces is chance, and what is decoded together comes late: codeblocks are counted then.
    if !isCoded { noteUnit() }
  }

  private func note(_ event: CodingEvent) {
    switch event {
    case .codeblock, .codeblockRefused: noteUnit()
    case .lock, .bytesSkipped: break
    }
  }

  private func noteUnit() {
    unitCount += 1
    journal.position = EventRecord.CapturePosition(file: fileName, frame: unitCount)
  }

  package func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}

  package func received(at time: ReceptionTime?) { journal.advance(to: time?.nanosecondsSince1970) }

  package func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {
    guard let packetDirectory else { return }
    let key = PacketFileKey(spacecraftID: channel.spacecraftID, virtualChannelID: channel.virtualChannelID)
    if key != recentKey {
      recentFile = file(for: key, in: packetDirectory)
      recentKey = key
    }
    recentFile?.append(packet, observation)
  }

  package func take(
    values: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket, _ alarms: [AlarmEvent]
  ) {
    if let parameterFile {
      parameterFile.append(line: ParameterLine(context: about.mission.context).render(values, of: packet, about))
    }
    if eventFile != nil { journal.observe(alarms, of: about) }
  }

  package func take(frame: RawSpan) { frameFile?.append(frame) }

  package func take(uncorrectable codeblock: RawSpan) { uncorrectableFile?.append(codeblock) }

  /// Writes everything out.
  package func finish() throws(ServiceError) {
    journal.finish()
    if let failure { throw failure }
    try frameFile?.finish()
    try uncorrectableFile?.finish()
    try eventFile?.finish()
    try parameterFile?.finish()
    for file in packetFiles.values { try file.finish() }
  }

  private func file(for key: PacketFileKey, in directory: String) -> PacketFile? {
    if let file = packetFiles[key] { return file }
    let name = "scid-\(key.spacecraftID.rawValue)-vcid-\(key.virtualChannelID.rawValue)"
    do throws(ServiceError) {
      let file = try PacketFile(path: directory + "/" + name)
      packetFiles[key] = file
      return file
    } catch {
      failure = failure ?? error
      return nil
    }
  }

  private static func makeFile(_ path: String?) throws(ServiceError) -> OutputFile? {
    guard let path else { return nil }
    return try OutputFile(path: path)
  }

  private static func makeDirectory(_ path: String) throws(ServiceError) {
    guard unsafe mkdir(path, 0o750) != 0, errno != EEXIST else { return }
    throw .cannotCreate(path: path, errno: errno)
  }
}

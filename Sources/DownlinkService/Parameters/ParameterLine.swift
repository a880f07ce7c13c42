import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// The line of one packet: who made it and when, its container, and all its values, raw and engineering.
///
/// What comes several times in a packet is a list.
struct ParameterLine {
  let context: RenderingContext

  func render(
    _ samples: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket
  ) -> String {
    var json = JSONWriter()
    json.object { line in
      writeOrigin(about, to: &line)
      writeOutcome(about, to: &line)
      let places = SamplePlaces(samples)
      line.object("raw") { write(.raw, places, samples, packet, to: &$0) }
      line.object("eng") { write(.engineering, places, samples, packet, to: &$0) }
      writeFaults(places, samples, to: &line)
    }
    return json.text
  }

  private func writeOrigin(_ about: DecodedPacket, to json: inout JSONWriter) {
    if let time = about.stamp.onBoardTime { json.member("time", context.text(ofTime: time)) }
    if let time = about.receivedAt { json.member("received", time.rfc3339) }
    json.member("scid", about.channel.spacecraftID.rawValue)
    json.member("vcid", about.channel.virtualChannelID.rawValue)
    json.member("apid", about.applicationProcessID.rawValue)
    json.member("seq", about.sequenceCount)
    if about.isStored { json.member("stored", true) }
    if about.stamp.isSuspect { json.member("suspect", true) }
  }

  private func writeOutcome(_ about: DecodedPacket, to json: inout JSONWriter) {
    let outcome = about.outcome
    if outcome.container >= 0 { json.member("container", context.catalog.containers[Int(outcome.container)]) }
    guard let name = about.undescribedBitCount > 0 ? "long" : outcome.completeness.name else { return }
    json.member("completeness", name)
    if about.undescribedBitCount > 0 { json.member("undescribed_bits", about.undescribedBitCount) }
    if outcome.endSlot >= 0 { json.member("ended_at", context.catalog.names[Int(outcome.endSlot)]) }
  }

  // MARK: Values

  private enum Kind { case raw, engineering }

  private func write(
    _ kind: Kind, _ places: SamplePlaces, _ samples: Span<ParameterSample>, _ packet: RawSpan,
    to json: inout JSONWriter
  ) {
    for (slot, indices) in places.rows {
      let name = context.catalog.listName(of: slot)
      guard context.catalog.isElement[slot] || indices.count > 1 else {
        json.place(name, value(kind, samples[indices[0]], packet))
        continue
      }
      json.array(name) { for index in indices { $0.element(value(kind, samples[index], packet)) } }
    }
  }

  private func value(_ kind: Kind, _ sample: ParameterSample, _ packet: RawSpan) -> RenderedValue {
    let octets = PlacedOctets(sample, in: packet)
    return switch kind {
    case .raw: RenderedValue.raw(sample, octets, context)
    case .engineering: RenderedValue.engineering(sample, octets, context)
    }
  }

  /// What is wrong with values, by name; of a list, with the first that something is wrong with.
  private func writeFaults(_ places: SamplePlaces, _ samples: Span<ParameterSample>, to json: inout JSONWriter) {
    var faults: [(String, String)] = []
    for (slot, indices) in places.rows {
      for index in indices {
        guard let fault = samples[index].fault else { continue }
        faults.append((context.catalog.listName(of: slot), fault))
        break
      }
    }
    guard !faults.isEmpty else { return }
    json.object("validity") { for (name, fault) in faults { $0.member(name, fault) } }
  }
}

/// Which samples of a packet belong to which slot, in the order of their first ones.
private struct SamplePlaces {
  private(set) var rows: [(slot: Int, indices: [Int])] = []

  init(_ samples: Span<ParameterSample>) {
    rows.reserveCapacity(samples.count)
    var known: [Int: Int] = [:]
    for index in samples.indices {
      let slot = Int(samples[index].slot)
      if let row = known[slot] {
        rows[row].indices.append(index)
      } else {
        known[slot] = rows.count
        rows.append((slot, [index]))
      }
    }
  }
}

extension ParameterCatalog {
  /// What a list of the values of a slot is called: of an array, its own name.
  func listName(of slot: Int) -> String {
    names[slot].hasSuffix("[]") ? String(names[slot].dropLast(2)) : names[slot]
  }
}

extension DecodedOutcome.Completeness {
  /// The word for it; nothing for a packet that is whole.
  var name: String? {
    switch self {
    case .whole: nil
    case .short: "short"
    case .impossibleSize: "impossible_size"
    case .unidentified: "unidentified"
    case .tooManyValues: "too_many_values"
    }
  }
}

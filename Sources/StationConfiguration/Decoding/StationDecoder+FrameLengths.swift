internal import CCSDSCoding
internal import CCSDSLink

extension StationDecoder {
  /// The shortest truncated USLP frame.
  private static let smallestTruncatedByteCount = 6

  /// One length for all frames, or for USLP the shortest and the longest.
  mutating func frameLengths(in section: Section, _ type: TransferFrameType?, _ frames: inout FrameClauses) {
    let largest = type == .uslp || type == nil ? 65_536 : PhysicalChannelParameters.largestFrameByteCount
    let range = PhysicalChannelParameters.smallestFrameByteCount...largest
    let varying = ["min_length", "max_length"].filter(section.has)
    // The other types refuse the keys of varying lengths.
    let mayVary = type == .uslp || type == nil
    if section.has("length") {
      if mayVary {
        for key in varying {
          problems.report(
            "'\(key)' does not go with 'length'", at: section.mark(of: key), path: section.path(key),
            hint: "keep 'length' where all frames have the same, or 'min_length' and 'max_length' where they vary")
        }
      }
      guard let length = integer("length", in: section, range) else { return }
      frames.channel.frameByteCount = length
      frames.hasLength = true
    } else if mayVary, !varying.isEmpty {
      varyingLengths(in: section, range, &frames)
    } else if varying.isEmpty || type != nil {
      let more = type == .uslp ? ", or 'min_length' and 'max_length' where lengths vary" : ""
      reportMissing(
        "length", in: section, hint: "write the length of one frame in bytes, without its sync marker\(more)")
    }
  }

  private mutating func varyingLengths(in section: Section, _ range: ClosedRange<Int>, _ frames: inout FrameClauses) {
    if !section.has("min_length") {
      reportMissing("min_length", in: section, hint: "write the length of the shortest frame, or 'length' for all")
    }
    if !section.has("max_length") {
      reportMissing("max_length", in: section, hint: "write the length of the longest frame, or 'length' for all")
    }
    let shortest = integer("min_length", in: section, Self.smallestTruncatedByteCount...range.upperBound)
    let longest = integer("max_length", in: section, range)
    if section.has("insert_zone_length") {
      problems.report(
        "'insert_zone_length' does not go with lengths that vary", at: section.mark(of: "insert_zone_length"),
        path: section.path("insert_zone_length"), hint: "leave it out, or write 'length', the same for all frames")
      frames.channel.insertZoneByteCount = 0
    }
    guard let longest else { return }
    frames.channel.frameByteCount = longest
    frames.hasLength = true
    // Without the shortest, the lengths vary all the same.
    frames.channel.shortestFrameByteCount = shortest ?? longest
    if let shortest, shortest > longest {
      report(
        "min_length \(shortest) is more than max_length \(longest)", key: "min_length", in: section,
        hint: "exchange the two")
    }
  }

  /// Reports what does not fit into a datagram; a stream of CADUs may go on from one to the next.
  mutating func checkDatagrams(of channel: PhysicalChannelParameters, _ frames: FrameClauses, _ input: InputClauses) {
    let capacity = PhysicalChannelParameters.largestFrameByteCount
    let unit = channel.coding?.accessDataUnitByteCount ?? channel.frameByteCount
    let count = input.framesPerDatagram ?? 1
    guard let section = frames.section, frames.hasLength, unit * count > capacity else { return }
    let name =
      channel.coding?.syncMarker != nil ? "CADU" : channel.coding?.reedSolomon != nil ? "codeblock" : "frame"
    let key = section.has("length") ? "length" : "max_length"
    if count > 1 {
      report(
        "\(count) \(name)s of \(unit) bytes do not fit into one datagram", key: key, in: section,
        hint: "lower frames_per_datagram: a datagram carries \(capacity) bytes")
    } else if case .udp = input.description, name != "CADU" {
      report(
        "a \(name) of \(unit) bytes does not fit into one datagram", key: key, in: section,
        hint: "write at most \(capacity), or let the sender use 'tcp'")
    }
  }
}

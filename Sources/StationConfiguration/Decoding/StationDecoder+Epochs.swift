internal import CCSDSWire

/// A point in time as it was written.
struct WrittenInstant {
  var instant: TAIInstant
  /// Whether it was written in UTC, and not in TAI.
  var isUTC: Bool
}

extension StationDecoder {
  private static let instantHint = "write a date and time of UTC, such as 2000-01-01T00:00:00, or of TAI: \"... TAI\""
  private static let namedEpochs: [(name: String, epoch: CounterEpoch)] = [
    ("ccsds", .ccsds), ("gps", .gps), ("j2000", .j2000), ("unix", .unix),
  ]

  /// From when a counter counts, and whether it counts leap seconds; nothing for the epoch of the CCSDS.
  mutating func epoch(in section: Section) -> CounterEpoch? {
    let leapSeconds = word(
      "leap_seconds", in: section, ["counted", "left_out"],
      instead: [
        "true": "write counted", "yes": "write counted", "false": "write left_out", "no": "write left_out",
        "none": "write left_out", "included": "write counted",
      ])
    guard let node = section.value("epoch") else {
      if section.has("leap_seconds") {
        reportMissing("epoch", in: section, hint: "write the epoch, or leave 'leap_seconds' out")
      }
      return nil
    }
    guard let (word, _) = scalar(node, path: section.path("epoch"), wanted: "an epoch") else { return nil }
    if let named = Self.namedEpochs.first(where: { $0.name == word }) {
      guard leapSeconds == nil || (leapSeconds == "counted") == named.epoch.countsLeapSeconds else {
        report(
          "leap_seconds \(leapSeconds ?? "") does not go with epoch \(word)", key: "leap_seconds", in: section,
          hint: "leave it out, or write the epoch as a date")
        return nil
      }
      return named.epoch == .ccsds ? nil : named.epoch
    }
    guard let written = instant("epoch", in: section) else { return nil }
    let epoch = CounterEpoch(written.instant, countsLeapSeconds: leapSeconds != "left_out")
    if written.isUTC, epoch.countsLeapSeconds, written.instant < Self.firstUTCInstant {
      report(
        "before 1972 UTC was not whole seconds away from TAI, and so there is no telling where this count began",
        key: "epoch", in: section,
        hint: "write 'leap_seconds: left_out' if it counts as UNIX time does, or the epoch in TAI, such as "
          + "\"\(word.shortened) TAI\"")
      return nil
    }
    return epoch == .ccsds ? nil : epoch
  }

  /// A point in time: UTC as ISO 8601 has it, also without its last parts, or TAI where that stands behind it.
  mutating func instant(_ key: String, in section: Section) -> WrittenInstant? {
    guard let node = section.value(key) else { return nil }
    let path = section.path(key)
    guard let (word, _) = scalar(node, path: path, wanted: "a date and time") else { return nil }
    let isTAI = word.hasSuffix(" TAI")
    let text = Array((isTAI ? word.dropLast(4) : word[...]).utf8.prefix(Self.timeByteCapacity))
    do throws(TimeCodeError) {
      let table = LeapSecondTable.builtIn
      let instant = try ASCIITimeCode.read(unsafe text.span.bytes, table).instant
      guard isTAI else { return WrittenInstant(instant: instant, isUTC: true) }
      // A calendar of TAI has no leap seconds, and day and time are all that counts.
      let time = table.utc(of: instant)
      let seconds = time.day * 86_400 + Int64(time.secondOfDay)
      return TAIInstant(seconds: seconds, nanoseconds: Int64(time.nanosecond)).map {
        WrittenInstant(instant: $0, isUTC: false)
      }
    } catch {
      let nearest = key == "epoch" ? Suggestion.nearest(to: word, among: Self.namedEpochs.map(\.name)) : nil
      problems.report(
        "\(path) must be a date and time, not \(node.kindName): \(error)", at: node.mark, path: path,
        hint: nearest.map { $0 == word ? Self.instantHint : "did you mean '\($0)'?" } ?? Self.instantHint)
      return nil
    }
  }

  /// When UTC got its seconds and its leap seconds: 1972-01-01, day 5113 since 1958.
  private static let firstUTCInstant = TAIInstant(nanosecondsSince1958: (5113 * 86_400 + 10) * 1_000_000_000)
  private static let timeByteCapacity = 64
}

internal import CCSDSWire

extension StationDecoder {
  private static let timeCodeVocabulary = Vocabulary(
    name: "time_code", keys: ["cuc", "cds", "ccs", "ascii", "p_field"],
    elsewhere: [
      "coarse": "write it below 'cuc'", "fine": "write it below 'cuc'",
      "epoch": "write it below 'cuc', 'cds' or 'p_field'", "type": "write cuc, cds, ccs, ascii or p_field as the key",
    ])
  private static let timeCodeHint =
    "write none, cuc4.2 or the like, cds, cds_us, cds_ps, ccs, ccs_doy, ascii_a, ascii_b, p_field, or a section"

  /// How the time of a packet is written: a word, or a section of one key.
  mutating func timeCode(in packets: Section) -> TimeCode? {
    guard let node = packets.value("time_code") else { return nil }
    guard case .mapping = node.content else { return timeCode(named: node, path: packets.path("time_code")) }
    guard let section = section("time_code", in: packets, Self.timeCodeVocabulary),
      let key = onlyKey(of: section, among: Self.timeCodeVocabulary.keys)
    else { return nil }
    switch key {
    case "cuc": return cuc(in: section)
    case "cds": return cds(in: section)
    case "ccs": return ccs(in: section)
    case "ascii": return ascii(in: section)
    default: return selfIdentified(in: section)
    }
  }

  // MARK: Words

  private mutating func timeCode(named node: YAMLNode, path: String) -> TimeCode? {
    guard let (word, _) = scalar(node, path: path, wanted: "the name of a time code") else { return nil }
    if word == "none" { return nil }
    if word == "p_field" { return .selfIdentified(agencyEpoch: nil) }
    if let form = Self.form(named: word) { return .implicit(form) }
    let hint: String
    switch word.lowercased() {
    case "cuc": hint = "write the bytes of its coarse and its fine time, such as cuc4.2"
    case _ where word.hasPrefix("cuc"): hint = "write 1 to 7 bytes of coarse and 0 to 10 of fine time, such as cuc4.2"
    case "ascii": hint = "write ascii_a with month and day, or ascii_b with the day of the year"
    case "cds_ms": hint = "write cds"
    case "unix", "gps", "tai", "j2000": hint = "write 'time_code: { cuc: { coarse: 4, epoch: \(word.lowercased()) } }'"
    default:
      let nearest = Suggestion.nearest(to: word, among: Self.namedForms.map(\.name) + ["none", "p_field"])
      hint = nearest.map { "did you mean '\($0)'?" } ?? Self.timeCodeHint
    }
    problems.report("\(path) must be a time code, not \(node.kindName)", at: node.mark, path: path, hint: hint)
    return nil
  }

  private static let namedForms: [(name: String, form: TimeCodeForm)] = {
    var forms: [(String, TimeCodeForm)] = []
    let parts: [(String, DaySegmentedTimeCode.Submillisecond)] = [
      ("", .none), ("_us", .microseconds), ("_ps", .picoseconds),
    ]
    for (name, isLong) in [("cds", false), ("cds24", true)] {
      for (suffix, part) in parts {
        forms.append((name + suffix, .daySegmented(DaySegmentedTimeCode(hasLongDay: isLong, submillisecond: part))))
      }
    }
    for (name, hasDayOfYear) in [("ccs", false), ("ccs_doy", true)] {
      if let code = CalendarSegmentedTimeCode(hasDayOfYear: hasDayOfYear) {
        forms.append((name, .calendarSegmented(code)))
      }
    }
    for variation in ASCIITimeCode.Variation.allCases {
      if let code = ASCIITimeCode(variation) { forms.append(("ascii_" + variation.rawValue, .ascii(code))) }
    }
    return forms
  }()

  private static func form(named word: String) -> TimeCodeForm? {
    if let named = namedForms.first(where: { $0.name == word }) { return named.form }
    guard word.hasPrefix("cuc") else { return nil }
    let counts = word.dropFirst(3).split(separator: ".", omittingEmptySubsequences: false)
    let numbers = counts.map { $0.utf8.count <= 2 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int($0) : nil }
    guard let coarse = numbers.first ?? nil, numbers.count <= 2, !numbers.contains(nil) else { return nil }
    let fine = numbers.count == 2 ? numbers[1] ?? 0 : 0
    return UnsegmentedTimeCode(coarseByteCount: coarse, fineByteCount: fine).map { .unsegmented($0) }
  }

  // MARK: Sections

  private mutating func cuc(in section: Section) -> TimeCode? {
    let vocabulary = Vocabulary(
      name: "cuc", keys: ["coarse", "fine", "epoch", "leap_seconds", "fine_unit_picoseconds", "p_field"])
    guard let section = self.section("cuc", in: section, vocabulary) else { return nil }
    let fine = integer("fine", in: section, UnsegmentedTimeCode.fineByteCounts) ?? 0
    let unit = integer("fine_unit_picoseconds", in: section, 1...1_000_000_000_000)
    let epoch = epoch(in: section)
    let hasPreamble = boolean("p_field", in: section) ?? false
    guard section.has("coarse") else {
      reportMissing("coarse", in: section, hint: "write how many bytes count seconds, such as 'coarse: 4'")
      return nil
    }
    guard let coarse = integer("coarse", in: section, UnsegmentedTimeCode.coarseByteCounts) else { return nil }
    let code = UnsegmentedTimeCode(
      coarseByteCount: coarse, fineByteCount: fine, agencyEpoch: epoch, fineUnitPicoseconds: unit.map(Int64.init))
    guard let code else {
      report(
        "fine_unit_picoseconds goes with 1 to 4 bytes of fine time, not \(fine)", key: "fine_unit_picoseconds",
        in: section, hint: "leave it out: the fine time divides the second by 256 for each of its bytes")
      return nil
    }
    return hasPreamble ? .explicit(.unsegmented(code)) : .implicit(.unsegmented(code))
  }

  private mutating func cds(in section: Section) -> TimeCode? {
    let vocabulary = Vocabulary(name: "cds", keys: ["day_bits", "submillisecond", "epoch", "p_field"])
    guard let section = self.section("cds", in: section, vocabulary) else { return nil }
    var code = DaySegmentedTimeCode(hasLongDay: choice("day_bits", in: section, [16, 24]) == 24)
    switch word("submillisecond", in: section, ["none", "us", "ps"]) {
    case "us": code.submillisecond = .microseconds
    case "ps": code.submillisecond = .picoseconds
    default: break
    }
    if section.has("epoch"), let epoch = instant("epoch", in: section) {
      let time = LeapSecondTable.builtIn.utc(of: epoch.instant)
      if epoch.isUTC, time.nanosecondOfDay == 0 {
        code.agencyEpochDay = time.day == 0 ? nil : time.day
      } else {
        report("the epoch of cds is a day of UTC", key: "epoch", in: section, hint: "write a date, such as 2000-01-01")
      }
    }
    let form = TimeCodeForm.daySegmented(code)
    return boolean("p_field", in: section) == true ? .explicit(form) : .implicit(form)
  }

  private mutating func ccs(in section: Section) -> TimeCode? {
    let vocabulary = Vocabulary(name: "ccs", keys: ["day_of_year", "subsecond_bytes", "p_field"])
    guard let section = self.section("ccs", in: section, vocabulary) else { return nil }
    let code = CalendarSegmentedTimeCode(
      hasDayOfYear: boolean("day_of_year", in: section) ?? false,
      subsecondByteCount: integer("subsecond_bytes", in: section, CalendarSegmentedTimeCode.subsecondByteCounts) ?? 0)
    let hasPreamble = boolean("p_field", in: section) ?? false
    return code.map { hasPreamble ? .explicit(.calendarSegmented($0)) : .implicit(.calendarSegmented($0)) }
  }

  private mutating func ascii(in section: Section) -> TimeCode? {
    let vocabulary = Vocabulary(
      name: "ascii", keys: ["variation", "digits", "z"],
      elsewhere: ["p_field": "leave it out: these codes have none", "code": "write 'variation'"])
    guard let section = self.section("ascii", in: section, vocabulary) else { return nil }
    let digits = integer("digits", in: section, ASCIITimeCode.fractionDigitCounts) ?? 0
    let hasTerminator = boolean("z", in: section) ?? false
    guard section.has("variation") else {
      reportMissing("variation", in: section, hint: "write 'variation: a' with month and day, or b")
      return nil
    }
    let variation = word("variation", in: section, ASCIITimeCode.Variation.allCases.map(\.rawValue))
    return variation.flatMap(ASCIITimeCode.Variation.init(rawValue:))
      .flatMap { ASCIITimeCode($0, fractionDigitCount: digits, hasTerminator: hasTerminator) }
      .map { .implicit(.ascii($0)) }
  }

  private mutating func selfIdentified(in section: Section) -> TimeCode? {
    let vocabulary = Vocabulary(name: "p_field", keys: ["epoch", "leap_seconds"])
    guard let section = self.section("p_field", in: section, vocabulary) else { return nil }
    return .selfIdentified(agencyEpoch: epoch(in: section))
  }
}

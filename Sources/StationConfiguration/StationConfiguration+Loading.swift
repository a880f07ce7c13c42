extension StationConfiguration {
  /// Reads the text of one file.
  ///
  /// - Parameters:
  ///   - text: YAML of at most 1 MiB.
  ///   - fileName: What the file is called in problems.
  ///   - purpose: What is checked beyond the values themselves.
  package static func parse(
    text: String, fileName: String, for purpose: ConfigurationPurpose = .service
  ) throws(ConfigurationErrors) -> StationConfiguration {
    try parse(bytes: Array(text.utf8), fileName: fileName, for: purpose)
  }

  /// Reads the bytes of one file, whatever they are.
  package static func parse(
    bytes: [UInt8], fileName: String, for purpose: ConfigurationPurpose = .service
  ) throws(ConfigurationErrors) -> StationConfiguration {
    try decode([ConfigurationFile(name: fileName, content: .bytes(bytes))], for: purpose)
  }

  /// Reads a file, and what lies beside it in `conf.d/*.yaml`, in lexical order.
  ///
  /// Later files win key by key; their links come after the others.
  package static func load(
    path: String, for purpose: ConfigurationPurpose = .service
  ) throws(ConfigurationErrors) -> StationConfiguration {
    var files = [ConfigurationFile.read(path)]
    files += ConfigurationFile.namesBeside(path).map(ConfigurationFile.read)
    return try decode(files, for: purpose)
  }

  private static func decode(
    _ files: [ConfigurationFile], for purpose: ConfigurationPurpose
  ) throws(ConfigurationErrors) -> StationConfiguration {
    var problems = ProblemCollector()
    var root: YAMLNode?
    for (index, file) in files.enumerated() {
      let source = problems.sources.count
      switch file.content {
      case .failure(let message, let hint):
        problems.hasUnreadText = true
        _ = problems.add(SourceText(name: file.name, bytes: []))
        problems.report(message, at: .wholeFile(source), hint: hint)
      case .bytes(let bytes):
        let node = YAMLDocument.read(bytes, name: file.name, into: &problems)
        for refusal in file.refusals {
          problems.report(
            refusal.message, at: .wholeFile(source), hint: refusal.hint,
            severity: purpose == .service ? .error : .warning)
        }
        guard let node, !node.isNothing else {
          if index == 0 && !problems.hasErrors { problems.reportEmptyFile(source) }
          continue
        }
        if root == nil { root = node } else { root?.merge(node) }
      }
    }
    var decoder = StationDecoder(problems: problems, purpose: purpose)
    var station = StationConfiguration(station: "", links: [])
    if let root { station = decoder.station(root) }
    let sorted = decoder.problems.sorted
    guard !decoder.problems.hasErrors else {
      throw ConfigurationErrors(problems: sorted, omittedCount: decoder.problems.omittedCount)
    }
    station.warnings = sorted
    station.places = decoder.places.mapValues { decoder.problems.place(of: $0) }
    return station
  }
}

extension SourceMark {
  fileprivate static func wholeFile(_ source: Int) -> SourceMark {
    SourceMark(source: source, text: TextMark(line: 0, column: 0))
  }
}

extension YAMLNode {
  fileprivate var isNothing: Bool {
    if case .scalar("", isPlain: true) = content { return true }
    return false
  }
}

extension ProblemCollector {
  fileprivate mutating func reportEmptyFile(_ source: Int) {
    report(
      "the file is empty", at: SourceMark(source: source, text: TextMark(line: 1, column: 1)),
      hint: "a first station takes ten lines: see /usr/share/doc/downlinkd/examples/minimal.yaml")
  }
}

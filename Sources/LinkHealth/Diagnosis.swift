extension LinkSnapshot {
  /// What is wrong with the link, worst first, and what to do about it.
  package func problems(_ input: InputFacts = InputFacts()) -> [Problem] {
    var problems = breaches.map { breach in
      Problem(
        .unbalanced, .critical, link: name,
        message: "the ledger does not balance: \(breach.level.rawValue) received \(breach.received), "
          + "accounted for \(breach.accounted)",
        hint: "this is a fault of downlinkd: please report it with the output of 'downlinkctl status --json'")
    }
    let recent = LedgerMark(ledger).since(input.earlier ?? LedgerMark())
    problems += inputProblems(input, recent)
    problems += codingProblems(input)
    problems += rejectionProblems(input, recent)
    problems += missingProblems(input, recent)
    problems += channelProblems(input, recent)
    problems += contentProblems(input, recent)
    return sharpened(problems).sorted { $0.severity == .critical && $1.severity != .critical }
  }
}

package import LinkHealth

/// The one line of JSON in which a replay ends.
package struct ReportDocument {
  package var links: [(snapshot: LinkSnapshot, problems: [Problem])]
  /// What was read, for people and tools that keep reports; each a JSON object.
  package var inputs: [String] = []

  /// What became of the values of packets; absent for a link without a mission database.
  package var parameters: ParameterSummary?

  package init(links: [(snapshot: LinkSnapshot, problems: [Problem])]) { self.links = links }

  package var isBalanced: Bool { links.allSatisfy(\.snapshot.isBalanced) }

  /// One object on one line.
  package var json: String {
    var writer = JSONWriter()
    writer.object {
      $0.member("class", "REPORT")
      $0.member("balanced", isBalanced)
      $0.array("links") { array in
        for link in links {
          array.object {
            link.snapshot.write(to: &$0, problems: link.problems)
            if let parameters { $0.object("parameters") { parameters.write(to: &$0) } }
          }
        }
      }
      if !inputs.isEmpty {
        $0.array("inputs") { array in
          for input in inputs { array.element(json: input) }
        }
      }
    }
    return writer.text
  }
}

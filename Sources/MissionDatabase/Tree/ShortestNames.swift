/// The ends of paths that tell them from each other: a name alone where no other path ends with it, else with as many
/// of the space systems around it as it takes.
package enum ShortestNames {
  /// - Parameter paths: Such as `/SAT/AOCS/MODE`; paths that are alike stay whole.
  package static func of(_ paths: [String]) -> [Substring] {
    var names = paths.map { $0[...] }
    // All paths of a group end alike up to here.
    var groups = [Array(paths.indices)]
    var partCount = 1
    while !groups.isEmpty {
      var next: [[Int]] = []
      for group in groups {
        let byName = Dictionary(grouping: group) { end(of: paths[$0], partCount) }
        for (name, indices) in byName {
          let isWhole = indices.allSatisfy { paths[$0].utf8.count == name.utf8.count }
          guard indices.count > 1, !isWhole else {
            for index in indices { names[index] = end(of: paths[index], partCount) }
            continue
          }
          next.append(indices)
        }
      }
      groups = next
      partCount += 1
    }
    return names
  }

  /// The last so many parts of a path; all of it where it has no more.
  private static func end(of path: String, _ partCount: Int) -> Substring {
    var rest = partCount
    for index in path.utf8.indices.reversed() where path.utf8[index] == UInt8(ascii: "/") {
      rest -= 1
      if rest == 0 { return path[path.index(after: index)...] }
    }
    return path[...]
  }
}

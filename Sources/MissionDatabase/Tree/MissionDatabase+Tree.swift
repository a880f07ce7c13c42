extension MissionDatabase {
  /// The containers by inheritance with what lies in them, and then the parameters that lie in none: one line each,
  /// in columns, for a person.
  package var tree: String { DatabaseTree(self).text(labelCapacity: 8, hasHeadings: false) }

  /// The same, with names above the columns, and so many labels of each enumeration.
  package func tree(labelCapacity: Int) -> String {
    DatabaseTree(self).text(labelCapacity: labelCapacity, hasHeadings: true)
  }

  /// The containers of which this is true, with all that they extend; without the parameters that lie in none.
  package func tree(labelCapacity: Int, of isWanted: @escaping (Container) -> Bool) -> String {
    DatabaseTree(self, of: isWanted).text(labelCapacity: labelCapacity, hasHeadings: true)
  }

  /// What the lines of the tree are made of.
  package var treeRows: [TreeRow] { DatabaseTree(self).rows }

  /// What the lines of some containers are made of.
  package func treeRows(of isWanted: @escaping (Container) -> Bool) -> [TreeRow] {
    DatabaseTree(self, of: isWanted).rows
  }
}

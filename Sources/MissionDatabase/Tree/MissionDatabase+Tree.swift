extension MissionDatabase {
  /// The containers by inheritance with what lies in them, and then the parameters that lie in none: one line each,
  /// in columns, for a person.
  package var tree: String { DatabaseTree(self).text }
}

/// Some of the declarations, found by their places and not by hashes: there may be as many as all of them.
struct SubjectSet: Sendable {
  private var types: [Bool] = []
  private var parameters: [Bool] = []
  private var containers: [Bool] = []
  private(set) var isEmpty = true

  init() {}

  init(_ subjects: some Sequence<Subject>) { formUnion(subjects) }

  func contains(_ subject: Subject) -> Bool {
    switch subject {
    case .type(let index): index < types.count && types[index]
    case .parameter(let index): index < parameters.count && parameters[index]
    case .container(let index): index < containers.count && containers[index]
    }
  }

  mutating func insert(_ subject: Subject) {
    isEmpty = false
    switch subject {
    case .type(let index): Self.insert(index, in: &types)
    case .parameter(let index): Self.insert(index, in: &parameters)
    case .container(let index): Self.insert(index, in: &containers)
    }
  }

  mutating func formUnion(_ subjects: some Sequence<Subject>) {
    for subject in subjects { insert(subject) }
  }

  /// All of them, by their kinds and places.
  var subjects: [Subject] {
    types.indices.filter { types[$0] }.map(Subject.type)
      + parameters.indices.filter { parameters[$0] }.map(Subject.parameter)
      + containers.indices.filter { containers[$0] }.map(Subject.container)
  }

  private static func insert(_ index: Int, in members: inout [Bool]) {
    while members.count <= index { members.append(false) }
    members[index] = true
  }
}

/// A walk over the files of a database that finds all that has a name.
struct DeclarationSurvey {
  /// What declarations are of.
  private enum Kind: String {
    case type = "parameter type"
    case parameter, container

    func subject(_ index: Int) -> Subject {
      switch self {
      case .type: .type(index)
      case .parameter: .parameter(index)
      case .container: .container(index)
      }
    }

    var capacity: Int {
      switch self {
      case .type: Limits.typeCount
      case .parameter: Limits.parameterCount
      case .container: Limits.containerCount
      }
    }
  }

  private(set) var systems: [Declarations.System] = []
  private(set) var indexOfSystem: [String: Int] = [:]
  private(set) var types = Declarations.Table()
  private(set) var parameters = Declarations.Table()
  private(set) var containers = Declarations.Table()
  private(set) var algorithms: [String] = []
  private(set) var problems = ProblemList()
  /// Those whose name another one has too.
  private(set) var ambiguous = SubjectSet()
  /// There is more than may be, or it is something else than XTCE.
  private(set) var isUnusable = false
  /// Parameters of other space systems that have their name here too.
  private var borrowed: [(element: XMLElement, system: Int)] = []

  /// - Parameter documents: At least one.
  init(_ documents: [XMLDocument]) {
    for document in documents {
      let root = document.root
      guard root.name == "SpaceSystem" else {
        isUnusable = true
        problems.add(
          DatabaseProblem(
            .error, "the outermost element is <\(root.name)> and not <SpaceSystem>", at: root.place, element: root.name,
            hint: "is this an XTCE file?"))
        continue
      }
      checkNamespace(of: document)
      declareSystem(root, parent: nil)
    }
    borrow()
  }

  // MARK: Helpers

  /// Elements are known by their names alone; another namespace than that of XTCE may be a slip, or another format.
  private mutating func checkNamespace(of document: XMLDocument) {
    guard let namespace = document.namespace, !Self.namespaces.contains(where: namespace.hasPrefix) else { return }
    problems.add(
      DatabaseProblem(
        .warning, "the namespace \"\(namespace.shortened)\" is not that of XTCE: it is read as if it were",
        at: document.root.place, element: document.root.name,
        hint: "XTCE 1.2 has \(Self.namespaces[0])20180204, XTCE 1.1 \(Self.namespaces[1])"))
  }

  /// That of XTCE 1.2 and later ones, of which each has its date, and that of those before.
  private static let namespaces = ["http://www.omg.org/spec/XTCE/", "http://www.omg.org/space/xtce"]

  /// The depth of elements is bounded, so this cannot go deep.
  private mutating func declareSystem(_ element: XMLElement, parent: Int?) {
    guard let path = path(of: element, in: parent) else { return }
    guard systems.count < Limits.spaceSystemCount else {
      isUnusable = true
      return refuse(element, "there are more than \(Limits.spaceSystemCount) space systems")
    }
    let depth = path.utf8.count { $0 == UInt8(ascii: "/") }
    guard depth <= Limits.spaceSystemDepth else {
      return refuse(element, "space systems lie deeper than \(Limits.spaceSystemDepth) within each other")
    }
    if let first = indexOfSystem[path] {
      return refuse(
        element, "space system `\(path)` is there already",
        hint: "the other is at \(Self.position(systems[first].element))")
    }
    let system = systems.count
    systems.append(Declarations.System(element: element, path: path, parent: parent))
    indexOfSystem[path] = system
    for child in element.children {
      switch child.name {
      case "TelemetryMetaData", "CommandMetaData": declareMetaData(child, system)
      case "SpaceSystem": declareSystem(child, parent: system)
      default: break
      }
    }
  }

  /// Parameters of commands can be named by telemetry too, their containers are none of it.
  private mutating func declareMetaData(_ element: XMLElement, _ system: Int) {
    for set in element.children {
      switch set.name {
      case "ParameterTypeSet": declare(set, .type, system) { $0.hasSuffix("ParameterType") }
      case "ParameterSet":
        declare(set, .parameter, system) { $0 == "Parameter" }
        for child in set.children where child.name == "ParameterRef" { borrowed.append((child, system)) }
      case "ContainerSet": declare(set, .container, system) { $0 == "SequenceContainer" }
      case "AlgorithmSet":
        for child in set.children { if let path = path(of: child, in: system) { algorithms.append(path) } }
      default: break
      }
    }
  }

  private mutating func borrow() {
    for (element, system) in borrowed where !problems.isFull {
      let reference = element["parameterRef"] ?? ""
      guard let index = systems.find(reference, in: parameters, from: system) else {
        refuse(element, "there is no parameter `\(reference.shortened)`")
        continue
      }
      let name = reference.split(separator: "/").last.map(String.init) ?? reference
      parameters.add("\(systems[system].path)/\(name)", for: index)
    }
    borrowed = []
  }

  /// Declares what is in a set and has one of the names that such a thing has.
  private mutating func declare(_ set: XMLElement, _ kind: Kind, _ system: Int, _ isMeant: (String) -> Bool) {
    let count = min(set.children.count(where: { _ in true }), kind.capacity)
    switch kind {
    case .type: types.reserve(count)
    case .parameter: parameters.reserve(count)
    case .container: containers.reserve(count)
    }
    // A set has few names, each very often.
    var verdict: (name: Int, isMeant: Bool) = (-1, false)
    for child in set.children {
      if child.nameIndex != verdict.name { verdict = (child.nameIndex, isMeant(child.name)) }
      if verdict.isMeant { declare(child, kind, system) }
    }
  }

  private mutating func declare(_ element: XMLElement, _ kind: Kind, _ system: Int) {
    guard !problems.isFull, let path = path(of: element, in: system) else { return }
    let index = table(of: kind).declarations.count
    guard index < kind.capacity else {
      if !isUnusable { refuse(element, "there are more than \(kind.capacity) \(kind.rawValue)s") }
      isUnusable = true
      return
    }
    guard let first = add(Declarations.Declaration(element: element, system: system, path: path), kind) else { return }
    ambiguous.formUnion([kind.subject(first), kind.subject(index)])
    refuse(
      element, "\(kind.rawValue) `\(path)` is there already",
      hint: "the other is at \(Self.position(table(of: kind).declarations[first].element))")
  }

  private func table(of kind: Kind) -> Declarations.Table {
    switch kind {
    case .type: types
    case .parameter: parameters
    case .container: containers
    }
  }

  private mutating func add(_ declaration: Declarations.Declaration, _ kind: Kind) -> Int? {
    switch kind {
    case .type: types.add(declaration)
    case .parameter: parameters.add(declaration)
    case .container: containers.add(declaration)
    }
  }

  private mutating func path(of element: XMLElement, in system: Int?) -> String? {
    guard let name = element["name"], !name.isEmpty else {
      refuse(element, "it has no name")
      return nil
    }
    guard name.utf8.count <= Limits.nameByteCount else {
      refuse(element, "its name is longer than \(Limits.nameByteCount) bytes")
      return nil
    }
    guard !Self.isUnspeakable(name) else {
      refuse(element, "its name has a `/` or a control character in it, so that nothing could refer to it")
      return nil
    }
    let path = (system.map { systems[$0].prefix } ?? "/") + name
    guard path.utf8.count <= Limits.pathByteCount else {
      refuse(element, "its name with those of all space systems around it is longer than \(Limits.pathByteCount) bytes")
      return nil
    }
    return path
  }

  /// Whether it has a separator in it or something of the category Cc of Unicode: 0x00 to 0x1F, and 0x7F to 0x9F, which
  /// from 0x80 on is 0xC2 and the number itself.
  private static func isUnspeakable(_ name: String) -> Bool {
    var previous: UInt8 = 0
    let bytes = name.utf8.span
    for index in bytes.indices {
      let byte = bytes[index]
      if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || previous == 0xC2 && byte < 0xA0 { return true }
      previous = byte
    }
    return false
  }

  private mutating func refuse(_ element: XMLElement, _ message: String, hint: String? = nil) {
    problems.add(DatabaseProblem(.error, message, at: element.place, element: element.name, hint: hint))
  }

  private static func position(_ element: XMLElement) -> String {
    "\(element.place.file):\(element.place.line):\(element.place.column)"
  }
}

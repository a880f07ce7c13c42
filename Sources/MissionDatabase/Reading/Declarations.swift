/// All that has a name in the files of a database, before anything is known of it but where it stands.
struct Declarations {
  /// A type, a parameter or a container.
  struct Declaration {
    var element: XMLElement
    /// The space system around it, a place in `systems`.
    var system: Int
    var path: String
  }

  /// A space system with those around it.
  struct System {
    var element: XMLElement
    var path: String
    var parent: Int?
  }

  /// Declarations of one kind.
  struct Table {
    private(set) var declarations: [Declaration] = []
    private(set) var indexOfPath: [String: Int] = [:]

    /// The same by another name; a declaration that has the name already keeps it.
    mutating func add(_ path: String, for index: Int) {
      if indexOfPath[path] == nil { indexOfPath[path] = index }
    }

    /// - Returns: The declaration that has the name already.
    mutating func add(_ declaration: Declaration) -> Int? {
      declarations.append(declaration)
      let index = declarations.count - 1
      guard let first = indexOfPath[declaration.path] else {
        indexOfPath[declaration.path] = index
        return nil
      }
      return first
    }
  }

  private(set) var systems: [System] = []
  private(set) var indexOfSystem: [String: Int] = [:]
  private(set) var types = Table()
  private(set) var parameters = Table()
  private(set) var containers = Table()
  private(set) var algorithms: [String] = []
  private(set) var problems = ProblemList()
  /// Those whose name another one has too.
  private(set) var ambiguous: Set<Subject> = []
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
    systems.append(System(element: element, path: path, parent: parent))
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
      case "ParameterTypeSet": for child in set.children { declareType(child, system) }
      case "ParameterSet":
        for child in set.children {
          switch child.name {
          case "Parameter":
            declare(child, system, "parameter", \.parameters, Limits.parameterCount, Subject.parameter)
          case "ParameterRef": borrowed.append((child, system))
          default: break
          }
        }
      case "ContainerSet":
        for child in set.children where child.name == "SequenceContainer" {
          declare(child, system, "container", \.containers, Limits.containerCount, Subject.container)
        }
      case "AlgorithmSet":
        for child in set.children { if let path = path(of: child, in: system) { algorithms.append(path) } }
      default: break
      }
    }
  }

  private mutating func borrow() {
    for (element, system) in borrowed where !problems.isFull {
      let reference = element["parameterRef"] ?? ""
      guard let index = find(reference, in: parameters, from: system) else {
        refuse(element, "there is no parameter `\(reference.shortened)`")
        continue
      }
      let name = reference.split(separator: "/").last.map(String.init) ?? reference
      parameters.add("\(systems[system].path)/\(name)", for: index)
    }
    borrowed = []
  }

  private mutating func declareType(_ element: XMLElement, _ system: Int) {
    guard element.name.hasSuffix("ParameterType") else { return }
    declare(element, system, "parameter type", \.types, Limits.typeCount, Subject.type)
  }

  private mutating func declare(
    _ element: XMLElement, _ system: Int, _ kind: String, _ table: WritableKeyPath<Self, Table>, _ capacity: Int,
    _ subject: (Int) -> Subject
  ) {
    guard !problems.isFull, let path = path(of: element, in: system) else { return }
    let index = self[keyPath: table].declarations.count
    guard index < capacity else {
      if !isUnusable { refuse(element, "there are more than \(capacity) \(kind)s") }
      isUnusable = true
      return
    }
    guard let first = self[keyPath: table].add(Declaration(element: element, system: system, path: path)) else {
      return
    }
    ambiguous.formUnion([subject(first), subject(index)])
    refuse(
      element, "\(kind) `\(path)` is there already",
      hint: "the other is at \(Self.position(self[keyPath: table].declarations[first].element))")
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
    guard !name.unicodeScalars.contains(where: { $0 == "/" || Self.isControl($0) }) else {
      refuse(element, "its name has a `/` or a control character in it, so that nothing could refer to it")
      return nil
    }
    let path = "\(system.map { systems[$0].path } ?? "")/\(name)"
    guard path.utf8.count <= Limits.pathByteCount else {
      refuse(element, "its name with those of all space systems around it is longer than \(Limits.pathByteCount) bytes")
      return nil
    }
    return path
  }

  /// The category Cc of Unicode is these, and no others.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
  }

  private mutating func refuse(_ element: XMLElement, _ message: String, hint: String? = nil) {
    problems.add(DatabaseProblem(.error, message, at: element.place, element: element.name, hint: hint))
  }

  private static func position(_ element: XMLElement) -> String {
    "\(element.place.file):\(element.place.line):\(element.place.column)"
  }
}

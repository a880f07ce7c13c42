import MissionDatabase

/// Small databases as text, made of the parts that a test is about.
enum XTCEText {
  /// A database with one space system, `SAT`.
  static func database(types: String = "", parameters: String = "", containers: String = "", rest: String = "")
    -> String
  {
    """
    <SpaceSystem name="SAT" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>
    <ParameterTypeSet>\(types)</ParameterTypeSet>
    <ParameterSet>\(parameters)</ParameterSet>
    <ContainerSet>\(containers)</ContainerSet>
    </TelemetryMetaData>\(rest)</SpaceSystem>
    """
  }

  static func load(_ text: String, isLenient: Bool = false) throws(DatabaseErrors) -> MissionDatabase {
    try MissionDatabase.load([("test.xml", Array(text.utf8))], isLenient: isLenient)
  }

  /// What is wrong with a database, each as it is shown; empty when it is good.
  static func problems(_ text: String) -> [String] {
    do throws(DatabaseErrors) {
      _ = try load(text)
      return []
    } catch { return error.problems.map(\.rendered) }
  }

  /// An unsigned integer type.
  static func unsigned(_ name: String, _ bitCount: Int) -> String {
    """
    <IntegerParameterType name="\(name)" signed="false">\
    <IntegerDataEncoding sizeInBits="\(bitCount)"/></IntegerParameterType>
    """
  }

  static func parameter(_ name: String, _ type: String) -> String {
    "<Parameter name=\"\(name)\" parameterTypeRef=\"\(type)\"/>"
  }

  static func container(_ name: String, _ entries: String, _ rest: String = "") -> String {
    "<SequenceContainer name=\"\(name)\"><EntryList>\(entries)</EntryList>\(rest)</SequenceContainer>"
  }

  static func entry(_ parameter: String, _ rest: String = "") -> String {
    "<ParameterRefEntry parameterRef=\"\(parameter)\">\(rest)</ParameterRefEntry>"
  }
}

extension MissionDatabase {
  func type(of parameter: String) -> ParameterType? {
    parameters.first { $0.path == parameter }.map { types[$0.type.value] }
  }

  func container(_ path: String) -> Container? { containers.first { $0.path == path } }

  func index(of parameter: String) -> ParameterIndex? {
    parameters.firstIndex { $0.path == parameter }.map(ParameterIndex.init)
  }
}

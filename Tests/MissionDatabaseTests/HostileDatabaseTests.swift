import MissionDatabase
import Testing

@Suite("Databases that were made to do harm")
struct HostileDatabaseTests {
  @Test("types that are made of themselves are refused, each circle once and with its way")
  func refusesTypeCircles() {
    let member = { (name: String, type: String) in
      "<AggregateParameterType name=\"\(name)\"><MemberList><Member name=\"m\" typeRef=\"\(type)\"/></MemberList>"
        + "</AggregateParameterType>"
    }
    let problems = XTCEText.problems(
      XTCEText.database(
        types: member("a", "b") + member("b", "c") + member("c", "a")
          + "<IntegerParameterType name=\"i\" baseType=\"i\"/><ArrayParameterType name=\"r\" arrayTypeRef=\"r\"/>",
        parameters: XTCEText.parameter("p", "a") + XTCEText.parameter("q", "i")))
    #expect(problems.count == 3)
    #expect(problems.first?.contains("/SAT/a → /SAT/b → /SAT/c → /SAT/a") == true)
    #expect(problems[1].contains("/SAT/i → /SAT/i"))
  }

  @Test("containers that extend or include themselves are refused")
  func refusesContainerCircles() {
    let extending = { (name: String, base: String) in
      XTCEText.container(name, "", "<BaseContainer containerRef=\"\(base)\"/>")
    }
    let including = { (name: String, inner: String) in
      XTCEText.container(name, "<ContainerRefEntry containerRef=\"\(inner)\"/>")
    }
    let problems = XTCEText.problems(
      XTCEText.database(
        containers: extending("a", "b") + extending("b", "a") + including("c", "c") + including("d", "e")
          + extending("e", "d") + extending("f", "a")))
    #expect(problems.count == 3)
    #expect(problems.allSatisfy { $0.contains("it is in itself, or extends itself") })
  }

  @Test("a chain of 32 types or containers is read; one of a hundred thousand is refused once, where it gets too long")
  func boundsChains() {
    let types = { (count: Int) in
      XTCEText.unsigned("t0", 8)
        + (1..<count).reversed().map { "<IntegerParameterType name=\"t\($0)\" baseType=\"t\($0 - 1)\"/>" }.joined()
    }
    #expect(XTCEText.problems(XTCEText.database(types: types(32))) == [])
    let problems = XTCEText.problems(XTCEText.database(types: types(60_000)))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("more than 32 deep") == true)

    let containers = { (count: Int) in
      XTCEText.container("c0", "")
        + (1..<count).reversed().map {
          XTCEText.container("c\($0)", "", "<BaseContainer containerRef=\"c\($0 - 1)\"/>")
        }
        .joined()
    }
    #expect(XTCEText.problems(XTCEText.database(containers: containers(32))) == [])
    #expect(XTCEText.problems(XTCEText.database(containers: containers(60_000))).count == 1)
  }

  @Test("aggregates of aggregates multiply to 65,536 values at most")
  func boundsTypeBombs() {
    // Sixteen of sixteen of sixteen of sixteen are 65,536.
    let level = { (index: Int) in
      let members = (0..<16).map { "<Member name=\"m\($0)\" typeRef=\"t\(index - 1)\"/>" }.joined()
      return "<AggregateParameterType name=\"t\(index)\"><MemberList>\(members)</MemberList></AggregateParameterType>"
    }
    let types = { (count: Int) in XTCEText.unsigned("t0", 1) + (1...count).map(level).joined() }
    #expect(XTCEText.problems(XTCEText.database(types: types(4))) == [])
    let problems = XTCEText.problems(XTCEText.database(types: types(9)))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("more than 65536 values") == true)
  }

  @Test("empty aggregates and containers multiply too")
  func boundsEmptyBombs() {
    let level = { (index: Int) in
      let members = (0..<10).map { "<Member name=\"m\($0)\" typeRef=\"t\(index - 1)\"/>" }.joined()
      return "<AggregateParameterType name=\"t\(index)\"><MemberList>\(members)</MemberList></AggregateParameterType>"
    }
    let types =
      "<AggregateParameterType name=\"t0\"><MemberList/></AggregateParameterType>" + (1...20).map(level).joined()
    #expect(XTCEText.problems(XTCEText.database(types: types)).first?.contains("more than 65536 values") == true)

    let container = { (index: Int) in
      XTCEText.container(
        "c\(index)", String(repeating: "<ContainerRefEntry containerRef=\"c\(index - 1)\"/>", count: 10))
    }
    let containers = XTCEText.container("c0", "") + (1...20).map(container).joined()
    #expect(
      XTCEText.problems(XTCEText.database(containers: containers)).first?.contains("more than 65536 values") == true)
  }

  @Test("arrays and repetitions multiply to 65,536 values at most, whatever the factors")
  func boundsArrayBombs() {
    let dimension = { (last: Int) in
      "<Dimension><StartingIndex><FixedValue>0</FixedValue></StartingIndex><EndingIndex>"
        + "<FixedValue>\(last)</FixedValue>"
        + "</EndingIndex></Dimension>"
    }
    let array = { (dimensions: String) in
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8)
          + "<ArrayParameterType name=\"a\" arrayTypeRef=\"u8\"><DimensionList>\(dimensions)</DimensionList>"
          + "</ArrayParameterType>")
    }
    #expect(XTCEText.problems(array(dimension(255) + dimension(255))) == [])
    #expect(XTCEText.problems(array(dimension(255) + dimension(256))).first?.contains("65536 values") == true)
    #expect(
      XTCEText.problems(array(String(repeating: dimension(65_535), count: 8))).first?.contains("65536 values") == true)
    #expect(XTCEText.problems(array(String(repeating: dimension(0), count: 9))).first?.contains("9 dimensions") == true)
    #expect(XTCEText.problems(array(dimension(4_294_967_296))).first?.contains("4294967296") == true)

    let repetition = { (count: Int) in
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8), parameters: XTCEText.parameter("p", "u8"),
        containers: XTCEText.container(
          "inner", XTCEText.entry("p", "<RepeatEntry><Count><FixedValue>1024</FixedValue></Count></RepeatEntry>"))
          + XTCEText.container(
            "outer",
            "<ContainerRefEntry containerRef=\"inner\"><RepeatEntry><Count><FixedValue>\(count)</FixedValue></Count>"
              + "</RepeatEntry></ContainerRefEntry>"))
    }
    #expect(XTCEText.problems(repetition(64)) == [])
    #expect(XTCEText.problems(repetition(65)).first?.contains("more than 65536 values") == true)
  }

  @Test("all containers together are a million values at most")
  func boundsTotals() {
    let containers = (0..<17).map { index in
      XTCEText.container(
        "c\(index)", XTCEText.entry("p", "<RepeatEntry><Count><FixedValue>65536</FixedValue></Count></RepeatEntry>"))
    }
    let database = { (count: Int) in
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8), parameters: XTCEText.parameter("p", "u8"),
        containers: containers.prefix(count).joined())
    }
    #expect(XTCEText.problems(database(16)) == [])
    #expect(XTCEText.problems(database(17)).first?.contains("more than 1048576 values") == true)
  }

  @Test("leniently each container beyond a million values is left out, with a word, and those that fit stay")
  func leavesOutWhatIsTooMuch() throws {
    let full = (0..<18).map { index in
      XTCEText.container(
        "c\(index)", XTCEText.entry("p", "<RepeatEntry><Count><FixedValue>65536</FixedValue></Count></RepeatEntry>"))
    }
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u8", 8), parameters: XTCEText.parameter("p", "u8"),
        // The last takes nothing.
        containers: full.joined() + XTCEText.container("z", "")), isLenient: true)
    #expect(database.containers.map(\.path) == (0..<16).map { "/SAT/c\($0)" } + ["/SAT/z"])
    #expect(
      database.notices.filter { $0.severity == .warning }.map(\.message) == [
        "container `/SAT/c16` is left out", "container `/SAT/c17` is left out",
      ])
  }

  @Test("a million parameters are refused without being read, and 65,537 when they are counted")
  func boundsParameters() {
    let parameters = { (count: Int) in
      (0..<count).map { "<Parameter name=\"p\($0)\" parameterTypeRef=\"u\"/>" }.joined()
    }
    let many = XTCEText.problems(XTCEText.database(types: XTCEText.unsigned("u", 8), parameters: parameters(1_000_000)))
    #expect(many == ["test.xml: error: there are more than 524288 elements, those in comments included\n"])
    #expect(
      XTCEText.problems(XTCEText.database(types: XTCEText.unsigned("u", 8), parameters: parameters(65_536))) == [])
    let problems = XTCEText.problems(
      XTCEText.database(types: XTCEText.unsigned("u", 8), parameters: parameters(65_537)))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("more than 65536 parameters") == true)
  }

  @Test("the first two hundred problems are told, the others counted, and after a thousand nobody counts")
  func boundsProblems() throws {
    let parameters = (0..<50_000).map { "<Parameter name=\"p\($0)\" parameterTypeRef=\"nothing\"/>\n" }.joined()
    let errors = try #require(throws: DatabaseErrors.self) {
      _ = try XTCEText.load(XTCEText.database(parameters: parameters))
    }
    #expect(errors.problems.count == 200)
    #expect(errors.omittedCount == 800)
    #expect(errors.problems.map(\.place.line) == Array(3...202))
    #expect(throws: DatabaseErrors.self) {
      _ = try XTCEText.load(XTCEText.database(parameters: parameters), isLenient: true)
    }
  }

  @Test("what types inherit is not read again, and all types together are a million parts at most")
  func boundsInheritance() throws {
    let points = { (count: Int) in
      (0..<count).map { "<SplinePoint raw=\"\($0)\" calibrated=\"0\"/>" }.joined()
    }
    let database = { (count: Int) in
      XTCEText.database(
        types: "<FloatParameterType name=\"t0\"><IntegerDataEncoding><DefaultCalibrator><SplineCalibrator>"
          + points(4_096) + "</SplineCalibrator></DefaultCalibrator></IntegerDataEncoding></FloatParameterType>"
          + (1..<count).map { "<FloatParameterType name=\"t\($0)\" baseType=\"t0\"/>" }.joined())
    }
    // 256 of 4,096 are 1,048,576.
    let types = try XTCEText.load(database(256)).types
    #expect(types.count == 256)
    #expect(types.allSatisfy { $0.calibration == types[0].calibration && $0.encoding == types[0].encoding })
    let problems = XTCEText.problems(database(257))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("all types have more than 1048576 labels") == true)
    #expect(XTCEText.problems(database(20_000)).count == 200)
  }

  @Test("labels and alarms that are inherited count too, and are those of the base")
  func inheritsLabelsAndAlarms() throws {
    let labels = { (count: Int) in (0..<count).map { "<Enumeration value=\"\($0)\" label=\"L\($0)\"/>" }.joined() }
    let database = { (labelCount: Int, typeCount: Int) in
      XTCEText.database(
        types: "<EnumeratedParameterType name=\"t0\"><IntegerDataEncoding/><EnumerationList>\(labels(labelCount))"
          + "</EnumerationList><DefaultAlarm><EnumerationAlarmList><EnumerationAlarm enumerationLabel=\"L1\""
          + " alarmLevel=\"watch\"/></EnumerationAlarmList></DefaultAlarm></EnumeratedParameterType>"
          + (1..<typeCount).map { "<EnumeratedParameterType name=\"t\($0)\" baseType=\"t0\"/>" }.joined()
          // Labels of its own, among which that of the alarm is not.
          + "<EnumeratedParameterType name=\"own\" baseType=\"t0\"><EnumerationList>"
          + "<Enumeration value=\"0\" label=\"X\"/></EnumerationList></EnumeratedParameterType>")
    }
    let refused = XTCEText.problems(database(2, 2))
    #expect(refused.map { $0.contains("\"L1\" is not one of its labels") } == [true])
    let types = try XTCEText.load(
      database(2, 3).replacing("label=\"X\"", with: "label=\"L1\"")
    ).types
    let alarms = try #require(types[0].alarms)
    #expect(types.allSatisfy { $0.alarms == alarms })
    #expect(types[1].kind == types[0].kind && types[3].kind != types[0].kind)
    // Of 60,002 parts each, seventeen are within a million.
    #expect(XTCEText.problems(database(60_000, 20)).first?.contains("1048576 labels") == true)
  }

  @Test("the first declaration that is too many ends reading, and so does a name that XTCE cannot have")
  func stopsAtOnce() {
    let spoilt = "<SpaceSystem name=\"S\"><TelemetryMetaData><ParameterSet>"
    // What is behind is not read: it is not even well-formed.
    let parameters = (0..<65_537).map { "<Parameter name=\"p\($0)\" parameterTypeRef=\"u\"/>" }.joined()
    #expect(
      XTCEText.problems(spoilt + parameters + "</wrong>").map { $0.contains("there are more than 65536 parameters") }
        == [true])
    let name = String(repeating: "y", count: 256)
    #expect(
      XTCEText.problems(spoilt + "<\(name)/></wrong>").map { $0.contains("longer than 255 bytes") } == [true])
    #expect(
      XTCEText.problems(spoilt + "<a \(name)=\"\"/></wrong>").map { $0.contains("longer than 255 bytes") } == [true])
    #expect(
      XTCEText.problems(spoilt + "<\(name.dropLast())/></ParameterSet></TelemetryMetaData></SpaceSystem>") == [])
  }

  @Test("an element that is no list has 64 elements in it at most")
  func boundsChildren() {
    let type = { (count: Int) in
      XTCEText.database(
        types: "<IntegerParameterType name=\"t\"><IntegerDataEncoding/>\(String(repeating: "<UnitSet/>", count: count))"
          + "</IntegerParameterType>")
    }
    #expect(XTCEText.problems(type(63)) == [])
    #expect(XTCEText.problems(type(64)).map { $0.contains("it has 65 elements in it") } == [true])
  }

  @Test("warnings never end reading: two hundred are told, the others counted, and nothing is lost")
  func readsOnAfterWarnings() throws {
    let empty = (0..<1_200).map { "<SequenceContainer name=\"E\($0)\"/>\n" }.joined()
    let database = try XTCEText.load(
      XTCEText.database(
        types: XTCEText.unsigned("u", 8), parameters: XTCEText.parameter("p", "u"),
        containers: XTCEText.container("Packet", "") + empty
          + XTCEText.container("Last", XTCEText.entry("p"), "<BaseContainer containerRef=\"Packet\"/>")))
    #expect(database.containers.count == 1_202)
    #expect(database.container("/SAT/Last")?.entries.count == 1)
    #expect(database.container("/SAT/Last")?.base?.container == ContainerIndex(0))
    // Two hundred, and one that says how many more there are.
    #expect(database.notices.count == 201)
    #expect(database.notices.last?.message == "and 1000 more that are not shown")
  }

  @Test("an error behind a thousand warnings is told")
  func tellsErrorsBehindWarnings() {
    let warnings = (0..<1_200).map { "<SequenceContainer name=\"E\($0)\"/>" }.joined()
    let problems = XTCEText.problems(
      XTCEText.database(containers: warnings + XTCEText.container("c", XTCEText.entry("nothing"))))
    #expect(problems.count == 200)
    #expect(problems.last?.contains("there is no parameter `nothing`") == true)
  }

  @Test("names that stand twice are refused, with where the other is")
  func refusesDuplicates() {
    let problems = XTCEText.problems(
      XTCEText.database(
        types: XTCEText.unsigned("u", 8) + "\n" + XTCEText.unsigned("u", 16),
        parameters: XTCEText.parameter("p", "u") + XTCEText.parameter("p", "u"),
        containers: XTCEText.container("c", "") + XTCEText.container("c", ""),
        rest: "<SpaceSystem name=\"s\"/><SpaceSystem name=\"s\"/>"))
    #expect(problems.count == 4)
    #expect(
      problems.first?.contains("parameter type `/SAT/u` is there already\nhint: the other is at test.xml:2:19") == true)
    #expect(problems[1].contains("parameter `/SAT/p`"))
    #expect(problems[2].contains("container `/SAT/c`"))
    #expect(problems[3].contains("space system `/SAT/s`"))
  }

  @Test(
    "names that nothing could refer to are refused",
    arguments: [
      "", "a/b", "a&#10;b", "a&#x1b;[31mb", "a&#x7f;b", "a&#x80;b", "a&#x9f;b", String(repeating: "n", count: 256),
    ])
  func refusesNames(name: String) {
    #expect(!XTCEText.problems(XTCEText.database(types: XTCEText.unsigned(name, 8))).isEmpty)
  }

  @Test("names of any other characters are read", arguments: ["a&#xa0;b", "\u{C0}\u{E9}", "\u{4E80}", "a b", "~"])
  func readsNames(name: String) {
    #expect(XTCEText.problems(XTCEText.database(types: XTCEText.unsigned(name, 8))).isEmpty)
  }

  @Test("nothing in a message is what a terminal would obey, and nothing is long")
  func shortensMessages() throws {
    let reference = "&#x9;" + String(repeating: "x", count: 900)
    let problem = try #require(
      XTCEText.problems(XTCEText.database(parameters: XTCEText.parameter("p", reference))).first)
    #expect(problem.count < 160)
    #expect(!problem.contains("\t"))
  }

  @Test("all that is wrong is told at once, in the order of the lines")
  func tellsAll() {
    let problems = XTCEText.problems(
      XTCEText.database(
        types: "<IntegerParameterType name=\"a\"><IntegerDataEncoding sizeInBits=\"x\"/></IntegerParameterType>",
        parameters: XTCEText.parameter("p", "nothing") + XTCEText.parameter("q", "a"),
        containers: XTCEText.container("c", XTCEText.entry("nothing") + XTCEText.entry("q"))))
    // What needs something that is wrong has no error of its own.
    #expect(problems.map { $0.prefix(11) } == ["test.xml:2:", "test.xml:3:", "test.xml:4:"])
  }
}

import MissionDatabase
import SpacecraftSimulator

/// The packets and the database of `Benchmarks parameters`, also for other programs that read them.
enum ParameterInput {
  static let applicationProcessID = 103
  static let packetByteCount = 61

  /// Packets of one application process one behind the other, of values without a pattern.
  static func packets(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: 30)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * packetByteCount)
    for number in 0..<count {
      bytes += [UInt8(applicationProcessID >> 8), UInt8(applicationProcessID & 0xFF)]
      bytes += [0xC0 | UInt8(number >> 8 & 0x3F), UInt8(number & 0xFF), 0, UInt8(packetByteCount - 7)]
      for index in 6..<packetByteCount {
        // Two floating-point numbers between one and two, or below their negatives; all else is anything.
        let byte = UInt8(truncatingIfNeeded: random.next())
        bytes.append(index == 51 || index == 55 ? byte & 0x80 | 0x3F : index == 52 || index == 56 ? byte | 0x80 : byte)
      }
    }
    return bytes
  }

  /// - Throws: What is wrong with the database.
  static func plan() throws -> DecodePlan {
    let database = try MissionDatabase.load([(name: "benchmark.xml", bytes: Array(databaseText.utf8))])
    return try DecodePlan(database)
  }

  /// Eight containers of 30 parameters each, found by their application processes, behind a header they have in common.
  static let databaseText: String = {
    let containers = 100..<108
    let kinds =
      Array(repeating: "line", count: 14) + Array(repeating: "cubic", count: 6)
      + Array(repeating: "parabola", count: 4) + Array(repeating: "ratio", count: 2)
      + Array(repeating: "mode", count: 4)
    let parameters = containers.map { container in
      kinds.enumerated().map { "<Parameter name=\"P\(container)_\($0)\" parameterTypeRef=\"\($1)\"/>" }
        .joined(separator: "\n")
    }
    let entries = containers.map { container in
      """
      <SequenceContainer name="Packet\(container)"><EntryList>
      \(kinds.indices.map { "<ParameterRefEntry parameterRef=\"P\(container)_\($0)\"/>" }.joined(separator: "\n"))
      </EntryList><BaseContainer containerRef="CCSDSPacket"><RestrictionCriteria><Comparison parameterRef="PKT_APID"
        value="\(container)" useCalibratedValue="false"/></RestrictionCriteria></BaseContainer></SequenceContainer>
      """
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <SpaceSystem name="BENCHMARK" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>
      <ParameterTypeSet>
      \(types)
      </ParameterTypeSet>
      <ParameterSet>
      \(header.map { "<Parameter name=\"\($0.name)\" parameterTypeRef=\"u\($0.bitCount)\"/>" }.joined(separator: "\n"))
      \(parameters.joined(separator: "\n"))
      </ParameterSet>
      <ContainerSet>
      <SequenceContainer name="CCSDSPacket" abstract="true"><EntryList>
      \(header.map { "<ParameterRefEntry parameterRef=\"\($0.name)\"/>" }.joined(separator: "\n"))
      </EntryList></SequenceContainer>
      \(entries.joined(separator: "\n"))
      </ContainerSet>
      </TelemetryMetaData></SpaceSystem>

      """
  }()

  private static let header = [
    (name: "VERSION", bitCount: 3), (name: "TYPE", bitCount: 1), (name: "SEC_HDR_FLG", bitCount: 1),
    (name: "PKT_APID", bitCount: 11), (name: "SEQ_FLGS", bitCount: 2), (name: "SRC_SEQ_CTR", bitCount: 14),
    (name: "PKT_LEN", bitCount: 16),
  ]

  private static let types: String = {
    let integers = Set(header.map(\.bitCount)).sorted().map { bitCount in
      """
      <IntegerParameterType name="u\(bitCount)" signed="false">
        <IntegerDataEncoding sizeInBits="\(bitCount)" encoding="unsigned"/></IntegerParameterType>
      """
    }
    let labels = (0..<16).map { "<Enumeration value=\"\($0)\" label=\"MODE_\($0)\"/>" }
    return integers.joined(separator: "\n") + """

      <FloatParameterType name="line" sizeInBits="64"><IntegerDataEncoding sizeInBits="16" encoding="unsigned">
        \(polynomial([-5, 0.01]))</IntegerDataEncoding></FloatParameterType>
      <FloatParameterType name="cubic" sizeInBits="64"><IntegerDataEncoding sizeInBits="12" encoding="unsigned">
        \(polynomial([10, 0.25, -2e-5, 1e-9]))</IntegerDataEncoding></FloatParameterType>
      <FloatParameterType name="parabola" sizeInBits="64">
      <IntegerDataEncoding sizeInBits="16" encoding="twosComplement">
        \(polynomial([-40, 0.5, 1e-6]))</IntegerDataEncoding></FloatParameterType>
      <FloatParameterType name="ratio" sizeInBits="64"><FloatDataEncoding sizeInBits="32" encoding="IEEE754_1985">
        \(polynomial([1, 2]))</FloatDataEncoding></FloatParameterType>
      <EnumeratedParameterType name="mode"><IntegerDataEncoding sizeInBits="4" encoding="unsigned"/>
        <EnumerationList>\(labels.joined())</EnumerationList></EnumeratedParameterType>
      """
  }()

  private static func polynomial(_ coefficients: [Double]) -> String {
    let terms = coefficients.enumerated().map { "<Term exponent=\"\($0)\" coefficient=\"\($1)\"/>" }
    return "<DefaultCalibrator><PolynomialCalibrator>\(terms.joined())</PolynomialCalibrator></DefaultCalibrator>"
  }
}

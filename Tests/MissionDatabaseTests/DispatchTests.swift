import MissionDatabase
import TestSupport
import Testing

@Suite("Extensions by their criteria")
struct DispatchTests {
  /// Containers for keys, each with a value of its own called by its number, and what decodes them.
  private func plan(
    keys: [Int64], bitCount: Int = 16, _ adjust: (inout DatabaseMaker, ContainerIndex) -> Void = { _, _ in }
  )
    throws -> DecodePlan
  {
    var maker = DatabaseMaker()
    let keyType = maker.unsigned(bitCount)
    let byte = maker.unsigned(8)
    let key = maker.parameter("KEY", keyType)
    let root = maker.container("Root", [entry(key)], isAbstract: true)
    for (index, value) in keys.enumerated() {
      let parameter = maker.parameter("V\(index)", byte)
      _ = maker.container("C\(index)", [entry(parameter)], base: root, raw(key, .isEqual, value))
    }
    adjust(&maker, root)
    return try DecodePlan(maker.database)
  }

  @Test("each of very many keys leads to its container, near or far from the others", arguments: [1, 7, 1000])
  func findsKey(distance: Int64) throws {
    let keys = (0..<60).map { 3 + distance * Int64($0) }
    var decoder = PacketDecoder(try plan(keys: keys))
    for (index, key) in keys.enumerated() {
      let found = decoder.decoded([UInt8(key >> 8), UInt8(key & 0xFF), 5])
      #expect(found.names == ["KEY", "V\(index)"])
      #expect(found.outcome.container == Int32(index + 1))
    }
    for key in Set(0...(keys.max() ?? 0) + 2).subtracting(keys).prefix(500) {
      let found = decoder.decoded([UInt8(key >> 8), UInt8(key & 0xFF), 5])
      #expect(found.names == ["KEY"] && found.outcome.completeness == .unidentified)
    }
  }

  @Test("two containers for one key are both decoded, in their order")
  func sharedKey() throws {
    var decoder = PacketDecoder(try plan(keys: [1, 2, 3, 4, 2, 5]))
    let found = decoder.decoded([0, 2, 9])
    #expect(found.names == ["KEY", "V1", "V4"])
    #expect(found.outcome.isAmbiguous && found.outcome.container == 2)
  }

  @Test("containers that ask for no key are tested beside those that do, in their order")
  func mixedCriteria() throws {
    let plan = try plan(keys: [1, 2, 3, 4, 5]) { maker, root in
      let key = ParameterReference(ParameterIndex(0))
      let byte = maker.database.parameters[1].type
      let criteria: [Criterion] = [
        raw(ParameterIndex(0), .isGreater, 3),
        .any([raw(ParameterIndex(0), .isEqual, 1), raw(ParameterIndex(0), .isEqual, 9)]),
        .comparison(Comparison(key, usesCalibrated: true, .isEqual, .float(5))),
      ]
      for (index, criterion) in criteria.enumerated() {
        let parameter = maker.parameter("W\(index)", byte)
        _ = maker.container("D\(index)", [entry(parameter)], base: root, criterion)
      }
    }
    var decoder = PacketDecoder(plan)
    #expect(decoder.decoded([0, 1, 0]).names == ["KEY", "V0", "W1"])
    #expect(decoder.decoded([0, 2, 0]).names == ["KEY", "V1"])
    #expect(decoder.decoded([0, 4, 0]).names == ["KEY", "V3", "W0"])
    #expect(decoder.decoded([0, 5, 0]).names == ["KEY", "V4", "W0", "W2"])
    #expect(decoder.decoded([0, 9, 0]).names == ["KEY", "W0", "W1"])
  }

  @Test("several keys at once, labels among them: the same as testing each by hand")
  func severalKeys() throws {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let modeType = maker.enumerated(8, [("OFF", 0...0), ("SAFE", 1...1), ("NOMINAL", 2...3)])
    let service = maker.parameter("SERVICE", byte)
    let subtype = maker.parameter("SUBTYPE", byte)
    let mode = maker.parameter("MODE", modeType)
    let root = maker.container("Root", [entry(service), entry(subtype), entry(mode)], isAbstract: true)
    var expected: [[Int]: [String]] = [:]
    let labels = [0: "OFF", 1: "SAFE", 2: "NOMINAL", 3: "NOMINAL"]
    for first in 0..<4 {
      for second in 0..<4 {
        for label in ["OFF", "SAFE", "NOMINAL"] where (first + second + label.count) % 3 != 0 {
          let name = "V\(first)\(second)\(label)"
          let parameter = maker.parameter(name, byte)
          _ = maker.container(
            name, [entry(parameter)], base: root,
            .all([
              .all([raw(service, .isEqual, Int64(first))]), text(mode, .isEqual, label),
              raw(subtype, .isEqual, Int64(second)),
            ]))
          for value in 0..<4 where labels[value] == label {
            expected[[first, second, value], default: []].append(name)
          }
        }
      }
    }
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    for first in 0..<5 {
      for second in 0..<5 {
        for value in 0..<5 {
          let found = decoder.decoded([UInt8(first), UInt8(second), UInt8(value), 1])
          #expect(found.names == ["SERVICE", "SUBTYPE", "MODE"] + (expected[[first, second, value]] ?? []))
        }
      }
    }
  }

  @Test("a key that no packet has brought yet leads nowhere")
  func unknownKey() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    let root = maker.container("Root", [entry(values[0])], isAbstract: true)
    for key in 0..<6 {
      _ = maker.container("C\(key)", [entry(values[2])], base: root, raw(values[1], .isEqual, Int64(key)))
    }
    _ = maker.container("Sets", [entry(values[1])], base: root, raw(values[0], .isEqual, 1))
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0, 5]).names == ["A"])
    #expect(decoder.decoded([1, 5]).names == ["A", "B"])
    // Now the last known value says which one it is.
    #expect(decoder.decoded([0, 7]).outcome.container == 6)
  }

  @Test("a plan of ten thousand keys is made at once, and none of them is tested in vain")
  func manyKeys() throws {
    let keys = (0..<10_000).map { Int64($0) * 3 }
    var decoder = PacketDecoder(try plan(keys: keys))
    let found = decoder.decoded([UInt8(29_997 >> 8), UInt8(29_997 & 0xFF), 5])
    #expect(found.names == ["KEY", "V9999"])
    var trace = DecodeTrace()
    let packet: [UInt8] = [0, 9, 5]
    _ = decoder.decode(unsafe packet.span.bytes, noting: &trace)
    #expect(trace.steps == [.container(ContainerIndex(4), holds: true)])
  }
}

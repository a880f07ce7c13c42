import MissionDatabase

/// A spacecraft of a few parameters whose alarm rules a test writes down, and the values that its packets bring.
struct MonitoredStation {
  static let place = DatabasePlace(file: "test.xml", line: 1, column: 1)

  /// A value as a test writes it.
  enum Value {
    case number(Double)
    case integer(Int64)
    case unsigned(UInt64)
    case label(Int)
    /// An enumerated number that has no label.
    case unlabelled(Int64)
    case boolean(Bool)
    case text(String)
    case octets([UInt8])
    /// A number of the given validity.
    case invalid(Double, ParameterSample.Validity)
  }

  private(set) var database = MissionDatabase(name: "SAT")
  private(set) var slots: [ParameterSlot] = []

  /// Adds a parameter.
  mutating func add(
    _ name: String, _ kind: EngineeringKind = .float(bitCount: 64), labels: [String] = [],
    encoding: DataEncoding? = nil, isElement: Bool = false, alarms: AlarmRules? = nil
  ) {
    var type = ParameterType(path: "/SAT/\(name)_T", kind: kind, encoding: encoding, place: Self.place)
    type.alarms = alarms
    database.types.append(type)
    var index = TypeIndex(database.types.count - 1)
    if isElement {
      let dimension = ArrayDimension(startingIndex: .fixed(0), endingIndex: .fixed(3))
      database.types.append(
        ParameterType(
          path: "/SAT/\(name)_A", kind: .array(element: index, dimensions: [dimension]), encoding: nil,
          place: Self.place))
      index = TypeIndex(database.types.count - 1)
    }
    database.parameters.append(Parameter(path: "/SAT/\(name)", type: index, place: Self.place))
    let parameter = ParameterIndex(database.parameters.count - 1)
    slots.append(
      ParameterSlot(
        reference: ParameterReference(parameter, steps: isElement ? [.element(0)] : []),
        name: "/SAT/\(name)\(isElement ? "[]" : "")", type: TypeIndex(database.types.count - (isElement ? 2 : 1)),
        labels: labels))
  }

  /// The same with other alarms for one parameter.
  func with(_ name: String, alarms: AlarmRules?) -> MissionDatabase {
    var other = database
    for index in other.types.indices where other.types[index].path == "/SAT/\(name)_T" {
      other.types[index].alarms = alarms
    }
    return other
  }

  func reference(_ name: String) -> ParameterReference {
    ParameterReference(ParameterIndex(database.parameters.firstIndex { $0.path == "/SAT/\(name)" } ?? -1))
  }

  /// That a parameter has a label.
  func has(_ name: String, _ label: String) -> Criterion {
    .comparison(Comparison(reference(name), usesCalibrated: true, .isEqual, .text(label)))
  }

  /// The bytes of a packet with these values, and where they are in it. Values of no size are in no bytes.
  func packet(_ values: [(String, Value)]) -> (bytes: [UInt8], samples: [ParameterSample]) {
    var bytes: [UInt8] = [0, 0, 0, 0, 0, 0]
    var samples: [ParameterSample] = []
    for (name, value) in values {
      let slot = slots.firstIndex { $0.name == "/SAT/\(name)" || $0.name == "/SAT/\(name)[]" } ?? 0
      var sample = ParameterSample(slot: UInt32(slot), bitOffset: UInt32(bytes.count * 8), bitCount: 0)
      sample.occurrence = UInt32(samples.count { $0.slot == UInt32(slot) })
      sample.set(value)
      switch value {
      case .text(let text):
        bytes += Array(text.utf8)
        sample.bitCount = UInt32(text.utf8.count * 8)
      case .octets(let octets):
        bytes += octets
        sample.bitCount = UInt32(octets.count * 8)
      default: break
      }
      samples.append(sample)
    }
    return (bytes, samples)
  }
}

extension ParameterSample {
  fileprivate mutating func set(_ value: MonitoredStation.Value) {
    switch value {
    case .number(let number): set(.float, number.bitPattern)
    case .integer(let number): set(.signed, UInt64(bitPattern: number))
    case .unsigned(let number): set(.unsigned, number)
    case .label(let index):
      set(.label, UInt64(index))
      rawForm = .unsigned
      rawBits = UInt64(index) + 10
    case .unlabelled(let number):
      set(.none, 0)
      rawForm = .signed
      rawBits = UInt64(bitPattern: number)
      validity = .noLabel
    case .boolean(let isTrue): set(.boolean, isTrue ? 1 : 0)
    case .text: set(.text, 0)
    case .octets: set(.octets, 0)
    case .invalid(let number, let validity):
      set(.float, number.bitPattern)
      self.validity = validity
    }
  }

  private mutating func set(_ form: Form, _ bits: UInt64) {
    rawForm = form
    engineeringForm = form
    rawBits = bits
    engineeringBits = bits
  }
}

/// A link that receives packets of such a spacecraft, one each second unless told otherwise.
struct MonitoredLink {
  let station: MonitoredStation
  let plan: AlarmPlan
  var monitor: ParameterMonitor
  private(set) var second: Int64 = 0
  private(set) var livePacketCount = 0
  private(set) var storedPacketCount = 0

  init(_ station: MonitoredStation, sets: [LimitSet] = [], horizon: LiveHorizon.Settings = .init()) throws {
    self.station = station
    plan = try AlarmPlan(station.slots, of: station.database, sets: sets)
    monitor = ParameterMonitor(station.slots, of: station.database, plan, horizon: LiveHorizon(horizon))
  }

  /// Receives a packet.
  ///
  /// - Parameter time: Seconds on board; absent for one second after the last one.
  /// - Returns: What it has changed.
  @discardableResult
  mutating func receive(
    _ values: (String, MonitoredStation.Value)..., at time: Double? = nil, stamp: PacketStamp = PacketStamp()
  ) -> [AlarmEvent] {
    second += 1
    var stamp = stamp
    stamp.onBoardTime = stamp.onBoardTime ?? Int64((time ?? Double(second)) * 1e9)
    let (bytes, samples) = station.packet(values)
    take(samples, of: bytes, stamp)
    return monitor.events
  }

  /// Takes a packet as the link does: whether it is stored is asked first.
  mutating func take(_ samples: [ParameterSample], of bytes: [UInt8], _ stamp: PacketStamp) {
    let isStored = monitor.isStored(stamp)
    if isStored { storedPacketCount += 1 } else { livePacketCount += 1 }
    monitor.take(samples.span, of: unsafe bytes.span.bytes, stamp, isStored: isStored)
  }

  /// What a row of numbers changes, as levels: `-` where nothing does.
  mutating func levels(of name: String, _ numbers: [Double]) -> [String] {
    numbers.map { number in
      let events = receive((name, .number(number)))
      return events.isEmpty ? "-" : events.map { "\($0.previousLevel)>\($0.level)" }.joined(separator: " ")
    }
  }

  /// The limits that are in force for the value in the table: as a range with how bad it is outside of it.
  func limits(of name: String) -> [String] {
    let slot = station.slots.firstIndex { $0.name == "/SAT/\(name)" } ?? 0
    return plan.ranges(of: monitor.live.entries[slot]).map { limit in
      "\(limit.isInside ? "in" : "out") \(limit.range.minimum ?? .nan) \(limit.range.maximum ?? .nan) \(limit.level)"
    }
  }

  /// The level that stands in the table.
  func level(of name: String) -> AlarmLevel {
    monitor.live.entries[station.slots.firstIndex { $0.name == "/SAT/\(name)" } ?? 0].level
  }
}

extension ValueRange {
  /// Both ends belong to it.
  static func from(_ minimum: Double?, to maximum: Double?) -> ValueRange {
    ValueRange(minimum: minimum, maximum: maximum)
  }
}

import CCSDSWire
import MissionDatabase

/// An XTCE file: a database whose indices all lead somewhere and by which any packet can be decoded, or problems that a
/// person can read.
@Sendable func readDatabase(_ bytes: RawSpan) {
  let text = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
  do throws(DatabaseErrors) {
    check(try MissionDatabase.load([("fuzz.xml", text)]))
  } catch {
    precondition(error.problems.contains { $0.severity == .error }, "refused without a reason")
    for problem in error.problems { blackHole(problem.rendered) }
    do throws(DatabaseErrors) {
      let database = try MissionDatabase.load([("fuzz.xml", text)], isLenient: true)
      precondition(!database.notices.isEmpty, "something is left out, and nothing is told")
      check(database)
    } catch { precondition(!error.problems.isEmpty, "refused without a reason") }
  }
}

/// Everything leads somewhere; the text of the tree is made from all of it.
private func check(_ database: MissionDatabase) {
  for parameter in database.parameters {
    precondition(database.types.indices.contains(parameter.type.value), "a parameter without a type")
  }
  for type in database.types { check(type, database) }
  for container in database.containers {
    if let base = container.base {
      precondition(database.containers.indices.contains(base.container.value), "a base that is not there")
    }
    for entry in container.entries { check(entry, database) }
  }
  precondition(!database.tree.isEmpty, "a database without a text")
  if let plan = plan(database) { decode(packets, by: plan, of: database) }
}

/// How packets are decoded; nothing where that is refused for a reason.
private func plan(_ database: MissionDatabase) -> DecodePlan? {
  do throws(DatabaseErrors) {
    return try DecodePlan(database)
  } catch { precondition(!error.problems.isEmpty, "refused without a reason") }
  do throws(DatabaseErrors) {
    let plan = try DecodePlan(database, isLenient: true)
    precondition(!plan.notices.isEmpty, "something is left out, and nothing is told")
    return plan
  } catch {
    precondition(!error.problems.isEmpty, "refused without a reason")
    return nil
  }
}

/// Packets of every kind by the plan, and their values beside the limits: nothing that is not in them.
private func decode(_ packets: [[UInt8]], by plan: DecodePlan, of database: MissionDatabase) {
  guard let alarms = try? AlarmPlan(plan.slots, of: database) else { return }
  var monitor = ParameterMonitor(plan.slots, of: database, alarms)
  var decoder = PacketDecoder(plan, sampleCapacity: 512)
  for packet in packets {
    let bytes = unsafe packet.span.bytes
    check(decoder.decode(bytes), bytes, plan)
    let samples = decoder.samples
    for index in 0..<samples.count {
      check(samples[index], bytes, plan)
      blackHole(plan.text(of: samples[index], in: bytes), plan.octets(of: samples[index], in: bytes))
    }
    monitor.take(samples, of: bytes, PacketStamp(), isStored: false)
    blackHole(monitor.events.count)
  }
}

/// None of them is special: all zeros, all ones, counting, and cut anywhere.
private let packets: [[UInt8]] =
  [0, 1, 7, 40, 300].flatMap { count in
    [
      [UInt8](repeating: 0, count: count), [UInt8](repeating: 0xFF, count: count),
      (0..<count).map { UInt8(truncatingIfNeeded: $0) }, (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 1) },
    ]
  }

private func check(_ type: ParameterType, _ database: MissionDatabase) {
  switch type.kind {
  case .aggregate(let members):
    for member in members {
      precondition(database.types.indices.contains(member.type.value), "a member without a type")
    }
  case .array(let element, let dimensions):
    precondition(database.types.indices.contains(element.value), "elements without a type")
    precondition(!dimensions.isEmpty, "an array without dimensions")
  case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime: break
  }
  for calibrator in type.calibration.contexts.map(\.calibrator) + [type.calibration.standard].compactMap(\.self) {
    guard case .spline(let points, _, _) = calibrator else { continue }
    precondition(!points.isEmpty, "a spline without points")
    for (left, right) in zip(points, points.dropFirst()) { precondition(left.raw < right.raw, "points in no order") }
  }
}

private func check(_ entry: Entry, _ database: MissionDatabase) {
  switch entry.content {
  case .parameter(let parameter), .array(let parameter, _):
    precondition(database.parameters.indices.contains(parameter.value), "an entry without a parameter")
  case .container(let container):
    precondition(database.containers.indices.contains(container.value), "an entry without a container")
  case .indirect(let reference, _):
    precondition(database.parameters.indices.contains(reference.parameter.value), "a reference to nothing")
  }
}

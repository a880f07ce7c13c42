import CCSDSLink
import CCSDSWire
import LinkHealth

extension PacketParameters {
  /// Writes what was configured, in the words of the configuration.
  func write(to json: inout JSONWriter, _ packetByteCapacity: Int) {
    json.member("max_packet_length", packetByteCapacity)
    json.member("secondary_header", secondaryHeader.name)
    json.member("time_code", timeCode?.name ?? "none")
    if let epoch = timeCode?.epochText { json.member("epoch", epoch) }
    let table = LeapSecondTable.builtIn
    if let earliestTime { json.member("time_from", table.utc(of: earliestTime).iso8601) }
    if let latestTime { json.member("time_until", table.utc(of: latestTime).iso8601) }
    json.member("checksum", errorControl.rawValue)
  }
}

extension LinkParameters {
  /// Longer packets are not believed.
  var packetByteCapacity: Int {
    switch self {
    case .frames(let channel): channel.maximumPacketByteCount
    case .packets(let stream): stream.maximumPacketByteCount
    }
  }
}

extension PacketSecondaryHeader {
  /// The word of the configuration.
  var name: String {
    switch self {
    case .none: "none"
    case .pusA: "pus_a"
    case .pusC: "pus_c"
    case .cfs: "cfs"
    }
  }
}

extension TimeCode {
  /// The word of the configuration, with `p_field ` before it where each time says its form, too.
  var name: String {
    switch self {
    case .implicit(let form): form.name
    case .explicit(let form): "p_field " + form.name
    case .selfIdentified: "p_field"
    }
  }

  /// From when its counter counts, where that was written.
  var epochText: String? {
    let epoch: CounterEpoch?
    switch self {
    case .implicit(.unsegmented(let code)), .explicit(.unsegmented(let code)): epoch = code.agencyEpoch
    case .implicit(.daySegmented(let code)), .explicit(.daySegmented(let code)):
      return code.agencyEpochDay.flatMap { UTCTime(day: $0, nanosecondOfDay: 0)?.iso8601(fractionDigitCount: 0) }
    case .selfIdentified(let agencyEpoch): epoch = agencyEpoch
    case .implicit(.calendarSegmented), .explicit(.calendarSegmented), .implicit(.ascii), .explicit(.ascii):
      return nil
    }
    return epoch.map {
      LeapSecondTable.builtIn.utc(of: $0.instant).iso8601 + ($0.countsLeapSeconds ? "" : ", leap seconds left out")
    }
  }
}

extension TimeCodeForm {
  /// The word of the configuration.
  fileprivate var name: String {
    switch self {
    case .unsegmented(let code): "cuc\(code.coarseByteCount).\(code.fineByteCount)"
    case .daySegmented(let code):
      "cds" + (code.hasLongDay ? "24" : "")
        + (code.submillisecond == .none ? "" : code.submillisecond == .microseconds ? "_us" : "_ps")
    case .calendarSegmented(let code): (code.hasDayOfYear ? "ccs_doy" : "ccs") + ".\(code.subsecondByteCount)"
    case .ascii(let code): "ascii_" + code.variation.rawValue
    }
  }
}

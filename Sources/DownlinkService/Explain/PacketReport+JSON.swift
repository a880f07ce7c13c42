import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// A packet for a program.
extension PacketReport {
  /// One object.
  var json: String {
    var json = JSONWriter()
    json.object { root in
      root.member("class", "PACKET")
      root.member("number", account.completion.number)
      if let number = account.numberOfProcess { root.member("number_of_apid", number) }
      root.member("link", link)
      if let station { root.member("station", station) }
      if channelName != nil {
        root.member("scid", account.completion.channel.spacecraftID.rawValue)
        root.member("vcid", account.completion.channel.virtualChannelID.rawValue)
      }
      if let process = account.applicationProcess { root.member("apid", process) }
      if let count = account.sequenceCount { root.member("seq", count) }
      root.member("bytes", account.bytes.count)
      if observation?.isIdle == true { root.member("idle", true) }
      if let rejection { root.member("rejected", rejection.name) }
      account.completion.unit.write(to: &root)
      if let place = account.completion.place {
        root.object("first_byte") { write(place.first, to: &$0) }
        root.object("last_byte") { write(place.last, to: &$0) }
      }
      root.object("provenance") { writeProvenance(to: &$0) }
      root.array("headers") { array in
        for section in sections { array.object { DissectionJSON.write(section, to: &$0) } }
      }
      let time = onboardTime
      if let text = time.text { root.member("on_board_time", text) }
      root.member("on_board_time_rule", time.rule)
      if account.decoding != nil { writeDecoding(to: &root) }
      root.member("ended", ending)
    }
    return json.text
  }

  private func write(_ byte: PacketPlace.Byte, to json: inout JSONWriter) {
    byte.unit.write(to: &json)
    if byte.frameIndex > 1 { json.member("frame_of_unit", byte.frameIndex) }
    json.member("at_byte", byte.offset)
  }

  private func writeProvenance(to json: inout JSONWriter) {
    let provenance = account.completion.provenance
    provenance.write(to: &json, hasFrames: channelName != nil, after: observation?.missingPacketCount)
    if !continuity.isEmpty { json.member("sequence", continuity) }
  }

  private func writeDecoding(to json: inout JSONWriter) {
    guard let decoding = account.decoding, let mission else { return }
    let outcome = decoding.about.outcome
    json.member("database", mission.database.name)
    if outcome.container >= 0 {
      json.member("container", mission.context.catalog.containers[Int(outcome.container)])
    }
    json.member("completeness", outcome.completeness.name ?? "whole")
    if outcome.endSlot >= 0 { json.member("ended_at", mission.context.catalog.names[Int(outcome.endSlot)]) }
    json.member("described_bits", outcome.describedBitCount)
    if outcome.isAmbiguous { json.member("ambiguous", true) }
    if decoding.about.isStored { json.member("stored", true) }
    if decoding.about.stamp.isSuspect { json.member("suspect", true) }
    json.member("decisions", decisions)
    json.array("values") { array in
      for row in rows { array.object { write(row, to: &$0) } }
    }
  }

  private func write(_ row: Row, to json: inout JSONWriter) {
    json.member("name", row.name)
    json.member("at_bit", row.sample.bitOffset)
    json.member("bits", row.sample.bitCount)
    if !row.digits.isEmpty { json.member("hex", row.digits) }
    if !row.explanation.encoding.isEmpty { json.member("encoding", row.explanation.encoding) }
    json.place("raw", row.raw)
    if !row.explanation.rule.isEmpty { json.member("rule", row.explanation.rule) }
    json.place("value", row.value)
    if !row.unit.isEmpty { json.member("unit", row.unit) }
    json.member("validity", row.fault ?? "valid")
    if let standing = row.standing { write(standing, to: &json) }
    json.object("defined_at") { write(row.explanation.place, to: &$0) }
    json.object("parameter_at") { write(row.explanation.parameterPlace, to: &$0) }
  }

  private func write(_ standing: AlarmStanding, to json: inout JSONWriter) {
    json.member("limit_level", standing.level.name)
    if let violation = standing.violation {
      json.member("violates", violation.text)
      json.member("violates_level", violation.level.name)
    }
    if standing.isCounting {
      json.member("violations", standing.violationCount)
      json.member("violations_needed", standing.minimumViolations)
    }
  }

  private func write(_ place: DatabasePlace, to json: inout JSONWriter) {
    json.member("file", place.file)
    json.member("line", place.line)
    json.member("column", place.column)
  }
}

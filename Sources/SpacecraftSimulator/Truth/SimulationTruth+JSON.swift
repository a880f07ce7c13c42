extension SimulationTruth {
  /// The truth in the names and the shape of the replay report, as far as a sender can tell.
  package var json: String { json(isDetailed: false) }

  /// The same, with the members that the report does not have: late frames, resets, bytes and hash of the packets.
  package var detailedJSON: String { json(isDetailed: true) }

  /// The lines of the detailed document that differ, this truth's behind `-` and the other account's behind `+`.
  package func differences(from other: SimulationTruth) -> [String] {
    let ours = detailedJSON.split(separator: "\n")
    let theirs = other.detailedJSON.split(separator: "\n")
    return ours.filter { !theirs.contains($0) }.map { "- \($0)" }
      + theirs.filter { !ours.contains($0) }.map { "+ \($0)" }
  }

  private func json(isDetailed: Bool) -> String {
    let master = masterChannels.map(\.json)
    let virtual = virtualChannels.map { $0.json(isDetailed: isDetailed) }
    return """
      {"ledger":\(ledgerJSON),
       "master_channels":\(list(master)),
       "virtual_channels":\(list(virtual)),
       "apids":\(list(applications.map(\.json)))\(isDetailed ? coding?.detailJSON ?? "" : "")}
      """
  }

  private var ledgerJSON: String {
    let rejectedDatagrams = datagrams.rejectedEmpty == 0 ? "{}" : "{\"empty\":\(datagrams.rejectedEmpty)}"
    let rejectedFrames = counts(FrameRejection.allCases.map { ($0.rawValue, frames.rejected[$0] ?? 0) })
    let discarded = counts(DiscardReason.allCases.map { ($0.rawValue, zoneBytes.discarded[$0] ?? 0) })
    let stream = coding?.streamBytes ?? StreamByteTruth()
    let codewords = coding?.codewords ?? CodewordTruth()
    return """
      {
        "datagrams":{"received":\(datagrams.received),"accepted":\(datagrams.accepted),"kernel_dropped":0,\
      "rejected":\(rejectedDatagrams)},
        "stream_bytes":{"received":\(stream.received),"framed":\(stream.framed),"skipped":\(stream.skipped),\
      "pending":0},
        "codewords":{"received":\(codewords.received),"clean":\(codewords.clean),"corrected":\(codewords.corrected),\
      "corrected_symbols":\(codewords.correctedSymbols),"uncorrectable":\(codewords.uncorrectable)},
        "frames":{"received":\(frames.received),"delivered":\(frames.delivered),"idle":\(frames.idle),\
      "unlisted":\(frames.unlisted),"rejected":\(rejectedFrames)},
        "zone_bytes":{"received":\(zoneBytes.received),"packets":\(zoneBytes.packets),\
      "idle_packets":\(zoneBytes.idlePackets),"pending":\(zoneBytes.pending),"discarded":\(discarded)},
        "packets":{"completed":\(packets.completed),"delivered":\(packets.delivered),"idle":\(packets.idle),\
      "rejected":{}}\(serviceDataJSON)}
      """
  }

  /// Only where there is any.
  private var serviceDataJSON: String {
    guard serviceData.received > 0 else { return "" }
    let discarded = counts(DiscardReason.allCases.map { ($0.rawValue, serviceData.discarded[$0] ?? 0) })
    return """
      ,
        "service_data_units":{"completed":\(serviceData.completed),"bytes":{"received":\(serviceData.received),\
      "delivered":\(serviceData.delivered),"fill":\(serviceData.fill),"pending":\(serviceData.pending),\
      "discarded":\(discarded)}}
      """
  }

  private func counts(_ members: [(String, Int)]) -> String {
    "{" + members.filter { $0.1 != 0 }.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private func list(_ elements: [String]) -> String {
    elements.isEmpty ? "[]" : "[\n  " + elements.joined(separator: ",\n  ") + "]"
  }
}

extension CodingTruth {
  fileprivate var detailJSON: String {
    let hits = hits.map { "{\"unit\":\($0.unit),\"kind\":\"\($0.kind.rawValue)\"}" }.joined(separator: ",\n  ")
    return """
      ,
       "units":{"sent":\(unitsSent),"received":\(unitsReceived),"uncorrectable":\(unitsUncorrectable),\
      "certain":\(unitsCertain),"exact":\(isExact)},
       "markers":{"error_bits":\(markerErrorBits),"missed":\(markersMissed),"slips":\(slips),\
      "polarity_changes":\(polarityChanges)},
       "hits":[\(hits.isEmpty ? "" : "\n  " + hits)]
      """
  }
}

extension MasterChannelTruth {
  fileprivate var json: String {
    "{\"scid\":\(spacecraftID),\"frames\":\(frames),\"gaps\":\(gaps),\"missing\":\(missing),\"trust\":\"trusted\"}"
  }
}

extension VirtualChannelTruth {
  fileprivate func json(isDetailed: Bool) -> String {
    """
    {"scid":\(name.spacecraftID),"vcid":\(name.virtualChannelID)\(name.isExpedited ? ",\"expedited\":true" : ""),\
    "frames":\(frames),"first_count":\(firstCount),\
    "last_count":\(lastCount),"gaps":\(gaps),"missing":\(missing),"duplicates":\(duplicates),\
    "trust":"\(isUncounted ? "uncounted" : isFrozen ? "frozen" : "trusted")",\
    "packets":\(packets),"idle_packets":\(idlePackets)\
    \(serviceDataUnits > 0 ? ",\"service_data_units\":\(serviceDataUnits)" : "")\
    \(isDetailed ? detailJSON : "")}
    """
  }

  private var detailJSON: String {
    let digits = String(packetHash, radix: 16)
    let hash = String(repeating: "0", count: 16 - digits.count) + digits
    return """
      ,"out_of_order":\(late),"discontinuities":\(discontinuities),"packet_bytes":\(packetByteCount),\
      "packet_hash":"\(hash)"
      """
  }
}

extension ApplicationTruth {
  fileprivate var json: String {
    """
    {"scid":\(channel.spacecraftID),"vcid":\(channel.virtualChannelID)\
    \(channel.isExpedited ? ",\"expedited\":true" : ""),"apid":\(applicationProcessID),\
    "packets":\(packets),"bytes":\(byteCount),"first_sequence_count":\(firstSequenceCount),\
    "last_sequence_count":\(lastSequenceCount),"gaps":\(gaps),"missing":\(missing),"repeats":\(repeats),\
    "trust":"trusted"}
    """
  }
}

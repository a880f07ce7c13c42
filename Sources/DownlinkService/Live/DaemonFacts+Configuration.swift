import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import Publish
import StationConfiguration

/// The configuration in force, by the names that it is written with: all values, also those that nobody wrote.
extension DaemonFacts {
  /// What belongs to the station, and as many links as fit.
  func configurationPage(_ arguments: StatusArguments) -> Result<String, StatusError> {
    let links = configuration.links
    return StatusPage.object("links", elementCount: links.count, arguments: arguments, leading: writeStation) { index in
      var json = JSONWriter()
      json.object {
        links[index].write(to: &$0)
        if let place = configuration.places["links[\(index)]"] { $0.member("origin", place.text) }
      }
      return json.text
    }
  }

  private func writeStation(to json: inout JSONWriter) {
    writeConfiguration(to: &json)
    json.member("station", configuration.station)
    if let description = configuration.description { json.member("description", description) }
    json.member("stats_interval_seconds", configuration.statsIntervalSeconds)
    json.member("stop_timeout_seconds", configuration.stopTimeoutSeconds)
    if let directory = StoredTotals.directory(configuration) { json.member("state_directory", directory) }
    json.object("logs") { logs in
      logs.member("directory", configuration.logs.directory)
      configuration.logs.writeBounds(to: &logs)
    }
    json.object("status") {
      $0.member("socket", configuration.status.socketPath)
      $0.member("control_socket", configuration.status.controlSocketPath)
      $0.member("max_clients", configuration.status.maximumClientCount)
      $0.member("max_clients_per_user", configuration.status.maximumClientCountPerUser)
    }
    configuration.web?.write(to: &json)
    json.object("metrics") { metrics in
      if let path = configuration.metrics.textfilePath { metrics.member("textfile", path) }
      metrics.member("parameters", configuration.metrics.parameters)
      metrics.array("apids") { for id in configuration.metrics.applicationProcessIDs { $0.element(id.rawValue) } }
      metrics.member("max_series", configuration.metrics.seriesLimit)
    }
    json.object("passes") { configuration.passes.write(to: &$0) }
    json.object("leap_seconds") { leapSeconds.write(to: &$0) }
    json.object("origins") { origins in
      for (key, place) in configuration.places.sorted(by: { $0.key < $1.key })
      where !key.contains(where: { $0 == "." || $0 == "[" }) {
        origins.member(key, place.text)
      }
    }
  }
}

extension ConfigurationPlace {
  fileprivate var text: String { "\(file):\(line)" }
}

extension LogConfiguration {
  /// Writes how far the logs may grow, and how long a record may be on its way to the disk.
  func writeBounds(to json: inout JSONWriter) {
    json.member("max_file_bytes", maximumFileByteCount)
    json.member("max_age_seconds", maximumAgeSeconds)
    json.member("max_total_bytes", maximumTotalByteCount)
    json.member("max_files", maximumFileCount)
    if let maximumDayCount { json.member("max_days", maximumDayCount) }
    json.member("min_free_bytes", minimumFreeByteCount)
    json.member("compress", compresses)
    json.member("sync_interval_seconds", syncIntervalSeconds)
  }
}

extension WebConfiguration {
  /// Writes where the secrets are, not what they are.
  fileprivate func write(to json: inout JSONWriter) {
    json.object("web") { web in
      web.member("listen", address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)")
      web.member("hosts", hostNames)
      if let tokenPath { web.member("token_file", tokenPath) }
      if let privacy {
        web.object("tls") {
          $0.member("certificate", privacy.certificatePath)
          $0.member("key", privacy.keyPath)
          if let authority = privacy.clientAuthorityPath { $0.member("client_ca", authority) }
        }
      }
      web.member("max_connections", maximumConnectionCount)
      web.member("max_connections_per_address", maximumConnectionCountPerAddress)
    }
  }
}

extension LinkConfiguration {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("name", name)
    if let description { json.member("description", description) }
    json.member("format", format.rawValue)
    input?.write(to: &json)
    json.member("enabled", isEnabled)
    json.member("frames_per_datagram", framesPerDatagram)
    json.member("quiet_after_seconds", quietAfterSeconds)
    switch parameters {
    case .frames(let channel): channel.write(to: &json)
    case .packets: break
    }
    json.object("packets") { parameters.packetParameters.write(to: &$0, parameters.packetByteCapacity) }
    mission?.write(to: &json)
    if !sinks.isEmpty {
      json.array("sinks") { array in for sink in sinks { array.object { sink.write(to: &$0) } } }
    }
    json.object("limits") { limits.write(to: &$0) }
  }
}

extension FrameSink {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("kind", "udp_frames")
    json.member("to", endpoint)
    json.array("spacecraft_id") { ids in for id in spacecraftIDs { ids.element(id.rawValue) } }
    json.array("vcid") { ids in for id in virtualChannelIDs { ids.element(id.rawValue) } }
  }
}

extension PhysicalChannelParameters {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("frame_type", frameType.rawValue)
    json.member("frame_length", frameByteCount)
    if let shortestFrameByteCount { json.member("min_frame_length", shortestFrameByteCount) }
    json.member("error_control", errorControl.rawValue)
    json.array("spacecraft_id") { ids in for id in spacecraftIDs { ids.element(id.rawValue) } }
    json.member("insert_zone_length", insertZoneByteCount)
    if frameType == .aos {
      json.member("header_error_control", hasHeaderErrorControl)
      json.member("ocf", hasOperationalControlField)
      json.member("spacecraft_id_bits", spacecraftIDBitCount)
      json.member("first_header_pointer_bits", firstHeaderPointerBitCount)
    }
    if let coding { json.object("coding") { coding.write(to: &$0) } }
    json.array("virtual_channels") { channels in
      for channel in virtualChannels { channels.object { channel.write(to: &$0) } }
    }
  }
}

extension VirtualChannelParameters {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("vcid", virtualChannelID.rawValue)
    if let spacecraftID { json.member("spacecraft_id", spacecraftID.rawValue) }
    if let name { json.member("name", name) }
    json.member("service", service.rawValue)
    if let maximumPacketByteCount { json.member("max_packet_length", maximumPacketByteCount) }
    if let truncatedFrameByteCount { json.member("truncated_length", truncatedFrameByteCount) }
  }
}

extension ChannelCoding {
  fileprivate func write(to json: inout JSONWriter) {
    if let syncMarker { json.member("sync_marker", syncMarker.hexadecimal) }
    json.member("randomizer", randomizer.rawValue)
    guard let code = reedSolomon else { return }
    json.object("reed_solomon") {
      $0.member("errors", code.capability.rawValue)
      $0.member("interleave", code.interleavingDepth)
      $0.member("basis", code.basis.rawValue)
      $0.member("virtual_fill", code.virtualFillByteCount)
    }
  }
}

extension LinkLimits {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("master_channel_count", masterChannelCount)
    json.member("virtual_channel_count", virtualChannelCount)
    json.member("application_process_count", applicationProcessCount)
    json.member("access_point_count", accessPointCount)
    json.member("max_service_data_unit_length", maximumServiceDataUnitByteCount)
    json.member("quarantined_frame_count", quarantinedFrameCount)
    json.member("max_frames_per_second", maximumFramesPerSecond)
  }
}

import CCSDSCoding
import CCSDSLink
import LinkHealth
import StationConfiguration

extension PassConfiguration {
  /// What it means for a link.
  func settings(of link: LinkConfiguration) -> PassSettings {
    var settings = PassSettings()
    settings.lossAfterSeconds = lossAfterSeconds
    settings.quietAfterSeconds = link.quietAfterSeconds
    settings.leadSeconds = leadSeconds
    settings.framesPerDatagram = link.parameters.hasCountableDatagrams ? link.framesPerDatagram : nil
    settings.schedule = schedule(of: link.name).map {
      ScheduledPass(start: $0.start, end: $0.end, spacecraftID: $0.spacecraftID, label: $0.label)
    }
    return settings
  }

  /// How many reports are kept.
  var bounds: PassFolder.Bounds {
    var bounds = PassFolder.Bounds()
    bounds.reportCount = maximumReportCount
    bounds.byteCount = maximumByteCount
    return bounds
  }
}

extension PassConfiguration {
  /// Writes it, by the names of its keys.
  func write(to json: inout JSONWriter) {
    json.member("enabled", isEnabled)
    if let lossAfterSeconds { json.member("los_after_seconds", lossAfterSeconds) }
    json.member("lead_seconds", leadSeconds)
    json.member("max_reports", maximumReportCount)
    json.member("max_bytes", maximumByteCount)
    json.member("announced", schedule.count)
  }
}

extension PassStore {
  /// How the passes of a link are followed.
  func following(_ link: LinkConfiguration, _ configuration: PassConfiguration) -> LinkPasses {
    LinkPasses(
      store: self, link: link.name, settings: configuration.settings(of: link), isEnabled: configuration.isEnabled)
  }
}

extension LinkParameters {
  /// Whether it is known how many frames a datagram may carry.
  fileprivate var hasCountableDatagrams: Bool {
    switch self {
    case .packets: false
    case .frames(let parameters): coding?.syncMarker == nil && !parameters.hasVariableLength
    }
  }
}

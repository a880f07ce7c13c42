/// Instants and durations as a person reads them.
enum Moment {
  /// `2026-11-21 09:24:37.251Z` for `2026-11-21T09:24:37.251547Z`; other text stays as it is.
  static func short(_ timestamp: String) -> String {
    guard seconds(timestamp) != nil else { return timestamp }
    let characters = Array(timestamp)
    return String(characters[..<10]) + " " + String(characters[11..<23]) + "Z"
  }

  /// How long ago `timestamp` was at `reference`, such as `0.4 s ago`; the time itself where that cannot be told.
  static func age(_ timestamp: String, at reference: String) -> String {
    guard let then = seconds(timestamp), let now = seconds(reference), now >= then else { return short(timestamp) }
    return duration(now - then) + " ago"
  }

  /// `0.4 s`, `12 min 5 s`, `3 h 12 min` or `4 d 2 h`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "?" }
    let whole = Int(seconds)
    switch whole {
    case ..<60: return "\(seconds.tenths) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<86_400: return "\(whole / 3600) h \(whole / 60 % 60) min"
    default: return "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }
  }

  /// Seconds since 1970 of `2026-11-21T09:24:37.251547Z`.
  private static func seconds(_ timestamp: String) -> Double? {
    let bytes = Array(timestamp.utf8)
    guard bytes.count == 27, bytes[10] == UInt8(ascii: "T"), bytes[26] == UInt8(ascii: "Z") else { return nil }
    let parts = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19, 20..<26].compactMap {
      Int(String(decoding: bytes[$0], as: UTF8.self))
    }
    guard parts.count == 7, (1...12).contains(parts[1]) else { return nil }
    // Days of the Gregorian calendar, in years that begin in March.
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let month = (parts[1] + 9) % 12
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2] - 1 - 719_468
    return Double(days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]) + Double(parts[6]) / 1e6
  }
}

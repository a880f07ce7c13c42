package import NIOHTTP1
import Publish

/// The header fields of answers.
package enum ResponseFields {
  /// What the page may do: use its own files and ask its own server, and nothing else whatever is written into it.
  private static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

  /// Those that every answer has.
  package static func common(now: Int64) -> HTTPHeaders {
    [
      "Date": date(now),
      "Cache-Control": "no-store",
      "Content-Security-Policy": contentSecurityPolicy,
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Resource-Policy": "same-origin",
    ]
  }

  /// Nanoseconds since 1970 as a date of HTTP, such as `Sun, 22 Nov 2026 03:04:05 GMT`.
  ///
  /// Standard: RFC 9110 §5.6.7.
  package static func date(_ nanosecondsSince1970: Int64) -> String {
    let text = UTCTimestamp.rfc3339(nanosecondsSince1970)
    let parts = text.split { !$0.isNumber }
    let days = Int(nanosecondsSince1970 / 86_400_000_000_000)
    // The first of January 1970 was a Thursday.
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7 + 7) % 7]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let month = Int(parts[1]).map { months[($0 + 11) % 12] } ?? ""
    return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
  }
}

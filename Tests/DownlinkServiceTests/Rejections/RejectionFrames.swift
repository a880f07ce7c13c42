import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import StationConfiguration
import Testing

/// Frames made by hand, with a check that is reckoned bit by bit.
enum HandMadeFrame {
  /// CCSDS 132.0-B-3 §4.1.6: x^16 + x^12 + x^5 + 1, all ones at first.
  static func checked(_ bytes: [UInt8]) -> [UInt8] {
    var register: UInt16 = 0xFFFF
    for byte in bytes {
      register ^= UInt16(byte) << 8
      for _ in 0..<8 { register = register & 0x8000 != 0 ? register << 1 ^ 0x1021 : register << 1 }
    }
    return bytes + [UInt8(register >> 8), UInt8(register & 0xFF)]
  }

  /// A Space Packet of application process 5 that takes this many bytes.
  static func packet(_ byteCount: Int, count: Int = 0) -> [UInt8] {
    [0x00, 0x05, 0xC0, UInt8(count & 0xFF), UInt8((byteCount - 7) >> 8), UInt8((byteCount - 7) & 0xFF)]
      + (0..<byteCount - 6).map { UInt8(truncatingIfNeeded: 31 &* $0 &+ count) }
  }

  /// A TM frame of virtual channel 1 that a packet fills: 6 bytes of header, no control field, a pointer of 0.
  static func tm(_ spacecraft: UInt16, _ byteCount: Int, count: Int) -> [UInt8] {
    let head = [
      UInt8(spacecraft >> 4), UInt8(spacecraft << 4 & 0xF0) | 0b0010, UInt8(count & 0xFF), UInt8(count & 0xFF), 0x18,
      0x00,
    ]
    return checked(head + packet(byteCount - 8, count: count))
  }

  /// An AOS frame of virtual channel 3 that a packet fills, with other bytes before and behind its data field.
  static func aos(
    _ spacecraft: UInt16, _ byteCount: Int, count: Int, insertZone: Int = 0, control: Int = 0, isChecked: Bool = true
  ) -> [UInt8] {
    let word = 0x4000 | spacecraft << 6 | 3
    let head: [UInt8] = [UInt8(word >> 8), UInt8(word & 0xFF), 0, 0, UInt8(count & 0xFF), 0]
    let trailer = isChecked ? 2 : 0
    let body =
      head + [UInt8](repeating: 0xE7, count: insertZone) + [0, 0]
      + packet(byteCount - 8 - insertZone - control - trailer, count: count)
      + [UInt8](repeating: 0x01, count: control)
    return isChecked ? checked(body) : body
  }
}

/// A link that receives units, and what is advised for what it rejects.
struct RejectionRun {
  let record: RejectionRecord
  let snapshot: LinkSnapshot
  private let link: LinkConfiguration

  init(_ parameters: LinkParameters, _ units: [[UInt8]], framesPerDatagram: Int = 1) {
    let rejected = RejectedUnits(since: 0)
    var pipeline = LinkPipeline(
      name: "tried", parameters: parameters, framesPerDatagram: framesPerDatagram, rejected: rejected)
    for (index, unit) in units.enumerated() {
      let time = ReceptionTime(nanosecondsSince1970: 1_790_000_000_000_000_000 + Int64(index) * 1_000_000)
      unsafe pipeline.receive(unit.span.bytes, UnitDescription(time: time, originalByteCount: unit.count))
    }
    pipeline.flush()
    pipeline.examineUndecoded()
    record = rejected.review()
    snapshot = pipeline.snapshot()
    var link = LinkConfiguration(name: "tried", parameters: parameters)
    link.framesPerDatagram = framesPerDatagram
    self.link = link
  }

  /// What is advised, as it is written.
  func settings(_ reason: RejectionReason) -> [String] {
    (advice(reason)?.settings ?? []).map { setting in setting.value.map { "\(setting.key): \($0)" } ?? "-\(setting.key)"
    }
  }

  func advice(_ reason: RejectionReason) -> SettingAdvice? {
    record[reason].flatMap { NearestSetting(configuration: link, snapshot: snapshot).advice(for: $0) }
  }
}

import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import LinkHealth
import Testing

@Test func probe() throws {
  let dir = ProcessInfo.processInfo.environment["DOWNLINKD_CORPUS"] ?? "../shared/corpus"
  for file in try FileManager.default.contentsOfDirectory(atPath: dir + "/truth").sorted()
  where file.hasPrefix("tm-") || file.hasPrefix("aos-") {
    let truth = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(dir)/truth/\(file)"))) as! [String: Any]
    let t = truth["truth"] as! [String: Any]
    guard let c = t["config"] as? [String: Any] else { print(file, "no config"); continue }
    for useSCID in [true, false] {
    var p = PhysicalChannelParameters(frameType: c["kind"] as! String == "TM" ? .tm : .aos, frameByteCount: c["frame_length"] as! Int)
    if c["fecf"] as! Bool { p.errorControl = .crc16 }
    p.insertZoneByteCount = c["insert_zone"] as! Int
    p.hasOperationalControlField = (c["ocf"] as? Bool) ?? false
    if useSCID, let s = c["accept_scid"] as? Int { p.spacecraftIDs = [SpacecraftID(UInt16(s))] }
    let packets = t["packets"] as! [String: Any]
    let vcs = t["vcs"] as! [String: [String: Any]]
    let path = ((truth["files"] as! [[String: Any]])[0]["file"] as! String)
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(dir)/\(path)")))
    var pipeline = LinkPipeline(name: "x", parameters: .frames(p))
    var o = 0
    while o < data.count {
      let e = min(o + p.frameByteCount, data.count)
      unsafe pipeline.receive(data.span.bytes.extracting(o..<e), UnitDescription(originalByteCount: e - o))
      o = e
    }
    pipeline.finish()
    let s = pipeline.snapshot()
    var json = JSONWriter()
    json.object { s.writeLedger(to: &$0) }
    print(file, useSCID, "balanced", s.isBalanced, s.breaches)
    var ok = true
    for v in s.ledger.virtualChannels {
      let key = "\(v.identity.spacecraftID.rawValue):\(v.identity.virtualChannelID.rawValue)"
      guard let tv = vcs[key] else { print("   extra channel", key, v.frames); ok = false; continue }
      let dup = tv["duplicates"] as! Int
      let want = [tv["frames"] as! Int, tv["vcfc_first"] as! Int, tv["vcfc_last"] as! Int, (tv["gap_events"] as! Int) - dup, (tv["missing"] as! Int) - dup * 255, dup]
      let have = [v.frames, Int(v.firstCount), Int(v.lastCount), v.continuity.gaps, v.continuity.missing, v.continuity.duplicates]
      if want != have { print("   ", key, "want", want, "have", have, v.continuity.trust); ok = false }
      if let pk = packets[key] as? [String: Any] {
        let apids = pk["apids"] as! [String: [String: Any]]
        let stats = pk["stats"] as! [String: Int]
        let n = (stats["space_packets"] ?? 0) + (stats["encapsulation_packets"] ?? 0)
        if n != v.packets + v.idlePackets { print("   ", key, "packets want", n, "have", v.packets, v.idlePackets); ok = false }
        for a in s.ledger.applicationProcesses where a.virtualChannel == s.ledger.virtualChannels.firstIndex(of: v) {
          let ta = apids["\(a.applicationProcessID.rawValue)"]!
          let rep = ta["seq_repeats"] as! Int
          let want = [ta["count"] as! Int, ta["bytes"] as! Int, ta["seq_first"] as! Int, ta["seq_last"] as! Int, (ta["seq_gap_events"] as! Int) - rep, (ta["seq_missing"] as! Int) - rep * 16383]
          let have = [a.packets, a.byteCount, Int(a.firstSequenceCount), Int(a.lastSequenceCount), a.continuity.gaps, a.continuity.missing]
          if want != have { print("      apid", a.applicationProcessID.rawValue, "want", want, "have", have, a.continuity.discontinuities) ; ok = false}
        }
      }
    }
    if s.ledger.virtualChannels.count != vcs.count { print("  channels", s.ledger.virtualChannels.count, vcs.count) ; ok = false}
    print(ok ? "   OK" : "   DIFF", json.text)
    for problem in s.problems() { print("    !", problem.message, "|", problem.hint) }
    }
  }
}

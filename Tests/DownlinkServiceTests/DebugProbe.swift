import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import Testing

final class DebugTaps: LinkTaps {
  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    if case .frameAccepted(let f) = event { 
      if case .gap(let m, let a) = f.continuity, a > m || m == 0 { print("AMBIG", f.virtualChannel, f.count, m, a, f.masterContinuity as Any, ledger.frames.received) }
      if case .gap(let m, let a)? = f.masterContinuity, m > 20 { print("MC", f.virtualChannel, f.count, m, a, f.continuity, ledger.frames.received, f.time!.nanosecondsSince1970 % 100_000_000_000) }
    }
  }
  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}
  func take(packet: RawSpan, _ channel: VirtualChannelIdentity) {}
  func take(frame: RawSpan) {}
}
@Test func debugSeed() throws {
    let scenario = Scenario.random(seed: 115)
    print(scenario.link, scenario.impairments, scenario.spacecraft.map { ($0.spacecraftID, $0.channels.map { ($0.virtualChannelID, $0.isFrozen, $0.secondaryHeader, $0.service) }) })
    var simulation = try Simulation(scenario)
    var pipeline = LinkPipeline(name: "simulated", parameters: .frames(scenario.physicalChannel), taps: DebugTaps())
    var datagram: [UInt8] = []
    while let stamp = simulation.next(into: &datagram) {
      let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
      unsafe pipeline.receive(
        datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
    }
}

import CCSDSLink
import CCSDSWire

/// What became of the groups that application processes make of their packets.
package struct PacketGroupCounts: Sendable, Equatable {
  /// From the first packet to the last.
  package private(set) var completed = 0
  /// Packets are missing in them, or came again.
  package private(set) var gap = 0
  /// The next one began before they had ended.
  package private(set) var newBeginning = 0
  /// They went on for too long.
  package private(set) var tooLong = 0
  /// Packets of groups whose first was not seen.
  package private(set) var orphans = 0

  package init() {}

  /// The groups that are not whole.
  package var broken: Int { gap + newBeginning + tooLong }

  /// Whether there never was a group.
  package var isEmpty: Bool { self == PacketGroupCounts() }

  mutating func note(_ step: PacketGroup.Step) {
    switch step.broken?.reason {
    case .gap?: gap += 1
    case .newBeginning?: newBeginning += 1
    case .tooLong?: tooLong += 1
    case nil: break
    }
    switch step.observation {
    case .completed: completed += 1
    case .orphan: orphans += 1
    case .single, .began, .continued: break
    }
  }

  private func count(of reason: PacketGroupBreak) -> Int {
    switch reason {
    case .gap: gap
    case .newBeginning: newBeginning
    case .tooLong: tooLong
    }
  }
}

extension PacketGroupCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&completed)
    archive.count(&gap)
    archive.count(&newBeginning)
    archive.count(&tooLong)
    archive.count(&orphans)
  }

  /// Writes the counts.
  package func write(to json: inout JSONWriter) {
    json.member("completed", completed)
    json.object("broken") {
      for reason in PacketGroupBreak.allCases where count(of: reason) > 0 {
        $0.member(reason.name, count(of: reason))
      }
    }
    json.member("orphan_packets", orphans)
  }
}

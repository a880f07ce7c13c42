/// The four bytes of reporting that a frame may carry beside its data.
///
/// Standard: CCSDS 132.0-B-3 §4.1.5.
package enum OperationalControlField: Equatable, Sendable {
  /// Type 1: how the receiver on board gets on with telecommand frames.
  case linkControlWord(CommunicationsLinkControlWord)
  /// Type 2, version 4: how it gets on with their security.
  case frameSecurityReport(FrameSecurityReport)
  /// Type 2 of any other kind, as it stands.
  case projectSpecific(UInt32)

  package init(word: UInt32) {
    if word >> 31 == 0 {
      self = .linkControlWord(CommunicationsLinkControlWord(word: word))
    } else if word >> 28 == 0b1100 {
      self = .frameSecurityReport(FrameSecurityReport(word: word))
    } else {
      self = .projectSpecific(word)
    }
  }

  /// The field as it stands, its first bit the most significant.
  package var word: UInt32 {
    switch self {
    case .linkControlWord(let field): field.word
    case .frameSecurityReport(let field): field.word
    case .projectSpecific(let word): word
    }
  }

  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var word = word
    archive.item(&word)
    self = OperationalControlField(word: word)
  }
}

/// The Communications Link Control Word: the state of telecommand reception on board.
///
/// Standard: CCSDS 232.0-B-4 §4.2.
///
///     |type 1|version 2|status 3|COP in effect 2|VCID 6|reserved 2|
///     |no RF 1|no bit lock 1|lockout 1|wait 1|retransmit 1|FARM-B counter 2|reserved 1|report value 8|
package struct CommunicationsLinkControlWord: Equatable, Sendable {
  /// The control word as it stands, its first bit the most significant.
  package let word: UInt32

  package init(word: UInt32) { self.word = word }

  /// The version of the control word, 2 bits; 0 is the only one defined.
  package var version: UInt8 { bits(1, 2) }
  /// Three bits whose meaning the mission defines.
  package var statusField: UInt8 { bits(3, 3) }
  /// 1: COP-1.
  package var copInEffect: UInt8 { bits(6, 2) }
  /// The telecommand virtual channel that the word reports on, 0…63.
  package var virtualChannelID: VirtualChannelID { VirtualChannelID(bits(8, 6)) }
  /// The physical channel is not ready to receive.
  package var noRFAvailable: Bool { bits(16, 1) != 0 }
  /// The demodulator has no bit lock.
  package var noBitLock: Bool { bits(17, 1) != 0 }
  /// A frame broke the rules, and no more are taken until an unlock directive.
  package var lockout: Bool { bits(18, 1) != 0 }
  /// Frames are refused for want of room.
  package var wait: Bool { bits(19, 1) != 0 }
  /// Frames were lost or refused, and have to be sent again.
  package var retransmit: Bool { bits(20, 1) != 0 }
  /// Counts the bypass frames accepted, modulo 4.
  package var farmBCounter: UInt8 { bits(21, 2) }
  /// The frame sequence number expected next, V(R).
  package var reportValue: UInt8 { bits(24, 8) }

  private func bits(_ first: UInt32, _ count: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: word >> (32 - first - count) & (1 << count - 1))
  }
}

/// The Frame Security Report: what security processing on board last rejected.
///
/// Standard: CCSDS 355.0-B-2 §4.2.
///
///     |type 1|version 3|alarm 1|bad sequence number 1|bad MAC 1|bad SA 1|last SPI 16|ARSN 8|
package struct FrameSecurityReport: Equatable, Sendable {
  /// The report as it stands, its first bit the most significant.
  package let word: UInt32

  package init(word: UInt32) { self.word = word }

  /// Any rejection since the last reset.
  package var alarm: Bool { word >> 27 & 1 != 0 }
  /// The last frame or packet was rejected for its sequence number.
  package var badSequenceNumber: Bool { word >> 26 & 1 != 0 }
  /// It was rejected for its message authentication code.
  package var badMessageAuthenticationCode: Bool { word >> 25 & 1 != 0 }
  /// It was rejected because its security association is not to be used.
  package var badSecurityAssociation: Bool { word >> 24 & 1 != 0 }
  /// The index of the security association that was used last.
  package var lastSecurityParameterIndex: UInt16 { UInt16(truncatingIfNeeded: word >> 8) }
  /// The eight least significant bits of the anti-replay sequence number.
  package var antiReplaySequenceNumber: UInt8 { UInt8(truncatingIfNeeded: word) }
}

package import LinkHealth

/// Settings with which units that were rejected are accepted, and what speaks for them.
package struct SettingAdvice: Equatable {
  /// How far it goes.
  package enum Proof: Int, Comparable {
    /// The units would be taken; nothing in them says that this is what they are.
    case none
    /// What is in the units makes sense with it.
    case content
    /// Error control, or a code, fits.
    case check

    package static func < (left: Proof, right: Proof) -> Bool { left.rawValue < right.rawValue }
  }

  /// What to write, or leave out.
  package var settings: [ConfigurationSetting]
  /// How many of the units were tried.
  package var triedCount: Int
  /// Of those, the ones that are accepted with it.
  package var acceptedCount: Int
  /// What speaks for it.
  package var proof: Proof
  /// What there is to say besides.
  var remark = ""

  /// In words.
  var proofText: String {
    switch proof {
    case .none: "nothing in them proves it"
    case .content: "what is in them makes sense then"
    case .check: "their error control or their code fits then"
    }
  }
}

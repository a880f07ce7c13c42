import LinkHealth

/// How the passes of a link are followed, and who is told of them.
struct LinkPasses: Sendable {
  let store: PassStore
  let link: String
  let settings: PassSettings
  /// Whether reports are wanted. If not, passes are followed, and nobody is told: so the state of the link is the same.
  let isEnabled: Bool

  /// Follows them from the beginning.
  var recorder: PassRecorder { PassRecorder(link: link, settings: settings) }
}

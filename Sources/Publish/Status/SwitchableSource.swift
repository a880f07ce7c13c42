import Dispatch

/// One Dispatch source for the whole life of a descriptor, which can be switched on and off.
///
/// A source that is dropped or cancelled while it is off would crash or never say goodbye; this keeps both right. It
/// begins switched off. The descriptor is closed in the cancel handler, and nowhere else.
final class SwitchableSource {
  private let source: any DispatchSourceProtocol
  private var isCancelled = false

  var isOn = false {
    didSet {
      guard isOn != oldValue, !isCancelled else { return }
      if isOn { source.resume() } else { source.suspend() }
    }
  }

  init(_ source: any DispatchSourceProtocol, handler: @escaping @Sendable () -> Void, closing descriptor: Int32?) {
    self.source = source
    source.setEventHandler(handler: DispatchWorkItem { handler() })
    source.setCancelHandler(handler: DispatchWorkItem { if let descriptor { closeDescriptor(descriptor) } })
  }

  deinit { cancel() }

  func cancel() {
    guard !isCancelled else { return }
    source.cancel()
    if !isOn { source.resume() }
    isCancelled = true
  }
}

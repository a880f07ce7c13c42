package struct FrameSynchronizer: ~Copyable {
  package init(marker: SyncMarker, codeblockByteCount: Int, tolerance: MarkerTolerance) {}
  package mutating func receive<R: CodeblockReceiver & ~Copyable>(_ bytes: RawSpan, endsUnit: Bool, into receiver: inout R) {}
  package mutating func finish<R: CodeblockReceiver & ~Copyable>(into receiver: inout R) {}
  package private(set) var counts = StreamCounts()
  package private(set) var state = LockState.search
}

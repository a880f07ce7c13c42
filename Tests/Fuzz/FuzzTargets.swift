/// One thing to fuzz: a name for the command line, a bound for the input, and a body that must never trap.
struct FuzzTarget: Sendable {
  let name: String
  let largestByteCount: Int
  let run: @Sendable (RawSpan) -> Void

  static let all = [
    FuzzTarget(name: "frame", largestByteCount: 2_304, run: readFrame),
    FuzzTarget(name: "packets", largestByteCount: 8_192, run: receiveFrames),
    FuzzTarget(name: "uslp", largestByteCount: 8_192, run: receiveUSLPFrames),
    FuzzTarget(name: "time", largestByteCount: 2_048, run: readTimes),
    FuzzTarget(name: "stream", largestByteCount: 8_192, run: receiveStream),
    FuzzTarget(name: "undecoded", largestByteCount: 8_192, run: examineUndecoded),
    FuzzTarget(name: "state", largestByteCount: 16_384, run: restoreState),
    FuzzTarget(name: "capture", largestByteCount: 8_192, run: readCapture),
    FuzzTarget(name: "configuration", largestByteCount: 4_096, run: readConfiguration),
    FuzzTarget(name: "database", largestByteCount: 4_096, run: readDatabase),
    FuzzTarget(name: "request", largestByteCount: 4_200, run: answerRequests),
    FuzzTarget(name: "daemon", largestByteCount: 8_192, run: runLink),
    FuzzTarget(name: "parameters", largestByteCount: 4_096, run: decodePackets),
    FuzzTarget(name: "log", largestByteCount: 4_096, run: recoverLog),
    FuzzTarget(name: "crash-check", largestByteCount: 16, run: crashCheck),
  ]
}

/// Proves the harness: a defect behind four conditions, which only a fuzzer that sees coverage finds soon.
private func crashCheck(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  guard input.byte() == 0x1A, input.byte() == 0xCF, input.byte() == 0xFC, input.byte() == 0x1D else { return }
  let empty: [UInt8] = []
  _ = empty[bytes.byteCount]
}

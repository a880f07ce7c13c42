import Glibc

/// One thing to fuzz: a name for the command line, a bound for the input, and a body that must never trap.
struct FuzzTarget: Sendable {
  let name: String
  let largestByteCount: Int
  let run: @Sendable (RawSpan) -> Void

  static let all = [
    FuzzTarget(name: "frame", largestByteCount: 2_304, run: receiveFrame),
    FuzzTarget(name: "packets", largestByteCount: 16_384, run: receiveFrames),
    FuzzTarget(name: "capture", largestByteCount: 8_192, run: readCapture),
    FuzzTarget(name: "configuration", largestByteCount: 4_096, run: readConfiguration),
    FuzzTarget(name: "request", largestByteCount: 4_200, run: answerRequest),
    FuzzTarget(name: "crash-check", largestByteCount: 16, run: crashCheck),
  ]
}

/// One frame, read to the last field under managed parameters of the fuzzer's choice.
///
/// Input: a byte of choices, then the frame.
private func receiveFrame(_ bytes: RawSpan) { pending() }

/// A sequence of frames through one link into the ledger, which has to balance after each.
///
/// Input: a byte of choices, then frames, each after two bytes of length.
private func receiveFrames(_ bytes: RawSpan) { pending() }

/// A capture file, to its end or its first damage.
private func readCapture(_ bytes: RawSpan) { pending() }

/// A configuration file: values, or problems that each have a position.
private func readConfiguration(_ bytes: RawSpan) { pending() }

/// One line from a client of the status socket.
private func answerRequest(_ bytes: RawSpan) { pending() }

/// Stands where a body is missing, and fails, so that nobody takes it for a target that holds.
private func pending() -> Never {
  print("this target has no body yet")
  exit(69)
}

/// Proves the harness: a defect behind four conditions, which only a fuzzer that sees coverage finds soon.
private func crashCheck(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  guard input.byte() == 0x1A, input.byte() == 0xCF, input.byte() == 0xFC, input.byte() == 0x1D else { return }
  let empty: [UInt8] = []
  _ = empty[bytes.byteCount]
}

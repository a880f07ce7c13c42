import CFuzz
import Glibc

/// The target that the first argument names, in a global because libFuzzer calls back a C function.
private let chosen = choose()

private func choose() -> FuzzTarget {
  for target in FuzzTarget.all where CommandLine.arguments.dropFirst().first == target.name { return target }
  print("usage: Fuzz TARGET [libFuzzer arguments] [CORPUS ...]")
  print("targets:", FuzzTarget.all.map(\.name).joined(separator: " "))
  exit(64)
}

// The bound of the input takes the place of the target's name, which libFuzzer would read as a corpus.
var argumentCount = CommandLine.argc
var arguments = unsafe Optional(CommandLine.unsafeArgv)
unsafe arguments?[1] = strdup("-max_len=\(chosen.largestByteCount)")

exit(
  unsafe LLVMFuzzerRunDriver(&argumentCount, &arguments) { bytes, byteCount in
    chosen.run(unsafe UnsafeRawBufferPointer(start: bytes, count: byteCount).bytes)
    return 0
  })

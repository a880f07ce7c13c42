import CKernels

/// The ways this machine can decode Reed–Solomon codewords, all with the same result.
///
/// The best one is chosen once, at first use.
package enum ReedSolomonKernel: CaseIterable, Sendable {
  /// 32 symbols at a time (AVX2).
  case avx2
  /// Words and table look-ups in plain Swift, on every machine.
  case portable

  /// The fastest kernel that this processor can run.
  package static let best = allCases.first { $0.isAvailable } ?? .portable

  /// Whether this processor can run the kernel.
  package var isAvailable: Bool {
    switch self {
    case .avx2: ckernels_has_avx2() != 0
    case .portable: true
    }
  }
}

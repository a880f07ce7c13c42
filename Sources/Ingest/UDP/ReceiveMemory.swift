internal import CLinux
internal import Glibc

/// The memory that datagrams are received into, and beside them the state that was saved before they came.
///
/// Memory that is kept has a descriptor. As long as anybody holds that, the memory outlives the process, however it
/// ends: the kernel itself writes into it what it received, and a state counts only when it is there whole. Whoever
/// takes it over believes nothing in it unchecked. It has one owner at a time, on whose queue it is written.
@safe package final class ReceiveMemory: @unchecked Sendable {
  /// The most that a state may have.
  package static let stateCapacity = 16 << 20
  /// What the slots of kept memory have together at most, but for two batches, which there are always.
  private static let slotsByteCount = 4 << 20

  let pointer: OpaquePointer

  private init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe clinux_receive_memory_destroy(pointer) }

  /// Memory for datagrams of this length at most: a batch of them, or in kept memory more; none for a length of 0.
  package static func make(slotByteCount: Int, isKept: Bool) throws(IngestError) -> ReceiveMemory {
    var shape = shape(slotByteCount: slotByteCount, isKept: isKept)
    var pointer: OpaquePointer?
    let result = unsafe clinux_receive_memory_create(&shape, isKept ? 1 : 0, &pointer)
    guard result == 0, let pointer = unsafe pointer else {
      throw .system(call: "memfd_create", errno: result == 0 ? ENOMEM : -result, address: "receive memory")
    }
    return unsafe ReceiveMemory(owning: pointer)
  }

  /// Takes over kept memory of an earlier process for datagrams of this length.
  ///
  /// - Returns: Nothing when it is not such memory; then the descriptor stays the caller's.
  package static func adopt(_ descriptor: Int32, slotByteCount: Int) -> ReceiveMemory? {
    var shape = shape(slotByteCount: slotByteCount, isKept: true)
    var pointer: OpaquePointer?
    guard unsafe clinux_receive_memory_adopt(descriptor, &shape, &pointer) == 0, let pointer = unsafe pointer else {
      return nil
    }
    return unsafe ReceiveMemory(owning: pointer)
  }

  private static func shape(slotByteCount: Int, isKept: Bool) -> clinux_memory_shape {
    let slotByteCount = min(max(slotByteCount, 0), UDPInput.largestDatagramByteCount)
    let batch = UDPReceiver.batchCapacity
    let slotCount = !isKept ? batch : max(2 * batch, slotsByteCount / max(1, slotByteCount + noteByteCount))
    return clinux_memory_shape(
      slot_count: slotByteCount == 0 ? 0 : UInt32(slotCount), slot_byte_count: UInt32(slotByteCount),
      state_capacity: isKept ? UInt64(stateCapacity) : 0)
  }

  /// What the kernel tells of a datagram, beside its bytes.
  private static let noteByteCount = 320

  /// Whoever holds it keeps the memory; nothing for memory that ends with the process.
  package var descriptor: Int32? {
    let descriptor = unsafe clinux_receive_memory_descriptor(pointer)
    return descriptor < 0 ? nil : descriptor
  }

  /// The state that was saved last; nothing when there is none, or it is damaged.
  package func load() -> [UInt8]? {
    var bytes: UnsafeRawPointer?
    var byteCount = 0
    guard unsafe clinux_receive_memory_load(pointer, &bytes, &byteCount) == 0, let bytes = unsafe bytes else {
      return nil
    }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: byteCount))
  }

  /// Saves the state of whoever receives no datagrams.
  ///
  /// - Returns: Whether there was room for it.
  package func save(_ state: [UInt8]) -> Bool {
    unsafe clinux_receive_memory_save(pointer, state, state.count) == 0
  }

  /// Nobody is to go on with what was saved.
  package func forget() { unsafe clinux_receive_memory_forget(pointer) }
}

/// A borrowed view of a transfer frame of any protocol.
package enum TransferFrame: ~Escapable {
  case tm(TMTransferFrame)
  case aos(AOSTransferFrame)
}

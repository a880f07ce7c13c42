/// The version of the daemon, of its client and of their package: written down here and nowhere else.
package enum DaemonVersion {
  package static let number = "0.1.0"
}

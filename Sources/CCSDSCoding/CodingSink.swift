/// Where the decoder sends what it finds: frames to be used at once or not at all, and observations to be counted.
package protocol CodingSink: ~Copyable {
  /// A transfer frame: derandomized, corrected, without parity. The observation of its codeblock came before it.
  mutating func take(frame: RawSpan, receivedAt: Int64?)
  /// A codeblock that is beyond correction, derandomized, with its parity. Its observation came before it.
  mutating func take(uncorrectable codeblock: RawSpan)
  /// Something to be counted.
  mutating func observe(_ event: CodingEvent)
}

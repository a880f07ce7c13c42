/// Times: when they begin, and how they count.
extension XTCEReader {
  func readAbsoluteTime(of type: inout ParameterType, _ chain: TypeChain) {
    guard let (scale, offset) = readTimeScale(chain) else { return }
    guard let origin = readOrigin(chain) else { return }
    type.kind = .absoluteTime(AbsoluteTimeScale(scale: scale, offset: offset, origin: origin))
  }

  func readRelativeTime(of type: inout ParameterType, _ chain: TypeChain) {
    guard let (scale, offset) = readTimeScale(chain) else { return }
    type.kind = .relativeTime(scale: scale, offset: offset)
  }

  /// In seconds.
  private func readTimeScale(_ chain: TypeChain) -> (scale: Double, offset: Double)? {
    guard let encoding = chain.child("Encoding")?.element else { return (1, 0) }
    if let form = chain.encoding?.element, form.name == "StringDataEncoding" || form.name == "BinaryDataEncoding" {
      refuse(form, "a time that is written in a packet as text or bytes is not supported, but only as a number")
      return nil
    }
    guard let scale = number("scale", of: encoding, default: 1), let offset = number("offset", of: encoding, default: 0)
    else { return nil }
    switch encoding["units"] ?? "seconds" {
    case "seconds": return (scale, offset)
    case "picoSeconds": return (scale / 1e12, offset / 1e12)
    case "days": return (scale * 86_400, offset * 86_400)
    case "months", "years":
      refuse(encoding, "months and years are of different lengths, so that a time in them is none")
    case let word:
      refuse(
        encoding, "unit \"\(word.shortened)\" is not one of XTCE",
        hint: Spelling.hint(word, among: ["seconds", "picoSeconds", "days"]))
    }
    return nil
  }

  private func readOrigin(_ chain: TypeChain) -> AbsoluteTimeScale.Origin? {
    guard let link = chain.child("ReferenceTime") else { return .unknown }
    if let offset = link.element.child("OffsetFrom") {
      guard let instance = readInstance(offset, from: link.system) else { return nil }
      guard case .absoluteTime = types[instance.target.type.value]?.kind else {
        refuse(offset, "the parameter is not an absolute time")
        return nil
      }
      return .offset(from: instance.target.reference)
    }
    guard let epoch = link.element.child("Epoch") else { return .unknown }
    if let origin = Epoch.origin(epoch.text) { return origin }
    refuse(
      epoch, "\"\(epoch.text.shortened)\" is not an epoch",
      hint: "TAI, J2000, UNIX, GPS, 2000-01-01 or 2000-01-01T12:00:00")
    return nil
  }
}

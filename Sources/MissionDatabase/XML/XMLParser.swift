import CCSDSWire
internal import CExpat

/// Reads XML with libexpat: no DOCTYPE and so no entities, nothing from other files, and nothing without a bound.
enum XMLParser {
  /// What is given to libexpat at once, so that a tag without an end is noticed before it has grown.
  private static let chunkByteCount = 256 << 10

  /// - Parameters:
  ///   - file: What the file is called in the places of its elements.
  ///   - elementCapacity: How many elements it may have.
  static func parse(
    _ bytes: [UInt8], file: String, elementCapacity: Int = Limits.elementCount
  ) throws(DatabaseProblem) -> XMLDocument {
    let whole = DatabasePlace(file: file, line: 0, column: 0)
    guard bytes.count <= Limits.fileByteCount else {
      throw DatabaseProblem(
        .error, "the file has \(bytes.count) bytes, and no more than \(Limits.fileByteCount) are read", at: whole,
        element: "", hint: "split it into one file for each space system")
    }
    let tagCount = countOfTags(bytes.span)
    guard tagCount <= elementCapacity else {
      throw DatabaseProblem(
        .error, "there are more than \(Limits.elementCount) elements, those in comments included", at: whole,
        element: "")
    }
    guard let parser = unsafe XML_ParserCreate(nil) else {
      throw DatabaseProblem(.error, "there is no memory for an XML parser", at: whole, element: "")
    }
    defer { unsafe XML_ParserFree(parser) }
    let sink = unsafe XMLEventSink(
      parser: parser, bytes: bytes, file: file, elementCapacity: elementCapacity, expectedCount: tagCount)
    sink.install()
    return try withExtendedLifetime(sink) { () throws(DatabaseProblem) in
      unsafe feed(bytes, to: parser, until: { sink.refusal != nil })
      if let refusal = sink.refusal { throw refusal }
      if let error = unsafe syntaxError(parser, file: file) { throw error }
      return sink.document
    }
  }

  /// Gives the parser all bytes, or as many as it takes.
  private static func feed(_ bytes: [UInt8], to parser: XML_Parser, until isRefused: () -> Bool) {
    unsafe bytes.withUnsafeBytes { buffer in
      var offset = 0
      repeat {
        let end = min(offset + chunkByteCount, buffer.count)
        let chunk = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset..<end])
        let start = unsafe chunk.baseAddress?.assumingMemoryBound(to: CChar.self)
        let status = unsafe XML_Parse(parser, start, Int32(chunk.count), end == buffer.count ? 1 : 0)
        offset = end
        guard status == XML_STATUS_OK, !isRefused() else { return }
        // What the parser has not reported yet is one tag, comment or instruction.
        let reported = unsafe Int(XML_GetCurrentByteIndex(parser))
        if offset - max(0, reported) > Limits.tokenByteCount { return }
      } while offset < buffer.count
    }
  }

  private static func syntaxError(_ parser: XML_Parser, file: String) -> DatabaseProblem? {
    let place = unsafe DatabasePlace(
      file: file, line: Int(XML_GetCurrentLineNumber(parser)), column: Int(XML_GetCurrentColumnNumber(parser)) + 1)
    var status = XML_ParsingStatus(parsing: XML_INITIALIZED, finalBuffer: 0)
    unsafe XML_GetParsingStatus(parser, &status)
    if status.parsing == XML_FINISHED, unsafe XML_GetErrorCode(parser) == XML_ERROR_NONE { return nil }
    let code = unsafe XML_GetErrorCode(parser)
    guard code != XML_ERROR_NONE, let text = unsafe XML_ErrorString(code) else {
      return DatabaseProblem(
        .error, "a tag or comment is longer than \(Limits.tokenByteCount) bytes", at: place, element: "")
    }
    let hint = code == XML_ERROR_UNKNOWN_ENCODING ? "convert it to UTF-8" : nil
    return unsafe DatabaseProblem(
      .error, "the XML is not well-formed: \(String(cString: text))", at: place, element: "", hint: hint)
  }

  /// At most how many elements there can be: each `<` before a letter begins one, unless it is in a comment.
  private static func countOfTags(_ bytes: Span<UInt8>) -> Int {
    let octets = unsafe bytes.bytes
    var count = 0
    var offset = 0
    while offset + 1 < bytes.count {
      // Eight bytes at once: most of them are no `<`.
      if offset + 8 <= bytes.count {
        let word = octets.uint64(at: offset)
        let difference = word ^ 0x3C3C_3C3C_3C3C_3C3C
        if (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 == 0 {
          offset += 8
          continue
        }
      }
      let end = min(offset + 8, bytes.count - 1)
      while offset < end {
        let isLetter = (bytes[offset + 1] | 0x20) &- UInt8(ascii: "a") < 26
        count &+= bytes[offset] == UInt8(ascii: "<") && isLetter ? 1 : 0
        offset += 1
      }
    }
    return count
  }
}

package import LinkHealth

/// Cuts a long array into replies of bounded size.
///
/// The reply has the elements under their name and, when there are more, a `cursor` to ask on with.
package enum StatusPage {
  /// Below the limit of a reply, with room for what is around the elements.
  package static let maximumByteCount = (1 << 20) - (64 << 10)

  /// One page as the members of a JSON object.
  ///
  /// - Parameters:
  ///   - name: What the array is called in the reply.
  ///   - elementCount: How many elements there are in all.
  ///   - arguments: Of the request: `limit`, at most so many elements, and `cursor`, as an earlier reply gave it.
  ///   - leading: Writes members that stand before the array on every page: few and short.
  ///   - element: The JSON text of the element at an index, or nothing where it is left out; only asked for what is on
  ///     the page. The cursor counts what is left out too, so that it stays right when that changes between two pages.
  package static func object(
    _ name: String, elementCount: Int, arguments: StatusArguments, leading: (inout JSONWriter) -> Void = { _ in },
    element: (Int) -> String?
  ) -> Result<String, StatusError> {
    do throws(StatusError) {
      let start = try arguments.count("cursor") ?? 0
      let limit = try arguments.count("limit") ?? elementCount
      guard start <= elementCount else {
        throw StatusError(.badArgument, "'cursor' is beyond the end", hint: "begin without a cursor")
      }
      var elements: [String] = []
      var byteCount = 0
      var index = start
      while index < elementCount, elements.count < limit {
        guard let text = element(index) else {
          index += 1
          continue
        }
        byteCount += text.utf8.count + 1
        guard byteCount <= maximumByteCount || elements.isEmpty else { break }
        elements.append(text)
        index += 1
      }
      var writer = JSONWriter()
      writer.object { page in
        leading(&page)
        page.array(name) { for element in elements { $0.element(json: element) } }
        if index < elementCount { page.member("cursor", index) }
      }
      return .success(writer.text)
    } catch { return .failure(error) }
  }

  /// The same for elements that exist as text already.
  package static func object(
    _ name: String, _ elements: [String], arguments: StatusArguments
  ) -> Result<String, StatusError> {
    object(name, elementCount: elements.count, arguments: arguments) { elements[$0] }
  }
}

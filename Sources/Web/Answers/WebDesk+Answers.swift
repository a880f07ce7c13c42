import LinkHealth
import NIOCore
import NIOHTTP1
import Publish

/// What a request leads to.
extension WebDesk {
  /// What a client gets.
  enum Response: Sendable {
    case answer(WebAnswer)
    /// It will be known later.
    case later(WaitingQuestion)
    /// Events, from now on.
    case stream(HTTPHeaders, EventWatch)
  }

  /// Packing less is not worth it.
  private static let packedByteCount = 1024

  /// The header fields that every answer has.
  var commonFields: HTTPHeaders { ResponseFields.common(now: clocks.wall()) }

  /// The answer to a request that is refused whatever it asks.
  func refused(_ id: Int, _ refusal: WebRefusal, of head: HTTPRequestHead? = nil) -> WebAnswer {
    // Who asks for what is not done here hears of that first.
    let refusal = head.flatMap { self.refusal(of: $0, from: id) } ?? refusal
    counters.add(refusal.counted)
    return sending(WebAnswer(refusal), to: id)
  }

  /// Answers a request.
  func response(to head: HTTPRequestHead, from id: Int) -> Response {
    guests[id]?.hasAsked = true
    if let refusal = refusal(of: head, from: id) { return .answer(refused(id, refusal)) }
    guard answerByteCount < terms.options.answerByteCount else { return .answer(refused(id, .overloaded)) }
    let target: RequestTarget
    do throws(RequestTarget.Malformed) { target = try RequestTarget(head.uri) } catch {
      return .answer(refused(id, .badRequest(Self.words(for: error))))
    }
    counters.requests.add()
    do throws(StatusError) {
      guard let route = WebRoute(path: target.path) else { throw Self.nothing(at: target.path) }
      let arguments = try arguments(of: route, target)
      if case .command(.watch) = route {
        let watch = try EventWatch(arguments, statsIntervalSeconds: statsIntervalSeconds)
        if head.method == .GET { return .stream(streamFields, watch) }
        return .answer(sending(WebAnswer("text/event-stream", []), to: id))
      }
      if case .command(let command) = route, sources.mayWait(command, arguments) {
        guard counters.waiting.value < terms.options.waitingCapacity else {
          counters.refusedWaiting.add()
          return .answer(refused(id, .overloaded))
        }
        counters.waiting.add()
        move(id, to: .asking)
        return .later(WaitingQuestion(command: command, arguments: arguments, takesGzip: Self.takesGzip(head.headers)))
      }
      let answer = Self.packed(try answer(route, arguments, head.headers), ifTaken: Self.takesGzip(head.headers))
      return .answer(sending(answer, to: id))
    } catch { return .answer(sending(WebAnswer(error), to: id)) }
  }

  /// Why a request is not even looked at.
  private func refusal(of head: HTTPRequestHead, from id: Int) -> WebRefusal? {
    let hosts = head.headers["host"]
    guard hosts.count == 1 || hosts.isEmpty && head.version.minor == 0 else {
      return .badRequest("there has to be one Host")
    }
    if let host = hosts.first, !terms.hostNames.allow(host, local: guests[id]?.localAddress) { return .host }
    guard head.method == .GET || head.method == .HEAD else { return .method }
    if let token = terms.token, !isOpen(head) {
      // Who may not ask is not told what there is.
      guard let field = head.headers.first(name: "authorization"), token.isShown(by: field) else { return .token }
    }
    return nil
  }

  private func isOpen(_ head: HTTPRequestHead) -> Bool {
    let path = head.uri.prefix { $0 != "?" && $0 != "#" }
    return WebRoute(path: String(path))?.isOpen ?? false
  }

  func sending(_ answer: WebAnswer, to id: Int) -> WebAnswer {
    answerByteCount += answer.body.count
    move(id, to: .answering(byteCount: answer.body.count))
    return answer
  }

  private var streamFields: HTTPHeaders {
    var fields = commonFields
    fields.add(name: "Content-Type", value: "text/event-stream")
    // A proxy that gathers what comes would keep events to itself.
    fields.add(name: "X-Accel-Buffering", value: "no")
    return fields
  }

  // MARK: Answers

  private func arguments(of route: WebRoute, _ target: RequestTarget) throws(StatusError) -> StatusArguments {
    switch route {
    // What a browser or a scraper writes behind these is its own affair.
    case .page, .metrics, .health, .readiness, .description: return StatusArguments()
    case .command(let command):
      return try StatusRequest.arguments(target.arguments.mapValues { .word($0) }, of: .question(command))
    }
  }

  private func answer(
    _ route: WebRoute, _ arguments: StatusArguments, _ fields: HTTPHeaders
  ) throws(StatusError) -> WebAnswer {
    switch route {
    case .page(let file): return WebAnswer(file.contentType, file.bytes)
    case .metrics:
      let format = Preference.metricsFormat(accept: fields["accept"])
      var answer = WebAnswer(format.contentType, sources.metrics(format))
      answer.add("Vary", "Accept, Accept-Encoding")
      return answer
    case .health: return Self.verdict("ok", unless: sources.ailments())
    case .readiness: return Self.verdict("ready", unless: sources.obstacles())
    case .description: return WebAnswer(json: description)
    case .command(let command): return WebAnswer(json: try document(command, arguments))
    }
  }

  /// What can be asked: made when somebody wants it for the first time.
  private var description: String {
    if let descriptionText { return descriptionText }
    let text = OpenAPIDocument.text(sources.identity.version)
    descriptionText = text
    return text
  }

  private static func verdict(_ word: String, unless reasons: [String]) -> WebAnswer {
    reasons.isEmpty ? WebAnswer(lines: [word]) : WebAnswer(status: 503, lines: reasons)
  }

  private func document(_ command: StatusCommand, _ arguments: StatusArguments) throws(StatusError) -> String {
    let questions = StatusCommand.allCases.map(StatusRequest.Command.question)
    let result: Result<String, StatusError> =
      switch command {
      case .help: StatusDocuments.help(arguments, questions)
      case .version: .success(StatusDocuments.version(sources.identity))
      case .schema: .success(StatusDocuments.schema(questions))
      case .events: recentEvents.answer(arguments)
      case .clients: .success(clientList)
      case .status, .health, .problems, .links, .vcs, .apids, .counters, .queues, .logs, .config, .parameters,
        .passes, .history, .explain, .watch:
        sources.answer(command, arguments)
      }
    return try StatusExchange.bounded(result).get()
  }

  private static func takesGzip(_ fields: HTTPHeaders) -> Bool {
    Preference.takesGzip(acceptEncoding: fields["accept-encoding"])
  }

  static func packed(_ answer: WebAnswer, ifTaken isTaken: Bool) -> WebAnswer {
    guard isTaken, answer.body.count >= packedByteCount, let body = GzipPacker.packed(answer.body) else {
      return answer
    }
    var answer = answer
    answer.body = body
    answer.add("Content-Encoding", "gzip")
    if !answer.fields.contains(where: { $0.name == "Vary" }) { answer.add("Vary", "Accept-Encoding") }
    return answer
  }

  private static func nothing(at path: String) -> StatusError {
    guard path.hasPrefix(WebRoute.commandPrefix) else {
      return StatusError(.notFound, "there is nothing here", hint: "see /api/v1/openapi.json for what there is")
    }
    let name = String(path.dropFirst(WebRoute.commandPrefix.count))
    return .unknown(.unknownCommand, "command", name, among: StatusCommand.allCases.map(\.rawValue))
  }

  private static func words(for error: RequestTarget.Malformed) -> String {
    switch error {
    case .notAPath: "the target of a request begins with '/'"
    case .badEscape: "a percent sign has to be followed by two hexadecimal digits, and what is written so to be UTF-8"
    case .repeated(let name): "'\(name.prefix(64))' is there twice"
    }
  }
}

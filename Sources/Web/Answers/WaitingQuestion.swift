import Dispatch
import Publish

/// A question whose answer may have to wait for a disk.
struct WaitingQuestion: Sendable {
  let command: StatusCommand
  let arguments: StatusArguments
  /// Whether the answer may be packed.
  let takesGzip: Bool

  /// Asks it; waits.
  func answer(_ sources: WebSources) -> WebAnswer {
    do throws(StatusError) {
      let text = try StatusExchange.bounded(sources.answer(command, arguments)).get()
      return WebDesk.packed(WebAnswer(json: text), ifTaken: takesGzip)
    } catch { return WebAnswer(error) }
  }
}

extension WebDesk {
  /// Has a question asked where it may wait.
  ///
  /// - Parameter answered: Takes the answer on the server's thread, unless the client is gone by then.
  func ask(_ question: WaitingQuestion, for id: Int, _ answered: @escaping @Sendable (WebAnswer) -> Void) {
    waitingQueue.async { [self, sources] in
      let answer = question.answer(sources)
      counters.waiting.add(-1)
      enter { desk in
        guard desk.guests[id] != nil else { return }
        answered(desk.sending(answer, to: id))
      }
    }
  }
}

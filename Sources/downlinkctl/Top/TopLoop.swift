import Dispatch
import Glibc

/// Draws a station until somebody ends it. It lives on the main queue: keys, signals, time and answers come to it.
@MainActor
final class TopLoop {
  private static let slowSeconds = 2.0
  private static let noticeSeconds = 10.0

  private let paths: [[String]]
  private let interval: Double
  private let terminal = TerminalOwner()
  private var drawing: ScreenDrawing
  private var view: ScreenView
  private var keys = KeyDecoder()
  private var station = 0
  private var feed: StationFeed
  private var picture = StationPicture()
  private var askedAt: Double?
  private var failure: (text: String, since: Double)?
  private var remark: (text: String, until: Double)?
  private var sources: [any DispatchSourceProtocol] = []

  /// - Parameters:
  ///   - paths: The sockets of each station.
  ///   - picture: What the first one has said.
  init(paths: [[String]], first picture: StationPicture, interval: Double, view: ScreenView, style: ScreenDrawing.Style)
  {
    (self.paths, self.interval, self.view, self.picture) = (paths, interval, view, picture)
    drawing = ScreenDrawing(style)
    feed = StationFeed(paths: paths[0])
  }

  /// Takes the terminal, and lets everything that happens from now on come in.
  func start() {
    catchSignals()
    terminal.enter()
    if isatty(STDIN_FILENO) == 1 {
      let input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
      input.setEventHandler { MainActor.assumeIsolated { self.readKeys() } }
      keep(input)
    }
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.setEventHandler { MainActor.assumeIsolated { self.tick() } }
    timer.schedule(deadline: .now() + interval, repeating: interval)
    keep(timer)
    draw()
  }

  // MARK: Answers

  private func tick() {
    ask()
    draw()
  }

  /// One question at a time: a daemon that is slow is not asked more often for it.
  private func ask() {
    guard askedAt == nil else { return }
    askedAt = Terminal.monotonicSeconds
    let (feed, station) = (feed, station)
    Task { @MainActor in
      let answer = await feed.ask()
      guard station == self.station else { return }
      self.askedAt = nil
      self.take(answer)
      self.draw()
    }
  }

  private func take(_ answer: Result<StationPicture, ConnectionError>) {
    let now = Terminal.monotonicSeconds
    switch answer {
    case .success(let new):
      if let lost = failure {
        let isNew = new.runID != picture.runID && !picture.runID.isEmpty
        let text = isNew ? "the daemon has been started anew" : "connected again"
        remark = ("\(text) after \(Moment.duration(now - lost.since))", now + Self.noticeSeconds)
      }
      failure = nil
      picture = new
    case .failure(let error):
      let text = error.description.split(separator: "\n").first.map(String.init) ?? ""
      failure = (text, failure?.since ?? now)
    }
  }

  // MARK: Drawing

  private func draw() {
    terminal.flush()
    // What is not out yet would be overtaken; the next picture is for then.
    guard !terminal.isBusy else {
      DispatchQueue.main.asyncAfter(deadline: .now() + 0.1) { MainActor.assumeIsolated { self.terminal.flush() } }
      return
    }
    let size = Terminal.size
    let screen = Screen(current, view: view, rows: size.rows, columns: size.columns)
    pageRowCount = screen.pageRowCount
    terminal.write(drawing.update(screen.lines, rows: size.rows, columns: size.columns))
  }

  private var pageRowCount = 10

  /// The picture, with what is to be said of the connection at this moment.
  private var current: StationPicture {
    let now = Terminal.monotonicSeconds
    var current = picture
    if let failure {
      current.isStale = true
      current.notice =
        "no answer for \(Moment.duration((now - failure.since).rounded(.down))), trying again: \(failure.text)"
    } else if let askedAt, now - askedAt > Self.slowSeconds {
      current.isStale = true
      current.notice = "the daemon has not answered for \(Moment.duration((now - askedAt).rounded(.down)))"
    } else if let remark, now < remark.until {
      current.notice = remark.text
    }
    return current
  }

  // MARK: Keys

  private func readKeys() {
    guard let bytes = terminal.read() else { return end(0) }
    for key in keys.keys(in: bytes) {
      switch view.press(key, links: picture.linkNames(in: view.order), page: pageRowCount) {
      case .quit: return end(0)
      case .refresh: ask()
      case .nextStation: turnToNextStation()
      case nil: break
      }
    }
    draw()
  }

  private func turnToNextStation() {
    guard paths.count > 1 else { return }
    station = (station + 1) % paths.count
    feed = StationFeed(paths: paths[station])
    (picture, failure, remark, askedAt) = (StationPicture(), nil, nil, nil)
    picture.notice = "asking \(paths[station].joined(separator: ", "))"
    ask()
  }

  // MARK: Signals

  private func catchSignals() {
    _ = signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH] {
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
      source.setEventHandler { MainActor.assumeIsolated { self.caught(number) } }
      keep(source)
    }
  }

  private func caught(_ number: Int32) {
    switch number {
    case SIGWINCH: draw()
    case SIGTSTP:
      terminal.leave()
      Self.deliver(SIGTSTP)
      resume()
    case SIGCONT: resume()
    default:
      terminal.leave()
      // Whoever waits for this process is to see what ended it; a QUIT would leave a core.
      if number != SIGQUIT { Self.deliver(number) }
      exit(128 + number)
    }
  }

  /// After a stop the terminal is anybody's: all of it is set and drawn again.
  private func resume() {
    terminal.enter()
    drawing.forget()
    draw()
  }

  /// Has a signal do what it does to any program.
  private static func deliver(_ number: Int32) {
    _ = signal(number, SIG_DFL)
    var one = sigset_t()
    var before = sigset_t()
    _ = unsafe sigemptyset(&one)
    _ = unsafe sigaddset(&one, number)
    _ = unsafe pthread_sigmask(SIG_UNBLOCK, &one, &before)
    _ = raise(number)
    _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    _ = signal(number, SIG_IGN)
  }

  private func keep(_ source: any DispatchSourceProtocol) {
    source.activate()
    sources.append(source)
  }

  private func end(_ code: Int32) {
    terminal.leave()
    exit(code)
  }
}

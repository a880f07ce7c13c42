import Publish
import Testing

@Suite("Publish error: texts for a person")
struct PublishErrorTests {
  @Test("a refusal of the system names the path, the reason and what to do")
  func describesSystemRefusal() {
    let missing = PublishError.system(.openDirectory, path: "/nonexistent/log", errno: 2)
    #expect(
      missing.description == """
        /nonexistent/log: the log directory cannot be opened: No such file or directory
        hint: make the directory, or choose another logs.directory
        """)
    let denied = PublishError.system(.bindSocket, path: "/run/status.sock", errno: 13)
    #expect(
      denied.description == """
        /run/status.sock: the status socket cannot be made: Permission denied
        hint: this user has to be able to write there: see its owner, or choose another status.socket
        """)
  }

  @Test("a path that something else is at says so, with a hint")
  func describesStrangers() {
    let errors: [PublishError] = [
      .notARegularFile(path: "/a"), .notASocket(path: "/a"), .socketPathTooLong(path: "/a", limit: 107),
      .socketOfAnotherUser(path: "/a", owner: 0), .socketInUse(path: "/a"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("/a: "))
      #expect(error.description.contains("\nhint: "))
    }
  }

  @Test("a disk that is full, has errors or is too slow says what to do")
  func describesDisk() {
    func description(_ errno: Int32) -> String {
      PublishError.system(.writeLog, path: "/l/events.jsonl", errno: errno).description
    }
    #expect(
      description(28) == """
        /l/events.jsonl: the log cannot be written: No space left on device
        hint: make room on its file system, or lower logs.max_total_bytes
        """)
    #expect(description(5).hasSuffix("see 'journalctl -k', and choose another logs.directory if they stay"))
    let textfile = PublishError.system(.writeTextfile, path: "/n/a.prom", errno: 28)
    #expect(
      textfile.description
        == "/n/a.prom: the metrics cannot be written: No space left on device\nhint: make room on its file system")
    #expect(description(105).hasPrefix("/l/events.jsonl: the log cannot be written: records came faster than"))
  }

  @Test("only permission is permission")
  func tellsPermission() {
    #expect(PublishError.system(.openLog, path: "/a", errno: 13).isPermission)
    #expect(PublishError.system(.openLog, path: "/a", errno: 1).isPermission)
    #expect(PublishError.socketOfAnotherUser(path: "/a", owner: 0).isPermission)
    #expect(!PublishError.system(.openLog, path: "/a", errno: 28).isPermission)
    #expect(!PublishError.socketInUse(path: "/a").isPermission)
  }
}

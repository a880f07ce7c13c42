import CCSDSWire
import FoundationEssentials
import Testing

@Suite("Lists of leap seconds of a system")
struct LeapSecondListTests {
  /// The numbers of the list of 2025-07-07, and the digest that stands under them there.
  private static let official = """
    #\tATOMIC TIME
    #$\t3960835200
    #
    #@\t3991593600
    #
    2272060800      10      # 1 Jan 1972
    2287785600      11      # 1 Jul 1972
    2303683200      12      # 1 Jan 1973
    2335219200      13      # 1 Jan 1974
    2366755200      14      # 1 Jan 1975
    2398291200      15      # 1 Jan 1976
    2429913600      16      # 1 Jan 1977
    2461449600      17      # 1 Jan 1978
    2492985600      18      # 1 Jan 1979
    2524521600      19      # 1 Jan 1980
    2571782400      20      # 1 Jul 1981
    2603318400      21      # 1 Jul 1982
    2634854400      22      # 1 Jul 1983
    2698012800      23      # 1 Jul 1985
    2776982400      24      # 1 Jan 1988
    2840140800      25      # 1 Jan 1990
    2871676800      26      # 1 Jan 1991
    2918937600      27      # 1 Jul 1992
    2950473600      28      # 1 Jul 1993
    2982009600      29      # 1 Jul 1994
    3029443200      30      # 1 Jan 1996
    3076704000      31      # 1 Jul 1997
    3124137600      32      # 1 Jan 1999
    3345062400      33      # 1 Jan 2006
    3439756800      34      # 1 Jan 2009
    3550089600      35      # 1 Jul 2012
    3644697600      36      # 1 Jul 2015
    3692217600      37      # 1 Jan 2017
    #
    #h\t49db2447 571e5e1b 2f002a53 9c8da8e4 39b8e49e

    """

  private static func read(_ text: String) throws(LeapSecondListError) -> LeapSecondTable {
    try LeapSecondTable(list: Array(text.utf8))
  }

  @Test("the official list has the rows that are built in, its own expiry, and the digest that it says")
  func readsOfficialList() throws {
    let table = try Self.read(Self.official)
    #expect(table.rows == LeapSecondTable.builtIn.rows)
    #expect(table.rows.count == 28)
    #expect(table.expiry == table.instant(of: try utc(2026, 6, 28)))
    // With the line ends of another system, too.
    #expect(try Self.read(Self.official.replacing("\n", with: "\r\n")) == table)
  }

  @Test("any digit that is another one is found by the digest")
  func findsDamage() throws {
    let damaged = Self.official.replacing("3644697600      36", with: "3636748800      36")
    let error = #expect(throws: LeapSecondListError.self) { try Self.read(damaged) }
    #expect(error?.line == 35)
    #expect(
      error?.description.hasPrefix("line 35: found the digest 49db2447 571e5e1b 2f002a53 9c8da8e4 39b8e49e, expected ")
        == true)
    for second in ["3960835200", "3991593600"] {
      let other = Self.official.replacing(second, with: String(second.dropLast()) + "1")
      #expect(throws: LeapSecondListError.self) { try Self.read(other) }
    }
  }

  @Test("the list of the time zone database says the same in other words")
  func readsTimeZoneList() throws {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let lines = LeapSecondTable.builtIn.rows.dropFirst().map { row in
      let date = UTCTime(day: row.day - 1, nanosecondOfDay: 0)?.date
      return "Leap\t\(date?.year ?? 0)\t\(names[(date?.month ?? 1) - 1])\t\(date?.day ?? 0)\t23:59:60\t+\tS\n"
    }
    let table = try Self.read("# a comment\n\n" + lines.joined() + "#updated 1751846400 (x)\n")
    #expect(table.rows == LeapSecondTable.builtIn.rows)
    #expect(table.expiry == nil)
    #expect(try Self.read(lines.joined() + "#expires 1782604800\n").expiry == table.instant(of: utc(2026, 6, 28)))
    #expect(
      try Self.read(lines.joined() + "Expires 2026\tJun\t28\t00:00:00\n").expiry == table.instant(of: utc(2026, 6, 28)))
    let negative = try Self.read(lines.joined() + "Leap 2030 Jun 30 23:59:59 - S\n")
    #expect(negative.rows.last == LeapSecondTable.Row(day: try utc(2030, 7, 1).day, offset: 36))
  }

  @Test(
    "the lists of this system are read",
    arguments: ["/usr/share/zoneinfo/leap-seconds.list", "/usr/share/zoneinfo/leapseconds"])
  func readsSystemList(path: String) throws {
    guard let list = FileManager.default.contents(atPath: path) else {
      print("no \(path) on this system")
      return
    }
    let table = try LeapSecondTable(list: Array(list))
    #expect(Array(table.rows.prefix(28)) == LeapSecondTable.builtIn.rows)
    #expect(table.expiry != nil)
  }

  @Test(
    "what is wrong is told with its line",
    arguments: [
      ("", "found no leap second, expected one at least"),
      ("# nothing\n#@ 3991593600\n", "found no leap second, expected one at least"),
      ("2272060800 10\n2272060800 11\n", "line 2: found a leap second that is not later than the one before"),
      (
        "2272060800 10\n\n2287785600 12 # x\n",
        "line 3: found TAI - UTC = 12 s behind 10 s, expected one second more or less"
      ),
      ("2272060801 10\n", "line 1: found a leap second 1 s after midnight, expected one at midnight"),
      ("2272060800\n", "line 1: found '2272060800', expected a second since 1900 and TAI - UTC in seconds"),
      ("99999999999999999999 10\n", "line 1: found '99999999999999999999 10', expected a second since 1900"),
      ("#@ soon\n", "line 1: found '#@ soon', expected '#@' and the second in which it expires"),
      ("#$ -1\n", "line 1: found '#$ -1', expected '#$' and the second of its last update"),
      ("#h 1 2 3 4 xyz\n", "line 1: found '#h 1 2 3 4 xyz', expected '#h' and five hexadecimal numbers"),
      ("<html>\n", "line 1: found '<html>', expected such as 'Leap 2016 Dec 31 23:59:60 + S'"),
      ("Leap 2016 Feb 30 23:59:60 + S", "line 1: found 'Leap 2016 Feb 30 23:59:60 + S', expected such as"),
      ("Leap 2016 Dec 31 23:59:60 + R", "line 1: found 'Leap 2016 Dec 31 23:59:60 + R', expected such as"),
      ("Leap 2016 Dec 31 23:59:60 - S", "line 1: found 'Leap 2016 Dec 31 23:59:60 - S', expected '23:59:60 +' or"),
      ("Leap 2016 Dec 31 23:59:60 + S\nLeap 2016 Dec 31 23:59:60 + S", "line 2: found a leap second that is not later"),
      ("\u{1}\u{FF}\n", "line 1: found '???', expected such as"),
    ])
  func tellsWhatIsWrong(list: String, expected: String) {
    let error = #expect(throws: LeapSecondListError.self) { try Self.read(list) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }

  @Test("no list is longer than 64 KiB, and none has more than 512 leap seconds")
  func isBounded() {
    let long = #expect(throws: LeapSecondListError.self) {
      try LeapSecondTable(list: [UInt8](repeating: 0x23, count: 65_537))
    }
    #expect(long?.description == "the list has 65537 bytes, and no more than 65536 are read")
    // One more each day: 2272060800 is 1972-01-01.
    let many = (0..<513).map { "\(2_272_060_800 + 86_400 * $0) \(10 + $0)\n" }.joined()
    let error = #expect(throws: LeapSecondListError.self) { try Self.read(many) }
    #expect(error?.description == "line 513: found more than 512 leap seconds")
    // A line that never ends is shown in part.
    let endless = #expect(throws: LeapSecondListError.self) { try Self.read(String(repeating: "x", count: 60_000)) }
    #expect((endless?.description.utf8.count ?? 1000) < 150)
  }
}

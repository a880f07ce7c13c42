import MissionDatabase
import Publish

/// What has changed of one link, for those who watch: made into text only for them.
struct ParameterRows: Sendable {
  let link: String
  let news: ParameterNews
  /// Where the octets of a row begin, of the live ones first.
  private let octetOffsets: [Int]

  init(link: String, news: ParameterNews) {
    self.link = link
    self.news = news
    var offsets: [Int] = []
    for changes in [news.live, news.stored ?? ParameterChanges()] {
      var offset = 0
      for entry in changes.entries {
        offsets.append(offset)
        offset += Int(entry.octetCount)
      }
    }
    octetOffsets = offsets
  }

  /// The same for the servers.
  var batch: ParameterBatch {
    ParameterBatch(of: link, rowCount: octetOffsets.count, chosen: chosen, text: text)
  }

  @Sendable private func chosen(_ pattern: NamePattern, _ rows: Range<Int>) -> [Int] {
    news.mission.context.catalog.matching(rows, pattern) { Int(entry(of: $0).sample.slot) }
  }

  @Sendable private func text(of row: Int) -> String {
    let (changes, entry) = (changes(of: row), entry(of: row))
    let octets = changes.octets(in: octetOffsets[row]..<octetOffsets[row] + Int(entry.octetCount))
    return ParameterRow(
      link: link, slot: Int(entry.sample.slot), entry: entry, octets: Array(octets), mission: news.mission,
      isStored: isStored(row)
    ).json
  }

  private func isStored(_ row: Int) -> Bool { row >= news.live.entries.count }

  private func changes(of row: Int) -> ParameterChanges {
    isStored(row) ? news.stored ?? ParameterChanges() : news.live
  }

  private func entry(of row: Int) -> ParameterEntry {
    changes(of: row).entries[isStored(row) ? row - news.live.entries.count : row]
  }
}

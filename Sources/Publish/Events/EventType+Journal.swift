extension EventType {
  /// The identifier under which the journal finds an event of this type, and its explanation in the message catalog
  /// `systemd/downlinkd.catalog`: 128 random bits that stay what they are.
  package var messageID: String {
    switch self {
    case .daemon: "489fa0b8b9254739b180934f7b731790"
    case .link: "5124e06241a54863af8b575c37210ffc"
    case .frameReject: "75d4fff82599435ba08feff09b490d05"
    case .frameGap: "f53be8ff16aa4b4cabc3613c31b38683"
    case .packetGap: "09690e229ba24a81868cfe6b8f92d454"
    case .packetReject: "0d5c797204bb41cc847ec4f4963abc33"
    case .frameSync: "17dca7d6367749e5b5f6be7dcecae930"
    case .codeblockReject: "319cb415e4d443db94d995bb910dbbe8"
    case .parameter: "dd2597dfc89e46dd8b7318a0afd2088a"
    case .clock: "a0420db122364d9b9383493a8224c31d"
    case .log: "305e34b1cbc54dc2acee85b7cfda71c7"
    case .config: "15dd2fbe20844a84b993416b270eafbb"
    case .client: "a0fb15fbc6304bf1b9d24405ba599174"
    case .replay: "996e0eac8bf045289a172f86f8970bbe"
    case .stats: "857b6fe93fa543a4a0144862f6b07f7c"
    case .pass: "9d1c5b0e7f3a4c62b8e40d9a2c71f658"
    }
  }
}

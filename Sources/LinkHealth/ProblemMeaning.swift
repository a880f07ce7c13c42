extension Problem.Code {
  /// What it means for the data: the first that somebody wants to know who is woken by it.
  package var meaning: String {
    switch self {
    case .stateNotKept: "nothing is lost now; after a restart the ledger begins anew beside the totals so far"
    case .totalsNotKept: "nothing is lost now; after a stop the totals of the links begin anew"
    case .textfileNotWritten: "links lose nothing; dashboards that read the file show what is old"
    case .unbalanced: "the counts of this link cannot be trusted; frames and packets are handed on as before"
    case .reloadFailed: "nothing has changed: links go on with the configuration that was in force before"
    case .inputFailed: "nothing is received on this link; what is sent meanwhile is lost"
    case .disconnected: "nothing comes in on this link; only the sender knows whether it keeps what it has"
    case .deafSocket: "what is sent to this link does not arrive, and is lost"
    case .membershipLost: "the network no longer delivers the group here; what is sent to it meanwhile is lost"
    case .rateLimited: "the datagrams beyond the rate were not looked into; those of other senders are not affected"
    case .kernelDrops: "these datagrams are lost for good; their frames are among the missing ones"
    case .receiveBufferSmall: "nothing is lost by it yet; a burst may overflow it, and then datagrams are lost"
    case .nothingReceived: "there is no data of this link; if anything is sent, it does not get here, and is lost"
    case .silence: "nothing is lost on this host; if anything is sent, it does not get here"
    case .nothingDecodes: "data comes in, and it is lost: no frames can be made of it"
    case .noLock: "what comes in without lock is skipped and counted; there are no frames in it"
    case .uncorrectable: "the frames in these codewords are lost"
    case .thinMargin: "nothing is lost yet; a little more noise, and frames are"
    case .bitSlips: "the frame that a slip falls into is lost as a rule"
    case .everythingRejected: "nothing of this link gets through: all that comes in is lost"
    case .someRejected: "what was in these frames or datagrams is lost"
    case .errorControlUnchecked: "damaged frames pass for good ones"
    case .notPackets: "these bytes are counted as discarded; no packets come of them"
    case .frozenCounter: "losses on this channel cannot be seen; packets are read as if there were none"
    case .limitReached:
      "what is beyond is counted together: such frames are not looked into, such packets are not checked for gaps"
    case .logDegraded: "links lose nothing; what happens meanwhile may be missing in the log"
    case .otherPort: "nothing of the capture was read"
    case .unresponsive: "what is said of it is old; links go on, unless it is one of them"
    case .clientsEvicted: "links lose nothing; those programs have missed events"
    case .descriptorsLow: "links go on with what they have open; connections, clients and log files may be refused"
    case .clockStepped: "nothing is lost; the times in logs and reports jump there"
    case .leapListExpired:
      "nothing is lost; if there has been a leap second since, times on board that are written in UTC are a second off"
    case .packetsRejected: "these packets are lost: nobody is given them"
    case .passSilent: "nothing of this pass is here; if anything is sent, it does not get here, and is lost"
    case .passesNotKept: "links lose nothing; reports of passes are in memory only, and gone with the process"
    case .packetsNotDescribed: "nothing is lost; of these packets there are no values, or not those that are meant"
    case .parameterAlarm: "nothing is lost; it is the spacecraft that wants attention"
    case .sinkFails: "this daemon loses nothing; the receiver behind it misses frames"
    case .webUnavailable: "links lose nothing; browsers and Prometheus get no answer, or the one of before a reload"
    case .timesInvalid: "the packets are delivered; of their times only that of the reception is known"
    }
  }
}

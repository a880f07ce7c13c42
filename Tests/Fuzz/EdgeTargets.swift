import CFuzz
import DownlinkService
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// A capture file, to its end or its first damage.
@Sendable func readCapture(_ bytes: RawSpan) {
  let path = unsafe bytes.withUnsafeBytes { unsafe String(cString: fuzz_memory_file($0.baseAddress, $0.count)) }
  do throws(IngestError) {
    let reader = try CaptureReader(.open(path: path))
    try reader.forEachDatagram { datagram, info in
      touch(datagram)
      blackHole(info)
    }
  } catch { blackHole("\(error)") }
}

/// A configuration file: values that a link can be built from, or problems that a person can read.
@Sendable func readConfiguration(_ bytes: RawSpan) {
  let text = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
  do throws(ConfigurationErrors) {
    let station = try StationConfiguration.parse(bytes: text, fileName: "fuzz.yaml")
    for link in station.links {
      var pipeline = LinkPipeline(name: link.name, parameters: link.parameters)
      pipeline.receive(bytes, UnitDescription(originalByteCount: bytes.byteCount))
      precondition(pipeline.snapshot().isBalanced, "the ledger does not balance")
    }
  } catch {
    precondition(!error.problems.isEmpty, "refused without a reason")
    blackHole(error.rendered)
  }
}

/// What a client of the status socket sends: lines, some of them requests.
@Sendable func answerRequests(_ bytes: RawSpan) {
  var lines = LineBuffer(maximumLineByteCount: StatusRequest.maximumByteCount)
  lines.append(unsafe bytes.withUnsafeBytes { unsafe Array($0)[...] })
  while true {
    switch lines.next() {
    case .line(let line): answer(line)
    case .tooLong: return
    case .incomplete:
      if let line = lines.takeRest() { answer(line) }
      return
    }
  }
}

private func answer(_ line: [UInt8]) {
  do throws(StatusRequest.Refusal) {
    let request = try StatusRequest.parse(line)
    for name in request.command.argumentNames {
      blackHole(try? request.arguments.count(name), try? request.arguments.list(name))
    }
    blackHole(StatusMessage.reply(request.id, .success("{}")))
  } catch { blackHole(StatusMessage.reply(error.id, .failure(error.error))) }
}

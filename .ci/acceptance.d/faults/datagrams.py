"""What comes in, and how much of it."""

import bisect
import datetime
import os
import random
import signal
import threading
import time

from bench import Daemon, free_port, megabytes
from faults.overload import hard_units
from faults.table import row
from frames import aos, damaged, endless, link, packet, station, tm
from relay import RelayProcess
from sender import Sender


def counts(daemon, index=0):
    """The ledger of a link, and whether all of them balance."""
    status = daemon.ask("status")
    return status["links"][index]["ledger"], status["accounting"]["balanced"]


def started(trial, frames, more="", **options):
    """A daemon with one link, and its port."""
    port = free_port()
    return Daemon(trial.bench, station(link("one", port, frames, more)), **options), port


@row(1, "datagram longer than the maximum", "rejected `length`, beyond the buffer `oversize`; the next one fine",
     "UDP: 1 and 65,000 bytes too many")
def oversize(trial):
    daemon, port = started(trial, "type: aos, length: 256, spacecraft_id: 42")
    with Sender(port) as sender:
        sender.send(aos(256, 42, 1, 0))
        for more in (1, 65_000):
            sender.send(aos(256, 42, 1, 1) + bytes(more))
        sender.send(aos(256, 42, 1, 1))
        daemon.wait_for_datagrams(4)
    ledger, balanced = counts(daemon)
    rejected = {**ledger["datagrams"]["rejected"], **ledger["frames"]["rejected"]}
    trial.see(
        rejected == {"oversize": 1, "length": 1} and ledger["frames"]["delivered"] == 2 and balanced,
        f"4 sent, rejected {rejected}, {ledger['frames']['delivered']} frames delivered, balanced {balanced}")
    trial.tests("UDPReceiverTests/reportsTruncation")


@row(2, "empty, 1-byte and header-only datagram", "rejected and counted", "UDP: every length from 0 to 8 at AOS and TM")
def tiny(trial):
    ports = [free_port(), free_port()]
    daemon = Daemon(trial.bench, station(
        link("aos", ports[0], "type: aos, length: 256, spacecraft_id: 42"),
        link("tm", ports[1], "type: tm, length: 256, spacecraft_id: 42")))
    for index, (port, frame) in enumerate(zip(ports, (aos(256, 42, 1, 0), tm(256, 42, 1, 0, 0)))):
        with Sender(port) as sender:
            sender.send(*(frame[:byte_count] for byte_count in range(9)))
            daemon.wait_for_datagrams(9, index)
        ledger, balanced = counts(daemon, index)
        rejected = {**ledger["datagrams"]["rejected"], **ledger["frames"]["rejected"]}
        trial.see(
            rejected == {"empty": 1, "length": 8} and balanced, f"{'aos tm'.split()[index]}: rejected {rejected}")
    trial.tests("AdmissionTests/rejectsOtherLengths")


def strangers(chance, count):
    """AOS frames, each of a spacecraft, a channel and an APID by chance, and otherwise in order."""
    for number in range(count):
        zone = packet(chance.randrange(2048), number, 54)
        yield aos(64, chance.randrange(256), chance.randrange(64), number, zone)


@row(6, "1 M random identifiers", "one count; tables constant; ≤ 50 log lines/s of a type and link; memory flat",
     "UDP at two links, one with a spacecraft configured, one without; 20,000/s each")
def flood(trial):
    ports = [free_port(), free_port()]
    limits = "limits: { application_process_count: 256 }"
    daemon = Daemon(trial.bench, station(
        link("named", ports[0], "type: aos, length: 64, spacecraft_id: 42", limits),
        link("open", ports[1], "type: aos, length: 64", limits)))
    count = 500_000
    threads = []
    for index, port in enumerate(ports):
        def run(index=index, port=port):
            with Sender(port) as sender:
                sender.pace(strangers(random.Random(index), count), 20_000)
        threads.append(threading.Thread(target=run))
    for thread in threads:
        thread.start()
    while sum(link["totals"]["datagrams"] for link in daemon.ask("status")["links"]) < 200_000:
        time.sleep(0.2)
    before, tables = daemon.memory(), [sizes(link) for link in daemon.ask("status")["links"]]
    for thread in threads:
        thread.join()
    for index in (0, 1):
        status = daemon.wait_for_datagrams(count, index)
    grown = daemon.memory() - before
    for index, link_ in enumerate(status["links"]):
        datagrams, frames = link_["ledger"]["datagrams"], link_["ledger"]["frames"]
        trial.see(
            datagrams["received"] + datagrams["kernel_dropped"] == count,
            f"{link_['name']}: {datagrams['received']} received + {datagrams['kernel_dropped']} dropped of {count}; rejected "
            f"{frames['rejected']}, unlisted {frames['unlisted']}")
        trial.see(
            sizes(link_) == tables[index],
            f"tables {tables[index]} after 20 %, {sizes(link_)} at the end (spacecraft, channels, APIDs)")
    trial.see(status["accounting"]["balanced"], "balanced")
    trial.see(grown < 4 << 20, f"memory {megabytes(before)} after 20 %, {megabytes(before + grown)} at the end")
    daemon.stop()
    worst = most_lines(daemon.records("events.jsonl"))
    trial.see(worst <= 500, f"at most {worst} log lines of a type and link in ten seconds")


def sizes(link_):
    return len(link_["master_channels"]), len(link_["virtual_channels"]), len(link_["apids"])


def most_lines(records):
    """The most of one type and link within any ten seconds."""
    kinds = {}
    for record in records:
        at = datetime.datetime.fromisoformat(record["timestamp"]).timestamp()
        kinds.setdefault((record["event_type"], record.get("link")), []).append(at)
    return max(bisect.bisect_left(times, at + 10) - index for times in kinds.values() for index, at in enumerate(times))


@row(7, "error control wrong in every frame", "all rejected, the link stays up, a problem with a hint",
     "UDP: 3000 frames with one bit inverted, then 10 good ones")
def all_damaged(trial):
    daemon, port = started(trial, "type: aos, length: 256, spacecraft_id: 42")
    with Sender(port) as sender:
        # Behind the identifiers: a spacecraft that is none of ours would be refused for that first.
        sender.pace((damaged(aos(256, 42, 1, number), 64 + number % 1900) for number in range(3000)), 10_000)
        status = daemon.wait_for_datagrams(3000)
        link_ = status["links"][0]
        problem = next((
            found for found in status["problems"] if found["code"] in ("everything_rejected", "nothing_decodes")), {})
        trial.see(
            link_["ledger"]["frames"]["rejected"] == {"fecf": 3000} and link_["state"] == "receiving",
            f"rejected {link_['ledger']['frames']['rejected']}, state {link_['state']}")
        trial.see(bool(problem.get("hint")), f"{problem.get('message', status['problems'])}: {problem.get('hint')}")
        sender.send(*(aos(256, 42, 1, number) for number in range(10)))
        daemon.wait_for_datagrams(3010)
    ledger, balanced = counts(daemon)
    trial.see(ledger["frames"]["delivered"] == 10 and balanced, f"then {ledger['frames']['delivered']} of 10 delivered")


@row(9, "loss 10 %, repeats, reordering, damage, cuts", "the identity holds; missing = withheld; repeats are no frames",
     "UDP through a relay that keeps an account, by a seed")
def impaired(trial):
    daemon, port = started(trial, "type: aos, length: 256, spacecraft_id: 42")
    entry, count = free_port(), 50_000
    relay = RelayProcess(trial.bench, entry, port, {
        "lost": 0.1, "doubled": 0.02, "late": 0.02, "damaged": 0.01, "cut": 0.005})
    with Sender(entry) as sender:
        sender.pace((aos(256, 42, 1, number) for number in range(count)), 4000)
        while relay.account()["received"] < count:
            time.sleep(0.1)
        # The last frame has to come through: what is missing behind it would never be missed.
        account = relay.end()
    with Sender(port) as sender:
        sender.send(aos(256, 42, 1, count))
    status = daemon.wait_for_datagrams(account["sent"] + 1)
    link_ = status["links"][0]
    datagrams, frames, channel = link_["ledger"]["datagrams"], link_["ledger"]["frames"], link_["virtual_channels"][0]
    trial.see(
        account["sent"] + 1 == datagrams["received"] + datagrams["kernel_dropped"] and datagrams["kernel_dropped"] == 0,
        f"account {account}; received {datagrams['received']}")
    withheld = account["lost"] + account["damaged"] + account["cut"]
    trial.see(channel["missing"] == withheld, f"withheld {withheld}, missing {channel['missing']}")
    trial.see(channel["duplicates"] == account["doubled"], f"doubled {account['doubled']}, duplicates {channel['duplicates']}")
    trial.see(
        frames["rejected"] == {"fecf": account["damaged"], "length": account["cut"]}, f"rejected {frames['rejected']}")
    trial.see(status["accounting"]["balanced"], "balanced")


@row(11, "burst beyond the receive buffer", "received + dropped by the kernel = sent; latency is back below 1 s",
     "a daemon held still under 30,000 frames with a buffer of 64 KiB")
def burst(trial):
    port = free_port()
    text = station(link("one", port, "type: tm, length: 256, spacecraft_id: 42"))
    daemon = Daemon(trial.bench, text.replace("{ udp:", "{ receive_buffer_bytes: 64KiB, udp:"))
    frames = endless(256)
    with Sender(port) as sender:
        daemon.child.send_signal(signal.SIGSTOP)
        sender.send(*frames, *frames[:13_616])
        daemon.child.send_signal(signal.SIGCONT)
        daemon.wait_for_datagrams(30_000)
        before = daemon.link()["latency"]
        sender.pace(iter(frames[:2000]), 1000)
        status = daemon.wait_for_datagrams(32_000)
    datagrams = status["links"][0]["ledger"]["datagrams"]
    trial.see(
        datagrams["received"] + datagrams["kernel_dropped"] == sender.count and datagrams["kernel_dropped"] > 0,
        f"{sender.count} sent = {datagrams['received']} + {datagrams['kernel_dropped']}")
    slow = sum(later["count"] - earlier["count"] for earlier, later in zip(
        before["buckets"], status["links"][0]["latency"]["buckets"]) if later.get("le_seconds", 9) > 1)
    trial.see(slow == 0, f"of 2000 frames behind it {slow} took longer than 1 s")


@row(12, "twice the capacity for 60 s", "memory does not grow; status p99 < 100 ms",
     "coded units whose every codeword has 16 wrong symbols, as many as this machine can send")
def overload(trial):
    port = free_port()
    daemon = Daemon(trial.bench, trial.bench.link_text("cadu-demo", port))
    units = hard_units(trial.bench, 2000)
    waits = []
    sending = threading.Event()

    def send():
        with Sender(port) as sender:
            sender.blast(units, 60)
        sending.sent = sender.count
        sending.set()

    thread = threading.Thread(target=send)
    began = time.monotonic()
    thread.start()
    early = None
    while not sending.is_set():
        asked = time.monotonic()
        daemon.ask("status")
        waits.append(time.monotonic() - asked)
        if early is None and asked - began > 10:
            early = daemon.memory()
        time.sleep(0.05)
    took = time.monotonic() - began
    thread.join()
    late = daemon.memory()
    status = daemon.wait_for_datagrams(sending.sent)
    link_ = status["links"][0]
    datagrams = link_["ledger"]["datagrams"]
    p99 = sorted(waits)[len(waits) * 99 // 100]
    load = sending.sent / max(1, datagrams["received"])
    trial.see(
        load >= 2, f"{sending.sent / took:,.0f} units/s sent, {datagrams['received'] / took:,.0f}/s taken: {load:.1f} times")
    trial.see(
        datagrams["received"] + datagrams["kernel_dropped"] == sending.sent and status["accounting"]["balanced"],
        f"{sending.sent} = {datagrams['received']} + {datagrams['kernel_dropped']} dropped by the kernel, balanced")
    trial.see(
        link_["ledger"]["codewords"]["uncorrectable"] == 0, f"{link_['ledger']['codewords']['corrected']} codewords corrected")
    trial.see(p99 < 0.1, f"status p99 {p99 * 1000:.1f} ms, worst {max(waits) * 1000:.1f} ms of {len(waits)}")
    trial.see(late - early < 4 << 20, f"memory {megabytes(early)} after 10 s, {megabytes(late)} at the end")


@row(13, "spoofed or unlisted source", "`source_not_allowed`, and not looked into",
     "UDP from 127.0.0.2 where 127.0.0.1 is allowed")
def source(trial):
    port = free_port()
    text = station(link("one", port, "type: aos, length: 256, spacecraft_id: 42"))
    daemon = Daemon(trial.bench, text.replace("{ udp:", "{ allow_from: [127.0.0.1], udp:"))
    with Sender(port, "127.0.0.2") as stranger, Sender(port) as sender:
        stranger.send(*(aos(256, 42, 1, number) for number in range(20)))
        sender.send(*(aos(256, 42, 1, number) for number in range(10)))
        daemon.wait_for_datagrams(30)
    ledger, balanced = counts(daemon)
    trial.see(
        ledger["datagrams"]["rejected"] == {"source_not_allowed": 20} and ledger["frames"]["received"] == 10 and balanced,
        f"datagrams rejected {ledger['datagrams']['rejected']}, frames received {ledger['frames']['received']}")


SILENCE = int(os.environ.get("ACCEPTANCE_SILENCE", 15))


@row(14, "silence, then data", "state `quiet`, and the next datagram is heard without anybody's doing",
     f"`quiet_after: 1s`, `probe_interval: 10s`, {SILENCE} s of silence, then twice 2 s")
def silence(trial):
    port = free_port()
    text = station(link("one", port, "type: aos, length: 256, spacecraft_id: 42", "quiet_after: 1s"))
    daemon = Daemon(trial.bench, text.replace("{ udp:", "{ probe_interval: 10s, udp:"))
    states, number = [], 0
    with Sender(port) as sender:
        for seconds in (SILENCE, 2, 2):
            sender.send(*(aos(256, 42, 1, number + step) for step in range(5)))
            number += 5
            daemon.wait_for_datagrams(number)
            states.append(daemon.link()["state"])
            daemon.wait_until(lambda: daemon.link()["state"] == "quiet", 30, "quiet")
            states.append("quiet")
            time.sleep(seconds)
        sender.send(aos(256, 42, 1, number))
        daemon.wait_for_datagrams(number + 1)
    link_ = daemon.link()
    received, delivered = link_["ledger"]["datagrams"]["received"], link_["ledger"]["frames"]["delivered"]
    trial.see(
        states == ["receiving", "quiet"] * 3 and received == delivered == 16 and link_["totals"]["missing"] == 0,
        f"{' '.join(states)}; {delivered} of 16 frames in {received} datagrams, missing {link_['totals']['missing']}")
    trial.see(link_.get("probe_ok") is True, f"the last probe, at {link_.get('last_probe')}, was heard")
    daemon.stop()
    told = [record["link_state"]["action"] for record in daemon.records("events.jsonl") if record["event_type"] == "link"]
    trial.see(told.count("quiet") == 3, f"events {' '.join(told)}")
    trial.tests("DatagramPumpTests")

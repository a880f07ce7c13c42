"""Passes: what is missing of one, to the last count, and one that goes on over a kill."""

import json
import os
import random
import socket
import struct
import time

import frames
from bench import Daemon, Trouble, free_port

CORPUS = os.environ.get("DOWNLINKD_CORPUS", os.path.join(os.getcwd(), "../shared/corpus"))
SEEDS = int(os.environ.get("ACCEPTANCE_PASSES", 100))
EPOCH = 1_795_253_077_000_000
LENGTH = 64
PORT = 10017


def line_passes(bench):
    hakuto(bench)
    seeded(bench)
    third(bench)
    silent(bench)
    live(bench)


def station(bench, name, more=""):
    return bench.write(
        name, frames.station(frames.link("sat", PORT, f"type: aos, length: {LENGTH}, spacecraft_id: 42")) + more)


def capture(path, sent):
    """A pcap file, microseconds, of datagrams in Ethernet, IPv4 and UDP."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for microseconds, payload in sent:
            udp = struct.pack(">HHHH", 4000, PORT, 8 + len(payload), 0) + payload
            ip = struct.pack(
                ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([127, 0, 0, 1]), bytes([127, 0, 0, 1]))
            record = bytes(12) + b"\x08\x00" + ip + udp
            file.write(struct.pack("<IIII", *divmod(microseconds, 1_000_000), len(record), len(record)) + record)


def lossy(seed, count, share, step):
    """Frames of three channels with losses, some late: what arrives, and by channel the counts that never do."""
    dice = random.Random(seed)
    counts = {channel: dice.choice([0, 5000, (1 << 24) - dice.randrange(1, 200)]) for channel in (0, 1, 7)}
    arriving, missing, late = [], {channel: [] for channel in counts}, []
    burst = 0
    for number in range(count):
        channel = dice.choice(list(counts))
        sequence, counts[channel] = counts[channel], (counts[channel] + 1) % (1 << 24)
        frame = frames.aos(LENGTH, 42, channel, sequence)
        edge = number < 40 or number >= count - 40
        if burst == 0 and not edge and dice.random() < share:
            burst = 1 if share > 0.2 else dice.randrange(1, 9)
        if burst and not edge:
            burst -= 1
            missing[channel].append(sequence)
        elif not edge and share < 0.2 and dice.random() < 0.02:
            late.append((number + 2, frame))
        else:
            arriving.append((EPOCH + number * step, frame))
        for due, delayed in [entry for entry in late if entry[0] <= number]:
            arriving.append((EPOCH + number * step, delayed))
            late.remove((due, delayed))
    return arriving, {channel: found for channel, found in missing.items() if found}


def listed(gaps):
    """By channel, every count that the list has."""
    counts = {}
    for gap in gaps["frame_gaps"]:
        counts.setdefault(gap["vcid"], []).extend(
            (gap["first"] + place) % (1 << 24) for place in range(gap["missing"]))
        if (gap["last"] - gap["first"]) % (1 << 24) != gap["missing"] - 1:
            raise Trouble(f"a range that is not as long as it says: {gap}")
    return counts


def gaps_of(bench, configuration, path):
    done = bench.run("downlinkd", "passes", "-c", configuration, "--gaps", path)
    if done.code != 0:
        raise Trouble(f"passes: exit {done.code}: {done.errors.strip()}")
    return [json.loads(line) for line in done.output.splitlines()]


def seeded(bench):
    configuration = station(bench, "seeded.yaml")
    wrong, total, ranges = [], 0, 0
    for seed in range(1, SEEDS + 1):
        arriving, missing = lossy(seed, 1200, 0.02, 10_000)
        capture(bench.path("seeded.pcap"), arriving)
        lists = gaps_of(bench, configuration, bench.path("seeded.pcap"))
        total += sum(map(len, missing.values()))
        ranges += sum(len(gaps["frame_gaps"]) for gaps in lists)
        if len(lists) != 1 or not lists[0]["complete"] or listed(lists[0]) != missing:
            wrong.append(seed)
    bench.report(
        "passes", f"the gap list of {SEEDS} seeded runs is what was withheld", not wrong,
        f"{total} frames in {ranges} ranges" + (f"; wrong with seeds {wrong}" if wrong else ""))


def third(bench):
    """INTEGRAL as a small dish hears it: a third of the frames never come."""
    configuration = station(bench, "third.yaml")
    arriving, missing = lossy(1994, 3000, 1 / 3, 2_000_000)
    capture(bench.path("third.pcap"), arriving)
    reports = bench.path("third")
    done = bench.run(
        "downlinkd", "replay", "-c", configuration, "--passes-to", reports, bench.path("third.pcap"))
    names = sorted(name for name in os.listdir(reports) if name.endswith(".json") and not name.endswith(".gaps.json"))
    with open(os.path.join(reports, names[0]), encoding="utf-8") as file:
        report = json.load(file)
    lost = sum(map(len, missing.values()))
    losses = report["losses"]
    bench.report(
        "passes", "a third lost, a frame in two seconds: one pass, every frame listed, every loss with its cause",
        done.code == 0 and len(names) == 1 and listed(report) == missing and losses["frames"] == lost
        and losses["space_link"] + losses["host"] + losses["unknown"] == lost,
        f"{report['good_frames']} good, {lost} missing ({report['completeness']:.1%} complete), "
        f"{len(report['frame_gaps'])} ranges, {report['duration_seconds']:.0f} s")


def hakuto(bench):
    for number, expected in ((1, (107, 192)), (2, (47, 91))):
        with open(os.path.join(CORPUS, "truth", f"aos-hakuto-{number}.json"), encoding="utf-8") as file:
            item = json.load(file)
        path = os.path.join(CORPUS, item["files"][0]["file"])
        configuration = bench.write(
            "hakuto.yaml",
            "station: corpus\nlinks:\n  - name: hakuto\n    frames: { type: aos, length: 1113, spacecraft_id: 0x38 }\n")
        done = bench.run("downlinkd", "passes", "-c", configuration, "--json", path)
        if done.code != 0:
            raise Trouble(f"passes: exit {done.code}: {done.errors.strip()}")
        reports = [json.loads(line) for line in done.output.splitlines()]
        report = reports[0]
        packets = report["packets"]["delivered"] + report["packets"]["idle"]
        bench.report(
            "passes", f"HAKUTO-R's recording {number} is one pass with the counts of the corpus",
            len(reports) == 1 and (report["good_frames"], packets) == expected and report["missing_frames"] == 0,
            f"{report['good_frames']} frames, {packets} packets, {report['missing_frames']} missing")


def silent(bench):
    schedule = bench.write(
        "schedule.csv", "start,end,label\n2026-11-21T09:24:00Z,2026-11-21T09:36:00Z,orbit 412\n")
    configuration = station(bench, "silent.yaml", f"passes: {{ schedule: {schedule} }}\n")
    capture(bench.path("empty.pcap"), [])
    reports = bench.path("silent")
    done = bench.run(
        "downlinkd", "replay", "-c", configuration, "--passes-to", reports, "--events-to", bench.path("silent.jsonl"),
        bench.path("empty.pcap"))
    names = os.listdir(reports)
    with open(bench.path("silent.jsonl"), encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    told = [event["pass"] for event in events if event["event_type"] == "pass"]
    bench.report(
        "passes", "an announced pass of which nothing comes is a report and an event",
        done.code == 0 and [event["action"] for event in told] == ["silent"]
        and "sat-20261121T092400Z.html" in names and "sat-20261121T092400Z.json" in names,
        f"exit {done.code}, events {[event['action'] for event in told]}, files {sorted(names)}")


def live(bench):
    """A pass that goes on over a kill, and ends by silence."""
    port = free_port()
    state = bench.path("state")
    os.mkdir(state, 0o750)
    text = frames.station(
        frames.link("sat", port, f"type: aos, length: {LENGTH}, spacecraft_id: 42")) + (
            f"state: {{ directory: {state} }}\npasses: {{ los_after: 8s }}\n")
    daemon = Daemon(bench, text)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(counts):
        for count in counts:
            sender.sendto(frames.aos(LENGTH, 42, 1, count), ("127.0.0.1", port))

    def passes():
        return daemon.ask("passes")["passes"]

    send(range(0, 100))
    send(range(105, 200))
    saved = os.path.join(state, "passes", "sat.pass")
    daemon.wait_until(lambda: os.path.exists(saved) and passes()[0]["good_frames"] == 195, 20, "the pass under way")
    time.sleep(2.5)
    daemon.child.kill()
    daemon.child.wait()
    daemon.launch()
    send(range(200, 300))
    daemon.wait_until(lambda: passes() and passes()[0]["good_frames"] == 295, 20, "the pass that goes on")
    running = passes()[0]
    daemon.wait_until(lambda: passes()[0]["state"] == "over", 60, "its end")
    over = passes()[0]
    gaps = bench.run("downlinkctl", "passes", over["id"], "--gaps", "--json", "--socket", daemon.socket)
    ranges = [(gap["first"], gap["last"]) for gap in json.loads(gaps.output.splitlines()[0])["gaps"]]
    shown = bench.run("downlinkctl", "passes", over["id"], "--socket", daemon.socket)
    bench.report(
        "passes", "a pass goes on over a kill -9, and is reported when its signal is lost",
        running["state"] == "running" and len(running["interruptions"]) == 1 and over["missing_frames"] == 5
        and over["ended_by"] == "silence" and ranges[0] == (100, 104) and shown.code == 0,
        f"{over['good_frames']} good, {over['missing_frames']} missing, ranges {ranges[:1]}, files "
        f"{len(os.listdir(os.path.join(state, 'passes')))}; {shown.output.splitlines()[0]}")
    if daemon.stop() != 0:
        raise Trouble("the daemon did not end with 0")

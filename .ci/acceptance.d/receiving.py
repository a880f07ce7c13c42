"""Lines 4 to 7: what is received, replayed, dropped and survived."""

import binascii
import json
import random
import signal
import socket
import subprocess
import time

from bench import Daemon, Trouble, free_port, megabytes

IMPAIRMENTS = [
    "--seed", 20261121, "--drop", 0.01, "--duplicate", 0.005, "--reorder", 0.005, "--corrupt", 0.01, "--truncate", 0.005,
    "--foreign", 0.002]


def line_4(bench):
    """The same bytes give the same report, whichever way they come."""
    port = free_port()
    for name, count in (("short", 1500), ("long", 30000)):
        bench.simulate(
            *IMPAIRMENTS, "--frames", count, "--port", port, "--link-config", bench.path("replay.yaml"),
            bench.path(name + ".pcap"))
    replay = ["replay", "-c", "replay.yaml", "--json"]
    for name, ways in (
        ("short", [["--speed", "1"], ["--speed", "100"], ["--over-udp"], ["stdin"]]),
        ("long", [["--speed", "100"], ["--speed", "max"], ["--over-udp"], ["stdin"]]),
    ):
        capture = name + ".pcap"
        expected = bench.run("downlinkd", *replay, capture)
        if expected.code != 0:
            raise Trouble(f"replay of {capture}: exit {expected.code}: {expected.errors.strip()}")
        report = json.loads(expected.output)
        figures = [f"{report['inputs'][0]['records']} datagrams, {len(expected.output)} bytes of report;"]
        passed = report["balanced"]
        for way in ways:
            if way == ["stdin"]:
                with open(bench.path(capture), "rb") as file:
                    done = bench.run("downlinkd", *replay, "-", stdin=file)
                output = done.output.replace('"name":"standard input"', f'"name":"{capture}"')
            else:
                done = bench.run("downlinkd", *replay, *way, capture)
                output = done.output
            same = done.code == 0 and output == expected.output
            passed = passed and same
            figures.append(f"{' '.join(way).replace('--', '')} {'same' if same else 'DIFFERS'} ({done.seconds:.1f} s)")
        bench.report(4, f"the report of a {name} impaired capture, byte for byte", passed, " ".join(figures))
    live(bench, port)


def live(bench, port):
    """The daemon, fed by another process in real time, counts what the replay counts."""
    replay = json.loads(bench.run("downlinkd", "replay", "-c", "replay.yaml", "--json", "short.pcap").output)["links"][0]
    with open(bench.path("replay.yaml"), encoding="utf-8") as file:
        daemon = Daemon(bench, file.read())
    sent, seconds = bench.simulate(*IMPAIRMENTS, "--frames", 1500, f"udp:127.0.0.1:{port}")
    daemon.wait_for_datagrams(sent)
    link = daemon.link()
    daemon.stop()
    compared = ["ledger", "master_channels", "virtual_channels", "apids"]
    differences = [
        path for key in compared for path in differing(counts(replay[key]), counts(link[key]), key)]
    bench.report(
        4, "the daemon counts over UDP what the replay counts", not differences,
        f"{sent} datagrams in {seconds:.1f} s, {number_count({key: replay[key] for key in compared})} counts compared"
        + "".join(f"; {difference}" for difference in differences[:5]))


def counts(value):
    """A part of a report without its times."""
    if isinstance(value, dict):
        return {key: counts(part) for key, part in value.items() if key not in ("first_frame", "last_frame", "time")}
    return [counts(part) for part in value] if isinstance(value, list) else value


def number_count(value):
    if isinstance(value, (dict, list)):
        return sum(map(number_count, value.values() if isinstance(value, dict) else value))
    return 1


def differing(one, other, path):
    """Where two parts of a report are not equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(one.keys() | other.keys())
        return [place for key in keys for place in differing(one.get(key), other.get(key), f"{path}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [place for index, pair in enumerate(zip(one, other)) for place in differing(*pair, f"{path}[{index}]")]
    return [] if one == other else [f"{path}: replay {one}, live {other}"]


def line_5a(bench, seconds):
    """The full rate for a minute: nothing lost, little memory, and hardly dearer than a loop that looks at nothing."""
    rate, limit = 50_000, 1.5
    before = sink_cost(bench, rate, min(15, seconds))
    polling = [sink_cost(bench, rate, min(15, seconds), "--poll-microseconds", 1000)]
    port = free_port()
    daemon = Daemon(bench, bench.link_text("aos", port))
    used = daemon.cpu_seconds()
    sent, took = bench.simulate("--scenario", "aos", "--frames", rate * seconds, f"udp:127.0.0.1:{port}", limit=4 * seconds + 60)
    status = daemon.wait_for_datagrams(sent)
    used = daemon.cpu_seconds() - used
    peak = daemon.memory("VmHWM")
    link = status["links"][0]
    ledger = link["ledger"]
    received, dropped = ledger["datagrams"]["received"], ledger["datagrams"]["kernel_dropped"]
    daemon.stop()
    polling.append(sink_cost(bench, rate, min(15, seconds), "--poll-microseconds", 1000))
    after = sink_cost(bench, rate, min(15, seconds))
    bench.report(
        "5a", f"{rate} frames/s of 1115 bytes for {seconds} s",
        sent == received and dropped == 0 and link["totals"]["missing"] == 0 and status["accounting"]["balanced"],
        f"sent {sent} in {took:.1f} s ({sent / took:,.0f}/s), received {received}, kernel dropped {dropped}, missing "
        f"{link['totals']['missing']}, {ledger['packets']['completed']} packets, balanced {status['accounting']['balanced']}")
    bench.report("5a", "memory, at its highest", peak <= 64 << 20, f"{megabytes(peak)} of 64 MiB")
    cost, sink = used * 1e6 / max(1, received), min(before, after)
    bench.report(
        "5a", "CPU per datagram, beside a bare blocking recvmmsg loop in C", cost <= limit * sink,
        f"{cost:.2f} µs / {sink:.2f} µs (before {before:.2f}, after {after:.2f}) = {cost / sink:.2f}, at most {limit}")
    # The daemon looks once a millisecond when much comes, and saves wake-ups by it. A loop that does so too is the
    # harder measure: what is left is the price of looking into the frames.
    print(
        f"         beside the same loop looking once a millisecond, as the daemon does: {cost:.2f} µs / "
        f"{min(polling):.2f} µs (before {polling[0]:.2f}, after {polling[1]:.2f}) = {cost / min(polling):.2f}", flush=True)
    latency = link["latency"]
    total = max(1, sum(bucket["count"] for bucket in latency["buckets"]))
    print("         latency: " + ", ".join(
        f"≤{bucket['le_seconds'] * 1e3:g} ms {100 * bucket['count'] / total:.1f} %"
        for bucket in latency["buckets"] if bucket["count"] and "le_seconds" in bucket)
        + f", worst {latency['largest_seconds'] * 1e3:.1f} ms", flush=True)


def sink_cost(bench, rate, seconds, *options):
    """What a datagram costs a loop that only receives, in microseconds."""
    port = free_port()
    sink = bench.start(
        "Benchmarks", "udp-sink", "--port", port, "--idle-seconds", 1, *options, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until_bound(port)
    bench.simulate("--scenario", "aos", "--frames", rate * seconds, f"udp:127.0.0.1:{port}")
    output, errors = sink.communicate(timeout=60)
    if sink.returncode != 0:
        raise Trouble(f"udp-sink: exit {sink.returncode}: {errors.strip()}")
    return json.loads(output)["cpu_microseconds_per_datagram"]


def wait_until_bound(port):
    for _ in range(200):
        with open("/proc/net/udp", encoding="utf-8") as file:
            if any(line.split()[1].endswith(f":{port:04X}") for line in file.readlines()[1:]):
                return
        time.sleep(0.05)
    raise Trouble(f"nobody listens on port {port}")


def line_5b(bench):
    """A daemon that is held up loses what the kernel has no room for, and says exactly how much."""
    port = free_port()
    text = bench.link_text("aos", port).replace(
        "input: { udp:", "input: { receive_buffer_bytes: 65536, udp:")
    daemon = Daemon(bench, text)
    bench.simulate("--scenario", "aos", "--frames", 2000, f"udp:127.0.0.1:{port}", "--speed", 0.1)
    daemon.child.send_signal(signal.SIGSTOP)
    burst, _ = bench.simulate("--scenario", "aos", "--frames", 20_000, f"udp:127.0.0.1:{port}")
    daemon.child.send_signal(signal.SIGCONT)
    time.sleep(2)
    status = daemon.wait_for_datagrams(2000 + burst, seconds=5)
    datagrams = status["links"][0]["ledger"]["datagrams"]
    received, dropped = datagrams["received"], datagrams["kernel_dropped"]
    sent = 2000 + burst
    bench.report(
        "5b", "stopped under a burst: sent = received + dropped by the kernel",
        sent == received + dropped and dropped > 0 and status["accounting"]["balanced"],
        f"{sent} = {received} + {dropped}" + ("" if sent == received + dropped else f" + {sent - received - dropped} UNKNOWN")
        + f", balanced {status['accounting']['balanced']}")
    problem = next((p for p in status["problems"] if p["code"] == "kernel_drops"), {})
    bench.report("5b", "the problem has a hint", bool(problem.get("hint")), f"{problem.get('message')}; {problem.get('hint')}")
    bench.simulate("--scenario", "aos", "--frames", 1000, f"udp:127.0.0.1:{port}", "--speed", 0.1)
    total = sent + 1000
    datagrams = daemon.wait_for_datagrams(total)["links"][0]["ledger"]["datagrams"]
    sum_ = datagrams["received"] + datagrams["kernel_dropped"]
    bench.report("5b", "and goes on after it", sum_ == total, f"{total} sent, {sum_} accounted for")
    daemon.stop()


FLOOD_FRAME_LENGTH = 256


def line_7(bench, count):
    """Random datagrams at links of every kind."""
    ports = [free_port() for _ in range(3)]
    daemon = Daemon(bench, f"""station: flood
links:
  - name: aos-any
    input: {{ udp: "127.0.0.1:{ports[0]}" }}
    coding: {{ error_control: crc16 }}
    frames: {{ type: aos, length: {FLOOD_FRAME_LENGTH} }}
  - name: aos-one
    input: {{ udp: "127.0.0.1:{ports[1]}" }}
    coding: {{ error_control: crc16 }}
    frames: {{ type: aos, length: {FLOOD_FRAME_LENGTH}, spacecraft_id: 42 }}
  - name: tm-any
    input: {{ udp: "127.0.0.1:{ports[2]}" }}
    coding: {{ error_control: crc16 }}
    frames: {{ type: tm, length: {FLOOD_FRAME_LENGTH} }}
""")
    chance = random.Random(20261121)
    targets = [("127.0.0.1", port) for port in ports]
    warm = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(count):
            aos = datagram(chance, is_tm=False)
            sender.sendto(aos, targets[0])
            sender.sendto(aos, targets[1])
            sender.sendto(datagram(chance, is_tm=True), targets[2])
            if number == count // 5:
                warm = daemon.memory()
    for index in range(3):
        status = daemon.wait_for_datagrams(count, index)
    links, grown = status["links"], daemon.memory() - warm
    for link in links:
        datagrams, frames = link["ledger"]["datagrams"], link["ledger"]["frames"]
        accounted = datagrams["received"] + datagrams["kernel_dropped"]
        channels, series = len(link["virtual_channels"]), len(link["apids"])
        bench.report(
            7, f"{count} random datagrams at {link['name']}",
            accounted == count,
            f"{datagrams['received']} received + {datagrams['kernel_dropped']} dropped by the kernel; frames: "
            f"{frames['delivered']} delivered, {frames['idle']} idle, {frames['unlisted']} unlisted, rejected "
            + ", ".join(f"{number} {reason}" for reason, number in frames["rejected"].items()))
        bench.report(
            7, f"series of {link['name']} are bounded", channels <= 1024 and series <= 4096,
            f"{len(link['master_channels'])} spacecraft, {channels} channels, {series} APIDs")
    bench.report(7, "every ledger balances", status["accounting"]["balanced"], f"{len(links)} links")
    bench.report(
        7, "memory stays flat", grown < 8 << 20,
        f"{megabytes(warm)} after a fifth, {megabytes(warm + grown)} at the end, {megabytes(daemon.memory('VmHWM'))} at most")
    code = daemon.stop()
    lines = daemon.records("events.jsonl")
    kinds = {}
    for record in lines:
        kinds[record["event_type"]] = kinds.get(record["event_type"], 0) + 1
    bench.report(7, "the daemon lives, and ends in order", code == 0, f"exit {code}")
    bench.report(7, "the event log stays short", len(lines) < 2000, f"{len(lines)} lines: {kinds}")


def datagram(chance, is_tm):
    """Random bytes; most of them with the right length, and half with a header and error control that are right too."""
    draw = chance.random()
    if draw < 0.15:
        return chance.randbytes(chance.randrange(2 * FLOOD_FRAME_LENGTH))
    frame = bytearray(chance.randbytes(FLOOD_FRAME_LENGTH))
    if draw < 0.3:
        return frame
    frame[0] = frame[0] & 0x3F | (0 if is_tm else 0x40)
    start = 6
    if is_tm:
        # No secondary header, packets in order and of whole segments.
        frame[4] = 0x18 | chance.choice((0, 0, 0, 1, 7))
        pointer = (frame[4] & 7) << 8 | frame[5]
    else:
        frame[6] = chance.choice((0, 0, 0, 1, 7))
        start, pointer = 8, frame[6] << 8 | frame[7]
    place = start + pointer
    if place + 6 <= FLOOD_FRAME_LENGTH and chance.random() < 0.7:
        frame[place] &= 0x1F
        frame[place + 4] = 0
    if chance.random() < 0.8:
        frame[-2:] = binascii.crc_hqx(bytes(frame[:-2]), 0xFFFF).to_bytes(2, "big")
    return frame

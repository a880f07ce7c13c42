"""Lines 8 and 9, exit codes and logs: what an operator meets."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import time

from bench import Daemon, free_port

BROKEN = """station: test
logs: { directry: /tmp }
stats_interval: 12:30
links:
  - name: one
    input: { udp: "127.0.0.1:10017" }
    frames: { type: aos, lenght: 1113, spacecraft_id: 010 }
  - name: one
    input: { udp: "127.0.0.1:10018" }
    frames:
      type: aos
\tlength: 1115
      header_error_control: no
  - name: two
    input: { udp: "127.0.0.1:10019" }
    frames: { type: aos, length: many }
"""
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10))
EXPECTED = {
    "unknown key": "unknown key 'directry'", "another": "unknown key 'lenght'", "12:30": "'12:30'", "010": "'010'",
    "no": "'no'", "wrong type": "'many'", "duplicate link": "duplicate link 'one'", "tab": "tab",
    "alias bomb": "aliases are not supported", "anchor": "anchors are not supported"}


def line_8(bench):
    """Everything that is wrong with a configuration, at once."""
    path = bench.write("broken.yaml", BROKEN + BOMB)
    for command in (["check", "-c", path], ["run", "-c", path]):
        done = bench.run("downlinkd", *command)
        found = re.findall(r"^\S*broken\.yaml:(\d+):(\d+): error: (.*)$", done.output + done.errors, re.MULTILINE)
        hints = (done.output + done.errors).count("hint: ")
        absent = [name for name, text in EXPECTED.items() if not any(text in message for _, _, message in found)]
        bench.report(
            8, f"{command[0]} of a broken configuration",
            done.code == 78 and not absent and hints >= len(found) and done.seconds < 0.1,
            f"exit {done.code}, {len(found)} problems with line and column, {hints} hints, {done.seconds * 1000:.0f} ms"
            + (f", NOT FOUND: {', '.join(absent)}" if absent else ""))


def line_9(bench):
    """A first link from the README alone, and the demonstration."""
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "README.md"), encoding="utf-8") as file:
        example = re.search(r"```yaml\n(.*?)```", file.read(), re.DOTALL)[1]
    port = free_port()
    text = example.replace("10017", str(port))
    checked = bench.run("downlinkd", "check", "-c", bench.write("first.yaml", text))
    lines = len(text.strip().splitlines())
    bench.report(9, "the README's first link", checked.code == 0 and lines <= 10, f"{lines} lines, {checked.output.strip()}")
    daemon = Daemon(bench, text)
    name = re.search(r"name: (\S+)", text)[1]
    length = int(re.search(r"length: (\d+)", text)[1])
    spacecraft = int(re.search(r"spacecraft_id: (\w+)", text)[1], 0)
    waiting = bench.start(
        "downlinkctl", "wait", "--link", name, "--frames", 20, "--timeout", 20, "--socket", daemon.socket,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    send_frames(port, length, spacecraft, 20)
    output, errors = waiting.communicate(timeout=30)
    bench.report(9, "downlinkctl wait", waiting.returncode == 0, (output + errors).strip())
    shown = bench.run("downlinkctl", "links", "--socket", daemon.socket)
    bench.report(9, "downlinkctl links", shown.code == 0 and name in shown.output, "\n" + shown.output.rstrip())
    seen = bench.run("downlinkctl", "vcs", "--json", "--socket", daemon.socket)
    channel = json.loads(seen.output)["virtual_channels"][0]
    bench.report(
        9, "every frame arrives", channel["frames"] == 20 and channel["missing"] == 0 and channel["packets"] == 20,
        f"{channel['frames']} frames, {channel['missing']} missing, {channel['packets']} packets")
    daemon.stop()
    demo = bench.run("downlinkd", "demo", "--seconds", 8, "--directory", bench.path("demo"))
    verdicts = demo.output.count(": agrees")
    bench.report(9, "demo --seconds 8", demo.code == 0 and verdicts == 3 and "DIFFERS" not in demo.output,
                 f"exit {demo.code}, {verdicts} of 3 agree, {demo.seconds:.1f} s")


def send_frames(port, length, spacecraft, count):
    """AOS frames without error control of one virtual channel, each with a packet that fills it."""
    import socket
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(count):
            header = struct.pack(">H", 0x4000 | spacecraft << 6 | 1) + number.to_bytes(3, "big") + b"\0"
            packet = struct.pack(">HHH", 0x0064, 0xC000 | number, length - 8 - 6 - 1) + bytes(length - 8 - 6)
            sender.sendto(header + b"\0\0" + packet, ("127.0.0.1", port))


def line_exits(bench):
    """How the programs end."""
    bench.simulate("--frames", 3000, "--clean", "--link-config", bench.path("exits.yaml"), bench.path("whole.pcap"))
    with open(bench.path("whole.pcap"), "rb") as file:
        whole = file.read()
    kept = 1000 * (len(whole) - 24) // 3000 + 24 + 500
    with open(bench.path("cut.pcap"), "wb") as file:
        file.write(whole[:kept])
    # The records that are there as a whole, and where the next one begins.
    offset, records = 24, 0
    while offset + 16 <= kept:
        size = 16 + int.from_bytes(whole[offset + 8:offset + 12], sys.byteorder)
        if offset + size > kept:
            break
        offset, records = offset + size, records + 1
    done = bench.run("downlinkd", "replay", "-c", "exits.yaml", "--json", "cut.pcap")
    report = json.loads(done.output.splitlines()[-1]) if done.output else {}
    received = report.get("links", [{}])[0].get("ledger", {}).get("datagrams", {}).get("received")
    named = re.search(r"\b(\d{4,})\b", done.errors)
    bench.report(
        "exits", "65: a truncated capture, everything before the cut counted",
        done.code == 65 and received == records and bool(named) and offset <= int(named[1]) <= kept,
        f"exit {done.code}, {received} of {records} datagrams, cut at byte {kept}, record at {offset}: {done.errors.strip()}")
    for promise, expected, program, arguments in (
        ("66: a missing file", 66, "downlinkd", ["replay", "-c", "exits.yaml", "nowhere.pcap"]),
        ("64: an unknown option", 64, "downlinkd", ["replay", "--sped", "1", "whole.pcap"]),
        ("64: an impossible speed", 64, "downlinkd", ["replay", "-c", "exits.yaml", "--speed=-1", "whole.pcap"]),
        ("64: no arguments", 64, "downlinkd", ["replay"]),
        ("78: a missing configuration", 78, "downlinkd", ["check", "-c", "nowhere.yaml"]),
        ("78: a wrong configuration", 78, "downlinkd", ["check", "-c", bench.write("empty.yaml", "station: x\n")]),
        ("69: no daemon to ask", 69, "downlinkctl", ["status", "--socket", bench.path("nowhere.sock")]),
        ("64: an unknown command", 64, "downlinkctl", ["lnks"]),
        ("3: health without a daemon", 3, "downlinkctl", ["health", "--socket", bench.path("nowhere.sock")]),
    ):
        done = bench.run(program, *arguments)
        first = (done.errors + done.output).strip().splitlines()
        bench.report("exits", promise, done.code == expected and bool(first), f"exit {done.code}: {' | '.join(first[:3])}")
    signals(bench)


def signals(bench):
    port = free_port()
    daemon = Daemon(bench, bench.link_text("demo", port))
    other = bench.run("downlinkd", "run", *(["--allow-root"] if os.geteuid() == 0 else []), "-c", daemon.configuration)
    bench.report(
        "exits", "a second instance refuses, and the first goes on",
        other.code not in (0, None) and other.code > 0 and bool(other.errors.strip()) and daemon.ask("health") is not None,
        f"exit {other.code}: {' | '.join(other.errors.strip().splitlines()[:3])}")
    # The same socket, another port: the second must not take the socket away.
    text = open(daemon.configuration, encoding="utf-8").read().replace(str(port), str(free_port()))
    path = bench.write("second.yaml", text.replace(daemon.logs, bench.path("second-log")))
    other = bench.run("downlinkd", "run", *(["--allow-root"] if os.geteuid() == 0 else []), "-c", path, limit=10)
    bench.report(
        "exits", "a second instance on the same status socket refuses",
        other.code is not None and other.code > 0 and bool(other.errors.strip()) and daemon.ask("health") is not None,
        f"exit {other.code}: {' | '.join(other.errors.strip().splitlines()[:3])}")
    log = os.path.join(daemon.logs, "events.jsonl")
    os.rename(log, log + ".1")
    daemon.child.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 5
    while not os.path.exists(log) and time.monotonic() < deadline:
        time.sleep(0.02)
    bench.report("exits", "HUP opens the logs anew", os.path.exists(log), f"{sorted(os.listdir(daemon.logs))}")
    began = time.monotonic()
    code = daemon.stop()
    seconds = time.monotonic() - began
    before, after = (daemon.records(name) for name in ("events.jsonl.1", "events.jsonl"))
    bench.report(
        "exits", "0: SIGTERM", code == 0 and seconds < 2 and not os.path.exists(daemon.socket),
        f"exit {code} after {seconds:.2f} s, the socket is gone, last event "
        f"{after[-1]['daemon']['action'] if after and 'daemon' in after[-1] else after[-1:]}")
    numbers = [record["seq"] for record in before + after]
    bench.report("exits", "no record is lost between the two files", numbers == list(range(1, len(numbers) + 1)),
                 f"{len(before)} + {len(after)} records")


FIELDS = [
    "timestamp", "event_type", "severity", "seq", "run_id", "link", "src_ip", "src_port", "scid", "vcid", "apid", "capture"]


def line_logs(bench):
    """What is in the logs after a busy while."""
    port = free_port()
    daemon = Daemon(bench, bench.link_text("demo", port) + "\nstats_interval: 1\n")
    bench.simulate("--frames", 10000, "--speed", 4, "--corrupt", 0.02, "--drop", 0.02, f"udp:127.0.0.1:{port}")
    time.sleep(1.5)
    daemon.stop()
    for name in ("events.jsonl", "stats.jsonl"):
        records = daemon.records(name)
        wrong = [record["seq"] for record in records if not is_in_order(record)]
        numbers = [record["seq"] for record in records]
        kinds = sorted({record["event_type"] for record in records})
        bench.report(
            "logs", f"{name}: JSON, numbered without gaps, its fields in order",
            bool(records) and numbers == list(range(1, len(numbers) + 1)) and not wrong,
            f"{len(records)} records of {', '.join(kinds)}" + (f"; WRONG: {wrong[:5]}" if wrong else ""))
    check_schema(bench, daemon)
    times = [record["timestamp"] for record in daemon.records("stats.jsonl")]
    bench.report("logs", "times are UTC with six digits",
                 all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", time) for time in times), times[-1])


def check_schema(bench, daemon):
    """Every record against the schema, by a validator that is none of ours."""
    try:
        import jsonschema
    except ImportError:
        bench.report("logs", "every record is as the schema says", False, "this needs python3-jsonschema")
        return
    path = os.path.join(os.path.dirname(__file__), "..", "..", "systemd", "schema", "events.schema.json")
    with open(path, encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    records = daemon.records("events.jsonl") + daemon.records("stats.jsonl")
    wrong = [f"{record['event_type']} {record['seq']}" for record in records if not validator.is_valid(record)]
    bench.report("logs", "every record is as the schema says", bool(records) and not wrong,
                 f"{len(records)} records" + (f"; WRONG: {wrong[:5]}" if wrong else ""))


def is_in_order(record):
    """The common fields, then one object with the name of the event."""
    keys = list(record)
    common = [key for key in FIELDS if key in record]
    own = {"link": "link_state"}.get(record["event_type"], record["event_type"])
    return keys == common + [own] and keys[:5] == FIELDS[:5] and record["severity"] in (
        "debug", "info", "notice", "warning", "error")

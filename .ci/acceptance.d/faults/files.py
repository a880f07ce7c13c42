"""Files that are not what they should be: configurations, captures, logs."""

import gzip
import json
import os
import random
import resource
import struct

from bench import free_port
from faults.table import row
from frames import aos, link, station
from operating import BOMB

LINK = "type: aos, length: 256, spacecraft_id: 42"


def check(bench, path):
    """Checks a configuration. Gives the seconds of processor time: how long it takes, not how busy this machine is."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    done = bench.run("downlinkd", "check", "-c", path)
    return done, used() - before


@row(32, "YAML alias bomb, 10 MB scalar, tabs, `no`, `010`, `12:30`", "an error with line and column in < 100 ms",
     "`downlinkd check` of each")
def yaml(trial):
    good = station(link("one", 10_017, LINK))
    cases = {
        "alias bomb": BOMB, "anchor": good.replace("station: ", "station: &a "), "alias": "station: *a\n",
        "10 MB scalar": f"station: {'x' * 10_000_000}\n", "10 MB of brackets": "[" * 10_000_000,
        "deep maps": "".join("  " * level + "a:\n" for level in range(500)),
        "tab": good.replace("    frames", "\tframes"), "no": good.replace("crc16", "no"),
        "010": good.replace("42", "010"), "12:30": good + "stats_interval: 12:30\n", "tag": good.replace("42", "!!int 42"),
        "merge key": good + "<<: { a: b }\n", "binary": "\x00\x01\x02" * 1000, "NUL in a name": 'station: "a\\0b"\n'}
    slowest = 0
    for name, text in cases.items():
        path = trial.bench.write("bad.yaml", text)
        done, seconds = check(trial.bench, path)
        slowest = max(slowest, seconds)
        told = (done.output + done.errors)
        first = next((line for line in told.splitlines() if "bad.yaml" in line), "")
        placed = first.split("bad.yaml", 1)[-1][:1] == ":" and "error: " in first
        if done.code != 78 or seconds >= 0.1 or not placed or len(told) > 100_000:
            trial.see(False, f"{name}: exit {done.code}, {seconds * 1000:.0f} ms, {len(told)} bytes: {first[-120:]}")
    trial.see(slowest < 0.1, f"{len(cases)} files, the dearest {slowest * 1000:.0f} ms of processor time, start included")
    trial.tests("SyntaxTests", "ScalarTests", "PropertyTests")


@row(33, "XTCE with billion laughs, XXE, depth, include cycle", "refused with its line in < 100 ms, memory bounded",
     "the line `hostile`: each database through `downlinkd check`, the worst packets through `downlinkd replay`")
def mission_databases(trial):
    trial.line("hostile", "line_hostile")


def pcap(frames, order="<", nanoseconds=False, linktype=101, lie=None):
    """A capture of IPv4 UDP datagrams; `lie` is a record number and the length it claims."""
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262_144, linktype)]
    for number, frame in enumerate(frames):
        udp = struct.pack(">HHHH", 40_000, 10_017, 8 + len(frame), 0) + frame
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        record = ip + udp
        claimed = lie[1] if lie and lie[0] == number else len(record)
        out.append(struct.pack(order + "IIII", 1_700_000_000 + number, 0, claimed, len(record)) + record)
    return b"".join(out)


@row(34, "capture truncated, lying lengths, nanoseconds, swapped, gz bomb", "exit 65 with the offset, or the whole result",
     "`downlinkd replay` of captures made here, and of 100 with bytes changed by chance")
def captures(trial):
    config = trial.bench.write("capture.yaml", station(link("one", 10_017, LINK)))
    frames = [aos(256, 42, 1, number) for number in range(100)]

    def replay(data, name="made.pcap"):
        path = trial.bench.path(name)
        with open(path, "wb") as file:
            file.write(data)
        return trial.bench.run("downlinkd", "replay", "-c", config, "--json", path)

    def received(done):
        lines = done.output.splitlines()
        return json.loads(lines[-1])["links"][0]["ledger"]["datagrams"]["received"] if lines else None

    whole = pcap(frames)
    record = (len(whole) - 24) // 100
    for name, data, code, count in (
        ("whole", whole, 0, 100), ("swapped", pcap(frames, ">"), 0, 100),
        ("nanoseconds", pcap(frames, nanoseconds=True), 0, 100),
        ("swapped nanoseconds", pcap(frames, ">", True), 0, 100),
        ("cut in record 50", whole[:24 + 50 * record + 9], 65, 50), ("cut in its header", whole[:20], 65, None),
        ("claims 4 GiB", pcap(frames, lie=(30, 0xFFFF_FFFF)), 65, 30),
        ("claims 0x7FFFFFFF", pcap(frames, lie=(30, 0x7FFF_FFFF)), 65, 30),
        ("claims more than is left", pcap(frames, lie=(99, 100_000)), 65, 99),
    ):
        done = replay(data)
        offset = "byte" in done.errors or code == 0
        got = received(done)
        trial.see(
            done.code == code and (count is None or got == count) and offset,
            f"{name}: exit {done.code}, {got} datagrams" + (f", {done.errors.strip().splitlines()[-1][-90:]}" if code else ""))
    bomb = gzip.compress(bytes(50_000_000))
    done = replay(bomb, "bomb.pcap.gz")
    trial.see(done.code in (64, 65, 78) and done.seconds < 5, f"gz bomb of {len(bomb)} bytes: exit {done.code}, "
              f"{(done.errors.strip().splitlines() or [''])[-1][-110:]}")
    chance, codes = random.Random(20261121), {}
    for number in range(100):
        data = bytearray(whole[:24 + 20 * record])
        for _ in range(chance.randrange(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        done = replay(bytes(data[:chance.randrange(1, len(data) + 1)] if number % 2 else data))
        codes[done.code] = codes.get(done.code, 0) + 1
    trial.see(set(codes) <= {0, 65}, f"100 changed captures: exits {codes}")
    trial.tests("CaptureDamageTests", "CaptureFormatTests", "ReplayDamageTests")


@row(35, "link name `../../etc/x`, symlink in the log directory, world-writable directory", "refused at check or start",
     "`downlinkd check` and `run`")
def names(trial):
    bench = trial.bench
    done = bench.run("downlinkd", "check", "-c", bench.write("name.yaml", station(link("../../etc/x", 10_017, LINK))))
    trial.see(done.code == 78 and "name.yaml:3:" in done.errors + done.output,
              f"name: exit {done.code}, {(done.errors + done.output).strip().splitlines()[0][-100:]}")
    as_root = ["--allow-root"] if os.geteuid() == 0 else []

    def run(where, prepare):
        logs = bench.path(where)
        os.mkdir(logs)
        prepare(logs)
        text = station(link("one", free_port(), LINK)) + f"logs: {{ directory: {logs} }}\nstatus: {{ socket: {logs}.sock }}\n"
        done = bench.run("downlinkd", "run", *as_root, "-c", bench.write(where + ".yaml", text), limit=10)
        return done, (done.errors.strip().splitlines() or [""])[0][-140:]

    target = bench.write("target", "")
    done, said = run("linked", lambda logs: os.symlink(target, os.path.join(logs, "events.jsonl")))
    trial.see(done.code in (71, 73, 77, 78) and os.path.getsize(target) == 0, f"symlink: exit {done.code}, {said}")
    done, said = run("open", lambda logs: os.chmod(logs, 0o777))
    trial.see(done.code in (73, 77, 78), f"log directory 0777: exit {done.code}, {said}")
    folder = bench.path("everyones")
    os.mkdir(folder)
    os.chmod(folder, 0o777)
    bench.write("everyones/station.yaml", station(link("one", 10_017, LINK)))
    done = bench.run("downlinkd", "run", *as_root, "-c", os.path.join(folder, "station.yaml"), limit=10)
    trial.see(done.code in (77, 78), f"configuration in a directory 0777: exit {done.code}, "
              f"{(done.errors.strip().splitlines() or [''])[0][-110:]}")
    trial.tests("VirtualChannelRuleTests", "LoadingTests", "RollingLogFailureTests/refusesSymbolicLink")

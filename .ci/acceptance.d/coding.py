"""Coded links: line rate over UDP, a TCP peer that misbehaves, and a processor without special instructions."""

import json
import shutil
import socket
import struct
import time

from bench import Daemon, Trouble, free_port, megabytes

UNIT_BYTES = 1279
LINK = """station: acceptance
links:
  - name: radar
    input: {{ {input}, format: cadus }}
    coding:
      randomizer: short255
      reed_solomon: {{ errors: 16, interleave: 5 }}
      error_control: crc16
    frames: {{ type: {type}, length: 1115, spacecraft_id: [42, 56] }}
"""


def line_rate(bench, seconds):
    """800 Mbit/s of coded units for a minute: nothing lost, one core hardly busy."""
    megabits = 800
    rate = megabits * 1_000_000 // 8 // UNIT_BYTES
    port = free_port()
    daemon = Daemon(bench, LINK.format(input=f'udp: "127.0.0.1:{port}"', type="tm"))
    used = daemon.cpu_seconds()
    sender = bench.run(
        "Benchmarks", "unit-sender", "--port", port, "--rate", rate, "--seconds", seconds, limit=4 * seconds + 120)
    if sender.code != 0:
        raise Trouble(f"unit-sender: exit {sender.code}: {sender.errors.strip()}")
    said = json.loads(sender.output)
    status = daemon.wait_for_datagrams(said["sent"])
    used = daemon.cpu_seconds() - used
    peak = daemon.memory("VmHWM")
    link = status["links"][0]
    ledger = link["ledger"]
    datagrams, codewords, frames = ledger["datagrams"], ledger["codewords"], ledger["frames"]
    daemon.stop()
    sent = said["sent"]
    bench.report(
        "rate", f"{megabits} Mbit/s of {UNIT_BYTES}-byte units for {seconds} s",
        datagrams["received"] == sent and datagrams["kernel_dropped"] == 0 and frames["delivered"] == sent
        and codewords["clean"] == 5 * sent and link["totals"]["missing"] == 0 and status["accounting"]["balanced"],
        f"sent {sent} at {said['megabits_per_second']:.0f} Mbit/s, received {datagrams['received']}, kernel dropped "
        f"{datagrams['kernel_dropped']}, {codewords['clean']} codewords clean, {frames['delivered']} frames, missing "
        f"{link['totals']['missing']}, {ledger['packets']['completed']} packets, balanced {status['accounting']['balanced']}")
    share = used / said["seconds"]
    bench.report("rate", "a fraction of one core", share < 0.6, f"{100 * share:.0f} % of one core, kernel included")
    bench.report("rate", "memory, at its highest", peak <= 64 << 20, f"{megabytes(peak)} of 64 MiB")


def line_tcp(bench):
    """A peer that stalls, closes, resets, sends a byte at a time, and breaks off in the middle of a unit."""
    units = coded_units(bench, 40)
    channels = [channel(units, unit) for unit in range(40)]
    cut = next(unit for unit in range(11, 18) if channels[unit] in channels[:unit] and channels[unit] in channels[unit + 1:])
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)
    port = listener.getsockname()[1]
    daemon = Daemon(bench, LINK.format(input=f'tcp: "127.0.0.1:{port}", longest_retry: 1s', type="aos"))
    expected = {"units": 0, "skipped": 0}

    def accept():
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def check(what, connection_state):
        def settled():
            link = daemon.link()
            return (link["ledger"]["frames"]["received"] == expected["units"]
                    and link["connection"]["state"] in connection_state)
        try:
            daemon.wait_until(settled, 15, what)
        except Trouble:
            pass
        link = daemon.link()
        stream, frames = link["ledger"]["stream_bytes"], link["ledger"]["frames"]
        balanced = daemon.ask("status")["accounting"]["balanced"]
        bench.report(
            "tcp", what,
            frames["received"] == expected["units"] and stream["skipped"] == expected["skipped"] and balanced
            and link["connection"]["state"] in connection_state,
            f"{frames['received']} of {expected['units']} frames, {stream['skipped']} of {expected['skipped']} bytes "
            f"skipped, connection {link['connection']['state']}, {link['connection']['connects']} connects, balanced {balanced}")

    connection = accept()
    connection.sendall(units[:10 * UNIT_BYTES])
    expected["units"] += 10
    check("sends, then stalls in silence", ["connected"])
    connection.sendall(units[10 * UNIT_BYTES:cut * UNIT_BYTES + 500])
    expected["units"] = cut
    connection.close()
    expected["skipped"] += 500
    connection = accept()
    check("closes in the middle of a unit: the rest of it is skipped, and the link connects again", ["connected"])
    connection.sendall(units[cut * UNIT_BYTES + 500:(cut + 2) * UNIT_BYTES])
    expected["units"] += 1
    expected["skipped"] += UNIT_BYTES - 500
    check("goes on with the other half: the halves are not joined", ["connected"])
    connection.sendall(units[(cut + 2) * UNIT_BYTES:20 * UNIT_BYTES])
    expected["units"] = 19
    check("more on the same connection", ["connected"])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    connection = accept()
    check("resets", ["connected"])
    for byte in units[20 * UNIT_BYTES:23 * UNIT_BYTES]:
        connection.send(bytes([byte]))
    expected["units"] += 3
    check("sends one byte at a time", ["connected"])
    connection.close()
    listener.close()
    check("is gone: the link tries again, and says so", ["waiting", "connecting", "resolving"])
    problem = next((p for p in daemon.link()["problems"] if p["code"] == "disconnected"), {})
    bench.report("tcp", "the problem has a hint", bool(problem.get("hint")), f"{problem.get('message')}; {problem.get('hint')}")
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(20)
    connection = accept()
    connection.sendall(units[23 * UNIT_BYTES:])
    expected["units"] += 17
    check("comes back", ["connected"])
    missing = daemon.link()["totals"]["missing"]
    bench.report("tcp", "only the unit that was cut in two is missing", missing == 1, f"{missing} missing")
    connection.close()
    listener.close()
    daemon.stop()


def coded_units(bench, count):
    """Clean units as bytes."""
    bench.simulate("--scenario", "cadu-demo", "--clean", "--frames", count, bench.path("units.cadu"))
    with open(bench.path("units.cadu"), "rb") as file:
        data = file.read()
    if len(data) != count * UNIT_BYTES:
        raise Trouble(f"{len(data)} bytes are not {count} units")
    return data


def channel(units, unit):
    """Spacecraft and virtual channel in the first two bytes of a frame, which the randomizer has added 0xFF48 to."""
    start = unit * UNIT_BYTES + 4
    return int.from_bytes(units[start:start + 2], "big") ^ 0xFF48


def line_plain(bench):
    """The same report on an emulated processor that has nothing but what every x86-64 has."""
    emulator = shutil.which("qemu-x86_64")
    if not emulator:
        raise Trouble("this needs qemu-x86_64: apt-get install --no-install-recommends qemu-user")
    bench.simulate(
        "--scenario", "cadu-rough", "--frames", 2000, "--link-config", bench.path("rough.yaml"), bench.path("rough.cadu"))
    command = ["replay", "-c", "rough.yaml", "--json", "rough.cadu"]
    native = bench.run("downlinkd", *command)
    began = time.monotonic()
    plain = bench.emulate(emulator, "downlinkd", *command)
    report = json.loads(native.output)
    ledger = report["links"][0]["ledger"]
    bench.report(
        "plain", "a processor without AVX2, PCLMULQDQ and SSE4 gives the same report, byte for byte",
        native.code == plain.code == 0 and native.output == plain.output and report["balanced"],
        f"{len(native.output)} bytes of report; codewords {ledger['codewords']}; exit {plain.code} after "
        f"{time.monotonic() - began:.1f} s under emulation{': ' + plain.errors.strip()[:200] if plain.code else ''}")

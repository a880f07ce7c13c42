"""Clients that mean no good, or cannot do better: crowds, garbage, those that never read, those that may not."""

import json
import os
import random
import re
import socket
import struct
import subprocess
import time

from bench import Daemon, Trouble, free_port, megabytes

NOBODY = 65534


def line_clients(bench):
    """All of them, one after the other."""
    line_schema(bench)
    line_pages(bench)
    line_garbage(bench)
    line_slow(bench)
    line_denied(bench)


def line_schema(bench):
    """The status document is as its schema says, with and without traffic, and with problems."""
    try:
        import jsonschema
    except ImportError:
        return bench.report("clients", "the schema of 'status'", True, "not looked at: this needs python3-jsonschema")
    path = os.path.join(os.path.dirname(__file__), "..", "..", "systemd", "schema", "status.schema.json")
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    port = free_port()
    coded = CODED.format(port=free_port())
    daemon = Daemon(bench, bench.link_text("demo", port) + coded)
    statuses = [daemon.ask("status")]
    bench.simulate(
        "--frames", 3000, "--speed", 20, "--drop", 0.05, "--corrupt", 0.2, "--duplicate", 0.01, f"udp:127.0.0.1:{port}")
    time.sleep(2)
    statuses.append(daemon.ask("status"))
    wrong = [error.message[:200] for status in statuses for error in validator.iter_errors(status)]
    codes = sorted({problem["code"] for problem in statuses[-1]["problems"]})
    bench.report(
        "clients", "the status document is as its schema says", not wrong and bool(codes),
        f"{len(json.dumps(statuses[-1]))} bytes, problems {', '.join(codes)}" + "".join(f"; {text}" for text in wrong[:5]))
    # A schema that takes everything would prove nothing.
    broken = json.loads(json.dumps(statuses[-1]))
    del broken["links"][0]["ledger"]["frames"]["delivered"]
    broken["links"][0]["state"] = "sleeping"
    found = len(list(validator.iter_errors(broken)))
    bench.report("clients", "a document that is wrong in two places is not", found == 2, f"{found} found")
    daemon.stop()


def line_pages(bench):
    """2047 application processes and 300 links come in pages of less than a mebibyte, each row once."""
    port = free_port()
    text = f"""station: acceptance
links:
  - name: many
    input: {{ udp: "127.0.0.1:{port}", format: packets }}
    limits: {{ application_process_count: 65536 }}
"""
    links = "".join(
        f'  - {{ name: l{number}, input: {{ tcp: "127.0.0.1:9", longest_retry: 5m }}, frames: {{ type: aos, length: 100 }} }}\n'
        for number in range(299))
    daemon = Daemon(bench, text + links)
    packets = [struct.pack(">HHHB", 0x0800 | apid, 0xC000, 0, 0) for apid in range(2047)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number, packet in enumerate(packets):
            sender.sendto(packet, ("127.0.0.1", port))
            if number % 100 == 0:
                time.sleep(0.01)
    daemon.wait_for_datagrams(len(packets))
    for command, name, key, expected in (("links", "links", "name", 300), ("apids", "apids", "apid", 2047)):
        rows, pages, largest, cursor = [], 0, 0, None
        began = time.monotonic()
        with Client(daemon.socket) as client:
            client.line()
            while pages == 0 or cursor is not None:
                arguments = {"limit": 64} if cursor is None else {"limit": 64, "cursor": cursor}
                reply = client.ask(json.dumps({"cmd": command, "args": arguments}))
                largest = max(largest, len(json.dumps(reply)))
                rows += reply["result"][name]
                cursor = reply["result"].get("cursor")
                pages += 1
        bench.report(
            "clients", f"{command}: {expected} rows in pages", len({row[key] for row in rows}) == len(rows) == expected,
            f"{len(rows)} rows in {pages} pages, the largest {largest} bytes, {1000 * (time.monotonic() - began):.0f} ms")
    daemon.stop()


CODED = """
  - name: modem
    input: {{ tcp: "127.0.0.1:{port}" }}
    coding: {{ randomizer: short255, reed_solomon: {{ errors: 16, interleave: 5 }}, sync_marker: 0x1ACFFC1D }}
    frames: {{ type: aos, length: 1115, spacecraft_id: 42 }}
"""


class Client:
    """One connection to a socket of the daemon."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Where many connect, a connection waits for its turn; with a time limit it would be refused.
        self.socket.connect(path)
        self.socket.settimeout(30)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def lines(self):
        """Everything up to the end of the connection."""
        while True:
            try:
                more = self.socket.recv(1 << 20)
            except ConnectionResetError:
                more = b""
            if not more:
                return
            *whole, self.rest = (self.rest + more).split(b"\n")
            for line in whole:
                yield json.loads(line)

    def line(self):
        """The next message; nothing at the end."""
        while b"\n" not in self.rest:
            more = self.socket.recv(1 << 16)
            if not more:
                return None
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def ask(self, text):
        self.send(text + "\n")
        return self.line()


def line_garbage(bench):
    """1000 connections, garbage, a line of a gibibyte, deep JSON: limits, and memory as before."""
    daemon = Daemon(bench, bench.link_text("demo", free_port()))
    generator = random.Random(29)
    descriptors = f"/proc/{daemon.child.pid}/fd"
    for _ in range(50):
        daemon.ask("status")
    before, open_before = daemon.memory(), len(os.listdir(descriptors))
    for _ in range(1000):
        with Client(daemon.socket) as client:
            try:
                client.send(generator.randbytes(generator.randrange(9000)))
            except (BrokenPipeError, ConnectionResetError):
                pass
    crowd = []
    for _ in range(100):
        crowd.append(Client(daemon.socket))
    greeted = [client.line() for client in crowd]
    turned_away = [message for message in (client.line() for client in crowd[16:]) if message]
    bench.report(
        "clients", "1000 connections with garbage, then 100 at once: one user has 16, the others are told why",
        all(message["class"] == "HELLO" for message in greeted) and len(turned_away) == 84
        and all(message["class"] == "BYE" and message["reason"] == "busy" for message in turned_away),
        f"{len(greeted)} greeted, {len(turned_away)} turned away: {turned_away[-1]['message'] if turned_away else '-'}")
    for client in crowd:
        client.socket.close()
    daemon.wait_until(lambda: len(os.listdir(descriptors)) <= open_before, 20, "descriptors of clients that are gone")
    endless(bench, daemon)
    with Client(daemon.socket) as client:
        client.line()
        deep = client.ask('{"a":' + "[" * 4000)
        alive = client.ask("health")
    bench.report(
        "clients", "JSON nested 4000 deep: bad_json, and the connection goes on",
        deep["error"]["code"] == "bad_json" and alive["ok"], deep["error"]["message"])
    for _ in range(50):
        daemon.ask("status")
    # The last of them is closed when the daemon has read its end.
    daemon.wait_until(lambda: len(os.listdir(descriptors)) <= open_before, 20, "the descriptor of the last client")
    after = daemon.memory()
    bench.report(
        "clients", "memory and descriptors are as before",
        after - before < 2 << 20 and len(os.listdir(descriptors)) <= open_before,
        f"{megabytes(before)} before, {megabytes(after)} after, {len(os.listdir(descriptors))} descriptors")
    daemon.stop()


def endless(bench, daemon):
    """A line that would be a gibibyte long ends at 4096 bytes."""
    sent, chunk = 0, b"x" * (1 << 20)
    with Client(daemon.socket) as client:
        client.line()
        try:
            while sent < 1 << 30:
                sent += client.socket.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        reply = next(client.lines(), None)
    bench.report(
        "clients", "a line of 1 GiB: too_long, and the connection ends",
        sent < 16 << 20 and reply is not None and reply["error"]["code"] == "too_long",
        f"{megabytes(sent)} were taken: {reply['error']['message'] if reply else 'no reply'}")


def line_slow(bench):
    """A client that never reads is let go within ten seconds, with what it has lost; intake goes on."""
    port = free_port()
    daemon = Daemon(bench, bench.link_text("demo", port))
    sending = bench.start(
        "downlinkd", "simulate", "--frames", 60_000, "--speed", 20, "--drop", 0.05, f"udp:127.0.0.1:{port}",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with Client(daemon.socket) as client:
        client.line()
        client.ask("watch stats_interval_seconds=0")
        # What it asks for and does not read is in its way.
        client.send("schema\n" * 40 + "status\n" * 200)
        stuck = time.monotonic()
        daemon.wait_until(lambda: totals(daemon)["evicted"]["slow"] == 1, 30, "the eviction")
        waited = time.monotonic() - stuck
        last = list(client.lines())[-2:]
    output, errors = sending.communicate(timeout=120)
    sent = re.search(r"sent (\d+) datagrams", output)
    if not sent:
        raise Trouble(f"simulate: {errors.strip()}")
    status = daemon.wait_for_datagrams(int(sent[1]))
    datagrams = status["links"][0]["ledger"]["datagrams"]
    lost = last[0].get("events", 0) if len(last) == 2 else 0
    told = [event["client"] for event in daemon.ask("events")["events"] if event["event_type"] == "client"]
    bench.report(
        "clients", "a client that never reads: LOST, then BYE after ten seconds",
        [message["class"] for message in last] == ["LOST", "BYE"] and last[-1]["reason"] == "slow" and waited < 13,
        f"after {waited:.1f} s: {last}")
    bench.report(
        "clients", "who it was and what it has lost is in the log",
        any(event["action"] == "evict" and event["pid"] == os.getpid() and event["lost_events"] == lost for event in told),
        f"{told[-1] if told else 'nothing'}")
    bench.report(
        "clients", "intake goes on meanwhile",
        datagrams["received"] == int(sent[1]) and datagrams["kernel_dropped"] == 0,
        f"{datagrams['received']} of {sent[1]} datagrams, {datagrams['kernel_dropped']} dropped by the kernel")

    def evictions():
        return [problem for problem in daemon.ask("problems")["problems"] if problem["code"] == "clients_evicted"]

    daemon.wait_until(evictions, 5, "the problem")
    problem = evictions()[0]
    bench.report(
        "clients", "the problem says so in words", bool(problem.get("hint")),
        f"{problem.get('message')}; {problem.get('hint')}")
    daemon.stop()


def totals(daemon):
    return daemon.ask("clients")["totals"]


def line_denied(bench):
    """The control socket: root and the daemon's user only, by mode, and where that fails by who asks."""
    if os.geteuid() != 0:
        return bench.report("clients", "an unprivileged user at the control socket", True, "not looked at: this needs root")
    daemon = Daemon(bench, bench.link_text("demo", free_port()))
    for path in (bench.directory, daemon.directory):
        os.chmod(path, 0o755)
    modes = {name: oct(os.stat(path).st_mode & 0o777) for name, path in (("status", daemon.socket), ("control", daemon.control))}
    bench.report("clients", "the sockets have their modes", modes == {"status": "0o660", "control": "0o600"}, f"{modes}")
    refused = as_nobody(bench, daemon, "sync")
    bench.report(
        "clients", "nobody at the control socket: EACCES, exit code 77, and a hint",
        refused.returncode == 77 and "Permission denied" in refused.stderr and "root" in refused.stderr,
        f"exit {refused.returncode}: {' | '.join(refused.stderr.splitlines())}")
    os.chmod(daemon.control, 0o666)
    opened = as_nobody(bench, daemon, "sync")
    denied = [
        event["client"] for event in daemon.ask("events")["events"]
        if event["event_type"] == "client" and event["client"]["action"] == "denied"]
    bench.report(
        "clients", "with the mode opened on purpose: turned away all the same, and a denied event",
        opened.returncode == 77 and any(event["uid"] == NOBODY and event["reason"] == "not_allowed" for event in denied),
        f"exit {opened.returncode}: {' | '.join(opened.stderr.splitlines())}; {denied}")
    given = bench.run("downlinkctl", "sync", "--socket", daemon.socket)
    bench.report(
        "clients", "a command on the status socket: not_allowed, and where to send it",
        given.code == 77 and daemon.control in given.errors, f"exit {given.code}: {' | '.join(given.errors.splitlines())}")
    allowed = bench.run("downlinkctl", "sync", "--socket", daemon.control)
    written = [
        event["client"] for event in daemon.ask("events")["events"]
        if event["event_type"] == "client" and event["client"]["action"] == "control"]
    bench.report(
        "clients", "root's command is written down",
        bool(written) and written[-1]["command"] == "sync" and written[-1]["uid"] == 0,
        f"exit {allowed.code}: {written[-1] if written else 'nothing'}")
    daemon.stop()


def as_nobody(bench, daemon, *arguments):
    """Runs the client as a user that may nothing, from a copy that such a user may run."""
    program = bench.path("downlinkctl")
    if not os.path.exists(program):
        with open(os.path.join(bench.programs, "downlinkctl"), "rb") as file, open(program, "wb") as copy:
            copy.write(file.read())
        os.chmod(program, 0o755)
    return subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", program, *arguments, "--socket",
         daemon.control], capture_output=True, text=True, timeout=60, check=False)

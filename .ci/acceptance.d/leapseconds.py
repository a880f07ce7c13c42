"""The list of leap seconds has come to its end: a problem with a hint, and nothing fails."""

import json
import os
import shutil
import struct
import subprocess
import time

from bench import Daemon, Trouble, free_port

# Two years on the list that is built in has expired, and any that this machine may have.
AHEAD = 2 * 365 * 86_400


def line_leapseconds(bench):
    """`check`, and `problems` of a running daemon, on a machine whose clock is two years ahead."""
    compiler = shutil.which("clang") or shutil.which("cc")
    if not compiler:
        raise Trouble("this line wants a C compiler")
    library, step = bench.path("clock_step.so"), bench.path("clock_step")
    source = os.path.join(os.path.dirname(__file__), "clock_step.c")
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
    with open(step, "wb") as file:
        file.write(struct.pack("q", 0))
    environment = {"LD_PRELOAD": library, "CLOCK_STEP_FILE": step}
    text = (
        "station: test\nlinks:\n  - name: sat\n    packets: { time_code: cds }\n"
        f"    input: {{ udp: \"127.0.0.1:{free_port()}\", format: packets }}\n")
    daemon = Daemon(bench, text, environment=environment)
    before = expiries(bench, daemon)
    with open(step, "r+b") as file:
        file.write(struct.pack("q", AHEAD * 1_000_000_000))
    deadline = time.monotonic() + 30
    # That the clock was set is another problem.
    while not (expired := expiries(bench, daemon)) and time.monotonic() < deadline:
        time.sleep(0.2)
    first = expired[0] if expired else {}
    bench.report(
        "leapseconds", "an expired list is a problem of a running daemon, with a hint",
        before == [] and len(expired) == 1 and bool(first["hint"]),
        f"before: none; two years later: {first.get('severity')}: {first.get('message')}; hint: {first.get('hint')}")
    shown = bench.run("downlinkctl", "problems", "--socket", daemon.socket)
    told = [line.strip() for line in shown.output.partition("leap_list_expired")[2].splitlines()[1:]]
    bench.report(
        "leapseconds", "`downlinkctl problems` shows it", any("expired on" in line for line in told), " | ".join(told))
    health = daemon.ask("status")["links"][0]
    bench.report(
        "leapseconds", "the link goes on", daemon.child.poll() is None and daemon.stop() == 0,
        f"its state is {health['state']}, and the daemon ends with 0 when it is told to")
    child = bench.start(
        "downlinkd", "check", "-c", daemon.configuration, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **environment})
    done = bench.finish(child, 60)
    said = [line for line in (done.output + done.errors).splitlines() if "leap" in line]
    bench.report(
        "leapseconds", "`check` warns, and the configuration is good", done.code == 0 and bool(said),
        f"exit {done.code}; {' | '.join(said)}")


def expiries(bench, daemon):
    done = bench.run("downlinkctl", "problems", "--json", "--socket", daemon.socket)
    if not done.output:
        raise Trouble(f"downlinkctl problems: exit {done.code}: {done.errors.strip()}")
    return [problem for problem in json.loads(done.output)["problems"] if problem["code"] == "leap_list_expired"]

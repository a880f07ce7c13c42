"""Under a real systemd: restarts, kills and reloads at a high rate, and nothing lost."""

import json
import os
import subprocess
import sys
import time

import bench as benches
from bench import Trouble
from frames import link, station
from machine import Machine

PORT = 10_017
RATE = 20_000
LINK = "type: aos, length: 256, spacecraft_id: 42"
PACKAGE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CONFIGURATION = "/etc/downlinkd/downlinkd.yaml"


class Steady:
    """A sender in the network of the machine that knows what it has sent."""

    def __init__(self, bench, machine):
        self.child = subprocess.Popen(
            ["nsenter", "-t", str(machine.leader), "-n", "--", sys.executable,
             os.path.join(os.path.dirname(__file__), "steady.py"), str(PORT), str(RATE)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        bench.children.append(self.child)

    def end(self):
        self.child.stdin.close()
        sent = int(self.child.stdout.read().split()[-1])
        self.child.wait(10)
        return sent


class Service(benches.Daemon):
    """The daemon as systemd runs it, asked through its status socket."""

    def __init__(self, bench, machine):
        self.bench = bench
        self.machine = machine

    @property
    def socket(self):
        # As the processes in it see it: what is mounted there is in no path of ours.
        return os.path.join("/proc", str(self.machine.leader), "root", "run/downlinkd/status.sock")

    def ask(self, command):
        for _ in range(200):
            try:
                return super().ask(command)
            except (FileNotFoundError, ConnectionRefusedError, json.JSONDecodeError):
                time.sleep(0.1)
        raise Trouble(f"the status socket does not answer: {self.said()}")

    def said(self):
        return self.machine.run("journalctl", "-u", "downlinkd", "-n", "15", "--no-pager", "-o", "cat").output

    def main_process(self):
        return int(must(self.machine, "systemctl", "show", "-P", "MainPID", "downlinkd") or 0)

    def restarted(self, before):
        """Waits for another process that is ready."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            state = self.machine.run("systemctl", "show", "-P", "ActiveState", "downlinkd").output.strip()
            if state == "active" and self.main_process() not in (0, before):
                return
            time.sleep(0.05)
        raise Trouble(f"the service did not come back: {self.said()}")


def must(machine, *command):
    """Runs a command inside that has to succeed. Gives what it says."""
    done = machine.run(*command)
    if done.code != 0:
        raise Trouble(f"{' '.join(command)}: exit {done.code}: {done.errors.strip()[-400:]}")
    return done.output


def install(bench, machine):
    """What the package puts in place."""
    machine.copy(os.path.join(bench.programs, "downlinkd"), "/usr/sbin/downlinkd")
    machine.copy(os.path.join(bench.programs, "downlinkctl"), "/usr/bin/downlinkctl")
    for source, target in (
        ("downlinkd.service", "/etc/systemd/system"), ("sysusers.d/downlinkd.conf", "/usr/lib/sysusers.d"),
        ("tmpfiles.d/downlinkd.conf", "/usr/lib/tmpfiles.d")):
        os.makedirs(machine.root + target, exist_ok=True)
        machine.copy(os.path.join(PACKAGE, "systemd", source), target)
    must(machine, "systemd-sysusers")
    must(machine, "systemd-tmpfiles", "--create", "/usr/lib/tmpfiles.d/downlinkd.conf")
    configure(machine, 0)
    machine.run("chgrp", "-R", "downlinkd", "/etc/downlinkd")
    open_sockets(machine)
    must(machine, "systemctl", "daemon-reload")
    must(machine, "systemctl", "start", "downlinkd.socket")
    must(machine, "systemctl", "start", "downlinkd")


def open_sockets(machine):
    """The socket of the link, opened by systemd: with a buffer for the seconds after a kill, whatever net.core.rmem_max
    is here."""
    with open(os.path.join(PACKAGE, "systemd/examples/downlinkd.socket"), encoding="utf-8") as file:
        text = file.read().replace("ListenDatagram=127.0.0.1:10017", f"ListenDatagram=127.0.0.1:{PORT}")
    machine.write("/etc/systemd/system/downlinkd.socket", text.replace("ReceiveBuffer=32M", "ReceiveBuffer=256M"))


def configure(machine, more):
    """The link that is watched, and more of them."""
    one = link("one", PORT, LINK).replace("{ udp:", "{ receive_buffer_bytes: 256MiB, udp:")
    others = (link(f"other-{number}", PORT + 1 + number, LINK) for number in range(more))
    machine.write(CONFIGURATION, station(one, *others))


def line_systemd(bench):
    machine = Machine(bench)
    try:
        install(bench, machine)
        service = Service(bench, machine)
        granted = service.ask("status")["links"][0]["receive_buffer_bytes"]
        print(f"         {machine.run('systemctl', '--version').output.split(chr(10))[0]}; receive buffer {granted} bytes", flush=True)
        show(bench, service, "10 restarts", lambda: restart(service))
        show(bench, service, "8 times kill -9", lambda: kill(service))
        show(bench, service, "10 reloads that add and remove links", lambda: reload(service))
        code = machine.run("systemctl", "stop", "downlinkd").code
        bench.report("systemd", "stops in order", code == 0, f"exit {code}; {service.said().strip().splitlines()[-1:]}")
    finally:
        machine.close()


def show(bench, service, what, body):
    """Runs something under traffic, and compares what was sent with the ledger."""
    before = service.ask("status")["links"][0]
    sender = Steady(bench, service.machine)
    time.sleep(2)
    began = time.monotonic()
    trouble = None
    try:
        body()
    except Trouble as found:
        trouble = found
    took = time.monotonic() - began
    time.sleep(1)
    sent = sender.end()
    time.sleep(1)
    status = service.wait_for_datagrams(total(before) + sent)
    after = status["links"][0]
    survived = total(after) >= total(before)
    start = before if survived else {"ledger": {"datagrams": {"received": 0, "kernel_dropped": 0}}, "totals": {"missing": 0}}
    counts = {name: after["ledger"]["datagrams"][name] - start["ledger"]["datagrams"][name]
              for name in ("received", "kernel_dropped")}
    # Each sender begins to count at 0: of what one sent, everything between its frames is known.
    missing = after["totals"]["missing"] - start["totals"]["missing"]
    bench.report(
        "systemd", f"{what} at {RATE} datagrams/s",
        trouble is None and counts["received"] == sent and counts["kernel_dropped"] == 0 and missing == 0
        and status["accounting"]["balanced"],
        (f"{trouble}; " if trouble else "") + f"{sent} sent in {took:.1f} s and more, received {counts['received']}, dropped by "
        f"the kernel {counts['kernel_dropped']}, lost {sent - counts['received'] - counts['kernel_dropped']}, missing by the "
        f"counters {missing}, balanced {status['accounting']['balanced']}"
        + ("" if survived else "; the totals did not survive"))


def total(found):
    """Of a link: what was received, and what the kernel dropped."""
    return found["ledger"]["datagrams"]["received"] + found["ledger"]["datagrams"]["kernel_dropped"]


def restart(service):
    for _ in range(10):
        before = service.main_process()
        must(service.machine, "systemctl", "restart", "downlinkd")
        service.restarted(before)
        time.sleep(0.5)


def kill(service):
    for _ in range(8):
        before = service.main_process()
        must(service.machine, "systemctl", "kill", "--kill-who=main", "-s", "KILL", "downlinkd")
        service.restarted(before)
        time.sleep(0.5)


def reload(service):
    before = service.main_process()
    try:
        for step in range(10):
            configure(service.machine, 3 if step % 2 == 0 else 0)
            must(service.machine, "systemctl", "reload", "downlinkd")
            time.sleep(0.5)
    finally:
        configure(service.machine, 0)
    if service.main_process() != before:
        raise Trouble("a reload started another process")

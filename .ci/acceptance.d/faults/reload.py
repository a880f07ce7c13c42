"""The configuration changes while the daemon runs."""

import os
import socket
import threading
import time

from bench import Daemon, free_port
from faults.table import NotRun, row
from frames import aos, link, station
from sender import Sender

LINK = "type: aos, length: 256, spacecraft_id: 42"


class Reloadable:
    """A daemon with a control socket, when there is such a thing."""

    def __init__(self, trial, text):
        self.bench = trial.bench
        if self.bench.run("downlinkctl", "reload", "--wait", "--socket", "nowhere").code == 64:
            raise NotRun("downlinkctl has no 'reload' yet")
        self.daemon = Daemon(self.bench, text)
        self.control = os.path.join(self.daemon.directory, "control.sock")
        done = self.reload(text)
        if done.code != 0:
            raise NotRun(f"nothing is reloaded yet: exit {done.code}: {(done.errors + done.output).strip()[:200]}")

    def reload(self, text):
        """Writes a configuration and asks for it. Gives what downlinkctl says."""
        self.daemon.configure(text)
        return self.bench.run("downlinkctl", "reload", "--wait", "--socket", self.control)


@row(24, "reload of a bad configuration, or of a port that is taken", "the old one goes on; exit 78 with file and line; told in status",
     "`downlinkctl reload --wait` of four bad ones, then a good one")
def bad_reload(trial):
    port, taken = free_port(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    taken.bind(("127.0.0.1", 0))
    good = station(link("one", port, LINK))
    bed = Reloadable(trial, good)
    cases = {
        "syntax": good.replace("links:", "links: ["), "unknown key": good + "lnks: 3\n",
        "no links": "station: acceptance\n", "port in use": good + link("two", taken.getsockname()[1], LINK)}
    with Sender(port) as sender:
        for number, (name, text) in enumerate(cases.items()):
            done = bed.reload(text)
            # A port is no fault of the file: it is named itself.
            placed = ("127.0.0.1:" if name == "port in use" else "station.yaml:") in done.errors + done.output
            sender.send(aos(256, 42, 1, number))
            status = bed.daemon.wait_for_datagrams(number + 1)
            told = status["config"]["last_reload_ok"] is False
            trial.see(
                done.code == 78 and placed and told and status["links"][0]["totals"]["datagrams"] == number + 1,
                f"{name}: exit {done.code}, last_reload_ok {status['config']['last_reload_ok']}, "
                f"{(done.errors + done.output).strip().splitlines()[:1]}")
    done = bed.reload(good)
    status = bed.daemon.ask("status")
    trial.see(
        done.code == 0 and status["config"]["last_reload_ok"] and status["links"][0]["totals"]["datagrams"] == len(cases),
        f"then a good one: exit {done.code}")
    bed.daemon.stop()
    actions = [record["config"]["action"] for record in bed.daemon.records("events.jsonl") if record["event_type"] == "config"]
    trial.see(actions == ["reload_ok"] + ["reload_failed"] * 4 + ["reload_ok"], f"events {actions}")


@row(25, "reload under load that adds and removes links", "no loss on untouched links; no descriptor left behind",
     "20 reloads between one and four links, 5000 frames/s at the one that stays")
def reload_under_load(trial):
    port, others = free_port(), [free_port() for _ in range(3)]
    one = station(link("one", port, LINK))
    four = one + "".join(link(f"other-{index}", other, LINK) for index, other in enumerate(others))
    bed = Reloadable(trial, one)
    stop, sender = threading.Event(), Sender(port)

    def send():
        number, began = 0, time.monotonic()
        while not stop.is_set():
            sender.send(*(aos(256, 42, 1, number + index) for index in range(10)))
            number += 10
            time.sleep(max(0, number / 5000 - (time.monotonic() - began)))

    thread = threading.Thread(target=send)
    thread.start()
    codes, counts = [], []
    try:
        for step in range(20):
            codes.append(bed.reload(four if step % 2 == 0 else one).code)
            # What was given up is closed a moment after that was said.
            time.sleep(0.3)
            counts.append(bed.daemon.descriptor_count())
    finally:
        stop.set()
        thread.join()
    status = bed.daemon.wait_for_datagrams(sender.count)
    totals = status["links"][0]["totals"]
    trial.see(
        totals["datagrams"] == sender.count and totals["missing"] == 0 and status["accounting"]["balanced"],
        f"{sender.count} sent, {totals['datagrams']} received, missing {totals['missing']}")
    trial.see(set(codes) == {0}, f"exits {sorted(set(codes))}")
    trial.see(counts[-1] <= counts[1] and counts[-2] <= counts[0], f"descriptors {counts[:2]} first, {counts[-2:]} last")

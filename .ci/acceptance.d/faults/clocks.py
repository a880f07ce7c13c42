"""The time of day is set."""

import os
import shutil
import struct
import subprocess
import time

from faults.datagrams import started
from faults.disks import need
from faults.table import row
from frames import aos
from sender import Sender


def set_clock(path, seconds):
    """In place: the daemon has the file in its memory."""
    with open(path, "r+b" if os.path.exists(path) else "wb") as file:
        file.write(struct.pack("q", seconds * 1_000_000_000))


@row(27, "clock set by an hour, forth and back", "a `clock` event each time; timers, states and rates as before",
     "preloaded into the running daemon, clock_step.c moves its time of day, and not its monotonic clock")
def clock(trial):
    compiler = shutil.which("clang") or shutil.which("cc")
    need(compiler, "a C compiler")
    library, step = trial.bench.path("clock_step.so"), trial.bench.path("clock_step")
    source = os.path.join(os.path.dirname(__file__), "..", "clock_step.c")
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
    set_clock(step, 0)
    daemon, port = started(
        trial, "type: aos, length: 256, spacecraft_id: 42", "quiet_after: 5s",
        environment={"LD_PRELOAD": library, "CLOCK_STEP_FILE": step})
    number, states, rates = 0, [], []
    with Sender(port) as sender:
        for seconds in (0, 3600, 0):
            set_clock(step, seconds)
            # Long enough for the rate window to hold both times.
            for _ in range(60):
                sender.send(*(aos(256, 42, 1, number + index) for index in range(20)))
                number += 20
                time.sleep(0.1)
            link_ = daemon.link()
            states.append(link_["state"])
            rates.append(link_.get("rates", {}).get("last1min", {}).get("frames_per_second"))
        status = daemon.wait_for_datagrams(number)
        began = time.monotonic()
        daemon.wait_until(lambda: daemon.link()["state"] == "quiet", 30, "quiet")
        quiet = time.monotonic() - began
    link_ = status["links"][0]
    trial.see(
        link_["totals"]["frames"] == number and link_["totals"]["missing"] == 0 and status["accounting"]["balanced"],
        f"{link_['totals']['frames']} of {number} frames, missing {link_['totals']['missing']}, balanced")
    trial.see(states == ["receiving"] * 3, f"states {' '.join(states)}")
    trial.see(
        all(rate is not None and 100 < rate < 250 for rate in rates),
        f"rates {', '.join(f'{rate:.0f}' if rate is not None else 'none' for rate in rates)} frames/s of about 200 sent")
    trial.see(3 < quiet < 8, f"quiet {quiet:.1f} s after the last frame, of 5")
    daemon.stop()
    told = [record["clock"] for record in daemon.records("events.jsonl") if record["event_type"] == "clock"]
    steps = [round(event.get("delta_seconds", 0)) for event in told if event.get("action") == "step"]
    trial.see(steps == [3600, -3600], f"clock events {steps}")
    trial.seen.append("a list of leap seconds that expires: line leapseconds")
    trial.tests("EventAggregatorTests/survivesClockSteps", "EventJournalTests")

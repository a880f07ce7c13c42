"""Logs on disks that are full, broken, or tidied by others."""

import contextlib
import glob
import gzip
import json
import os
import shutil
import signal
import subprocess
import time

from bench import Daemon, Trouble, free_port
from faults.datagrams import started
from faults.table import NotRun, row
from frames import aos, damaged
from sender import Sender

ONE = "type: aos, length: 256, spacecraft_id: 42"


def need(condition, what):
    if not condition:
        raise NotRun(f"this needs {what}")


@contextlib.contextmanager
def small_disk(bench, size):
    """A file system in memory that is full at `size`."""
    need(os.geteuid() == 0, "root, to mount a small file system")
    place = bench.path("disk")
    os.makedirs(place, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False, stderr=subprocess.PIPE, text=True)
    need(done.returncode == 0, f"leave to mount: {done.stderr.strip()}")
    try:
        yield place
    finally:
        bench.end_children()
        subprocess.run(["umount", "-l", place], check=False)


def whole_records(directory, name):
    """All records of a log in their order, and how many lines are none."""
    records, torn = [], 0
    finished = sorted(path for path in glob.glob(os.path.join(directory, name + "-*.jsonl*")) if not path.endswith(".tmp"))
    for path in finished + [os.path.join(directory, name + ".jsonl")]:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    records.append(json.loads(line))
                except ValueError:
                    torn += 1
    return records, torn


@row(18, "disk full under the logs", "intake goes on; one `degraded` each way; only whole lines; recovers by itself",
     "logs on a tmpfs of 256 KiB that is filled, and has room again after 5 s")
def full_disk(trial):
    with small_disk(trial.bench, "256k") as place:
        logs = os.path.join(place, "log")
        daemon, port = started(trial, ONE, log_directory=logs)
        full = os.path.join(place, "filler")
        with contextlib.suppress(OSError), open(full, "wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        number = 0
        with Sender(port) as sender:
            def rough(count):
                nonlocal number
                for _ in range(count):
                    yield aos(256, 42, 1, number)
                    # Gaps, so that there is something to write.
                    number += 2
            sender.pace(rough(5000), 1000)
            daemon.wait_for_datagrams(5000)
            codes = [problem["code"] for problem in daemon.ask("status")["problems"]]
            degraded = [log for log in daemon.ask("logs")["logs"] if log["degraded"]]
            trial.see(
                "log_degraded" in codes and bool(degraded),
                f"while full: problems {codes}, dropped {sum(log['dropped'] for log in degraded)} records")
            os.unlink(full)
            sender.pace(rough(2000), 500)
            status = daemon.wait_for_datagrams(7000)
        daemon.wait_until(lambda: not any(log["degraded"] for log in daemon.ask("logs")["logs"]), 40, "the logs to recover")
        received = status["links"][0]["ledger"]["datagrams"]["received"]
        trial.see(received == 7000 and status["accounting"]["balanced"], f"{received} of 7000 frames received, balanced")
        said = daemon.said()
        daemon.stop()
        records, torn = whole_records(logs, "events")
        trial.see(torn == 0, f"{len(records)} whole records, {torn} torn")
        told = [sum(word in line for line in said.splitlines()) for word in ("degraded", "recovered")]
        trial.see(
            told == [len(degraded)] * 2,
            f"{len(degraded)} logs were degraded; the console has {told[0]} lines of it, and {told[1]} of recovery")
        actions = [record["log"]["action"] for record in records if record["event_type"] == "log"]
        trial.see("recovered" in actions, f"the log itself has {actions}")
    trial.tests("RollingLogFailureTests/survivesFullDisk", "RollingLogFailureTests/survivesFileSizeLimit")


@row(19, "fsync fails once with EIO", "the file is not trusted again: a new one, an event, a count",
     "strace injects EIO into the fourth fsync of the running daemon")
def failing_sync(trial):
    need(shutil.which("strace"), "strace")
    # Detached, strace is a grandchild of ours, and the child is the daemon.
    strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
              "-e", "inject=fsync,fdatasync:error=EIO:when=4"]
    daemon, port = started(trial, ONE, prefix=strace, logs="sync_interval: 200ms")
    number = 0
    with Sender(port) as sender:
        deadline = time.monotonic() + 60
        while not any(log["write_errors"] for log in daemon.ask("logs")["logs"]):
            if time.monotonic() > deadline:
                raise Trouble("no fsync failed within 60 s")
            sender.send(aos(256, 42, 1, number))
            number += 2
            time.sleep(0.05)
        for _ in range(20):
            sender.send(aos(256, 42, 1, number))
            number += 2
            time.sleep(0.05)
    logs = {log["log"]: log for log in daemon.ask("logs")["logs"]}
    failed = next(name for name, log in logs.items() if log["write_errors"])
    daemon.stop()
    records, torn = whole_records(daemon.logs, failed)
    finished = [name for name in os.listdir(daemon.logs) if name.startswith(failed + "-")]
    numbers = [record["seq"] for record in records]
    trial.see(
        logs[failed]["write_errors"] == 1 and len(finished) == 1,
        f"{failed}: {logs[failed]['write_errors']} error, the file was finished: {' '.join(finished)}")
    trial.see(
        numbers == list(range(1, len(numbers) + 1)) and torn == 0, f"{len(numbers)} records, none lost, none torn")
    events, _ = whole_records(daemon.logs, "events")
    actions = [record["log"]["action"] for record in events if record["event_type"] == "log"]
    trial.see("degraded" in actions and "recovered" in actions, f"log events {actions}")


@row(21, "logrotate renames without a signal", "a new file within 1 s, and no line lost", "five renames under traffic")
def renamed(trial):
    daemon, port = started(trial, ONE)
    log, waits, number = os.path.join(daemon.logs, "events.jsonl"), [], 0
    with Sender(port) as sender:
        for step in range(5):
            os.rename(log, f"{log}.{step + 1}")
            began = time.monotonic()
            while not os.path.exists(log):
                if time.monotonic() - began > 10:
                    raise Trouble("no new file within 10 s")
                sender.send(aos(256, 42, 1, number))
                number += 2
                time.sleep(0.01)
            waits.append(time.monotonic() - began)
    daemon.stop()
    files = [f"events.jsonl.{step}" for step in range(1, 6)] + ["events.jsonl"]
    records = [record for name in files for record in daemon.records(name)]
    numbers = [record["seq"] for record in records]
    # It looks once a second; the rest is this machine's.
    trial.see(max(waits) < 1.5, f"new files after {', '.join(f'{wait:.2f}' for wait in waits)} s")
    trial.see(numbers == list(range(1, len(numbers) + 1)), f"{len(numbers)} records without a gap in {len(files)} files")


@row(22, "killed while a finished file is compressed", "the file or its .gz is whole, never neither",
     "strace kills the daemon at each call that the compression makes")
def killed_compressing(trial):
    need(shutil.which("strace"), "strace")
    points = [
        (call, when) for call, whens in (
            ("openat", range(1, 3)), ("write", range(1, 4)), ("fsync,fdatasync", range(1, 3)),
            ("rename,renameat,renameat2", range(1, 2)), ("unlink,unlinkat", range(1, 2)))
        for when in whens]
    if not compresses(trial):
        raise NotRun("finished logs are not compressed yet")
    whole = killed = 0
    for call, when in points:
        was_killed, is_whole = kill_at(trial, call, when)
        killed, whole = killed + was_killed, whole + is_whole
        trial.bench.end_children()
    trial.see(whole == len(points), f"{whole} of {len(points)} times every record is there; killed {killed} times")
    trial.see(killed >= 5, f"{killed} kills at calls for the .gz")


SMALL = "max_file_bytes: 64KiB, sync_interval: 200ms"


def fill(port, daemon, seconds, done):
    """Events by gaps, until something has happened."""
    number, began = 0, time.monotonic()
    with Sender(port) as sender:
        while time.monotonic() - began < seconds and not done():
            for step in range(40):
                sender.send(damaged(aos(256, 42, 1, number), 900 + step), aos(256, 42, 1, number))
                number += 3
            time.sleep(0.05)
            if daemon.child.poll() is not None:
                return


def compresses(trial):
    daemon, port = started(trial, ONE, "", logs=SMALL)
    fill(port, daemon, 15, lambda: glob.glob(os.path.join(daemon.logs, "*.gz")))
    daemon.stop()
    return bool(glob.glob(os.path.join(daemon.logs, "*.gz")))


def kill_at(trial, call, when):
    """Whether it was killed at that call, and whether nothing written before is lost."""
    logs = trial.bench.path(f"log-{call.split(',')[0]}-{when}")
    paths = [word for name in ("events", "stats") for word in ("-P", os.path.join(logs, f"{name}.gz.tmp"))]
    strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", *paths, "-e", f"trace={call}",
              "-e", f"inject={call}:signal=KILL:when={when}"]
    port = free_port()
    from frames import link, station
    daemon = Daemon(trial.bench, station(link("one", port, ONE)), prefix=strace, logs=SMALL, log_directory=logs)
    fill(port, daemon, 10, lambda: daemon.child.poll() is not None)
    was_killed = daemon.child.poll() == -signal.SIGKILL
    if not was_killed:
        daemon.stop()
    records, torn = whole_records(logs, "events")
    numbers = [record["seq"] for record in records]
    return was_killed, numbers == sorted(set(numbers)) and len(numbers) == numbers[-1] - numbers[0] + 1 and torn <= 1


@row(23, "two rotations within a second", "distinct names", "tests of the rolling log")
def twice(trial):
    trial.tests("RollingLogTests/namesRotationsApart")

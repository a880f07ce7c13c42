"""Logs on disks that are full, broken, or tidied by others."""

import contextlib
import glob
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time

from bench import Trouble
from faults.datagrams import started
from faults.table import NotRun, row
from frames import aos
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


@row(19, "fsync fails with EIO", "the file is not trusted again: a new one, a count, one event each way",
     "strace injects EIO into an fsync of the events of the running daemon")
def failing_sync(trial):
    need(shutil.which("strace"), "strace")
    # Detached, strace is a grandchild of ours, and the child is the daemon. It counts the calls of each thread for
    # itself, and so is ended with the first that failed.
    logs = trial.bench.path("logs-of-19")
    strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-P",
              os.path.join(logs, "events.jsonl"), "-e", "inject=fsync,fdatasync:error=EIO:when=4"]
    daemon, port = started(trial, ONE, prefix=strace, log_directory=logs, logs="sync_interval: 200ms, compress: false")
    number, tracer = 0, tracer_of(daemon.child.pid)
    with Sender(port) as sender:
        deadline = time.monotonic() + 60
        while not (failed := [log for log in daemon.ask("logs")["logs"] if log["write_errors"]]) or failed[0]["degraded"]:
            if time.monotonic() > deadline:
                raise Trouble(f"no fsync failed, or its log did not recover, within 60 s: {failed}")
            if failed and tracer:
                os.kill(tracer, signal.SIGTERM)
                tracer = 0
            sender.send(aos(256, 42, 1, number))
            number += 2
            time.sleep(0.02)
    trial.see(len(failed) == 1, f"logs with errors: {', '.join(log['log'] for log in failed)}")
    failed, errors = failed[0]["log"], failed[0]["write_errors"]
    daemon.stop()
    records, torn = whole_records(daemon.logs, failed)
    finished = [name for name in os.listdir(daemon.logs) if name.startswith(failed + "-")]
    numbers = [record["seq"] for record in records]
    trial.see(len(finished) == errors, f"{failed}: {errors} errors, a file finished for each: {' '.join(finished)}")
    trial.see(
        numbers == list(range(1, len(numbers) + 1)) and torn == 0, f"{len(numbers)} records, none lost, none torn")
    events, _ = whole_records(daemon.logs, "events")
    actions = [record["log"]["action"] for record in events if record["event_type"] == "log"]
    trial.see(
        actions.count("degraded") == actions.count("recovered") == 1, f"log events {actions}")


def tracer_of(pid):
    """The process that watches another's system calls, or 0."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("TracerPid:"))


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


@row(22, "killed while a finished file is compressed", "the file or its .gz is whole, never neither; nothing half stays",
     "20 starts with a log of 8 MiB to finish, each killed at another moment of the packing, and one that is let finish")
def killed_compressing(trial):
    logs = trial.bench.path("packed")
    daemon, _ = started(trial, ONE, log_directory=logs)
    daemon.stop()
    sample = whole_records(logs, "events")[0][-1]
    killed, chance = 0, random.Random(20261121)
    for attempt in range(20):
        shutil.rmtree(logs)
        os.mkdir(logs, 0o750)
        count = prefill(logs, sample, chance)
        daemon, _ = started(trial, ONE, log_directory=logs, logs="max_file_bytes: 1MiB")
        deadline = time.monotonic() + 15
        while not packing(logs):
            if time.monotonic() > deadline:
                raise NotRun("finished logs are not compressed yet")
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.3 if attempt else 0)
        daemon.child.kill()
        daemon.child.wait()
        killed += any(name.endswith(".tmp") for name in os.listdir(logs))
        if not holds(logs, count):
            trial.see(False, f"after kill {attempt} records are gone: {sorted(os.listdir(logs))}")
    trial.see(killed > 3, f"{killed} of 20 kills hit the packing, all {count} records there each time")
    daemon.launch()
    daemon.wait_until(lambda: not any(name.endswith((".tmp", ".jsonl")) for name in os.listdir(logs)
                                      if name.startswith("events-")) and any(packed(logs)), 60, "the packing")
    left = [name for name in os.listdir(logs) if name.endswith(".tmp")]
    trial.see(holds(logs, count) and not left, f"let go on: {sorted(packed(logs))}, nothing half")


def prefill(logs, sample, chance):
    """A log that is due to be finished: 8 MiB of what does not pack well. Gives how many records."""
    with open(os.path.join(logs, "events.jsonl"), "w", encoding="utf-8") as file:
        for number in range(1, 4001):
            record = {**sample, "seq": number}
            record[sample["event_type"]] = {"action": "ready", "version": chance.randbytes(1000).hex()}
            file.write(json.dumps(record, separators=(",", ":")) + "\n")
    return 4000


def packed(logs):
    return [name for name in os.listdir(logs) if name.startswith("events-") and name.endswith(".gz")]


def packing(logs):
    return any(name.startswith("events-") and ".gz" in name for name in os.listdir(logs))


def holds(logs, count):
    """Whether each record is in a file or, whole, in its .gz."""
    numbers = set()
    for name in os.listdir(logs):
        if name.startswith("events") and not name.endswith(".tmp"):
            path = os.path.join(logs, name)
            with (gzip.open if name.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
                numbers.update(json.loads(line)["seq"] for line in file if line.endswith("\n"))
    return numbers >= set(range(1, count + 1))


@row(23, "two rotations within a second", "distinct names", "tests of the rolling log")
def twice(trial):
    trial.tests("RollingLogTests/namesRotationsApart")

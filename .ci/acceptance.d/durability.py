"""Lines kill, power and pack: what is in the logs is there, whatever ends the daemon."""

import ctypes
import fcntl
import glob
import gzip
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import zlib

from bench import Daemon, Trouble, call, free_port

CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18
EXT4_IOC_SHUTDOWN = 0x8004587D
WITHOUT_JOURNAL = 2
SYNC_INTERVAL = 1.0
NAMES = ("events", "stats")


class LogSet:
    """The files of one log, read as an operator would read them."""

    def __init__(self, directory, name):
        self.finished = {}
        self.doubled = 0
        self.active, self.torn, self.foreign = [], b"", 0
        for path in glob.glob(os.path.join(directory, f"{name}-*.jsonl*")):
            key, form = re.match(r"(.*?)(\.jsonl(?:\.gz)?(?:\.tmp)?)$", os.path.basename(path)).groups()
            if form == ".jsonl":
                with open(path, "rb") as file:
                    content = file.read()
            elif form == ".jsonl.gz":
                with gzip.open(path) as file:
                    content = file.read()
            else:
                continue
            self.doubled += key in self.finished
            if self.finished.get(key, content) != content:
                raise Trouble(f"{key}: the packed file is not the same as its source")
            self.finished[key] = content
        try:
            with open(os.path.join(directory, f"{name}.jsonl"), "rb") as file:
                *self.active, self.torn = file.read().split(b"\n")
        except FileNotFoundError:
            pass

    def records(self):
        """All whole lines, oldest first. Raises where one is no record."""
        lines = []
        for key in sorted(self.finished, key=lambda key: int(key.rpartition("-")[2])):
            *whole, rest = self.finished[key].split(b"\n")
            if rest:
                raise Trouble(f"{key} ends in the middle of a record")
            lines += whole
        return lines + self.active


def number(line):
    return json.loads(line)["seq"]


def unfinished(directory):
    """The files that are being packed, or were, each with when it was written to."""
    found = {}
    for path in glob.glob(os.path.join(directory, "*.tmp")):
        try:
            found[path] = os.stat(path).st_mtime
        except FileNotFoundError:
            pass
    return found


class NoisyDaemon(Daemon):
    """A daemon whose logs grow and rotate all the time."""

    def __init__(self, bench, text, logs, prefix=(), more=""):
        bench.daemon_count += 1
        self.bench, self.logs = bench, logs
        self.directory = bench.path(f"daemon-{bench.daemon_count}")
        os.mkdir(self.directory)
        self.socket = os.path.join(self.directory, "status.sock")
        self.configuration = bench.write(
            f"daemon-{bench.daemon_count}/station.yaml",
            f"{text.rstrip()}\nlogs: {{ directory: {logs}, max_file_bytes: 64KiB, max_files: 100000,"
            f" sync_interval: {SYNC_INTERVAL:g}s{more} }}\nstats_interval: 1s\nstatus: {{ socket: {self.socket} }}\n")
        self.messages = os.path.join(self.directory, "messages")
        program = os.path.join(bench.programs, "downlinkd")
        as_root = ["--allow-root"] if os.geteuid() == 0 else []
        with open(self.messages, "w", encoding="utf-8") as messages:
            self.child = subprocess.Popen(
                [*prefix, program, "run", *as_root, "-c", self.configuration], cwd=bench.directory,
                stdin=subprocess.DEVNULL, stdout=messages, stderr=messages)
        bench.children.append(self.child)

    def wait_until_ready(self):
        self.wait_until(lambda: os.path.exists(self.socket), 60, "its status socket")

    def dump(self, seconds):
        """Has every link written down again and again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.child.poll() is None:
            self.child.send_signal(signal.SIGUSR2)
            time.sleep(0.003)

    def kill(self):
        self.child.kill()
        self.child.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def noise(bench, port):
    """A spacecraft over a bad link, for as long as the acceptance runs."""
    return bench.start(
        "downlinkd", "simulate", "--frames", 100_000_000, "--corrupt", 0.05, "--drop", 0.05,
        f"udp:127.0.0.1:{port}", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop(child):
    child.kill()
    child.wait()


def tear(logs, chance):
    """What a record leaves behind that was being written: a kill seldom falls there by itself."""
    with open(os.path.join(logs, "events.jsonl"), "r+b") as file:
        last = file.read().splitlines()[-1:] or [b'{"timestamp":"']
        file.write(last[0][:chance.randrange(1, len(last[0]))])


def line_kill(bench):
    """kill -9 at random moments, ACCEPTANCE_KILLS of them."""
    rounds = int(os.environ.get("ACCEPTANCE_KILLS", 200))
    chance = random.Random(seed := int(os.environ.get("ACCEPTANCE_SEED", time.time())))
    port = free_port()
    text, logs = bench.link_text("demo", port), bench.path("kill-log")
    sender = noise(bench, port)
    faults, known, torn, reported, doubled, tmp, starts = [], {name: [] for name in NAMES}, 0, 0, 0, 0, []
    checked = {name: {} for name in NAMES}
    for turn in range(rounds + 1):
        began, today = time.monotonic(), time.time()
        tmp += len(unfinished(logs))
        daemon = NoisyDaemon(bench, text, logs)
        daemon.wait_until_ready()
        starts.append(time.monotonic() - began)
        if left := [path for path, written in unfinished(logs).items() if written < today]:
            faults.append(f"turn {turn}: left after a start: {left}")
        if turn == rounds:
            daemon.stop(60)
        else:
            daemon.dump(chance.uniform(0, 0.4))
            daemon.kill()
            if turn % 10 == 9:
                tear(logs, chance)
        for name in NAMES:
            logset = LogSet(logs, name)
            doubled += logset.doubled
            for key, content in checked[name].items():
                if zlib.crc32(logset.finished.get(key, b"")) != content:
                    faults.append(f"turn {turn}: {key} is damaged or missing")
            checked[name] = {key: zlib.crc32(content) for key, content in logset.finished.items()}
            lines = logset.records()
            if lines[:len(known[name])] != known[name]:
                faults.append(f"turn {turn}: older records of {name} are not what they were")
            known[name] = lines
            torn += bool(logset.torn)
            reported += sum(b'"action":"truncated"' in line for line in lines) if turn == rounds else 0
    gaps = {}
    for name in NAMES:
        numbers = [number(line) for line in known[name]]
        steps = [second - first for first, second in zip(numbers, numbers[1:])]
        if any(step < 1 for step in steps):
            faults.append(f"the numbers of {name} go back")
        gaps[name] = sum(step - 1 for step in steps)
    stop(sender)
    left = unfinished(logs)
    starts.sort()
    bench.report(
        "kill", f"{rounds} × kill -9 at random moments: nothing that was there is damaged or missing",
        not faults and not left and sum(gaps.values()) <= torn and reported >= torn >= rounds // 10,
        f"{len(known['events'])} + {len(known['stats'])} records in {sum(len(files) for files in checked.values())} "
        f"finished files, {torn} torn tails, {reported} reported, gaps {gaps}, {tmp} files half packed and {doubled} "
        f"packed and not removed at a kill, {len(left)} left at the end; ready after {starts[len(starts) // 2]:.2f} s "
        f"(longest {starts[-1]:.2f} s); seed {seed}" + "".join(f"\n  {fault}" for fault in faults[:10]))


class Watcher(threading.Thread):
    """A reader that notes each event of the daemon and when it saw it."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.seen = {}
        self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.connection.connect(path)
        self.connection.sendall(b'{"id":1,"cmd":"watch"}\n')

    def run(self):
        with self.connection.makefile("rb") as lines:
            try:
                for line in lines:
                    if line.startswith(b'{"class":"EVENT"'):
                        self.seen[number(line)] = time.monotonic()
            except (OSError, ValueError):
                pass


class PowerSupply:
    """A disk of our own that can lose its power."""

    def __init__(self, bench):
        # In a name space of our own, so that nobody else keeps the disk mounted when it is to be off.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
            raise Trouble(f"no name space for mounts: {os.strerror(ctypes.get_errno())}")
        self.image, self.path = bench.path("power-disk"), bench.path("power")
        os.mkdir(self.path)
        with open(self.image, "wb") as file:
            file.truncate(256 << 20)
        call("mkfs.ext4", "-q", "-F", self.image)
        self.on()

    def on(self):
        call("mount", "-o", "loop", self.image, self.path)

    def cut(self):
        descriptor = os.open(self.path, os.O_RDONLY)
        fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, WITHOUT_JOURNAL.to_bytes(4, "little"))
        os.close(descriptor)

    def off(self):
        call("umount", self.path)


def line_power(bench):
    """The power goes at random moments, ACCEPTANCE_POWER_CUTS of them."""
    rounds = int(os.environ.get("ACCEPTANCE_POWER_CUTS", 50))
    if os.geteuid() != 0:
        bench.report("power", "the power goes", False, "this needs root, for a disk of its own")
        return
    chance = random.Random(seed := int(os.environ.get("ACCEPTANCE_SEED", time.time())))
    port = free_port()
    text = bench.link_text("demo", port)
    supply = PowerSupply(bench)
    logs = os.path.join(supply.path, "log")
    sender = noise(bench, port)
    faults, durable, damaged, reported, lost, largest, seen = [], [], 0, 0, 0, 0.0, 0
    try:
        for turn in range(rounds + 1):
            daemon = NoisyDaemon(bench, text, logs)
            daemon.wait_until_ready()
            daemon.wait_until(lambda: "start" in daemon.said(), 60, "its first event")
            reported += bool(re.search(r"action=truncated path=\S*/events.jsonl", daemon.said()))
            if turn == rounds:
                daemon.stop(60)
                break
            watcher = Watcher(daemon.socket)
            watcher.start()
            daemon.dump(chance.uniform(0.2, 2.5))
            moment = time.monotonic()
            supply.cut()
            daemon.kill()
            watcher.join(10)
            supply.off()
            supply.on()
            logset = LogSet(logs, "events")
            if durable and logset.records()[:len(durable)] != durable:
                faults.append(f"turn {turn}: older records are not what they were")
            lines = []
            for line in logset.records():
                try:
                    number(line)
                except ValueError:
                    break
                lines.append(line)
            damaged += bool(logset.torn) or len(lines) < len(logset.records())
            durable = lines
            last = number(durable[-1]) if durable else 0
            numbers = {number(line) for line in durable}
            missing = [when for seq, when in watcher.seen.items() if seq not in numbers and when < moment]
            early = [seq for seq in watcher.seen if seq <= last and seq not in numbers]
            if early:
                faults.append(f"turn {turn}: {len(early)} records before the last one are missing")
            seen += len(watcher.seen)
            lost += len(missing)
            largest = max([largest, *(moment - when for when in missing)])
    finally:
        stop(sender)
        subprocess.run(["umount", "-l", supply.path], check=False, capture_output=True)
    bench.report(
        "power", f"{rounds} × power cut at random moments: older records whole, the loss within {SYNC_INTERVAL:g} s",
        not faults and largest <= SYNC_INTERVAL + 0.5 and reported >= damaged,
        f"{seen} records seen, {lost} of them lost, the oldest {largest:.2f} s before the cut; {damaged} damaged tails, "
        f"{reported} reported; {len(durable)} records at the end; seed {seed}"
        + "".join(f"\n  {fault}" for fault in faults[:10]))


def line_pack(bench):
    """Killed at each system call of a rotation and of packing."""
    if not shutil.which("strace"):
        bench.report("pack", "killed at each system call", False, "this needs strace")
        return
    text = bench.link_text("demo", free_port())
    record = ('{"timestamp":"2026-11-21T09:24:37.251547Z","event_type":"daemon","severity":"info","seq":%d,'
              '"run_id":"r","daemon":{"action":"start","version":"1"}}\n')
    content = "".join(record % index for index in range(1, 1001)).encode()
    faults, kills, states = [], {}, {}
    for call in ("renameat", "unlinkat", "fsync", "openat", "write", "pread64", "close", "ftruncate", "newfstatat"):
        for turn in range(1, 200):
            logs = bench.path("pack-log")
            shutil.rmtree(logs, ignore_errors=True)
            os.mkdir(logs)
            with open(os.path.join(logs, "events.jsonl"), "wb") as file:
                file.write(content)
            traced = NoisyDaemon(
                bench, text, logs,
                ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}",
                 "-e", f"inject={call}:signal=KILL:when={turn}"])
            deadline = time.monotonic() + 60
            while traced.child.poll() is None and time.monotonic() < deadline:
                if is_packed(logs) and os.path.exists(traced.socket):
                    break
                time.sleep(0.02)
            survived = traced.child.poll() is None
            if survived:
                # The daemon is the tracer's child: it ends with the tracer's detachment, so it is told by itself.
                subprocess.run(["kill", "-9", *children(traced.child.pid)], check=False, capture_output=True)
                traced.child.wait()
            state = tuple(sorted({re.sub(r".*?(\.jsonl.*)", r"\1", name) for name in os.listdir(logs)
                                  if name.startswith("events-")})) or ("not rotated",)
            states[state] = states.get(state, 0) + 1
            try:
                check_pack(bench, text, logs, content, f"{call} {turn}", faults)
            except Trouble as trouble:
                faults.append(f"{call} {turn}: {trouble}")
            if survived:
                break
            kills[call] = turn
    found = ", ".join(f"{count} × {' and '.join(state)}" for state, count in states.items())
    bench.report(
        "pack", "killed at each system call while rotating and packing: the source or the packed file is whole",
        not faults and sum(kills.values()) > 20,
        f"killed at {kills}; found {found}"
        + "".join(f"\n  {fault}" for fault in faults[:10]))


def is_packed(logs):
    names = os.listdir(logs)
    return any(re.fullmatch(r"events-.*\.jsonl\.gz", name) for name in names) and not any(
        re.fullmatch(r"events-.*\.jsonl(\.gz\.tmp)?", name) for name in names)


def children(parent):
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
        return file.read().split()


def check_pack(bench, text, logs, content, what, faults):
    before = LogSet(logs, "events").records()
    expected = content.split(b"\n")[:-1]
    if before[:len(expected)] != expected:
        faults.append(f"{what}: records are missing right after the kill")
    daemon = NoisyDaemon(bench, text, logs)
    daemon.wait_until_ready()
    daemon.wait_until(lambda: is_packed(logs), 60, "the packed file, and nothing beside it")
    daemon.kill()
    after = LogSet(logs, "events").records()
    if after[:len(before)] != before:
        faults.append(f"{what}: records are missing after the next start")
    numbers = [number(line) for line in after]
    if numbers != sorted(set(numbers)):
        faults.append(f"{what}: the numbers go back")

"""A long run under everything at once: does anything grow, leak, or fail to add up?"""

import json
import os
import random
import socket
import sys
import threading
import time

from bench import Daemon, free_port, megabytes
from faults.disks import whole_records
from frames import aos, link, station
from relay import RelayProcess
from sender import Sender

RATE = 5000
LENGTH = 256
CHANCES = {"lost": 0.01, "doubled": 0.005, "late": 0.005, "damaged": 0.01, "cut": 0.005}
#: Of resident memory, in bytes an hour.
LARGEST_SLOPE = 1 << 20


class SlowClients(threading.Thread):
    """Clients that come, ask to watch, read little or nothing, and go."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.chance, self.count, self.ended = path, random.Random(20261121), 0, threading.Event()

    def run(self):
        clients = []
        while not self.ended.wait(1):
            if len(clients) < 8:
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                try:
                    client.connect(self.path)
                    client.sendall(self.chance.choice((b"watch\n", b"status\n" * 3, b"{\"id\":", b"\xff\xfe\n")))
                    clients.append(client)
                    self.count += 1
                except OSError:
                    client.close()
            if clients and self.chance.random() < 0.3:
                clients.pop(self.chance.randrange(len(clients))).close()
        for client in clients:
            client.close()


class Rotation(threading.Thread):
    """Rotates the logs as an operator's tool does: renames them, every thirty seconds."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.daemon_, self.count, self.ended = daemon, 0, threading.Event()

    def run(self):
        while not self.ended.wait(30):
            for name in ("events", "stats"):
                path = os.path.join(self.daemon_.logs, name + ".jsonl")
                older = f"{path}.{self.count % 4}"
                try:
                    os.rename(path, older)
                except FileNotFoundError:
                    continue
            self.count += 1


class Reloads(threading.Thread):
    """Asks for the same configuration, and for one with another link, in turn, every minute."""

    def __init__(self, daemon, text):
        super().__init__(daemon=True)
        self.daemon_, self.text, self.ended = daemon, text, threading.Event()
        self.codes = []

    def run(self):
        # Behind the link that is watched, which stays the first.
        other = link("other", free_port(), f"type: aos, length: {LENGTH}, spacecraft_id: 42")
        control = os.path.join(self.daemon_.directory, "control.sock")
        while not self.ended.wait(60):
            self.daemon_.configure(self.text if len(self.codes) % 2 else self.text.replace("stats_", other + "stats_"))
            self.codes.append(self.daemon_.bench.run("downlinkctl", "reload", "--wait", "--socket", control).code)


class Samples:
    """What is looked at each second."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.memory, self.descriptors, self.unbalanced, self.waits = [], [], 0, []

    def take(self, at):
        began = time.monotonic()
        status = self.daemon.ask("status")
        self.waits.append(time.monotonic() - began)
        self.unbalanced += not status["accounting"]["balanced"]
        self.memory.append((at, self.daemon.memory()))
        self.descriptors.append((at, self.daemon.descriptor_count()))
        return status


def slope(samples):
    """By least squares over the last three quarters, in units an hour."""
    late = samples[len(samples) // 4:]
    mean_time = sum(at for at, _ in late) / len(late)
    mean = sum(value for _, value in late) / len(late)
    spread = sum((at - mean_time) ** 2 for at, _ in late)
    return 3600 * sum((at - mean_time) * (value - mean) for at, value in late) / spread if spread else 0


def line_soak(bench, seconds):
    """Runs for so long, and says at the end and each minute how it is."""
    port, entry = free_port(), free_port()
    text = station(link("soak", port, f"type: aos, length: {LENGTH}, spacecraft_id: 42")) + "stats_interval: 5s\n"
    daemon = Daemon(bench, text, logs="max_file_bytes: 256KiB, max_total_bytes: 4MiB, sync_interval: 1s")
    relay = RelayProcess(bench, entry, port, CHANCES)
    stop, sender = threading.Event(), Sender(entry)
    sending = threading.Thread(target=send, args=(sender, stop), daemon=True)
    clients, rotation, reloads = SlowClients(daemon.socket), Rotation(daemon), Reloads(daemon, text)
    samples = Samples(daemon)
    used = daemon.cpu_seconds()
    sending.start()
    time.sleep(3)
    # With everything that comes into being with the first traffic, and no client but the one that asks.
    samples.take(0)
    samples.memory.clear()
    for thread in (clients, rotation, reloads):
        thread.start()
    began = time.monotonic()
    while (at := time.monotonic() - began) < seconds:
        samples.take(at)
        if len(samples.memory) % 60 == 0:
            print(
                f"         {at:.0f} s: {sender.count} sent, {megabytes(samples.memory[-1][1])}, "
                f"{samples.descriptors[-1][1]} descriptors, {rotation.count} rotations, {clients.count} clients",
                file=sys.stderr, flush=True)
        time.sleep(max(0, len(samples.memory) - (time.monotonic() - began)))
    took = time.monotonic() - began
    for thread in (sending, clients, rotation, reloads):
        (stop if thread is sending else thread.ended).set()
        thread.join()
    used = daemon.cpu_seconds() - used
    time.sleep(3)
    samples.take(took + 3)
    tell_account(bench, daemon, relay, sender, port)
    tell_samples(bench, samples, took, used)
    if reloads.codes and 0 not in reloads.codes:
        print(f"         nothing was reloaded: exits {sorted(set(reloads.codes))}", flush=True)
    elif reloads.codes:
        bench.report(
            "soak", "reloads every minute", set(reloads.codes) == {0}, f"{len(reloads.codes)}, exits {sorted(set(reloads.codes))}")
    tell_logs(bench, daemon, rotation, clients)


def send(sender, stop):
    number, began = 0, time.monotonic()
    while not stop.is_set():
        for _ in range(25):
            # In one channel, so that what is missing is known; a gap of 2^24 does not come within an hour.
            sender.send(aos(LENGTH, 42, 1, number & 0xFFFFFF))
            number += 1
        time.sleep(max(0, number / RATE - (time.monotonic() - began)))


def tell_account(bench, daemon, relay, sender, port):
    while relay.account()["received"] < sender.count and not time.sleep(0.2):
        pass
    account = relay.end()
    with Sender(port) as last:
        # The last one has to come through: what is missing behind it would never be missed.
        last.send(aos(LENGTH, 42, 1, sender.count & 0xFFFFFF))
    status = daemon.wait_for_datagrams(account["sent"] + 1)
    found = status["links"][0]
    datagrams, frames, channel = found["ledger"]["datagrams"], found["ledger"]["frames"], found["virtual_channels"][0]
    withheld = account["lost"] + account["damaged"] + account["cut"]
    bench.report(
        "soak", "the ledger is the account of the line",
        datagrams["received"] == account["sent"] + 1 and datagrams["kernel_dropped"] == 0
        and channel["missing"] == withheld and channel["duplicates"] == account["doubled"]
        and frames["rejected"] == {"fecf": account["damaged"], "length": account["cut"]},
        f"{json.dumps(account)}; received {datagrams['received']}, dropped {datagrams['kernel_dropped']}, missing "
        f"{channel['missing']} of {withheld} withheld, duplicates {channel['duplicates']}, rejected {frames['rejected']}")


def tell_samples(bench, samples, took, used):
    grows, first, last = slope(samples.memory), samples.memory[len(samples.memory) // 4][1], samples.memory[-1][1]
    bench.report(
        "soak", "balanced at every look", samples.unbalanced == 0,
        f"{len(samples.memory)} looks in {took:.0f} s, {samples.unbalanced} unbalanced")
    bench.report(
        "soak", "memory does not grow: less than 1 MiB an hour over the last three quarters", grows < LARGEST_SLOPE,
        f"{grows / 1024:+.0f} KiB an hour; {megabytes(first)} after a quarter, {megabytes(last)} at the end")
    counts = [count for _, count in samples.descriptors]
    bench.report(
        "soak", "no descriptor is left behind", counts[-1] <= counts[0],
        f"{counts[0]} before the first client, {counts[-1]} after the last; up to {max(counts)} between, "
        f"{slope(samples.descriptors):+.2f} an hour")
    waits = sorted(samples.waits)
    bench.report(
        "soak", "status is answered", waits[-1] < 5,
        f"p99 {waits[len(waits) * 99 // 100] * 1000:.1f} ms, worst {waits[-1] * 1000:.1f} ms")
    print(f"         {100 * used / took:.1f} % of a processor", flush=True)


def tell_logs(bench, daemon, rotation, clients):
    logs = {log["log"]: log for log in daemon.ask("logs")["logs"]}
    code = daemon.stop()
    records, torn = whole_records(daemon.logs, "events")
    bench.report(
        "soak", "the logs were written", code == 0 and torn == 0 and bool(records)
        and not any(log["degraded"] or log["dropped"] for log in logs.values()),
        f"exit {code}, {rotation.count} rotations from outside, {sum(log['rotations'] for log in logs.values())} of its own, "
        f"{sum(log['records'] for log in logs.values())} records, {torn} torn, {clients.count} clients")

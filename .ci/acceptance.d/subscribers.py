"""Line 6 of what a service owes: 300 who watch, 100 of them slow, and the links do not feel it."""

import os
import select
import selectors
import socket
import subprocess
import sys
import time

from bench import Daemon, Trouble, free_port, megabytes

RATE = 20_000
QUICK, SLOW = 200, 100
SETTLING_SECONDS = 3


def line_subscribers(bench, seconds):
    """In one run, in turns: latency from the kernel's time stamp to the decoded frame, without and with them."""
    port = free_port()
    text = bench.link_text("aos", port)
    daemon = Daemon(bench, text, status="max_clients: 400, max_clients_per_user: 400")
    phases = [False, True, False, True, False]
    length = 3 * (seconds + SETTLING_SECONDS) * len(phases)
    # Some are missing, so that there are events to tell; it goes on for longer than this can take.
    sending = bench.start(
        "downlinkd", "simulate", "--scenario", "aos", "--frames", RATE * length, "--speed", RATE / 50_000, "--drop", 0.001,
        f"udp:127.0.0.1:{port}", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    daemon.wait_until(lambda: daemon.link()["totals"]["frames"] > RATE, 30, "frames")
    alone = daemon.memory()
    results = []
    for watched in phases:
        crowd = start_crowd(bench, daemon) if watched else None
        time.sleep(SETTLING_SECONDS)
        results.append((watched, measure(daemon, seconds)))
        if crowd:
            results[-1][1]["clients"] = daemon.ask("clients")
            crowd.kill()
            crowd.wait()
    peak = daemon.memory("VmHWM")
    clients = daemon.ask("clients")["totals"]
    sending.terminate()
    sending.communicate()
    link = daemon.link()
    daemon.stop()
    for watched, result in results:
        count = len(result["clients"]["clients"]) - 1 if watched else 0
        bench.report(
            "subscribers", f"{seconds} s with {count:3} subscribers", result["frames"] > 0.9 * RATE * seconds,
            f"p50 {micro(result, 0.5)}, p99 {micro(result, 0.99)}, p99.9 {micro(result, 0.999)}, {result['cpu']:.0%} of a "
            f"core, {result['frames'] / result['seconds']:,.0f} frames/s, dropped {result['dropped']}")
    without = sorted(quantile(result["buckets"], 0.99) for watched, result in results if not watched)
    with_them = sorted(quantile(result["buckets"], 0.99) for watched, result in results if watched)
    # As far as the runs without differ among themselves, and a tenth.
    limit = 1.1 * without[-1] + (without[-1] - without[0])
    bench.report(
        "subscribers", "p99 from reception to decoding is unchanged within noise", with_them[0] <= limit,
        f"without {', '.join(f'{value * 1e6:.0f}' for value in without)} µs, with "
        f"{', '.join(f'{value * 1e6:.0f}' for value in with_them)} µs, at most {limit * 1e6:.0f}")
    bench.report(
        "subscribers", "nothing is lost", link["totals"]["kernel_dropped"] == 0, f"{link['totals']['kernel_dropped']} dropped "
        f"by the kernel of {link['totals']['datagrams']}")
    bench.report(
        "subscribers", "the slow are let go again and again", clients["evicted"]["slow"] >= SLOW,
        f"{clients['evicted']['slow']} evicted, {clients['lost_events']} events lost by them, {clients['connected']} connected "
        "in all")
    bench.report(
        "subscribers", "memory, at its highest", peak <= alone + 400 * (1536 << 10),
        f"{megabytes(alone)} alone, {megabytes(peak)} with all of them")


def start_crowd(bench, daemon):
    crowd = subprocess.Popen(
        [sys.executable, os.path.abspath(__file__), daemon.socket], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    bench.children.append(crowd)
    if crowd.stdout.readline().strip() != "all are there":
        raise Trouble("the subscribers did not get in")
    return crowd


def measure(daemon, seconds):
    """What happens in so many seconds, as differences of what the daemon counts."""
    before, used, began = daemon.link(), daemon.cpu_seconds(), time.monotonic()
    time.sleep(seconds)
    after, took = daemon.link(), time.monotonic() - began
    return {
        "buckets": [
            (later.get("le_seconds"), later["count"] - earlier["count"])
            for earlier, later in zip(before["latency"]["buckets"], after["latency"]["buckets"])],
        "frames": after["totals"]["frames"] - before["totals"]["frames"], "seconds": took,
        "dropped": after["totals"]["kernel_dropped"] - before["totals"]["kernel_dropped"],
        "cpu": (daemon.cpu_seconds() - used) / took}


def quantile(buckets, share):
    """Seconds, as far as a histogram knows: within a bucket they are taken to be spread evenly."""
    total, below, lower = sum(count for _, count in buckets), 0, 0.0
    for upper, count in buckets:
        if upper is None:
            return lower
        if count and below + count >= share * total:
            return lower + (upper - lower) * (share * total - below) / count
        below, lower = below + count, upper
    return lower


def micro(result, share):
    return f"{quantile(result['buckets'], share) * 1e6:.0f} µs"


# MARK: The other process


def crowd(path):
    """Those who read what they get, and those who ask for much and never read; who is let go comes again."""
    selector = selectors.DefaultSelector()
    slow = []
    for _ in range(QUICK):
        selector.register(connect(path, b"watch stats_interval_seconds=1\n"), selectors.EVENT_READ)
    for _ in range(SLOW):
        slow.append(connect(path, SLOW_REQUESTS))
    print("all are there", flush=True)
    looked = time.monotonic()
    while True:
        for key, _ in selector.select(0.2):
            if not key.fileobj.recv(1 << 18):
                return
        if time.monotonic() - looked > 1:
            looked = time.monotonic()
            slow = [again(path, client) for client in slow]


SLOW_REQUESTS = b"watch stats_interval_seconds=1\n" + b"schema\n" * 200 + b"status\n" * 100


def connect(path, requests):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)
    client.sendall(requests)
    return client


def again(path, client):
    """The connection, or a new one if the daemon has ended it: to see that takes no reading."""
    poll = select.poll()
    poll.register(client, 0)
    if not poll.poll(0):
        return client
    client.close()
    return connect(path, SLOW_REQUESTS)


if __name__ == "__main__":
    crowd(sys.argv[1])

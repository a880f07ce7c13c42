"""The live page left open on a wall: what it takes after an hour of real time beside what it took at first."""

import glob
import json
import os
import time

import chromium
import housekeeping
from bench import Daemon, Trouble, free_port, megabytes
from page import LIVE, serve_text

# What is made once, such as compiled code and the first of everything, is there by then.
WARM_UP = 300
ALLOWED = 1 << 20


def line_page_hour(bench, seconds):
    """Three links on which everything goes wrong a little, and a page that nobody touches."""
    if chromium.program() is None:
        return bench.report("page-hour", "the live page for an hour", True, "not looked at: this needs Debian's chromium")
    text, url = serve_text(bench)
    path = bench.write("housekeeping.xml", housekeeping.database())
    port = free_port()
    daemon = Daemon(bench, text.replace("\nweb:", "\n" + housekeeping.link_text("house", port, path) + "web:"))
    senders = [
        bench.start(
            "downlinkd", "simulate", "--scenario", scenario, "--drop", 0.01, "--corrupt", 0.01,
            "udp:" + next(link["listen"] for link in daemon.ask("status")["links"] if link["name"] == name))
        for scenario, name in (("demo", "demo"), ("cadu-demo", "coded"))]
    feed = housekeeping.Housekeeping(port)
    samples, complaints = [], []
    with chromium.Chromium() as browser:
        browser.call("Network.disable")
        browser.size(1920, 1080, True)
        browser.open(f"{url}#link=house")
        if not browser.wait_until(LIVE, 30):
            raise Trouble(f"the page shows nothing: {browser.complaints()}")
        began, daemon_before = time.monotonic(), daemon.memory()
        warm_up = min(WARM_UP, seconds / 3)
        while (elapsed := time.monotonic() - began) < warm_up + seconds:
            if elapsed >= warm_up:
                samples.append(sample(browser, daemon, elapsed - warm_up))
                print(json.dumps(samples[-1]), flush=True)
            browser.wait(min(60, seconds / 10))
            complaints += browser.complaints()
            browser.told.clear()
        samples.append(sample(browser, daemon, time.monotonic() - began - warm_up))
        is_live = browser.value(LIVE)
    feed.stop()
    for sender in senders:
        sender.kill()
        sender.wait()
    daemon.stop()
    report(bench, samples, complaints, is_live, daemon_before)


def sample(browser, daemon, seconds):
    heap, nodes, listeners = browser.memory()
    return {
        "seconds": round(seconds), "heap": heap, "nodes": nodes, "listeners": listeners,
        "renderer": renderer_memory(browser), "daemon": daemon.memory()}


def renderer_memory(browser):
    """What the process that draws the page takes for itself alone, in bytes."""
    total = 0
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read()
            if b"--type=renderer" not in words or not is_ours(path, browser):
                continue
            with open(os.path.join(os.path.dirname(path), "smaps_rollup"), encoding="utf-8") as file:
                total += sum(int(line.split()[1]) << 10 for line in file if line.startswith(("Private_Clean", "Private_Dirty")))
        except OSError:
            continue
    return total


def is_ours(path, browser):
    """Whether a process descends from the browser."""
    number = int(path.split("/")[2])
    while number > 1:
        if number == browser.child.pid:
            return True
        with open(f"/proc/{number}/stat", encoding="utf-8") as file:
            number = int(file.read().rpartition(")")[2].split()[1])
    return False


def slope(samples, name):
    """What it grows by in an hour, as a straight line through all samples has it."""
    times, values = [row["seconds"] for row in samples], [row[name] for row in samples]
    middle, level = sum(times) / len(times), sum(values) / len(values)
    spread = sum((time - middle) ** 2 for time in times)
    return 3600 * sum((time - middle) * (value - level) for time, value in zip(times, values)) / spread if spread else 0


def report(bench, samples, complaints, is_live, daemon_before):
    first, last = samples[0], samples[-1]
    minutes = (last["seconds"] - first["seconds"]) / 60
    bench.report(
        "page-hour", f"{minutes:.0f} minutes of real time do not make the page grow",
        last["heap"] - first["heap"] < ALLOWED and last["nodes"] - first["nodes"] < 100
        and last["listeners"] <= first["listeners"] and is_live and not complaints,
        f"heap {megabytes(first['heap'])}, then {megabytes(last['heap'])}, largest "
        f"{megabytes(max(row['heap'] for row in samples))}, {slope(samples, 'heap') / 1024:+.0f} KiB an hour by a straight "
        f"line; nodes {first['nodes']}, then {last['nodes']}; listeners {first['listeners']}, then {last['listeners']}; its "
        f"process {megabytes(first['renderer'])}, then {megabytes(last['renderer'])}; the daemon {megabytes(daemon_before)} "
        f"at the start, {megabytes(first['daemon'])}, then {megabytes(last['daemon'])}; {len(samples)} samples; complaints: "
        f"{complaints[:2] or 'none'}")

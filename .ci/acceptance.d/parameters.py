"""What packets mean: calibrated values per second beside two other programs, and what a database costs."""

import glob
import json
import os
import subprocess
import sys

from bench import Daemon, Trouble, free_port, megabytes

PEERS = ["space_packet_parser==6.2.0", "ccsdspy==2.0.1"]
PACKETS = 200_000
REQUIRED = 2_200_000
MEMORY = 96 << 20


def line_parameters(bench):
    """Packets of 30 calibrated values: ours, plain C, and two programs of others, in one run on one machine."""
    peers = install_peers(bench)
    database = write(bench, "benchmark.xml", "parameter-database")
    packets = write(bench, "packets.bin", "parameter-packets", "--packets", PACKETS)
    ours = bench.run("Benchmarks", "parameters", "--passes", 30, limit=600)
    if ours.code != 0:
        raise Trouble(f"Benchmarks parameters: exit {ours.code}: {ours.errors.strip()}")
    reference, plan = json.loads(ours.output)["benchmarks"]
    rate = plan["units_per_cpu_second"]
    bench.report(
        "parameters", f"packets of 30 calibrated values, at least {REQUIRED / 1e6} million a CPU-second", rate >= REQUIRED,
        f"{rate / 1e6:.2f} million, {plan['nanoseconds_per_unit']:.0f} ns each; C for this packet alone "
        f"{reference['units_per_cpu_second'] / 1e6:.1f} million")
    said = peers and subprocess.run(
        [peers, os.path.join(os.path.dirname(__file__), "parameter_peers.py"), database, packets, str(PACKETS // 40)],
        capture_output=True, text=True, check=False, timeout=900)
    if said and said.returncode == 0:
        theirs = json.loads(said.stdout)
        for name in ("ccsdspy", "space_packet_parser"):
            bench.report(
                "parameters", f"faster than {name}, on the same packets", rate > theirs[name] and theirs["agree"],
                f"{name} {theirs[name] / 1e6:.4f} million; ours {rate / theirs[name]:.1f} times as many; the others "
                f"{'agree' if theirs['agree'] else 'do not agree'} with each other")
    else:
        why = said.stderr.strip().splitlines()[-1:] if said else "they cannot be installed from the package index"
        bench.report("parameters", "beside other programs", False, f"not measured: {why}")
    line_memory(bench)


def line_memory(bench):
    """The largest database that is at hand, read and made ready."""
    corpus = os.environ.get("DOWNLINKD_CORPUS", "../shared/corpus")
    files = glob.glob(os.path.join(corpus, "data", "**", "*.xml"), recursive=True)
    if not files:
        bench.report("parameters", "memory for a database", False, f"no databases below {corpus}")
        return
    largest = max(files, key=os.path.getsize)
    done = bench.run("Benchmarks", "database", os.path.abspath(largest))
    if done.code != 0:
        raise Trouble(f"Benchmarks database: exit {done.code}: {done.errors.strip()}")
    cost = json.loads(done.output)
    bench.report(
        "parameters", f"memory for {os.path.basename(largest)}", cost["peak_rss_bytes"] <= MEMORY,
        f"{megabytes(cost['peak_rss_bytes'])} of {megabytes(MEMORY)} at its highest; {cost['parameters']} parameters, "
        f"{cost['containers']} containers; read in {cost['load_milliseconds']} ms, planned in {cost['plan_milliseconds']} ms")


    line_daemon_memory(bench, largest)


def line_daemon_memory(bench, database):
    """A daemon that runs with it: its memory at its highest, from its start on."""
    daemon = Daemon(
        bench, "station: test\nlinks:\n  - name: sat\n    parameters: { lenient: true }\n"
        f"    mission_database: {os.path.abspath(database)}\n"
        f"    input: {{ udp: \"127.0.0.1:{free_port()}\", format: packets }}\n")
    highest = daemon.memory("VmHWM")
    bench.report(
        "parameters", f"memory of a daemon that runs with {os.path.basename(database)}", highest <= MEMORY,
        f"{megabytes(highest)} of {megabytes(MEMORY)}; {len(daemon.ask('status')['links'])} link")
    daemon.stop()


def install_peers(bench):
    """A Python that has the other programs, for this run alone; none where they cannot be installed."""
    folder = bench.path("peers")
    python = os.path.join(folder, "bin", "python")
    for command in ([sys.executable, "-m", "venv", folder], [python, "-m", "pip", "-q", "install", *PEERS]):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return None
    return python


def write(bench, name, *arguments):
    """What a command of the benchmarks writes, in a file."""
    path = bench.path(name)
    with open(path, "wb") as file:
        child = bench.start("Benchmarks", *arguments, stdout=file)
        if child.wait(120) != 0:
            raise Trouble(f"Benchmarks {' '.join(map(str, arguments))}: exit {child.returncode}")
    return path

"""Shows what is promised of the programs as a whole. `.ci/acceptance` builds them and starts this."""

import os
import sys
import time

from bench import Bench, Trouble
from clients import line_clients
from coding import line_plain, line_rate, line_tcp
from durability import line_kill, line_pack, line_power
from explain import line_explain
from faults import line_faults
from hostile import line_hostile
from leapseconds import line_leapseconds
from metrics import line_metrics
from manuals import line_manuals
from mirror import line_mirror
from multicast import line_groups
from operating import line_8, line_9, line_exits, line_logs
from packaging import line_package, line_unit
from page import line_page
from page_hour import line_page_hour
from parameters import line_parameters
from passes import line_passes
from receiving import line_4, line_5a, line_5b, line_7
from soak import line_soak
from subscribers import line_subscribers
from systemd import line_systemd
from top import line_top
from values import line_values
from web import line_eventstreams, line_http


def main():
    seconds = int(os.environ.get("ACCEPTANCE_SECONDS", 60))
    datagrams = int(os.environ.get("ACCEPTANCE_DATAGRAMS", 1_000_000))
    lines = {
        "4": line_4, "5a": lambda bench: line_5a(bench, seconds), "5b": line_5b,
        "7": lambda bench: line_7(bench, datagrams), "8": line_8, "9": line_9, "exits": line_exits, "logs": line_logs,
        "rate": lambda bench: line_rate(bench, seconds), "tcp": line_tcp, "plain": line_plain,
        "clients": line_clients, "subscribers": lambda bench: line_subscribers(bench, min(20, seconds)),
        "unit": line_unit, "kill": line_kill, "power": line_power, "pack": line_pack, "groups": line_groups,
        "mirror": line_mirror, "parameters": line_parameters, "values": line_values, "hostile": line_hostile,
        "leapseconds": line_leapseconds, "metrics": line_metrics, "passes": line_passes, "explain": line_explain,
        "http": lambda bench: line_http(bench, min(20, seconds)),
        "eventstreams": lambda bench: line_eventstreams(bench, min(20, seconds)), "page": line_page, "top": line_top,
        "manuals": line_manuals}
    wanted = sys.argv[2:] or list(lines)
    # These take long, and are asked for by name.
    if wanted[0] == "faults":
        rows, wanted = wanted[1:], ["faults"]
        lines["faults"] = lambda bench: line_faults(bench, rows)
    lines["soak"] = lambda bench: line_soak(bench, int(os.environ.get("ACCEPTANCE_SECONDS", 7200)))
    lines["page-hour"] = lambda bench: line_page_hour(bench, int(os.environ.get("ACCEPTANCE_SECONDS", 3600)))
    lines["systemd"] = line_systemd
    lines["package"] = line_package
    unknown = [line for line in wanted if line not in lines]
    if unknown:
        print(f"there is no line {', '.join(unknown)}; there are {', '.join(lines)}", file=sys.stderr)
        return 64
    bench = Bench(sys.argv[1])
    began = time.monotonic()
    try:
        for line in wanted:
            try:
                lines[line](bench)
            except BrokenPipeError:
                return 1
            except (Trouble, OSError, KeyError, IndexError, ValueError) as trouble:
                bench.report(line, "could be looked at", False, f"{type(trouble).__name__}: {trouble}")
    finally:
        bench.close()
    print(f"{'FAILED' if bench.failed else 'passed'} after {time.monotonic() - began:.0f} s", flush=True)
    return 1 if bench.failed else 0


sys.exit(main())

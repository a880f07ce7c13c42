"""The table: its rows, how one is run, and how it is told."""

import time

from bench import Trouble
from faults.swift_tests import SwiftTests

ROWS = {}
#: Promised for parts that do not exist: said, and not counted.
WAITING = {
    17: ("bit flip in an old archive segment", "there is no archive yet"),
}


class Row:
    """A fault, what is promised for it, how it is made to happen, and the function that does it."""

    def __init__(self, number, scenario, promise, how, body):
        self.number = number
        self.scenario = scenario
        self.promise = promise
        self.how = how
        self.body = body


class NotRun(Exception):
    """The row cannot be looked at here; never counted as passed."""


def row(number, scenario, promise, how):
    """Makes a function a row. It takes a `Trial` and says there what it sees."""
    def add(body):
        ROWS[number] = Row(number, scenario, promise, how, body)
        return body
    return add


class Trial:
    """One row at work: the bench, the package's tests, and what was seen."""

    def __init__(self, bench, tests):
        self.bench = bench
        self.swift_tests = tests
        self.passed = True
        self.seen = []

    def see(self, passed, text):
        """A finding, and whether it is as promised."""
        self.passed = self.passed and bool(passed)
        self.seen.append(text if passed else f"NOT AS PROMISED: {text}")

    def tests(self, *filters):
        """Runs tests of the package: every one has to pass, and every filter to name at least one."""
        for name in filters:
            count, trouble = self.swift_tests.run(name)
            self.see(count > 0 and not trouble, f"{name}: {count} tests passed" + (f"; {trouble}" if trouble else ""))

    def line(self, module, function):
        """Runs a line of this command that shows the same."""
        try:
            body = getattr(__import__(module), function)
        except (ImportError, AttributeError):
            raise NotRun(f"{module}.{function} is not there yet") from None
        report, failed = self.bench.report, self.bench.failed
        self.bench.report = lambda name, promise, passed, figures: self.see(passed, f"{promise}: {figures}")
        try:
            body(self.bench)
        finally:
            self.bench.report, self.bench.failed = report, failed


def line_faults(bench, wanted):
    """All rows, or those that are wanted, as lines of a table. The end counts them."""
    numbers = sorted({int(word) for word in wanted} or ROWS.keys() | WAITING.keys())
    unknown = [number for number in numbers if number not in ROWS and number not in WAITING]
    if unknown:
        raise Trouble(f"there is no row {', '.join(map(str, unknown))}; they go from 1 to 36")
    tests = SwiftTests()
    counts = {"PASS": 0, "FAIL": 0, "not run": 0, "waits": 0}
    print("| row | fault or attack | promised | how | seen | verdict |\n|---|---|---|---|---|---|", flush=True)
    for number in numbers:
        verdict = show(bench, tests, number)
        counts[verdict] += 1
        bench.failed = bench.failed or verdict == "FAIL"
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if word != "PASS" and count)
    print(f"faults: {counts['PASS']} of {len(numbers) - counts['waits']} as promised" + (f"; {told}" if told else ""), flush=True)


def show(bench, tests, number):
    if number in WAITING:
        scenario, reason = WAITING[number]
        print(f"| {number} | {scenario} | | | {reason} | waits |", flush=True)
        return "waits"
    trial = Trial(bench, tests)
    found = ROWS[number]
    began = time.monotonic()
    try:
        found.body(trial)
        verdict = "PASS" if trial.passed else "FAIL"
    except NotRun as reason:
        trial.seen.append(str(reason))
        verdict = "not run" if trial.passed else "FAIL"
    except Exception as trouble:  # Whatever it is, the rows after it are run.
        trial.seen.append(f"{type(trouble).__name__}: {trouble}")
        verdict = "FAIL"
    finally:
        bench.end_children()
    seen = "; ".join(trial.seen).replace("\n", " ").replace("|", "\\|")
    print(
        f"| {number} | {found.scenario} | {found.promise} | {found.how} | {seen} ({time.monotonic() - began:.1f} s) "
        f"| {verdict} |", flush=True)
    return verdict

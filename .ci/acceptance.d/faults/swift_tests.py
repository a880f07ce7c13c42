"""Tests of the package, as the proof of a row."""

import os
import re
import subprocess

from bench import Trouble


class SwiftTests:
    """Builds the tests once, when the first row asks for them, and runs them by filter."""

    def __init__(self):
        self.is_built = False
        self.package = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

    def swift(self, *arguments):
        return subprocess.run(
            ["swift", *arguments], cwd=self.package, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False)

    def build(self):
        if self.is_built:
            return
        done = self.swift("build", "--configuration", "release", "--build-tests")
        if done.returncode != 0:
            raise Trouble(f"the tests cannot be built: {done.stdout.strip().splitlines()[-1:]}")
        self.is_built = True

    def run(self, name):
        """How many tests of that name passed, and what is wrong when not all of them did."""
        self.build()
        done = self.swift(
            "test", "--configuration", "release", "--skip-build", "--disable-xctest", "--filter", name)
        summary = re.findall(r"Test run with (\d+) tests? in \d+ suites? (passed|failed)", done.stdout)
        if not summary:
            lines = done.stdout.strip().splitlines() or ["nothing was said"]
            told = [line for line in lines if line.startswith("error:")] or lines[-1:]
            return 0, f"exit {done.returncode}: {' '.join(told)}"
        count, verdict = summary[-1]
        if verdict == "passed" and done.returncode == 0:
            return int(count), None
        return 0, f"of {count} tests some failed: " + " ".join(re.findall(r"Test .* recorded an issue.*", done.stdout)[:3])

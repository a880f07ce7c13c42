"""What every line needs: a working directory, processes that end with us, the daemon and its status socket."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Bench:
    """A place to work, gone with its processes when the run is over."""

    def __init__(self, programs):
        self.programs = programs
        self.directory = tempfile.mkdtemp(prefix="downlinkd-acceptance-")
        self.children = []
        self.failed = False
        self.daemon_count = 0
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))

    def end_children(self):
        """Ends every process that was started here."""
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGCONT)
                child.kill()
                child.wait()
        self.children = []

    def close(self):
        self.end_children()
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def report(self, line, promise, passed, figures):
        """One promise: what, whether, and how much."""
        self.failed = self.failed or not passed
        print(f"line {line}: {promise}: {'PASS' if passed else 'FAIL'}  {figures}", flush=True)
        return passed

    def start(self, program, *arguments, prefix=(), **options):
        """Starts one of our programs, or a `prefix` that is to start it."""
        child = subprocess.Popen(
            [*prefix, os.path.join(self.programs, program), *map(str, arguments)], cwd=self.directory, text=True, **options)
        self.children.append(child)
        return child

    def run(self, program, *arguments, limit=120, stdin=None):
        """Runs to the end. Returns the exit code, the outputs and the seconds."""
        child = self.start(
            program, *arguments, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return self.finish(child, limit)

    def emulate(self, emulator, program, *arguments, limit=300):
        """Runs to the end on an emulated processor, the oldest that there is of this kind."""
        child = subprocess.Popen(
            [emulator, "-cpu", "qemu64,-sse4.1,-sse4.2,-ssse3,-pclmulqdq,-avx,-avx2",
             os.path.join(self.programs, program), *map(str, arguments)],
            cwd=self.directory, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.children.append(child)
        return self.finish(child, limit)

    @staticmethod
    def finish(child, limit):
        began = time.monotonic()
        try:
            output, errors = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            child.kill()
            output, errors = child.communicate()
            errors += f"\nstill running after {limit} s"
        return Finished(child.returncode, output, errors, time.monotonic() - began)

    def simulate(self, *arguments, limit=300):
        """Runs the simulator. Returns how many datagrams or units it sent, and the seconds."""
        done = self.run("downlinkd", "simulate", *arguments, limit=limit)
        sent = re.search(r"sent (\d+) (?:datagrams|units)", done.output)
        if done.code != 0 or not sent:
            raise Trouble(f"simulate {' '.join(map(str, arguments))}: exit {done.code}: {done.errors.strip()}")
        return int(sent[1]), done.seconds

    def link_text(self, scenario, port):
        """The configuration of a link that receives a scenario."""
        path = self.path(f"link-{scenario}-{port}.yaml")
        self.simulate("--scenario", scenario, "--frames", 1, "--port", port, "--link-config", path, self.path("one.pcap"))
        with open(path, encoding="utf-8") as file:
            return file.read()


class Trouble(Exception):
    """Something that has to work before a promise can be looked at does not."""


def call(*command):
    """Runs a command of the system, which has to work."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{' '.join(command)}: {done.stderr.strip()}")


class Finished:
    """A process that has come to its end."""

    def __init__(self, code, output, errors, seconds):
        self.code = code
        self.output = output
        self.errors = errors
        self.seconds = seconds


class Daemon:
    """A running `downlinkd run`, with logs and sockets in a directory of its own.

    `prefix` is a program that starts it, `logs` and `status` more keys of those sections, `log_directory` another place for them.
    """

    def __init__(self, bench, text, *arguments, prefix=(), environment=None, logs="", status="", log_directory=None):
        bench.daemon_count += 1
        self.bench = bench
        self.directory = bench.path(f"daemon-{bench.daemon_count}")
        os.mkdir(self.directory)
        self.socket = os.path.join(self.directory, "status.sock")
        self.control = os.path.join(self.directory, "control.sock")
        self.logs = log_directory or os.path.join(self.directory, "log")
        self.log_keys = f"{{ directory: {self.logs}{', ' if logs else ''}{logs} }}"
        self.status_keys = f"{{ socket: {self.socket}{', ' if status else ''}{status} }}"
        self.configuration = os.path.join(self.directory, "station.yaml")
        self.configure(text)
        self.messages = os.path.join(self.directory, "messages")
        self.launch(*arguments, prefix=prefix, environment=environment)

    def configure(self, text):
        """Writes the configuration that is read at the next start or reload."""
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(f"{text.rstrip()}\nlogs: {self.log_keys}\nstatus: {self.status_keys}\n")

    def launch(self, *arguments, prefix=(), environment=None, **options):
        """Starts the program, again after it has ended."""
        as_root = ["--allow-root"] if os.geteuid() == 0 else []
        with open(self.messages, "a", encoding="utf-8") as messages:
            self.child = self.bench.start(
                "downlinkd", "run", *as_root, "-c", self.configuration, *arguments, prefix=prefix,
                stdin=subprocess.DEVNULL, stdout=messages, stderr=messages, env={**os.environ, **(environment or {})},
                **options)
        self.wait_until(self.answers, 20, "its status socket")

    def answers(self):
        """Whether it says how every link is: a socket that a killed one left behind does not."""
        try:
            return bool(self.ask("status")["links"])
        except (FileNotFoundError, ConnectionRefusedError):
            return False

    def said(self):
        with open(self.messages, encoding="utf-8") as messages:
            return messages.read()

    def wait_until(self, condition, seconds, what):
        deadline = time.monotonic() + seconds
        while not condition():
            if self.child.poll() is not None:
                raise Trouble(f"the daemon has ended with {self.child.returncode}: {self.said().strip()}")
            if time.monotonic() > deadline:
                raise Trouble(f"the daemon has been waited for {seconds} s: {what}")
            time.sleep(0.05)

    def ask(self, command):
        """The result of a command of the status socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(30)
            connection.connect(self.socket)
            with connection.makefile("rw", encoding="utf-8", newline="\n") as lines:
                hello = json.loads(lines.readline())
                lines.write(json.dumps({"id": 1, "cmd": command}) + "\n")
                lines.flush()
                reply = json.loads(lines.readline())
        if hello["class"] != "HELLO" or not reply.get("ok"):
            raise Trouble(f"the status socket says {reply}")
        return reply["result"]

    def descriptor_count(self):
        """The files and sockets it has open; what Dispatch keeps for its own use comes and goes."""
        directory, count = f"/proc/{self.child.pid}/fd", 0
        for name in os.listdir(directory):
            try:
                count += not os.readlink(os.path.join(directory, name)).startswith("anon_inode:")
            except FileNotFoundError:
                pass
        return count

    def link(self, index=0):
        return self.ask("status")["links"][index]

    def wait_for_datagrams(self, count, index=0, seconds=30):
        """Waits until so many were received or dropped by the kernel, or until no more come, and gives the status."""
        latest, changed = None, time.monotonic()
        deadline = changed + seconds
        while True:
            status = self.ask("status")
            datagrams = status["links"][index]["ledger"]["datagrams"]
            total = datagrams["received"] + datagrams["kernel_dropped"]
            if total != latest:
                latest, changed = total, time.monotonic()
            if total >= count or time.monotonic() > min(deadline, changed + 5):
                return status
            time.sleep(0.2)

    def cpu_seconds(self):
        with open(f"/proc/{self.child.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, name="VmRSS"):
        """In bytes."""
        with open(f"/proc/{self.child.pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name + ":"))

    def records(self, name):
        """The lines of a log, parsed."""
        with open(os.path.join(self.logs, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def stop(self, seconds=15):
        """Ends it as an operator does, and gives its exit code."""
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


def free_port():
    """A UDP port of the loopback interface that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def megabytes(count):
    return f"{count / (1 << 20):.1f} MiB"

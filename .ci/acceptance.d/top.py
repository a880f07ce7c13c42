"""`downlinkctl top` in a real terminal: what it shows, and that the terminal is as it was, whatever ends it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

from bench import Daemon, Trouble, free_port
from frames import aos, link, station
from sender import Sender

EMULATOR = "pyte==0.8.2"
LENGTH = 256


def line_top(bench):
    """A daemon with a link that loses frames and one that hears nothing, watched in a terminal of every size."""
    pyte = install(bench)
    port = free_port()
    daemon = Daemon(bench, station(
        link("heard", port, f"type: aos, length: {LENGTH}, spacecraft_id: 42", "virtual_channels: [{ vcid: 1 }]"),
        link("silent", free_port(), f"type: tm, length: {LENGTH}")))
    send(port, [count for count in range(400) if count % 40 != 7])
    daemon.wait_for_datagrams(390)
    look(bench, pyte, daemon)
    size(bench, pyte, daemon)
    keys(bench, pyte, daemon)
    stop_and_go(bench, pyte, daemon)
    ends(bench, pyte, daemon)
    restart(bench, pyte, daemon)
    plain(bench, daemon)
    cost(bench, pyte, daemon)
    bench.report("top", "the daemon ends in order", daemon.stop() == 0, "")


def install(bench):
    """The terminal emulator, for this run alone."""
    folder = bench.path("emulator")
    python = os.path.join(folder, "bin/python")
    for command in ([sys.executable, "-m", "venv", folder], [python, "-m", "pip", "-q", "install", EMULATOR]):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            raise Trouble(f"{EMULATOR} cannot be installed from the Python package index")
    library = os.path.join(folder, "lib")
    sys.path.insert(0, os.path.join(library, os.listdir(library)[0], "site-packages"))
    import pyte  # pylint: disable=import-outside-toplevel,import-error
    return pyte


def send(port, counts):
    """AOS frames of channel 1 with these counts; ten of four hundred are missing."""
    with Sender(port) as sender:
        sender.pace([aos(LENGTH, 42, 1, count) for count in counts], 1000)


class Window:
    """A terminal of its own with `downlinkctl top` in it, and an emulator that shows what a person would see."""

    def __init__(self, bench, pyte, daemon, rows=24, columns=80, arguments=(), environment=None):
        self.master, self.terminal = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.set_size(rows, columns)
        self.before = termios.tcgetattr(self.terminal)
        self.child = subprocess.Popen(
            [os.path.join(bench.programs, "downlinkctl"), "top", "--interval", "0.2", "--socket", daemon.socket,
             *arguments],
            stdin=self.terminal, stdout=self.terminal, stderr=self.terminal, preexec_fn=self.lead,
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})})
        bench.children.append(self.child)

    def lead(self):
        """The child is the foreground of this terminal: Ctrl-C and Ctrl-Z there are signals to it."""
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)

    def set_size(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        self.set_size(rows, columns)

    def press(self, keys):
        os.write(self.master, keys)

    def read(self, seconds):
        """Shows what comes within so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.05)
            if ready:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    return
                self.bytes += data
                self.stream.feed(data)

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines())

    def shows(self, pattern, limit=20):
        """Whether this is to be seen, soon."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.read(0.1)
            if re.search(pattern, self.text()):
                return True
        return False

    def ended(self, limit=20):
        """How it has ended; None if it has not."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.read(0.1)
            if self.child.poll() is not None:
                self.read(0.2)
                return self.child.returncode
        return None

    def is_restored(self):
        """The terminal is as it was: its settings, its cursor, its own screen."""
        return (termios.tcgetattr(self.terminal) == self.before and self.bytes.rstrip().endswith(b"\x1b[?1049l")
                and b"\x1b[?25h" in self.bytes.rsplit(b"\x1b[0m", 1)[1])

    def close(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        os.close(self.master)
        os.close(self.terminal)


def look(bench, pyte, daemon):
    """The figures on the screen are those of the status document, in words too."""
    window = Window(bench, pyte, daemon)
    seen = window.shows(r"> heard +receiving") and window.shows(r"  silent +quiet")
    status = daemon.ask("status")
    heard = next(link for link in status["links"] if link["name"] == "heard")
    missing, frames = heard["totals"]["missing"], heard["ledger"]["frames"]["received"]
    row = next((line for line in window.lines() if line.startswith("> heard")), "")
    bench.report("top", "shows the station, with the figures of its status", seen and f" {missing} " in row and
                 re.search(rf"^frames +{frames}\b", window.text(), re.MULTILINE) is not None,
                 f"{frames} frames, {missing} missing: {row.strip()}")
    bench.report("top", "every loss has a word, none only a colour", "× missing" in window.text(),
                 next((line.strip() for line in window.lines() if "× missing" in line), ""))
    before = len(window.bytes)
    window.read(2)
    bench.report("top", "draws only what changes", len(window.bytes) - before < 4000 and
                 b"\x1b[2J" not in window.bytes[before:], f"{len(window.bytes) - before} bytes in 2 s at 5 pictures a second")
    window.press(b"q")
    bench.report("top", "ends on q, the terminal as before", window.ended() == 0 and window.is_restored(),
                 f"exit {window.child.returncode}")
    window.close()
    window = Window(bench, pyte, daemon, environment={"NO_COLOR": "1"})
    window.shows("> heard")
    bench.report("top", "NO_COLOR has no colour", not re.search(rb"\x1b\[[0-9;]*3[0-7]m", window.bytes), "")
    window.close()


def size(bench, pyte, daemon):
    """Resized at any moment, to anything, the screen is right at once."""
    window = Window(bench, pyte, daemon)
    window.shows("> heard")
    sizes = [(60, 200), (24, 80), (1, 1), (40, 120), (5, 300), (100, 20), (2, 2), (24, 80)]
    wrong = []
    for rows, columns in sizes:
        window.resize(rows, columns)
        # Of one column there is only that something was left out.
        if not window.shows("^" + ("downlinkd"[:min(8, columns - 1)] or "…"), 10):
            wrong.append(f"{columns}x{rows}: {window.lines()[0]!r}")
    for step in range(200):
        window.resize(3 + step * 7 % 60, 10 + step * 13 % 190)
    window.resize(24, 80)
    alive = window.shows("> heard") and window.shows("q quit")
    bench.report("top", "resized at any moment", alive and not wrong and window.child.poll() is None,
                 f"{len(sizes)} sizes looked at, 200 in a rush {wrong or ''}")
    window.close()


def keys(bench, pyte, daemon):
    window = Window(bench, pyte, daemon)
    done = [window.shows("> heard")]
    window.press(b"\x1b[B")
    done.append(window.shows("> silent") and window.shows(r"ledger of silent"))
    window.press(b"k")
    done.append(window.shows("> heard"))
    window.press(b"p")
    done.append(window.shows(r"\[problems\]"))
    window.press(b"e")
    done.append(window.shows(r"\[events, newest first\]") and "frame_gap" in window.text())
    window.press(b"\x1b")
    window.press(b"?")
    done.append(window.shows("another pane"))
    window.press(b"s")
    done.append(window.shows("ledger|events"))
    window.press(b"\t")
    done.append(window.shows(r"─\["))
    bench.report("top", "arrows, j, k, Tab, p, e, s, ? and Escape", all(done), f"{sum(done)} of {len(done)} seen")
    window.close()


def stop_and_go(bench, pyte, daemon):
    """Ctrl-Z gives the terminal back, and going on takes it again."""
    window = Window(bench, pyte, daemon)
    window.shows("> heard")
    before = window.bytes
    os.kill(window.child.pid, signal.SIGSTOP)
    time.sleep(0.3)
    termios.tcsetattr(window.terminal, termios.TCSANOW, window.before)
    window.screen.reset()
    os.kill(window.child.pid, signal.SIGCONT)
    drawn = window.shows("> heard")
    raw = not termios.tcgetattr(window.terminal)[3] & termios.ICANON
    bench.report("top", "after a stop and a CONT all is drawn again, and keys are keys",
                 drawn and raw and window.bytes != before, "")
    window.close()
    # Ctrl-Z stops only what has somebody to go on with it: a shell is between.
    window = ShellWindow(bench, pyte, daemon)
    shown = window.shows("> heard")
    window.press(b"\x1a")
    stopped = window.shows(r"Stopped|suspended") and window.is_cooked()
    window.press(b"fg\n")
    again = window.shows("> heard")
    window.press(b"q")
    bench.report("top", "Ctrl-Z gives the shell its terminal, fg takes it again", shown and stopped and again and
                 window.shows(r"\$") and window.is_cooked(), f"shown {shown}, stopped {stopped}, again {again}")
    window.close()


class ShellWindow(Window):
    """The same from an interactive shell, which has job control."""

    def __init__(self, bench, pyte, daemon):
        # pylint: disable=super-init-not-called
        self.master, self.terminal = pty.openpty()
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.set_size(24, 80)
        self.child = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"], stdin=self.terminal, stdout=self.terminal, stderr=self.terminal,
            preexec_fn=self.lead, env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PS1": "$ "})
        bench.children.append(self.child)
        self.shows(r"\$")
        program = os.path.join(bench.programs, "downlinkctl")
        self.press(f"{program} top --interval 0.2 --socket {daemon.socket}\n".encode())

    def is_cooked(self):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            # What readline does to its terminal while it waits is not ours: what counts is the cursor and the screen.
            if self.bytes.rfind(b"\x1b[?1049l") > self.bytes.rfind(b"\x1b[?1049h"):
                return True
            self.read(0.1)
        return False


def ends(bench, pyte, daemon):
    """Whatever ends it, the terminal is as it was."""
    results = []
    for name, act, expected in (
            ("Ctrl-C", lambda window: window.press(b"\x03"), -signal.SIGINT),
            ("TERM", lambda window: window.child.send_signal(signal.SIGTERM), -signal.SIGTERM),
            ("HUP", lambda window: window.child.send_signal(signal.SIGHUP), -signal.SIGHUP),
            ("QUIT", lambda window: window.child.send_signal(signal.SIGQUIT), 128 + signal.SIGQUIT)):
        window = Window(bench, pyte, daemon)
        window.shows("> heard")
        act(window)
        code = window.ended()
        results.append((name, code == expected and window.is_restored(), code))
        window.close()
    bench.report("top", "the terminal as before after Ctrl-C, TERM, HUP and QUIT", all(good for _, good, _ in results),
                 ", ".join(f"{name} {code}" for name, _, code in results))
    window = Window(bench, pyte, daemon, arguments=("--link", "nobody"))
    code = window.ended()
    bench.report("top", "an error comes before the terminal is taken", code == 1 and b"?1049h" not in window.bytes and
                 termios.tcgetattr(window.terminal) == window.before, window.text().strip().splitlines()[0])
    window.close()


def restart(bench, pyte, daemon):
    """A daemon that goes is told of, and one that comes back is connected to."""
    window = Window(bench, pyte, daemon)
    window.shows("> heard")
    daemon.stop()
    lost = window.shows(r"! no answer for .*, trying again") and window.shows("was running")
    said = window.lines()[1]
    daemon.launch()
    back = window.shows("started anew") and window.shows(r"(?<!was )running for")
    bench.report("top", "says so when the daemon goes, and when it is back", lost and back,
                 f"{said.strip()} | {window.lines()[1]}")
    daemon.child.send_signal(signal.SIGSTOP)
    hangs = window.shows("has not answered")
    window.press(b"?")
    keys_work = window.shows("another pane")
    daemon.child.send_signal(signal.SIGCONT)
    well = window.shows(r"(?<!was )running for")
    bench.report("top", "a daemon that hangs holds up no key", hangs and keys_work and well, "")
    window.press(b"q")
    window.ended()
    window.close()


def plain(bench, daemon):
    """Where there is no terminal: once, as text."""
    done = bench.run("downlinkctl", "top", "--socket", daemon.socket)
    bench.report("top", "piped, one plain picture", done.code == 0 and "\x1b" not in done.output and
                 "ledger of heard:" in done.output and "ledger of silent:" in done.output,
                 f"{len(done.output.splitlines())} lines after {done.seconds:.2f} s")


def cost(bench, pyte, daemon):
    """What a screen costs the daemon, at the usual interval."""
    window = Window(bench, pyte, daemon, arguments=("--interval", "1"))
    window.shows("heard")
    began, before = time.monotonic(), daemon.cpu_seconds()
    mine = processor_seconds(window.child.pid)
    window.read(20)
    seconds = time.monotonic() - began
    share = (daemon.cpu_seconds() - before) / seconds
    own = (processor_seconds(window.child.pid) - mine) / seconds
    bench.report("top", "costs the daemon less than 1 % of a core", share < 0.01,
                 f"daemon {100 * share:.2f} %, top {100 * own:.2f} % over {seconds:.0f} s")
    window.close()


def processor_seconds(process):
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""The process ends, is restarted, or hangs."""

import array
import os
import signal
import socket
import tempfile
import threading
import time

from bench import Trouble
from faults.datagrams import started
from faults.disks import ONE
from faults.table import NotRun, row
from frames import aos
from sender import Sender


@row(15, "kill -9 at random moments, 200 times", "back within 1 s; every file parses; the gap is at most the queue; nothing left",
     "`acceptance kill`")
def killed(trial):
    trial.line("durability", "line_kill")


@row(16, "power cut at random moments, 50 times", "loss within sync_interval; older records whole; a torn tail is told",
     "`acceptance power`: EXT4_IOC_SHUTDOWN on a loop device")
def power(trial):
    trial.line("durability", "line_power")


#: LISTEN_PID names the process that is meant: a shell becomes it.
MEANT = ("sh", "-c", 'export LISTEN_PID=$$; exec "$0" "$@"')


class Supervisor:
    """What a service manager does for a daemon: hears its notices, and keeps the descriptors it gives."""

    def __init__(self, bench):
        self.path = tempfile.mktemp(dir=bench.directory)
        self.stored = {}
        self.notices = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while True:
            data, control, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(64 * 4))
            descriptors = array.array("i")
            for _, kind, content in control:
                if kind == socket.SCM_RIGHTS:
                    descriptors.frombytes(content[:len(content) // 4 * 4])
            fields = dict(line.split("=", 1) for line in data.decode().splitlines() if "=" in line)
            if fields.get("FDSTORE") == "1":
                self.store(fields.get("FDNAME", "stored"), descriptors)
            if fields.get("FDSTOREREMOVE") == "1":
                for descriptor in self.stored.pop(fields.get("FDNAME", "stored"), []):
                    os.close(descriptor)
            self.notices.append((time.monotonic(), fields))

    def store(self, name, descriptors):
        """Keeps what it has not got yet, as the real one does."""
        kept = self.stored.setdefault(name, [])
        for descriptor in descriptors:
            if any(os.path.sameopenfile(descriptor, other) for other in kept):
                os.close(descriptor)
            else:
                kept.append(descriptor)

    def let_go(self):
        """Keeps nothing any more."""
        for descriptor in [descriptor for kept in self.stored.values() for descriptor in kept]:
            os.close(descriptor)
        self.stored = {}

    def feedings(self):
        return sum("WATCHDOG" in fields for _, fields in self.notices)

    def hand_over(self):
        """A program that has them from 3 on, and the environment that says so."""
        named = [(name, descriptor) for name, all_ in self.stored.items() for descriptor in all_]

        def arrange():
            high = [os.dup(descriptor) for _, descriptor in named]
            spare = [os.dup2(descriptor, 200 + index) for index, descriptor in enumerate(high)]
            for index, descriptor in enumerate(spare):
                os.dup2(descriptor, 3 + index, inheritable=True)
        environment = {"LISTEN_FDS": str(len(named)), "LISTEN_FDNAMES": ":".join(name for name, _ in named)}
        return environment, arrange, tuple(range(3, 3 + len(named)))


@row(26, "restart with the descriptor store", "no datagram lost over a restart at 1000/s, nor over a kill -9",
     "a service manager of ours keeps the descriptors and hands them back; 5 restarts, 3 kills")
def descriptor_store(trial):
    supervisor = Supervisor(trial.bench)
    notify = {"NOTIFY_SOCKET": supervisor.path}
    daemon, port = started(trial, ONE, environment=notify)
    if not supervisor.stored:
        raise NotRun("descriptors are not given to the service manager yet")
    stop = threading.Event()
    sender = Sender(port)

    def send():
        number = 0
        began = time.monotonic()
        while not stop.is_set():
            sender.send(aos(256, 42, 1, number))
            number += 1
            time.sleep(max(0, number / 1000 - (time.monotonic() - began)))

    thread = threading.Thread(target=send)
    thread.start()
    try:
        for step in range(8):
            time.sleep(1)
            daemon.child.send_signal(signal.SIGTERM if step < 5 else signal.SIGKILL)
            daemon.child.wait(20)
            environment, arrange, passed = supervisor.hand_over()
            daemon.launch(
                prefix=MEANT, environment={**notify, **environment}, preexec_fn=arrange, pass_fds=passed)
    finally:
        stop.set()
        thread.join()
    status = daemon.wait_for_datagrams(sender.count)
    link = status["links"][0]
    datagrams = link["ledger"]["datagrams"]
    trial.see(
        datagrams["received"] == sender.count and link["totals"]["missing"] == 0 and status["accounting"]["balanced"],
        f"{sender.count} sent, {datagrams['received']} received, {datagrams['kernel_dropped']} dropped, missing "
        f"{link['totals']['missing']}, balanced {status['accounting']['balanced']}")
    names = {name: len(all_) for name, all_ in supervisor.stored.items()}
    trial.see(all(count == 1 for count in names.values()), f"stored {names}")


@row(36, "a queue hangs", "the watchdog is not fed; an event says which queue; a supervisor starts it again",
     "WATCHDOG_USEC of 2 s, a service manager of ours, and the debug hook that blocks a link's queue")
def hung(trial):
    supervisor = Supervisor(trial.bench)
    # With the crash handler of Swift as it is at a station.
    watched = {"NOTIFY_SOCKET": supervisor.path, "WATCHDOG_USEC": "2000000", "SWIFT_BACKTRACE": ""}
    daemon, _ = started(trial, ONE, environment=watched)
    time.sleep(6)
    trial.see(supervisor.feedings() >= 3, f"fed {supervisor.feedings()} times in 6 s")
    daemon.stop()
    supervisor.let_go()
    if trial.bench.run("downlinkd", "run", "--debug-hooks", "-c", "nowhere").code == 64:
        raise NotRun("the debug hook is not there yet")
    fed = supervisor.feedings()
    try:
        daemon.launch("--debug-hooks", environment={**watched, "DOWNLINKD_DEBUG_BLOCK": "link:one"})
    except Trouble:
        # A link that hangs has no status; its daemon lives.
        pass
    time.sleep(6)
    # Once at the most: in the first round nothing was asked yet.
    trial.see(supervisor.feedings() - fed <= 1, f"hung: fed {supervisor.feedings() - fed} times in 6 s")
    daemon.child.send_signal(signal.SIGABRT)
    daemon.child.wait(20)
    supervisor.let_go()
    told = [record["daemon"] for record in daemon.records("events.jsonl")
            if record["event_type"] == "daemon" and record["daemon"]["action"] == "unresponsive"]
    trial.see(bool(told) and "link:one" in told[0]["queues"], f"event: {(told or [{}])[0].get('reason')}")
    daemon.launch(environment=watched)
    trial.see(daemon.ask("status")["state"] == "running", "started again, it runs")

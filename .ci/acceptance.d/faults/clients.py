"""Who asks, and how badly."""

import os
import resource
import socket
import time

from faults.datagrams import started
from faults.disks import ONE
from faults.table import row
from frames import aos
from sender import Sender


@row(20, "no descriptors left when a client connects", "intake unaffected; accepting waits and is counted; then served",
     "RLIMIT_NOFILE of the running daemon lowered to what it has and two more; 20 clients")
def no_descriptors(trial):
    daemon, port = started(trial, ONE)
    before = resource.prlimit(daemon.child.pid, resource.RLIMIT_NOFILE)
    open_count = len(os.listdir(f"/proc/{daemon.child.pid}/fd"))
    resource.prlimit(daemon.child.pid, resource.RLIMIT_NOFILE, (open_count + 2, before[1]))
    clients = []
    with Sender(port) as sender:
        for number in range(20):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.connect(daemon.socket)
            clients.append(client)
            sender.send(*(aos(256, 42, 1, 50 * number + step) for step in range(50)))
            time.sleep(0.05)
        time.sleep(2)
        sender.send(*(aos(256, 42, 1, 1000 + step) for step in range(1000)))
        used = daemon.cpu_seconds()
        time.sleep(2)
        used = daemon.cpu_seconds() - used
        for client in clients:
            client.close()
        status = daemon.wait_for_datagrams(2000)
    totals = status["links"][0]["totals"]
    trial.see(
        totals["datagrams"] == 2000 and totals["missing"] == 0 and totals["kernel_dropped"] == 0,
        f"{totals['datagrams']} of 2000 frames, missing {totals['missing']}")
    trial.see(used < 1, f"{used:.2f} s of processor in 2 s of it")
    counted = daemon.ask("clients").get("counters", daemon.ask("clients"))
    trial.see(True, f"clients says {str(counted)[:300]}")
    trial.tests("StatusServerLoadTests/pausesAccepting")


@row(28, "a client that never reads", "LOST, then BYE within 10 s; latency of the intake unchanged",
     "tests of the status socket; 300 clients beside the traffic")
def slow(trial):
    trial.tests("StatusServerWatchTests/tellsLoss", "StatusServerWatchTests/evictsSlowClient")
    trial.line("clients", "line_slow")


@row(29, "1000 connections, garbage, endless line, deep JSON", "limits, `too_long`, `bad_json`, memory flat",
     "tests of the status socket, and the real one")
def garbage(trial):
    trial.tests("StatusServerLoadTests", "StatusRequestTests", "JSONReaderTests", "LineBufferTests")
    trial.line("clients", "line_garbage")


@row(30, "unprivileged user at the control socket", "EACCES by mode, or a `denied` event", "as user nobody")
def unprivileged(trial):
    trial.tests("StatusListenerTests/setsMode")
    trial.line("clients", "line_denied")


@row(31, "HTTP: slowloris, bad method, huge header, foreign host", "408, 405, 431, 421; connections are bounded",
     "tests of the web server, and the real one")
def web(trial):
    trial.tests("RefusalTests", "HeadCutterTests")
    trial.line("web", "line_refused")

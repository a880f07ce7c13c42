"""Multicast groups over an interface that is taken away and made anew, in two network namespaces."""

import os
import shutil
import subprocess

from bench import Daemon, Trouble
from frames import aos

#: The links: their groups, and whether they name the interface or leave it to the kernel.
GROUPS = {"named": ("239.255.7.7", True), "chosen": ("239.255.7.8", False), "six": ("ff15::7", True), "link": ("ff02::7", True)}
PORT = 10017
SENDER = """
import socket, sys
target, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
index = socket.if_nametoindex(name)
if ":" in target:
    sender = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    address = (target, port, 0, index)
else:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.77.0.2"))
    address = (target, port)
for line in sys.stdin:
    sender.sendto(bytes.fromhex(line), address)
"""


class Wire:
    """A pair of interfaces, each in a namespace of its own."""

    def __init__(self):
        self.here, self.there = (f"downlinkd-{side}-{os.getpid()}" for side in ("here", "there"))
        for name in (self.here, self.there):
            self.ip("netns", "add", name)
            # An address is there at once, without asking whether somebody else has it.
            self.inside(name, "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad")
            self.inside(name, "ip", "link", "set", "lo", "up")

    def connect(self):
        self.inside(self.here, "ip", "link", "add", "rx0", "type", "veth", "peer", "name", "tx0", "netns", self.there)
        for name, interface, number in ((self.here, "rx0", 1), (self.there, "tx0", 2)):
            self.inside(name, "ip", "link", "set", interface, "up")
            self.inside(name, "ip", "address", "add", f"10.77.0.{number}/24", "dev", interface)
            self.inside(name, "ip", "address", "add", f"fd77::{number}/64", "dev", interface, "nodad")
            self.inside(name, "ip", "route", "add", "239.0.0.0/8", "dev", interface)

    def cut(self):
        self.inside(self.here, "ip", "link", "delete", "rx0")

    def send(self, group, port, datagrams):
        lines = "\n".join(datagram.hex() for datagram in datagrams)
        self.inside(self.there, "python3", "-c", SENDER, group, str(port), "tx0", input=lines)

    def close(self):
        for name in (self.here, self.there):
            subprocess.run(["ip", "netns", "delete", name], check=False)

    @staticmethod
    def ip(*arguments):
        Wire.run("ip", *arguments)

    @staticmethod
    def inside(name, *command, **options):
        Wire.run("ip", "netns", "exec", name, *command, **options)

    @staticmethod
    def run(*command, **options):
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        if done.returncode != 0:
            raise Trouble(f"{' '.join(command[:8])}: {done.stderr.strip()}")


def line_groups(bench):
    """Groups are heard, their loss is told, and they are heard again, without anybody's doing."""
    promise = "a group is heard again when its interface has been made anew"
    if os.geteuid() != 0 or not shutil.which("ip"):
        bench.report("groups", promise, False, "not looked at: it takes root, and `ip` of Debian's iproute2")
        return
    wire = Wire()
    try:
        wire.connect()
        look(bench, promise, wire)
    finally:
        bench.end_children()
        wire.close()


def look(bench, promise, wire):
    links = ""
    for index, (name, (group, is_named)) in enumerate(GROUPS.items()):
        is_ipv6 = ":" in group
        host, senders = ("[::]", '"fd77::/64", "fe80::/10"') if is_ipv6 else ("0.0.0.0", "10.77.0.0/24")
        links += (
            f"  - name: {name}\n    input: {{ udp: \"{host}:{PORT + index}\", group: \"{group}\", allow_from: [{senders}]"
            f"{', interface: rx0' if is_named else ''} }}\n    coding: {{ error_control: crc16 }}\n"
            "    frames: { type: aos, length: 256, spacecraft_id: 42 }\n")
    daemon = Daemon(bench, "station: acceptance\nlinks:\n" + links, prefix=["ip", "netns", "exec", wire.here])

    def every(condition, seconds, what):
        daemon.wait_until(lambda: all(condition(link) for link in daemon.ask("status")["links"]), seconds, what)

    def send(numbers):
        for index, (group, _) in enumerate(GROUPS.values()):
            wire.send(group, PORT + index, [aos(256, 42, 1, number) for number in numbers])

    send(range(5))
    every(lambda link: link["totals"]["frames"] == 5, 20, "five frames from every group")
    wire.cut()
    every(lambda link: link.get("group_lost_on"), 20, "every group to be lost")
    codes = {problem["code"] for problem in daemon.ask("status")["problems"]}
    wire.connect()
    every(lambda link: not link.get("group_lost_on"), 20, "every group to be joined again")
    send(range(5, 10))
    every(lambda link: link["totals"]["frames"] == 10, 20, "five more frames from every group")
    missing = sum(link["totals"]["missing"] for link in daemon.ask("status")["links"])
    daemon.stop()
    told = [record["link"] + " " + record["link_state"]["action"] for record in daemon.records("events.jsonl")
            if record["event_type"] == "link" and record["link_state"]["action"].startswith("group_")]
    expected = sorted(f"{name} {action}" for name in GROUPS for action in ("group_lost", "group_joined"))
    bench.report(
        "groups", promise, missing == 0 and "membership_lost" in codes and sorted(told) == expected,
        f"{', '.join(group for group, _ in GROUPS.values())}: 10 of 10 frames each, missing {missing};"
        f" events {', '.join(told)}")

"""A line that loses, repeats, delays, damages and cuts datagrams, by chance from a seed, and keeps an account of it.

As a program: relay.py PORT TO_PORT CHANCES(JSON) [SEED]. It answers `account\\n` and ends at `end\\n` or the end of its
standard input, each time with one line of JSON.
"""

import json
import random
import select
import socket
import subprocess
import sys

FATES = ("lost", "doubled", "late", "damaged", "cut")


class Relay:
    """What happens to each datagram. One fate at most, so that each can be told in the receiver's ledger."""

    def __init__(self, chances, seed):
        self.chances = [(fate, chances.get(fate, 0)) for fate in FATES]
        self.spared = chances.get("spared", 100)
        self.random = random.Random(seed)
        self.counts = {"received": 0, "sent": 0, **{fate: 0 for fate in FATES}}
        self.held = []

    def fate(self):
        draw = self.random.random()
        for fate, chance in self.chances:
            if draw < chance:
                return fate
            draw -= chance
        return None

    def receive(self, datagram):
        """The datagrams that go out now."""
        self.counts["received"] += 1
        # The first ones go through as they are: a receiver has to know what to miss.
        fate = self.fate() if self.counts["received"] > self.spared else None
        if fate:
            self.counts[fate] += 1
        out = []
        if fate == "late":
            # Behind the next three: well within the distance at which a frame counts as late.
            self.held.append([3, datagram])
            return self.release(out, datagram)
        if fate == "damaged":
            # Behind the header: a frame of another version or spacecraft would be refused for that.
            datagram = flipped(datagram, self.random.randrange(64, 8 * len(datagram)))
        elif fate == "cut":
            datagram = datagram[:self.random.randrange(1, len(datagram))]
        if fate != "lost":
            out.append(datagram)
        if fate == "doubled":
            out.append(datagram)
        return self.release(out, None)

    def release(self, out, newcomer):
        for waiting in self.held:
            if waiting[1] is not newcomer:
                waiting[0] -= 1
        out += [datagram for left, datagram in self.held if left <= 0]
        self.held = [waiting for waiting in self.held if waiting[0] > 0]
        return out

    def rest(self):
        out = [datagram for _, datagram in self.held]
        self.held = []
        return out


def flipped(datagram, bit):
    changed = bytearray(datagram)
    changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)


def run(port, to_port, chances, seed):
    relay = Relay(chances, seed)
    arrivals = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    arrivals.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    arrivals.bind(("127.0.0.1", port))
    arrivals.setblocking(False)
    departures = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    departures.connect(("127.0.0.1", to_port))

    def depart(datagrams):
        for datagram in datagrams:
            try:
                departures.send(datagram)
            except ConnectionRefusedError:
                departures.send(datagram)
            relay.counts["sent"] += 1

    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([arrivals, sys.stdin], [], [], 0.2)
        if not readable:
            depart(relay.rest())
        if arrivals in readable:
            for _ in range(500):
                try:
                    depart(relay.receive(arrivals.recv(65536)))
                except BlockingIOError:
                    break
        elif sys.stdin in readable:
            word = sys.stdin.readline().strip()
            if word == "end" or not word:
                depart(relay.rest())
            print(json.dumps(relay.counts), flush=True)
            if word == "end" or not word:
                return


class RelayProcess:
    """The line as a process of its own, so that it is not held up by whoever looks at the receiver."""

    def __init__(self, bench, port, to_port, chances, seed=20261121):
        self.child = subprocess.Popen(
            [sys.executable, __file__, str(port), str(to_port), json.dumps(chances), str(seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        bench.children.append(self.child)
        self.child.stdout.readline()

    def account(self):
        return self.say("account")

    def end(self):
        counts = self.say("end")
        self.child.wait(10)
        return counts

    def say(self, word):
        self.child.stdin.write(word + "\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)

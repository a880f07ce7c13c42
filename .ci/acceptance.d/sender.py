"""Sending datagrams: some, at a rate, or as many as this machine can."""

import socket
import time

UDP_SEGMENT = 103


class Sender:
    """A socket of the loopback interface that counts what it has sent."""

    def __init__(self, port, source="127.0.0.1"):
        self.target = ("127.0.0.1", port)
        self.count = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((source, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *datagrams):
        for datagram in datagrams:
            self.socket.sendto(datagram, self.target)
            self.count += 1

    def pace(self, datagrams, rate, until=None):
        """Sends them in time, in small steps; until a time, when they have no end of their own."""
        began, sent = time.monotonic(), 0
        for datagram in datagrams:
            self.send(datagram)
            sent += 1
            if sent % 16 == 0:
                now = time.monotonic()
                if until is not None and now > until:
                    break
                ahead = sent / rate - (now - began)
                if ahead > 0.002:
                    time.sleep(ahead)

    def blast(self, frames, seconds, rate=None):
        """Sends frames of one length again and again, many with one call of the kernel, which cuts them apart."""
        byte_count = len(frames[0])
        per_call = min(64, 65_000 // byte_count)
        calls = [b"".join(frames[start:start + per_call]) for start in range(0, len(frames), per_call)]
        self.socket.setsockopt(socket.SOL_UDP, UDP_SEGMENT, byte_count)
        began = time.monotonic()
        sent = number = 0
        while (now := time.monotonic() - began) < seconds:
            if rate is not None and sent > now * rate:
                time.sleep(0.001)
                continue
            call = calls[number]
            self.socket.sendto(call, self.target)
            number = (number + 1) % len(calls)
            sent += len(call) // byte_count
        self.socket.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 0)
        self.count += sent
        return sent

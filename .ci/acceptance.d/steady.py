"""steady.py PORT RATE: AOS frames of one channel at a rate, without a gap, until standard input ends.

It answers `count\\n` with how many it has sent, and says so at the end.
"""

import select
import socket
import sys
import time

from frames import aos

LENGTH = 256
PER_CALL = 32
UDP_SEGMENT = 103


def main(port, rate):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # One call of the kernel for many datagrams, which it cuts apart.
    sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, LENGTH)
    sent, began = 0, time.monotonic()
    while True:
        ahead = sent / rate - (time.monotonic() - began)
        if select.select([sys.stdin], [], [], max(0, ahead))[0]:
            word = sys.stdin.readline()
            print(sent, flush=True)
            if not word:
                return
        if ahead <= 0:
            frames = [aos(LENGTH, 42, 1, (sent + index) & 0xFFFFFF) for index in range(PER_CALL)]
            try:
                sender.sendto(b"".join(frames), ("127.0.0.1", port))
                sent += PER_CALL
            except ConnectionRefusedError:
                # Nobody listens: those are lost, and counted as sent.
                sent += PER_CALL


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

"""Frames and packets of known content, made here from the standards and by nothing of ours."""

import binascii
import struct


def packet(apid, count, byte_count):
    """A Space Packet of telemetry, unsegmented, CCSDS 133.0-B-2 §4.1."""
    return struct.pack(">HHH", apid, 0xC000 | count & 0x3FFF, byte_count - 7) + bytes(byte_count - 6)


def aos(byte_count, spacecraft, channel, count, zone=None, pointer=0):
    """An AOS frame with error control, CCSDS 732.0-B-4 §4.1; by itself its zone is one packet."""
    zone = packet(100, count, byte_count - 10) if zone is None else zone
    header = struct.pack(">HIH", 0x4000 | spacecraft << 6 | channel, count << 8, pointer)
    return protected(header + zone)


def tm(byte_count, spacecraft, channel, master_count, count, zone=None, pointer=0, status=0x1800):
    """A TM frame with error control, CCSDS 132.0-B-3 §4.1; by itself its zone is one packet."""
    zone = packet(100, count, byte_count - 8) if zone is None else zone
    header = struct.pack(
        ">HBBH", spacecraft << 4 | channel << 1, master_count & 0xFF, count & 0xFF, status | pointer)
    return protected(header + zone)


def protected(frame):
    """With the error control field, CCSDS 132.0-B-3 §4.1.6."""
    return frame + binascii.crc_hqx(frame, 0xFFFF).to_bytes(2, "big")


def damaged(frame, bit):
    """The frame with one bit inverted."""
    changed = bytearray(frame)
    changed[bit // 8 % len(changed)] ^= 0x80 >> bit % 8
    return bytes(changed)


def endless(byte_count, spacecraft=42, channel=0):
    """TM frames that can be sent again and again without a gap: 16,384 is a multiple of the range of every count."""
    return [tm(byte_count, spacecraft, channel, number, number) for number in range(16_384)]


def link(name, port, frames, more=""):
    """A link of the configuration that takes frames with CRC-16 from a port of the loopback interface."""
    return (
        f"  - name: {name}\n    input: {{ udp: \"127.0.0.1:{port}\" }}\n    coding: {{ error_control: crc16 }}\n"
        f"    frames: {{ {frames} }}\n" + "".join(f"    {line}\n" for line in more.splitlines()))


def station(*links):
    return "station: acceptance\nlinks:\n" + "".join(links)

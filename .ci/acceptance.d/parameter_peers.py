"""Decodes the packets of `Benchmarks parameters` with other people's programs, in an environment that has them.

usage: parameter_peers DATABASE PACKETS COUNT

Prints a line of JSON: packets per CPU-second of each, the best of a few passes, and whether they agree with each other.
"""

import io
import json
import logging
import sys
import time

logging.disable(logging.CRITICAL)

import ccsdspy
import numpy
import space_packet_parser
from ccsdspy.converters import EnumConverter, PolyConverter

PACKET_BYTES = 61
APPLICATION = 103
KINDS = ["line"] * 14 + ["cubic"] * 6 + ["parabola"] * 4 + ["ratio"] * 2 + ["mode"] * 4
FIELDS = {"line": ("uint", 16), "cubic": ("uint", 12), "parabola": ("int", 16), "ratio": ("float", 32), "mode": ("uint", 4)}
COEFFICIENTS = {"line": [0.01, -5], "cubic": [1e-9, -2e-5, 0.25, 10], "parabola": [1e-6, 0.5, -40], "ratio": [2, 1]}


def by_ccsdspy(packets):
    definition = ccsdspy.FixedLength([
        ccsdspy.PacketField(f"P{index}", *FIELDS[kind]) for index, kind in enumerate(KINDS)])
    for index, kind in enumerate(KINDS):
        converter = (EnumConverter({label: f"MODE_{label}" for label in range(16)}) if kind == "mode"
                     else PolyConverter(COEFFICIENTS[kind]))
        definition.add_converted_field(f"P{index}", f"V{index}", converter)

    def run():
        values = definition.load(io.BytesIO(packets))
        return [values[f"V{index}"] for index in range(len(KINDS))]
    return run


def by_space_packet_parser(database, packets):
    definition = space_packet_parser.load_xtce(database)

    def run():
        columns = [[] for _ in KINDS]
        for binary in space_packet_parser.ccsds_generator(io.BytesIO(packets)):
            packet = definition.parse_bytes(binary)
            for index, column in enumerate(columns):
                column.append(packet[f"P{APPLICATION}_{index}"])
        return columns
    return run


def measure(run, packet_count, passes):
    best = float("inf")
    for _ in range(passes):
        began = time.process_time()
        columns = run()
        best = min(best, time.process_time() - began)
    assert all(len(column) == packet_count for column in columns)
    return packet_count / best, columns


def main():
    database, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, "rb") as file:
        packets = file.read()
    total = len(packets) // PACKET_BYTES
    columnar, wide = measure(by_ccsdspy(packets), total, 5)
    single, narrow = measure(by_space_packet_parser(database, packets[:count * PACKET_BYTES]), count, 3)
    agree = all(
        list(map(str, narrow[index])) == list(wide[index][:count]) if kind == "mode"
        else numpy.allclose(numpy.array(narrow[index], dtype=float), wide[index][:count], rtol=1e-9)
        for index, kind in enumerate(KINDS))
    print(json.dumps({
        "ccsdspy": columnar, "space_packet_parser": single, "agree": agree, "packets": [total, count],
        "versions": [ccsdspy.__version__, space_packet_parser.__dict__.get("__version__", "6")]}))


main()

"""Units that are as dear to decode as they can be."""

import random
import struct

LENGTH, DEPTH, PARITY, MARKER = 1115, 5, 160, 4


def clean_units(bench, count):
    """Units of the simulator, each a marker and a codeblock of five codewords."""
    path = bench.path("clean.cadu")
    bench.simulate("--scenario", "cadu-demo", "--clean", "--frames", count, path)
    with open(path, "rb") as file:
        stream = file.read()
    byte_count = MARKER + LENGTH + PARITY
    units = [stream[start:start + byte_count] for start in range(0, len(stream), byte_count)]
    if any(struct.unpack(">I", unit[:MARKER])[0] != 0x1ACFFC1D for unit in units):
        raise ValueError("a clean stream has a sync marker before each codeblock")
    return units


def wrong(unit, symbol_counts, chance):
    """The unit with so many wrong symbols in each of its codewords; they are interleaved, CCSDS 131.0-B-5 §4.3.5."""
    changed = bytearray(unit)
    for codeword, count in enumerate(symbol_counts):
        for place in chance.sample(range(255), count):
            changed[MARKER + place * DEPTH + codeword] ^= chance.randrange(1, 256)
    return bytes(changed)


def hard_units(bench, count):
    """Units with as many wrong symbols in each codeword as can be corrected: 16."""
    chance = random.Random(20261121)
    return [wrong(unit, [16] * DEPTH, chance) for unit in clean_units(bench, count)]

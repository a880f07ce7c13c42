"""What recorded packets mean, beside what other programs read in them; and what is said of every recorded database."""

import glob
import hashlib
import json
import math
import os
import re
import struct

from bench import Trouble

CORPUS = os.environ.get("DOWNLINKD_CORPUS", "../shared/corpus")
# An integer that has a calibrator: one peer keeps the fraction, the other rounds, as an integer asks for.
ROUNDED = {"SWE_SCIENCE.SPIN_PHASE"}
# What is to be said of a database that is refused: a line of it, and what is wrong there.
REFUSALS = {
    "mdb-yaoki": (2, "there is no container that a packet could begin with"),  # parameters and no packets
    "mdb-pus": (28, "there is no type `/dt/uint11`"),  # its types are in a file that is not part of it
    "xtcevec-bogussat1": (376, "`order` is 2"),  # it has mistakes on purpose
    "xtcevec-refxtce": (49, "algorithms are not executed"),  # octets whose size a Java class finds
}


def line_values(bench):
    """Every item of the corpus through a replay, each value compared; then every database through `check`."""
    items = [read_truth(name) for name in ("xtce-*", "xtcevec-*", "mdb-*")]
    if not items[0]:
        bench.report("values", "recorded packets and databases", False, f"none below {CORPUS}")
        return
    agreed, total, apart = 0, 0, 0
    for item in items[0]:
        tally = compare(bench, item)
        agreed, total, apart = agreed + tally.agreed, total + tally.total, apart + tally.apart
    bench.report(
        "values", "all values of the corpus that a replay can reach", agreed == total,
        f"{agreed:,} of {total:,}; {apart:,} versions of packet headers are apart: they were cleared, since a link takes "
        "Space Packets only")
    known = [look_up(bench, item) for item in items[0] + items[1] + items[2]]
    bench.report(
        "values", "every database is loaded, or refused where it is wrong and for what is wrong", all(known),
        f"{sum(known)} of {len(known)}")


def read_truth(pattern):
    paths = sorted(glob.glob(os.path.join(CORPUS, "truth", f"{pattern}.json")))
    found = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            found.append(json.load(file))
    return found


def file_of(item, *endings):
    names = [entry["file"] for entry in item["files"] if entry["file"].endswith(endings)]
    return os.path.abspath(os.path.join(CORPUS, names[0]))


def station(bench, item, keys=""):
    """The configuration of a link that has the database of an item."""
    database = file_of(item, ".xml")
    return bench.write(
        f"{item['id']}.yaml",
        f"station: test\nlinks:\n  - name: {item['id']}\n    input: {{ udp: \"127.0.0.1:1\", format: packets }}\n"
        f"    mission_database: {database}\n{keys}")


class Tally:
    """How many values of an item another program has, and how many of them we have."""

    def __init__(self):
        self.agreed = self.total = self.apart = 0
        self.differences = []

    def count(self, agrees, what, times=1):
        self.total += times
        if agrees:
            self.agreed += times
        else:
            self.differences.append(what)


# Replay

def compare(bench, item):
    """Replays the packets of an item, and compares what each parameter was in all of them."""
    truth = item["truth"].get("spp", item["truth"])
    packets, cleared = cut(item, truth.get("prefix_bytes_per_packet", 0))
    path, output = bench.path(f"{item['id']}.packets"), bench.path(f"{item['id']}.values")
    with open(path, "wb") as file:
        file.write(b"".join(packets))
    root = truth.get("root_container")
    keys = f"    parameters: {{ root_container: {root} }}\n" if root else ""
    done = bench.run("downlinkd", "replay", "-c", station(bench, item, keys), "--parameters-to", output, path)
    if done.code != 0:
        raise Trouble(f"replay of {item['id']}: exit {done.code}: {done.errors.strip()}")
    with open(output, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    tally = Tally()
    tally.count(len(lines) == truth["packets"], f"{len(lines)} packets of {truth['packets']}", 0)
    if len(lines) == truth["packets"]:
        compare_parameters(lines, truth, cleared, tally)
        compare_rows(lines, truth, cleared, tally)
    bench.report(
        "values", item["id"], tally.agreed == tally.total > 0 and not tally.differences,
        f"{tally.agreed:,} of {tally.total:,} values in {len(lines):,} packets"
        + (f"; {cleared} packets had a version that no Space Packet has" if cleared else "")
        + "".join(f"; {difference}" for difference in tally.differences[:5]))
    return tally


def cut(item, prefix):
    """The packets at the lengths in their headers, each behind so many other bytes; and of how many the version was
    cleared, which the test content of some instruments has filled with anything."""
    with open(file_of(item, ".bin", ".pkts", ".DAT1", ".spl", ".ccsds"), "rb") as file:
        content = file.read()
    packets, offset, cleared = [], prefix, 0
    while offset + 6 <= len(content):
        end = offset + 7 + int.from_bytes(content[offset + 4:offset + 6], "big")
        packet = bytearray(content[offset:end])
        cleared += packet[0] >> 5 != 0
        packet[0] &= 0x1F
        packets.append(bytes(packet))
        offset = end + prefix
    return packets, cleared


def compare_parameters(lines, truth, cleared, tally):
    for name, known in truth["parameters"].items():
        found = [(number, line["eng"][name]) for number, line in enumerate(lines) if name in line["eng"]]
        if name == "VERSION" and cleared:
            tally.apart += known["count"]
        elif len(found) != known["count"]:
            tally.count(False, f"{name}: {len(found)} values of {known['count']}", known["count"])
        elif "sequence_sha256" not in known:
            tally.count(has_statistics([value for _, value in found], known), name, known["count"])
        elif known["sequence_sha256"] in digests([value for _, value in found]):
            tally.count(True, name, known["count"])
        else:
            compare_values(name, found, truth, tally)


def digests(values):
    """Of the values as the peers' are written: a whole number may have been an integer there, or not, and octets have a
    word before their digits."""
    whole = [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]
    broken = [float(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values]
    octets = [f"hex:{value}" for value in values]
    for form in (values, whole, broken, octets, singles(values)):
        yield hashlib.sha256("".join(json.dumps(value) + "\n" for value in form).encode()).hexdigest()


def singles(values):
    """The same as numbers of 32 bits, which are written with the digits that tell them from each other."""
    try:
        return [
            struct.unpack("f", struct.pack("f", value))[0] if isinstance(value, float) else value for value in values]
    except OverflowError:
        return values


def compare_values(name, found, truth, tally):
    """Values whose digest is another, by the packets that are recorded whole."""
    rows = {row["n"]: row["eng"] for row in truth["rows_first"] + truth["rows_last"]}
    for number, value in found:
        expected = rows.get(number, {}).get(name)
        agrees = expected is not None and (
            same(value, expected) or name in ROUNDED and value == math.floor(expected + 0.5))
        tally.count(agrees, f"{name} of packet {number} is {value!r:.40}, not {expected!r:.40}")


def has_statistics(values, known):
    if "values" in known:
        words = [str(value) for value in values]
        return {word: words.count(word) for word in set(words)} == known["values"]
    return all(same(found, known[what]) for what, found in (
        ("min", min(values)), ("max", max(values)), ("mean", math.fsum(values) / len(values))))


def compare_rows(lines, truth, cleared, tally):
    """The packets that are recorded whole: their raw values too. They are not counted once more."""
    for row in truth["rows_first"] + truth["rows_last"]:
        line = lines[row["n"]]
        for kind in ("raw", "eng"):
            for name, expected in flat(row[kind]):
                if name == "VERSION" and cleared or name in ROUNDED:
                    continue
                if name not in line[kind] or not same(line[kind][name], expected):
                    tally.count(False, f"{kind} {name} of packet {row['n']}: {line[kind].get(name)!r:.40}", 0)


def flat(members, prefix=""):
    """An aggregate as its members."""
    for name, value in members.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def same(found, expected):
    """To a millionth for numbers; of octets in hexadecimal as many as are recorded."""
    if isinstance(expected, str) and expected.startswith("hex:"):
        digits, _, count = expected[4:].partition("...[")
        return found == digits if not count else found.startswith(digits) and len(f"hex:{found}") == int(count[:-1])
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        return math.isclose(found, expected, rel_tol=1e-6, abs_tol=0)
    return found == expected


# Databases

def look_up(bench, item):
    """What `check` says of a database: nothing, or where it is wrong and why."""
    # Where nothing says so itself, the truth says what packets begin with.
    root = item["truth"].get("root_container")
    keys = f"    parameters: {{ root_container: {root} }}\n" if root else ""
    done = bench.run("downlinkd", "check", "-c", station(bench, item, keys))
    said = re.findall(r"^(\S+):(\d+):(\d+): (error|warning): (.*)$", done.output + done.errors, re.MULTILINE)
    errors = [(int(line), text) for path, line, _, kind, text in said if kind == "error" and path.endswith(".xml")]
    expected = REFUSALS.get(item["id"])
    if expected is None:
        return bench.report("values", item["id"], done.code == 0 and not errors, f"loaded, exit {done.code}")
    line, text = expected
    passed = done.code == 78 and any(at == line and text in message for at, message in errors)
    first = next((f"line {at}: {message}" for at, message in errors if at == line), "not refused there")
    return bench.report("values", item["id"], passed, f"refused with {len(errors)} errors, exit {done.code}; {first}")

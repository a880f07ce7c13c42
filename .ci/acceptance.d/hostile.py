"""Mission databases and packets that were made to do harm: refused or counted, soon, and in bounded memory."""

import json
import os
import random
import re

from bench import Trouble, megabytes

LIMIT = 0.1  # seconds of processor time, beyond what the program needs for a database of one container
MEMORY = 128 << 20
SCHEMA = 'xmlns="http://www.omg.org/spec/XTCE/20180204"'
BYTE = '<IntegerParameterType name="u8" signed="false"><IntegerDataEncoding sizeInBits="8"/></IntegerParameterType>'


def line_hostile(bench):
    """Databases through `check`, packets through `replay`."""
    usual = check(bench, "usual", lambda: database(containers=container("c", "")))
    if usual.code != 0:
        raise Trouble(f"a database of one container is refused: {usual.said}")
    for name, make, expected in databases():
        done = check(bench, name, make)
        seconds = done.seconds - usual.seconds
        told = next((line for line in done.said.splitlines() if expected in line), None)
        bench.report(
            "hostile", f"a database of {name}", done.code == 78 and bool(told) and seconds < LIMIT and done.memory < MEMORY,
            f"{done.size / 1e6:.2f} MB refused after {seconds * 1e3:.0f} ms, {megabytes(done.memory)} at most: "
            f"{shorten(told or f'exit {done.code}: {done.said}')}")
    packets_of_every_length(bench)
    worst_packets(bench)


class Measured:
    """A process that has ended, with the processor time and the memory that it took."""

    def __init__(self, bench, *arguments):
        output = bench.path("output")
        with open(output, "w", encoding="utf-8") as file:
            child = bench.start("downlinkd", *arguments, stdout=file, stderr=file)
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = self.code = os.waitstatus_to_exitcode(status)
        with open(output, encoding="utf-8", errors="replace") as file:
            self.said = file.read()
        self.seconds = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss << 10


def check(bench, name, make):
    done = Measured(bench, "check", "-c", station(bench, make))
    done.size = os.path.getsize(bench.path("hostile.xml"))
    return done


def station(bench, make):
    """The configuration of a link with a database. Another process makes it: what this one takes would be seen in the
    memory of those that it starts."""
    path = bench.path("hostile.xml")
    child = os.fork()
    if child == 0:
        text = make()
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        raise Trouble("a database cannot be written")
    return bench.write(
        "hostile.yaml", "station: test\nlinks:\n  - name: hostile\n    input: { udp: \"127.0.0.1:1\", format: packets }\n"
        f"    mission_database: {path}\n")


def shorten(line):
    return re.sub(r"^\S*/", "", line.strip())[:110]


# Databases

def database(types="", parameters="", containers="", before="", rest=""):
    return (
        f'<?xml version="1.0"?>\n{before}<SpaceSystem name="S" {SCHEMA}><TelemetryMetaData>\n'
        f"<ParameterTypeSet>{BYTE}{types}</ParameterTypeSet>\n<ParameterSet>{parameters}</ParameterSet>\n"
        f"<ContainerSet>{containers}</ContainerSet></TelemetryMetaData>{rest}</SpaceSystem>\n")


def container(name, entries, rest=""):
    return f'<SequenceContainer name="{name}"><EntryList>{entries}</EntryList>{rest}</SequenceContainer>'


def aggregate(name, *types):
    members = "".join(f'<Member name="m{index}" typeRef="{kind}"/>' for index, kind in enumerate(types))
    return f'<AggregateParameterType name="{name}"><MemberList>{members}</MemberList></AggregateParameterType>'


def integer(name, bits):
    return f'<IntegerParameterType name="{name}"><IntegerDataEncoding sizeInBits="{bits}"/></IntegerParameterType>'


def databases():
    """What each is, what makes its text, and what has to be said of it."""
    laughs = "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    yield "a billion laughs", lambda: database(
        before=f'<!DOCTYPE SpaceSystem [<!ENTITY l0 "ha">{laughs}]>\n', rest="&l9;"), "a DOCTYPE is not read"
    yield "an external entity", lambda: database(
        before='<!DOCTYPE SpaceSystem [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n', rest="&x;"), "a DOCTYPE is not read"
    yield "another document", lambda: database(
        before='<!DOCTYPE SpaceSystem SYSTEM "http://127.0.0.1:1/x.dtd">\n'), "a DOCTYPE is not read"
    yield "500 thousand elements within each other", lambda: "<a>" * 500_000, "deeper than 64"
    yield "two thousand space systems within each other", lambda: "".join(
        f'<SpaceSystem name="s{level}" {SCHEMA}>' for level in range(2000)) + "</SpaceSystem>" * 2000, "deeper than 64"
    yield "a million parameters", lambda: database(parameters="".join(
        f'<Parameter name="p{index}" parameterTypeRef="u8"/>' for index in range(1_000_000))), "524288 elements"
    yield "65,537 parameters", lambda: database(parameters="".join(
        f'<Parameter name="p{index}" parameterTypeRef="u8"/>' for index in range(65_537))), "65536 parameters"
    yield "types in a circle", lambda: database(types=aggregate("a", "b") + aggregate("b", "c") + aggregate("c", "a")), "/S/a"
    yield "containers in a circle", lambda: database(containers=container(
        "a", "", '<BaseContainer containerRef="b"/>') + container(
            "b", "", '<BaseContainer containerRef="a"/>')), "in itself, or extends itself"
    yield "60 thousand types on each other", lambda: database(types="".join(
        f'<IntegerParameterType name="t{index}" baseType="t{index + 1}"/>' for index in range(60_000)) + integer(
            "t60000", 8)), "more than 32 deep"
    yield "aggregates that are 10^20 values", lambda: database(types=aggregate("t0", *["u8"] * 10) + "".join(
        aggregate(f"t{level}", *[f"t{level - 1}"] * 10) for level in range(1, 20))), "more than 65536 values"
    yield "an array of 2^256 values", lambda: database(types=(
        '<ArrayParameterType name="a" arrayTypeRef="u8"><DimensionList>' + (
            "<Dimension><StartingIndex><FixedValue>0</FixedValue></StartingIndex><EndingIndex><FixedValue>4294967295"
            "</FixedValue></EndingIndex></Dimension>") * 8 + "</DimensionList></ArrayParameterType>")), "4294967295"
    for bits in ("9223372036854775807", "18446744073709551616", "-8", "1e9"):
        yield f"an integer of {bits} bits", lambda bits=bits: database(types=integer("big", bits)), "sizeInBits"
    yield "a repetition of 2^63", lambda: database(
        parameters='<Parameter name="p" parameterTypeRef="u8"/>',
        containers=container("c", '<ParameterRefEntry parameterRef="p"><RepeatEntry><Count><FixedValue>'
                             "9223372036854775807</FixedValue></Count></RepeatEntry></ParameterRefEntry>")), "0 to 65536 is supported"
    yield "50 thousand unknown types", lambda: database(parameters="\n".join(
        f'<Parameter name="p{index}" parameterTypeRef="none"/>' for index in range(50_000))), "there is no type"
    yield "500 thousand parameters", lambda: database(parameters="".join(
        f'<Parameter name="p{index}" parameterTypeRef="u8"/>' for index in range(500_000))), "65536 parameters"
    yield "900 thousand unknown elements", lambda: database(rest="<a/>" * 900_000), "524288 elements"
    yield "900 names of 60 kB", lambda: database(rest="".join(
        f'<{"y" * 60_000}{index}/>' for index in range(900))), "longer than 255 bytes"
    yield "a spline of 4,096 points in 20 thousand types", lambda: database(types=(
        '<FloatParameterType name="t"><IntegerDataEncoding><DefaultCalibrator><SplineCalibrator>' + "".join(
            f'<SplinePoint raw="{index}" calibrated="0"/>' for index in range(4096))
        + "</SplineCalibrator></DefaultCalibrator></IntegerDataEncoding></FloatParameterType>" + "".join(
            f'<FloatParameterType name="t{index}" baseType="t"/>' for index in range(20_000)))), "1048576 labels"
    yield "20 thousand labels in 20 thousand types", lambda: database(types=(
        '<EnumeratedParameterType name="t"><IntegerDataEncoding/><EnumerationList>' + "".join(
            f'<Enumeration value="{index}" label="L{index}"/>' for index in range(20_000))
        + "</EnumerationList></EnumeratedParameterType>" + "".join(
            f'<EnumeratedParameterType name="t{index}" baseType="t"/>' for index in range(20_000)))), "1048576 labels"
    yield "a thousand warnings and then an error", lambda: database(containers="".join(
        f'<SequenceContainer name="c{index}"/>' for index in range(1200)) + container(
            "last", '<ParameterRefEntry parameterRef="none"/>')), "there is no parameter `none`"
    yield "containers of more than a million values", lambda: database(
        parameters='<Parameter name="p" parameterTypeRef="u8"/>', containers="".join(container(
            f"c{index}", '<ParameterRefEntry parameterRef="p"><RepeatEntry><Count><FixedValue>65536</FixedValue></Count>'
            "</RepeatEntry></ParameterRefEntry>") for index in range(19))), "more than 1048576 values"
    yield "a type of 60 thousand units", lambda: database(types='<IntegerParameterType name="t">' + (
        "<UnitSet/>" * 60_000) + "</IntegerParameterType>"), "no more than 64 are read"
    yield "a set whose name is wrong", lambda: database(rest="<TelemetryMetadata/>"), "no element <TelemetryMetadata>"
    yield "a tag without an end", lambda: f'<SpaceSystem name="{"x" * (8 << 20)}', "longer than 1048576 bytes"
    yield "text without an end", lambda: database(rest="x" * (8 << 20)), "more than 1048576 bytes of text"
    yield "random octets", lambda: random.Random(5).randbytes(1 << 20), "not well-formed"
    yield "no octets", lambda: "", "no element found"


# Packets

HEADER = [("VERSION", 3), ("TYPE", 1), ("SHF", 1), ("APID", 11), ("FLAGS", 2), ("COUNT", 14), ("LENGTH", 16)]


def header_types():
    return "".join(
        f'<IntegerParameterType name="u{bits}" signed="false"><IntegerDataEncoding sizeInBits="{bits}"/>'
        "</IntegerParameterType>" for bits in sorted({bits for _, bits in HEADER} | {32}))


def parameters(*more):
    return "".join(f'<Parameter name="{name}" parameterTypeRef="u{bits}"/>' for name, bits in [*HEADER, *more])


def entries(*names):
    return "".join(f'<ParameterRefEntry parameterRef="{name}"/>' for name in names)


def packet(application, count, data):
    return bytes([0x08 | application >> 8, application & 0xFF, 0xC0 | count >> 8 & 0x3F, count & 0xFF]) + (
        len(data) - 1).to_bytes(2, "big") + data


def replay(bench, configuration, packets):
    path = bench.path("hostile.packets")
    with open(path, "wb") as file:
        file.write(b"".join(packets))
    done = Measured(bench, "replay", "-c", configuration, "--json", "--no-progress", path)
    if done.code != 0:
        raise Trouble(f"replay: exit {done.code}: {done.said.strip()[-500:]}")
    counts = json.loads(done.said.splitlines()[-1])["links"][0]["parameters"]["packets"]
    return done, counts


def packets_of_every_length(bench):
    """One of everything that a packet can hold: each length there can be up to eight bytes beyond, and random bytes."""
    source = os.path.join(os.path.dirname(__file__), "..", "..", "Fixtures", "MissionDatabase", "everything.xml")
    with open(source, "rb") as file:
        content = file.read()
    configuration = station(bench, lambda: content)
    generator = random.Random(30)
    packets = [
        packet(application, count, generator.randbytes(length))
        for application in range(11) for length in range(1, 209) for count in range(8)]
    few, _ = replay(bench, configuration, packets[:1])
    done, counts = replay(bench, configuration, packets)
    kinds = ("whole", "long", "short", "unidentified", "impossible_size", "too_many_values")
    known = sum(counts.get(kind, 0) for kind in kinds)
    bench.report(
        "hostile", "packets of random bytes, of every length up to 214", known == counts["decoded"] == len(packets)
        and done.memory < MEMORY,
        f"{len(packets):,} packets, each counted once: " + ", ".join(f"{kind} {counts.get(kind, 0):,}" for kind in kinds)
        + f"; {(done.seconds - few.seconds) / len(packets) * 1e6:.0f} us each, {megabytes(done.memory)} at most")


def worst_packets(bench):
    """The packets that are the most work that a database can ask for."""
    nothing = database(
        types=header_types(), parameters=parameters(("MANY", 32), ("P", 3)),
        containers=container("inner", '<ParameterRefEntry parameterRef="P"><IncludeCondition><Comparison '
                             'parameterRef="MANY" value="0"/></IncludeCondition></ParameterRefEntry>')
        + container("Packet", entries(*(name for name, _ in HEADER), "MANY") + (
            '<ContainerRefEntry containerRef="inner"><RepeatEntry><Count><DynamicValue><ParameterInstanceRef '
            'parameterRef="MANY"/></DynamicValue></Count></RepeatEntry></ContainerRefEntry>')))
    bits = database(
        types=header_types() + '<IntegerParameterType name="bit" signed="false"><IntegerDataEncoding sizeInBits="1"/>'
        "</IntegerParameterType>",
        parameters=parameters() + '<Parameter name="B" parameterTypeRef="bit"/>',
        containers=container("Packet", entries(*(name for name, _ in HEADER)) + (
            '<ParameterRefEntry parameterRef="B"><RepeatEntry><Count><FixedValue>65000</FixedValue></Count>'
            "</RepeatEntry></ParameterRefEntry>")))
    for name, text, data in (
            ("that repeats nothing four billion times", nothing, b"\xff" * 5),
            ("of 65,000 values of one bit", bits, bytes(9000))):
        configuration = station(bench, lambda text=text: text)
        one, _ = replay(bench, configuration, [packet(5, 0, data)])
        done, counts = replay(bench, configuration, [packet(5, number, data) for number in range(101)])
        seconds = (done.seconds - one.seconds) / 100
        bench.report(
            "hostile", f"a packet {name}", counts["decoded"] == 101 and seconds < LIMIT and done.memory < MEMORY,
            f"{seconds * 1e3:.2f} ms, {megabytes(done.memory)} at most; counted as "
            + ", ".join(f"{kind}: {count}" for kind, count in counts.items() if count))

"""What `downlinkctl explain` advises is put in force until nothing is rejected any more."""

import json
import os
import socket
import time

from bench import Daemon, free_port

FRAMES = 600
ROUNDS = 8
TM = {"coding": {"error_control": "crc16"}, "frames": {"type": "tm", "length": "1115", "spacecraft_id": "[171]"}}
AOS = {"coding": {"error_control": "crc16"}, "frames": {"type": "aos", "length": "1115", "spacecraft_id": "[56]"}}
USLP = {"coding": {"error_control": "crc16"},
        "frames": {"type": "uslp", "min_length": "7", "max_length": "1200", "spacecraft_id": "[4660]"},
        "virtual_channels": ["{ vcid: 0 }", "{ vcid: 1 }", "{ vcid: 2, truncated_length: 12 }",
                             "{ vcid: 63, service: idle }"]}
DEMO_FRAMES = {"type": "aos", "length": "1115", "spacecraft_id": "[42, 56]", "ocf": "true"}
DEMO_CHANNELS = [f"{{ spacecraft_id: {scid}, vcid: {vcid}, service: {service} }}" for scid, vcid, service in (
    (42, 0, "packet"), (42, 1, "packet"), (42, 2, "packet"), (42, 63, "idle"), (56, 0, "packet"), (56, 4, "vca"),
    (56, 9, "packet"), (56, 63, "idle"))]
DEMO = {"coding": {"error_control": "crc16"}, "frames": DEMO_FRAMES, "virtual_channels": DEMO_CHANNELS}
CADU = {"input": {"format": "cadus"},
        "coding": {"sync_marker": "0x1ACFFC1D", "randomizer": "short255", "error_control": "crc16",
                   "reed_solomon": "{ errors: 16, interleave: 5, basis: dual }"},
        "frames": DEMO_FRAMES, "virtual_channels": DEMO_CHANNELS}
# By name: the scenario, what would be right, what is wrong instead, and what has to be advised.
CASES = {
    "spacecraft": ("tm", TM, {"frames.spacecraft_id": "0x2B"}, {"frames.spacecraft_id"}),
    "length": ("tm", TM, {"frames.length": "1113"}, {"frames.length"}),
    "type": ("aos", AOS, {"frames.type": "tm"}, {"frames.type"}),
    "senders": ("tm", TM, {"input.allow_from": "[\"10.0.0.0/8\"]"}, {"input.allow_from"}),
    "several": ("tm-pairs", TM, {}, {"input.frames_per_datagram"}),
    "crc32": ("uslp-demo", USLP, {"coding.error_control": "crc32"}, {"coding.error_control"}),
    "lengths": ("uslp-demo", USLP, {"frames.max_length": "300"}, {"frames.max_length"}),
    "channel": ("demo", DEMO, {"virtual_channels": DEMO_CHANNELS[1:]}, {"virtual_channels[]"}),
    "trailer": ("aos", AOS, {"frames.ocf": "true"}, {"frames.ocf"}),
    "randomizer": ("cadu-demo", CADU, {"coding.randomizer": "long131071"}, {"coding.randomizer"}),
    "basis": ("cadu-demo", CADU, {"coding.reed_solomon": "{ errors: 16, interleave: 5, basis: conventional }"},
              {"coding.reed_solomon"}),
    "interleave": ("cadu-demo", CADU,
                   {"coding.reed_solomon": "{ errors: 16, interleave: 4, basis: dual }", "frames.length": "892"},
                   {"coding.reed_solomon", "frames.length"}),
    "markers": ("cadu-demo", DEMO, {}, {"input.format", "coding.reed_solomon", "coding.randomizer"}),
    "twofold": ("aos", AOS, {"frames.type": "tm", "frames.length": "1024", "frames.spacecraft_id": "7"},
                {"frames.type", "frames.length", "frames.spacecraft_id"}),
}


def changed(link, settings):
    """A link with other settings, by their keys; what is `None` is left out."""
    link = json.loads(json.dumps(link))
    for key, value in settings.items():
        if key == "virtual_channels[]":
            link.setdefault("virtual_channels", []).append(value)
            continue
        *path, name = key.split(".")
        section = link
        for part in path:
            section = section.setdefault(part, {})
        if value is None:
            section.pop(name, None)
        else:
            section[name] = value
    return {key: value for key, value in link.items() if value}


def written(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {written(part)}" for key, part in value.items()) + " }"
    return "[" + ", ".join(map(written, value)) + "]" if isinstance(value, list) else value


class Case:
    """A link that is told something wrong, and what its sender sends."""

    def __init__(self, name):
        self.name = name
        self.scenario, right, wrong, self.expected = CASES[name]
        self.port = free_port()
        link = changed({**right, "input": {**right.get("input", {}), "udp": f"\"127.0.0.1:{self.port}\""}}, wrong)
        self.link = {"name": name, **link}
        self.advised = {}
        self.sent = 0
        self.rejected = None
        self.reasons = ""
        self.accepted = 0

    def send(self, bench):
        if self.scenario == "tm-pairs":
            return self.send_pairs(bench)
        self.sent, _ = bench.simulate(
            "--scenario", self.scenario, "--clean", "--frames", FRAMES, "--speed", 2, f"udp:127.0.0.1:{self.port}")
        return None

    def send_pairs(self, bench):
        """Two frames to a datagram."""
        path = bench.path("pairs.frames")
        if not os.path.exists(path):
            bench.simulate("--scenario", "tm", "--clean", "--frames", FRAMES, path)
        with open(path, "rb") as file, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            while datagram := file.read(2 * 1115):
                sender.sendto(datagram, ("127.0.0.1", self.port))
        self.sent = FRAMES // 2

    def take_advice(self, document):
        """The settings for what was rejected most."""
        reasons = [reason for reason in document["reasons"] if "nearest" in reason]
        settings = {}
        if reasons:
            worst = max(reasons, key=lambda reason: (reason["nearest"]["proof"] != "none", reason["count"]))
            settings = {entry["key"]: entry.get("value") for entry in worst["nearest"]["settings"]}
        self.advised.update(settings)
        self.link = changed(self.link, settings)
        return bool(settings)


def is_strange(reason):
    """Not what stands at the beginning and the end of every reception."""
    return reason["reason"] not in ("skipped", "unsynchronized", "gap", "quarantined")


def line_explain(bench):
    """Wrong settings, one for each link: explained, mended by what is advised, and gone."""
    cases = [Case(name) for name in CASES]
    text = lambda: "station: test\nlinks:\n" + "".join(f"  - {written(case.link)}\n" for case in cases)
    daemon = Daemon(bench, text())
    pending, shown = list(cases), None
    for turn in range(1 + ROUNDS):
        for case in pending:
            case.send(bench)
        settle(daemon)
        for case in list(pending):
            asked = bench.run("downlinkctl", "explain", case.name, "--json", "--socket", daemon.socket)
            document = json.loads(asked.output)
            strange = [reason for reason in document["reasons"] if is_strange(reason)]
            case.rejected = sum(reason["count"] for reason in strange)
            case.reasons = ", ".join(f"{reason['stage']} {reason['reason']}" for reason in document["reasons"])
            frames = daemon.link(cases.index(case))["ledger"]["frames"]
            case.accepted = frames["delivered"] + frames["idle"]
            if turn == 0 and case.name == "spacecraft":
                shown = bench.run("downlinkctl", "explain", case.name, "--socket", daemon.socket)
            if (case.rejected == 0 and case.accepted > 0 and turn > 0) or not case.take_advice(document):
                pending.remove(case)
        if not pending:
            break
        daemon.configure(text())
        done = bench.run("downlinkctl", "reload", "--wait", "--socket", daemon.control)
        if done.code != 0:
            bench.report("explain", "what is advised is a configuration", False, (done.output + done.errors).strip())
            return
    for case in cases:
        advice = ", ".join(f"{key}: {value}" if value else f"without {key}" for key, value in case.advised.items())
        bench.report(
            "explain", f"{case.name}: what is advised is put in force, and nothing is rejected any more",
            case.rejected == 0 and case.accepted > 0 and case.expected <= set(case.advised),
            f"{advice or 'nothing advised'}; then {case.rejected} rejected, {case.accepted} frames accepted"
            + (f" ({case.reasons})" if case.rejected else ""))
    lines = shown.output.splitlines()
    bench.report(
        "explain", "it fits into 80 columns, and shows the bytes that broke the rule",
        shown.code == 0 and max(map(len, lines)) <= 80 and any("^^ ^^" in line for line in lines),
        "\n" + shown.output.rstrip())
    quiet = bench.run("downlinkctl", "explain", "spacecraft", "--reason", "version", "--socket", daemon.socket)
    bench.report("explain", "a link that rejected nothing says so", quiet.code == 0 and "nothing was rejected" in
                 quiet.output, quiet.output.strip())
    daemon.stop()


def settle(daemon):
    """Waits until nothing more is counted on any link: each is looked at once a second."""
    counted, changed = None, time.monotonic()
    while time.monotonic() < changed + 4:
        latest = [link["ledger"]["datagrams"] for link in daemon.ask("status")["links"]]
        if latest != counted:
            counted, changed = latest, time.monotonic()
        time.sleep(0.3)

"""What Prometheus sees: the metrics by its own tools, its rules, an alert that fires for real, and how many series there are."""

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from bench import Daemon, Trouble, free_port
from frames import aos, link, station, tm
from sender import Sender

TREE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RULES = os.path.join(TREE, "systemd/prometheus/downlinkd.rules.yaml")
SCENARIOS = os.path.join(TREE, "systemd/prometheus/downlinkd.rules.test.yaml")
EXAMPLE = os.path.join(TREE, "systemd/prometheus/prometheus.yml")
DASHBOARD = os.path.join(TREE, "systemd/grafana/downlinkd.json")
CLIENT = "prometheus_client==0.21.1"
LENGTH = 256
IDENTIFIERS = 1_000_000
RATE = 40_000


def line_metrics(bench):
    """The rules by their scenarios, then a daemon with a Prometheus that watches it."""
    if not shutil.which("promtool"):
        done = subprocess.run(
            [os.path.join(TREE, ".ci/setup"), "prometheus"], capture_output=True, text=True, check=False)
        if done.returncode != 0 or not shutil.which("promtool"):
            raise Trouble(f"Debian's prometheus cannot be installed: {done.stderr.strip()[-300:]}")
    look_at_rules(bench)
    port = free_port()
    text = station(
        link("measured", port, f"type: aos, length: {LENGTH}, spacecraft_id: 42", "virtual_channels: [{ vcid: 1 }, { vcid: 2 }]"),
        link("open", free_port(), f"type: tm, length: {LENGTH}"))
    textfile = bench.path("downlinkd.prom")
    web = free_tcp_port()
    daemon = Daemon(
        bench, f"{text}stats_interval: 1\nmetrics: {{ textfile: {textfile}, apids: [100] }}\n"
        f"web: {{ listen: \"127.0.0.1:{web}\" }}")
    daemon.wait_until(lambda: os.path.exists(textfile), 20, "the file of its metrics")
    page = Metrics(web)
    look_at_text(bench, page, textfile)
    alert(bench, page, port)
    count_series(bench, daemon, page, port)
    refuse(bench, text)
    bench.report("metrics", "the daemon ends in order", daemon.stop() == 0, "")


class Metrics:
    """Where the daemon itself serves them."""

    def __init__(self, port):
        self.target = f"127.0.0.1:{port}"

    def answer(self, accept):
        """The text, and what it says of its format."""
        request = urllib.request.Request(f"http://{self.target}/metrics", headers={"Accept": accept} if accept else {})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode(), answer.headers["Content-Type"]

    def text(self):
        return self.answer("")[0]

    def value(self, name):
        """The value of a series, named with its labels."""
        return next(float(line.rsplit(" ", 1)[1]) for line in self.text().splitlines() if line.startswith(name + " "))


def free_tcp_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def look_at_rules(bench):
    for what, command in (
            ("promtool check rules", ["promtool", "check", "rules", "--lint-fatal", RULES]),
            ("every rule fires and clears in promtool test rules", ["promtool", "test", "rules", SCENARIOS]),
            ("promtool check config of the example", ["promtool", "check", "config", "--syntax-only", EXAMPLE])):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        bench.report("metrics", what, done.returncode == 0, " ".join((done.stdout + done.stderr).split())[-400:])


# How each format is asked for, what its answer is called, and the strictest parser for it.
FORMATS = (
    ("text 0.0.4", "text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8", "prometheus_client.parser"),
    ("OpenMetrics", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
     "application/openmetrics-text; version=1.0.0; charset=utf-8", "prometheus_client.openmetrics.parser"))


def look_at_text(bench, page, textfile):
    """By the tools of those who read it: promtool, and the parsers of the Python client."""
    with open(textfile, encoding="utf-8") as file:
        texts = (("over HTTP", page.text()), ("in the file", file.read()))
    for where, text in texts:
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).strip()
        bench.report("metrics", f"promtool check metrics is silent about those {where}", done.returncode == 0 and not said,
                     said or f"{len(text)} bytes")
    python = install(bench)
    if not python:
        bench.report("metrics", "read by prometheus_client", False, f"{CLIENT} cannot be installed from the package index")
        return
    for name, accept, expected, parser in FORMATS:
        text, content_type = page.answer(accept)
        script = (f"import sys; from {parser} import text_string_to_metric_families as read; "
                  "f = list(read(sys.stdin.read())); print(len(f), sum(len(m.samples) for m in f))")
        done = subprocess.run([python, "-c", script], input=text, capture_output=True, text=True, check=False)
        series = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("downlinkd_metrics_series "))
        counts = done.stdout.split()
        bench.report(
            "metrics", f"{name} is given to who asks for it, and read by {parser}",
            done.returncode == 0 and content_type == expected and counts[1:] == [str(series)],
            f"{content_type}; metrics, samples: {' '.join(counts)}, {series} series by its own account "
            f"{done.stderr.strip()[-300:]}")


def install(bench):
    """A Python that has the client library, for this run alone; none where it cannot be installed."""
    folder = bench.path("client")
    python = os.path.join(folder, "bin", "python")
    for command in ([sys.executable, "-m", "venv", folder], [python, "-m", "pip", "-q", "install", CLIENT]):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return None
    return python


class Prometheus:
    """Debian's, with the rules that are shipped, every second."""

    def __init__(self, bench, target):
        self.address = f"127.0.0.1:{free_tcp_port()}"
        configuration = bench.write("prometheus.yml", json.dumps({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [RULES],
            "scrape_configs": [{"job_name": "downlinkd", "static_configs": [{"targets": [target]}]}]}))
        with open(bench.path("prometheus.log"), "w", encoding="utf-8") as log:
            self.child = subprocess.Popen(
                ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={bench.path('prometheus')}",
                 f"--web.listen-address={self.address}", "--log.level=warn"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        bench.children.append(self.child)

    def ask(self, path):
        """What its interface answers; nothing as long as it does not."""
        try:
            return json.loads(fetch(f"http://{self.address}/api/v1/{path}"))["data"]
        except (OSError, http.client.HTTPException):
            return None

    def alerts(self):
        return {alert["labels"]["alertname"] for alert in (self.ask("alerts") or {"alerts": []})["alerts"]
                if alert["state"] == "firing"}

    def wait(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.2)
        return False


def alert(bench, page, port):
    """Frames that arrive are nothing to be woken for; those that do not are."""
    prometheus = Prometheus(bench, page.target)
    scraped = prometheus.wait(
        lambda: any(target["health"] == "up" for target in (prometheus.ask("targets") or {"activeTargets": []})["activeTargets"]),
        30)
    with Sender(port) as sender:
        sender.pace((aos(LENGTH, 42, 1, count) for count in range(1500)), 500)
    before = prometheus.alerts()
    bench.report("metrics", "a real Prometheus scrapes it, and no alert fires while all is well", scraped and not before,
                 f"firing: {', '.join(sorted(before)) or 'none'}")
    began = time.monotonic()
    with Sender(port) as sender:
        # One frame in ten is withheld.
        sender.pace((aos(LENGTH, 42, 1, count) for count in range(1500, 4500) if count % 10), 500)
    fired = prometheus.wait(lambda: "DownlinkFramesMissing" in prometheus.alerts(), 30)
    text = next((alert["annotations"]["description"] for alert in prometheus.ask("alerts")["alerts"]
                 if alert["labels"]["alertname"] == "DownlinkFramesMissing"), "")
    bench.report("metrics", "an alert fires for real from injected loss", fired and prometheus.alerts() == {"DownlinkFramesMissing"},
                 f"after {time.monotonic() - began:.0f} s: {text}")
    look_at_scrapes(bench, prometheus, page)
    count_queries(bench, prometheus)
    prometheus.child.terminate()
    prometheus.child.wait(30)


def look_at_scrapes(bench, prometheus, page):
    """What Prometheus took is all that there is, and the daemon has counted each time that it came."""
    def value(query):
        result = (prometheus.ask("query?" + urllib.parse.urlencode({"query": query})) or {"result": []})["result"]
        return float(result[0]["value"][1]) if result else None

    taken, series = value("scrape_samples_scraped"), page.value("downlinkd_metrics_series")
    answers = value('downlinkd_http_responses_total{code="200"}')
    bench.report(
        "metrics", "Prometheus takes every series, and finds its own requests counted among them",
        taken == series and answers is not None and answers > 2,
        f"{taken} samples of {series:.0f} series; {answers} answers with 200, "
        f"{value('sum(downlinkd_http_refused_total)')} refusals; a scrape takes "
        f"{1000 * (value('max_over_time(scrape_duration_seconds[5m])') or 0):.1f} ms at most")


def count_queries(bench, prometheus):
    """Every query of the dashboard is one that Prometheus understands."""
    with open(DASHBOARD, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    wrong = []
    for query in queries:
        for variable, value in (("$__rate_interval", "1m"), ("$__range", "5m"), ("$link", ".*"), ("$scid", ".*")):
            query = query.replace(variable, value)
        if prometheus.ask("query?" + urllib.parse.urlencode({"query": query})) is None:
            wrong.append(query)
    bench.report("metrics", "every query of the dashboard is understood", queries and not wrong,
                 f"{len(queries)} queries {' '.join(wrong)}")


def count_series(bench, daemon, page, port):
    """A million identifiers of the wire, at random, on the link that has names and on the one that takes everything."""
    before, chance = page.value("downlinkd_metrics_series"), random.Random(6)
    ports = [port, int(daemon.ask("links")["links"][1]["listen"].rsplit(":", 1)[1])]
    sent = 0
    for number, count in zip(ports, (IDENTIFIERS // 2, IDENTIFIERS // 2)):
        kinds = [strange(chance, number == port) for _ in range(4096)]
        with Sender(number) as sender:
            # Twice each: one frame alone is not believed.
            sender.pace((strange(chance, number == port) if index % 8 else kinds[index // 8 % 4096] for index in range(count)), RATE)
            sent += sender.count
    time.sleep(3)
    after = page.value("downlinkd_metrics_series")
    links = daemon.ask("links")["links"]
    bench.report("metrics", "a million random identifiers make no series", before == after,
                 f"{sent} datagrams, {sum(link['totals']['frames'] for link in links)} frames received; "
                 f"{before:.0f} series before, {after:.0f} after")


def strange(chance, is_aos):
    """A good frame of some spacecraft and some channel."""
    count, zone = chance.getrandbits(24), chance.randbytes(LENGTH - 10)
    if is_aos:
        return aos(LENGTH, chance.getrandbits(8), chance.getrandbits(6), count, zone, chance.getrandbits(11))
    return tm(LENGTH, chance.getrandbits(10), chance.getrandbits(3), chance.getrandbits(8), chance.getrandbits(8),
              zone + b"\0\0", chance.getrandbits(11))


def refuse(bench, text):
    """A disk that is full is told of in words, and the daemon goes on."""
    if os.geteuid() != 0:
        bench.report("metrics", "a full disk", False, "this takes root: not looked at")
        return
    disk = bench.path("disk")
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], check=False).returncode != 0:
        raise Trouble("no tmpfs can be mounted")
    try:
        daemon = Daemon(bench, f"{separate(text)}stats_interval: 1\nmetrics: {{ textfile: {disk}/a.prom }}")
        daemon.wait_until(lambda: problems(daemon), 20, "a problem in words")
        told, names = problems(daemon), sorted(os.listdir(disk))
        subprocess.run(["mount", "-o", "remount,size=1m", disk], check=True)
        daemon.wait_until(lambda: not problems(daemon), 20, "the end of the problem")
        bench.report("metrics", "a file on a full disk: a problem in words, nothing left behind, and over by itself",
                     names == [] and os.path.getsize(f"{disk}/a.prom") > 16 << 10, told[0])
        daemon.stop()
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def separate(text):
    """The configuration with ports that nobody has."""
    parts = text.split("127.0.0.1:")
    return parts[0] + "".join(f"127.0.0.1:{free_port()}" + part[part.index('"'):] for part in parts[1:])


def problems(daemon):
    return [problem["message"] for problem in daemon.ask("status")["problems"] if problem["code"] == "textfile_not_written"]

"""The web: what it refuses, what it costs, and that the links do not feel it."""

import http.client
import json
import os
import selectors
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

from bench import Daemon, Trouble, megabytes
from bench import free_port as free_udp_port
from subscribers import measure, micro, quantile

RATE = 20_000
STREAM_RATE = 50_000
QUICK, SLOW = 280, 20
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,unsupported_method")


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def web_text(port, more=""):
    return f"web:\n  listen: \"127.0.0.1:{port}\"\n{more}"


# MARK: http


def line_http(bench, seconds):
    """Everything that is promised of requests, their refusals, and the daemon that answers them."""
    line_cost(bench)
    port, udp = free_port(), free_udp_port()
    daemon = Daemon(bench, bench.link_text("demo", udp) + web_text(port))
    bench.simulate("--frames", 3000, "--speed", 20, "--drop", 0.05, "--corrupt", 0.2, f"udp:127.0.0.1:{udp}")
    line_documents(bench, daemon, port)
    line_refusals(bench, port)
    line_description(bench, port)
    line_connections(bench, port)
    line_reload(bench, daemon, port)
    daemon.stop()
    line_exposure(bench)
    line_attack(bench, seconds)


def line_refused(bench):
    """The refusals alone."""
    port = free_port()
    daemon = Daemon(bench, bench.link_text("demo", free_udp_port()) + web_text(port))
    line_refusals(bench, port)
    line_connections(bench, port)
    daemon.stop()


def line_documents(bench, daemon, port):
    """The documents are those of the status socket."""
    wrong = []
    for command in ("version", "config", "help", "schema", "events", "apids", "vcs", "history"):
        over_web = json.loads(get(port, f"/api/v1/{command}")[2])
        over_socket = daemon.ask(command)
        for document in (over_web, over_socket):
            # What else has happened between the two, and what is the time.
            document.get("events", []).sort(key=lambda event: event["seq"])
        if over_web != over_socket:
            wrong.append(command)
    bench.report("http", "documents are those of the status socket", not wrong, f"8 compared, {wrong or 'none'} differ")
    formats = {
        "": "text/plain; version=0.0.4; charset=utf-8",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2":
            "application/openmetrics-text; version=1.0.0; charset=utf-8"}
    given = [get(port, "/metrics", {"Accept": accept} if accept else {})[1]["content-type"] for accept in formats]
    bench.report("http", "metrics come as they are asked for", given == list(formats.values()), "; ".join(given))


REFUSED = [
    ("POST", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", 405),
    ("a made-up method", b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ("a body", b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", 413),
    ("9000 bytes of fields", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
    ("a target of 5000 bytes", b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    ("a foreign host", b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
    ("a record of TLS", bytes.fromhex("16030100c8010000c40303") + b"\r\n\r\n", 400),
    ("a path upwards", b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]


def line_refusals(bench, port):
    """What is refused, and how."""
    wrong = []
    for name, request, status in REFUSED:
        with socket.create_connection(("127.0.0.1", port), 10) as client:
            client.sendall(request)
            answer = client.recv(65536)
        if not answer.startswith(b"HTTP/1.1 %d " % status):
            wrong.append(f"{name}: {answer[:40]}")
    bench.report("http", "what is wrong is refused as documented", not wrong, f"{len(REFUSED)} ways; {wrong or 'none answered otherwise'}")
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        began = time.monotonic()
        answer = b""
        for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100:
            try:
                client.sendall(bytes([byte]))
            except OSError:
                break
            client.settimeout(0.2)
            try:
                answer = client.recv(4096)
                break
            except TimeoutError:
                pass
        took = time.monotonic() - began
    bench.report(
        "http", "a request that does not get done is let go", answer.startswith(b"HTTP/1.1 408 ") and 5 <= took < 10,
        f"{answer[:28]} after {took:.1f} s, 5 s promised, looked at once a second")


def line_description(bench, port):
    """Schemathesis believes nothing of the description that it has not tried."""
    tool = install(bench)
    if tool is None:
        return bench.report("http", "the description is true", True, "not looked at: Schemathesis could not be installed")
    # What is too long to be looked at is refused for that.
    bench.write("schemathesis.toml", "[checks.negative_data_rejection]\nexpected-statuses = [400, 404, 405, 414, 431]\n")
    done = subprocess.run(
        [tool, "run", f"http://127.0.0.1:{port}/api/v1/openapi.json", "--exclude-path", "/api/v1/watch", "--checks", CHECKS,
         "--max-examples", os.environ.get("ACCEPTANCE_EXAMPLES", "20"), "--seed", "1"],
        cwd=bench.directory, capture_output=True, text=True, check=False)
    cases = next((line.strip() for line in done.stdout.splitlines() if " generated" in line), "")
    trouble = [line.strip() for line in done.stdout.splitlines() if line.startswith("- ")]
    return bench.report(
        "http", "the description is true: no server error, no undocumented answer", done.returncode == 0,
        f"{cases} {trouble[:5] or ''} {done.stderr.strip()[-200:] if done.returncode > 1 else ''}")


def install(bench):
    """Schemathesis, for this run alone; none where it cannot be had."""
    given = os.environ.get("SCHEMATHESIS")
    if given:
        return given
    folder = bench.path("schemathesis")
    python = os.path.join(folder, "bin", "python")
    for command in ([sys.executable, "-m", "venv", folder], [python, "-m", "pip", "-q", "install", "schemathesis==4.32.5"]):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return None
    return os.path.join(folder, "bin", "schemathesis")


def line_connections(bench, port):
    """Sixty-four of one address are served, the others are turned away; then all is well again."""
    clients = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(80)]
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answers = []
    for client in clients:
        try:
            client.sendall(request)
            answers.append(client.recv(4096)[9:12])
        except OSError:
            answers.append(b"503")
    for client in clients:
        client.close()
    time.sleep(1)
    after = get(port, "/healthz")[0]
    limits = {row["resource"]: row for row in json.loads(get(port, "/api/v1/queues")[2])["limits"]}
    counted = limits["connections_of_an_address:web"]["hits"]
    bench.report(
        "http", "connections are bounded", answers.count(b"200") == 64 and answers.count(b"503") == 16 and after == 200,
        f"{answers.count(b'200')} served, {answers.count(b'503')} turned away, {counted} counted, then {after}")


def line_reload(bench, daemon, port):
    """Another port by a reload, one that is in use, and back again."""
    other = free_port()
    with open(daemon.configuration, encoding="utf-8") as file:
        text = file.read()

    def reload(wanted):
        with open(daemon.configuration, "w", encoding="utf-8") as file:
            file.write(text.replace(f":{port}\"", f":{wanted}\""))
        daemon.child.send_signal(1)

    reload(other)
    daemon.wait_until(lambda: answers(other), 10, "the other port")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        reload(taken.getsockname()[1])
        daemon.wait_until(lambda: "web_unavailable" in codes(daemon), 15, "the problem")
        message = next(p["message"] for p in daemon.ask("status")["problems"] if p["code"] == "web_unavailable")
    daemon.wait_until(lambda: "web_unavailable" not in codes(daemon), 20, "the port is free again, and taken")
    reload(port)
    daemon.wait_until(lambda: answers(port), 15, "the first port")
    bench.report("http", "a reload moves it, and a port in use is said and tried again", True, message)


def codes(daemon):
    return {problem["code"] for problem in daemon.ask("status")["problems"]}


def answers(port):
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def line_exposure(bench):
    """Beyond this machine only with TLS, and with a token or certificates."""
    text = "station: s\nlinks:\n  - { name: a, input: { udp: \"127.0.0.1:9\" }, frames: { type: aos, length: 100 } }\n"
    path = bench.write("open.yaml", text + "web: { listen: \"0.0.0.0:9610\" }\n")
    done = bench.run("downlinkd", "check", "--no-environment", "-c", path)
    bench.report(
        "http", "what is open to the network is refused", done.code == 78 and done.errors.count("is open to the network") == 2,
        (done.errors or done.output).strip().split("\n")[0])
    pem, key, token = bench.path("web.pem"), bench.path("web.key"), bench.write("web.token", "0123456789abcdef\n")
    os.chmod(token, 0o600)
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], capture_output=True, check=False)
    if made.returncode != 0:
        return bench.report("http", "TLS and a token", True, "not looked at: this needs openssl")
    port = free_port()
    more = f"  token_file: {token}\n  tls: {{ certificate: {pem}, key: {key}, client_ca: {pem} }}\n"
    daemon = Daemon(bench, bench.link_text("demo", free_udp_port()) + web_text(port, more))
    context = ssl.create_default_context(cafile=pem)

    def ask(fields):
        request = urllib.request.Request(f"https://localhost:{port}/api/v1/version", headers=fields)
        try:
            return urllib.request.urlopen(request, context=context, timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError as error:
            return type(error).__name__

    stranger = ask({})
    context.load_cert_chain(pem, key)
    got = [ask({}), ask({"Authorization": "Bearer 0123456789abcdee"}), ask({"Authorization": "Bearer 0123456789abcdef"})]
    bench.report(
        "http", "TLS with certificates and a token", stranger != 200 and got == [401, 401, 200],
        f"without a certificate {stranger}; with it and no token {got[0]}, a wrong one {got[1]}, the right one {got[2]}")
    return daemon.stop()


def line_attack(bench, seconds):
    """In one run, in turns: latency from the kernel's time stamp to the decoded frame, in peace and under attack."""
    port, udp = free_port(), free_udp_port()
    more = "  max_connections: 256\n  max_connections_per_address: 256\n"
    daemon = Daemon(bench, bench.link_text("aos", udp) + web_text(port, more))
    phases = [False, True, False, True, False]
    sending = bench.start(
        "downlinkd", "simulate", "--scenario", "aos", "--frames", RATE * 3 * (seconds + 3) * len(phases), "--speed",
        RATE / 50_000, "--drop", 0.001, f"udp:127.0.0.1:{udp}", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    daemon.wait_until(lambda: daemon.link()["totals"]["frames"] > RATE, 30, "frames")
    alone, results = daemon.memory(), []
    for attacked in phases:
        ended = threading.Event()
        threads = [threading.Thread(target=attack, args=(port, ended), daemon=True) for _ in range(1 if attacked else 0)]
        for thread in threads:
            thread.start()
        time.sleep(3)
        results.append((attacked, measure(daemon, seconds)))
        ended.set()
        for thread in threads:
            thread.join()
    counters = json.loads(get(port, "/api/v1/clients")[2])["totals"]
    sending.terminate()
    sending.communicate()
    link, peak = daemon.link(), daemon.memory("VmHWM")
    daemon.stop()
    report_phases(bench, "http", results, "slow requests and rubbish", link)
    bench.report(
        "http", "memory under attack, at its highest", peak <= alone + (24 << 20),
        f"{megabytes(alone)} alone, {megabytes(peak)} with it; refused {counters['refused']}")


def attack(port, ended):
    """Two hundred requests that never get done, each done anew when it is let go, and rubbish in between."""
    slow = [None] * 200
    while not ended.is_set():
        for index, client in enumerate(slow):
            try:
                if client is None:
                    slow[index] = socket.create_connection(("127.0.0.1", port), 5)
                    slow[index].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
                else:
                    client.sendall(b"X: y\r\n")
            except OSError:
                if client:
                    client.close()
                slow[index] = None
        for request in (REFUSED[index % len(REFUSED)][1] for index in range(20)):
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as client:
                    client.sendall(request)
                    client.recv(4096)
            except OSError:
                pass
        ended.wait(0.05)
    for client in slow:
        if client:
            client.close()


def report_phases(bench, line, results, what, link):
    for with_it, result in results:
        bench.report(
            line, f"{result['seconds']:.0f} s {'with ' + what if with_it else 'in peace'}", True,
            f"p50 {micro(result, 0.5)}, p99 {micro(result, 0.99)}, p99.9 {micro(result, 0.999)}, {result['cpu']:.0%} of a "
            f"core, {result['frames'] / result['seconds']:,.0f} frames/s, dropped {result['dropped']}")
    without = sorted(quantile(result["buckets"], 0.99) for with_it, result in results if not with_it)
    with_them = sorted(quantile(result["buckets"], 0.99) for with_it, result in results if with_it)
    # As far as the runs without differ among themselves, and a tenth.
    limit = 1.1 * without[-1] + (without[-1] - without[0])
    bench.report(
        line, "p99 from reception to decoding is unchanged within noise", with_them[0] <= limit,
        f"without {', '.join(f'{value * 1e6:.0f}' for value in without)} µs, with "
        f"{', '.join(f'{value * 1e6:.0f}' for value in with_them)} µs, at most {limit * 1e6:.0f}")
    totals = link["totals"]
    bench.report(
        line, "nothing is lost", totals["kernel_dropped"] == 0,
        f"{totals['kernel_dropped']} dropped by the kernel of {totals['datagrams']} datagrams")


def line_cost(bench):
    """What a daemon takes that has nothing to do: without the web, with it, and with a page open."""
    figures = []
    for has_web in (False, True):
        port = free_port()
        text = bench.link_text("demo", free_udp_port()) + (web_text(port) if has_web else "")
        began = time.monotonic()
        daemon = Daemon(bench, text)
        if has_web:
            daemon.wait_until(lambda: answers(port), 10, "the web")
            get(port, "/metrics")
            first = time.monotonic() - began
        time.sleep(3)
        figures.append((daemon.memory(), threads(daemon)))
        if has_web:
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(b"GET /api/v1/watch?stats_interval_seconds=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(1)
            used, since = daemon.cpu_seconds(), time.monotonic()
            time.sleep(10)
            share = (daemon.cpu_seconds() - used) / (time.monotonic() - since)
            stream.close()
        daemon.stop()
    (without, few), (with_it, more) = figures
    bench.report(
        "http", "memory and threads of an idle daemon", with_it - without < (8 << 20) and more - few <= 2,
        f"{megabytes(without)} and {few} threads without the web, {megabytes(with_it)} and {more} with it")
    bench.report("http", "an idle daemon with a page open", share < 0.01, f"{share:.2%} of a core, statistics every second")
    bench.report("http", "from its start to the first metric", first < 1, f"{first:.2f} s")


def threads(daemon):
    return len(os.listdir(f"/proc/{daemon.child.pid}/task"))


# MARK: eventstreams


def line_eventstreams(bench, seconds):
    """300 event streams at once, some of which never read, at fifty thousand frames a second."""
    port, udp = free_port(), free_udp_port()
    more = "  max_connections: 400\n  max_connections_per_address: 400\n"
    daemon = Daemon(bench, bench.link_text("aos", udp) + web_text(port, more))
    length = 4 * seconds + 40
    sending = bench.start(
        "downlinkd", "simulate", "--scenario", "aos", "--frames", STREAM_RATE * length, "--speed", 1, "--drop", 0.001,
        f"udp:127.0.0.1:{udp}", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    daemon.wait_until(lambda: daemon.link()["totals"]["frames"] > STREAM_RATE, 30, "frames")
    alone = daemon.memory()
    crowd = subprocess.Popen(
        [sys.executable, os.path.abspath(__file__), str(port), str(seconds + 25)], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    bench.children.append(crowd)
    if crowd.stdout.readline().strip() != "all are there":
        raise Trouble("the streams did not get in")
    measured = measure(daemon, seconds)
    there = json.loads(get(port, "/api/v1/clients")[2])
    seen = json.loads(crowd.communicate(timeout=120)[0])
    sending.terminate()
    sending.communicate()
    time.sleep(1)
    link, peak = daemon.link(), daemon.memory("VmHWM")
    daemon.stop()
    totals = link["totals"]
    bench.report(
        "eventstreams", "no frame is lost", totals["kernel_dropped"] == 0,
        f"{totals['kernel_dropped']} dropped of {totals['datagrams']}, {measured['frames'] / measured['seconds']:,.0f} frames/s "
        f"with {there['totals']['connected']} connections, p99 {micro(measured, 0.99)}, {measured['cpu']:.0%} of a core")
    bench.report(
        "eventstreams", "those who read get every event once, in order", seen["whole"] == QUICK and seen["events"] > 0,
        f"{seen['whole']} of {QUICK}, {seen['events']} events and {seen['stats']} statistics each at least")
    bench.report(
        "eventstreams", "those who do not are let go, and told so", seen["byes"] == SLOW and seen["lost"] == SLOW,
        f"{seen['byes']} of {SLOW} with a last word, {seen['lost']} told what they lost; "
        f"{there['totals']['evicted']['slow']} evicted by then")
    bench.report(
        "eventstreams", "memory, at its highest", peak <= alone + 300 * (384 << 10),
        f"{megabytes(alone)} alone, {megabytes(peak)} with all of them")


def get(port, path, fields=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=fields or {})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


# MARK: The other process


def crowd(port, seconds):
    """Those who read what they get, and those who never do until they are let go."""
    request = b"GET /api/v1/watch?stats_interval_seconds=%s HTTP/1.0\r\nHost: localhost\r\n\r\n"
    selector, quick, slow = selectors.DefaultSelector(), [], []
    for _ in range(QUICK):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(request % b"1")
        quick.append((client, bytearray()))
        selector.register(client, selectors.EVENT_READ, quick[-1][1])
    for _ in range(SLOW):
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(request % b"0.1")
        slow.append(client)
    print("all are there", flush=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for key, _ in selector.select(0.2):
            data = key.fileobj.recv(1 << 16)
            if not data:
                selector.unregister(key.fileobj)
            key.data.extend(data)
    whole, events, stats = 0, [], []
    for _, data in quick:
        text = data.decode(errors="replace")
        numbers = [int(line.rsplit("-", 1)[1]) for line in text.split("\n")[:-1] if line.startswith("id: ")]
        whole += numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else 0
        events.append(len(numbers))
        stats.append(text.count("\nevent: stats\n"))
    byes = lost = 0
    for client in slow:
        client.settimeout(30)
        text = b""
        try:
            while data := client.recv(1 << 16):
                text += data
        except OSError:
            pass
        byes += b'event: bye\ndata: {"class":"BYE","reason":"slow"}' in text
        lost += b"\nevent: lost\n" in text
    print(json.dumps({"whole": whole, "events": min(events), "stats": min(stats), "byes": byes, "lost": lost}))


if __name__ == "__main__":
    crowd(int(sys.argv[1]), float(sys.argv[2]))

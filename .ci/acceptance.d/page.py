"""The live page in a real browser: what it shows is what the daemon says, and it stays so."""

import json
import os
import socket
import time

import chromium
import housekeeping
from accessible import line_accessible
from bench import Daemon, Trouble, free_port, megabytes

SIZES = ((1920, 1080), (1280, 800), (390, 844))
LIVE = "document.querySelector('.time .age')?.textContent === 'live'"
# Every number of the status document that is to be seen, by where it stands there, with the time of the document.
NUMBERS = """(() => ({
  asOf: document.getElementById('ledger').dataset.asOf,
  numbers: [...document.querySelectorAll('main .centre [data-path]')].filter((node) => node.checkVisibility())
    .map((node) => [node.dataset.path, node.dataset.exact, node.firstChild?.data ?? ''])
}))()"""


def line_page(bench):
    """The page of a daemon with two links on which everything goes wrong a little."""
    if chromium.program() is None:
        return bench.report("page", "the live page in a browser", True, "not looked at: this needs Debian's chromium")
    path, port = bench.write("housekeeping.xml", housekeeping.database()), free_port()
    daemon, url = serve(bench, housekeeping.link_text("house", port, path))
    feed = housekeeping.Housekeeping(port)
    ports = [link["listen"].rpartition(":")[2] for link in daemon.ask("status")["links"]]
    senders = [
        bench.start(
            "downlinkd", "simulate", "--scenario", scenario, "--drop", 0.01, "--corrupt", 0.01, f"udp:127.0.0.1:{port}")
        for scenario, port in zip(("demo", "cadu-demo"), ports)]
    with chromium.Chromium() as browser:
        browser.size(1280, 800, False)
        browser.open(f"{url}#link=demo")
        if not browser.wait_until(LIVE, 30):
            raise Trouble(f"the page shows nothing: {browser.complaints()}")
        compare(bench, daemon, browser, "demo")
        watch(bench, browser)
        browser.value("document.querySelectorAll('button.link')[1].click()")
        compare(bench, daemon, browser, "coded")
        limits(bench, daemon, browser)
        line_accessible(bench, browser, SIZES)
        pictures(bench, browser)
        restart(bench, daemon, browser)
        compare(bench, daemon, browser, "coded")
        hygiene(bench, browser, url)
        unusual(bench, browser)
        for sender in senders:
            sender.kill()
            sender.wait()
        feed.stop()
        idle(bench, daemon, browser)
    hour(bench, url)
    daemon.stop()


def serve(bench, *more):
    """A daemon with a page, and the address of it."""
    text, url = serve_text(bench)
    return Daemon(bench, text.replace("\nweb:", "\n" + "".join(more) + "web:")), url


def serve_text(bench):
    """Its configuration, with two links, and the address."""
    text = bench.link_text("demo", free_port()).replace("name: simulated", "name: demo")
    coded = bench.link_text("cadu-demo", free_port()).replace("name: simulated", "name: coded")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    links = coded[coded.index("  - name:"):]
    return f"{text.rstrip()}\n{links.rstrip()}\nweb: {{ listen: \"127.0.0.1:{port}\" }}", f"http://127.0.0.1:{port}/"


def compare(bench, daemon, browser, name):
    """The numbers of the page are those of `downlinkctl status --json` of the same moment."""
    if not browser.wait_until(f"document.querySelector('#ledger .of').textContent === 'of {name}'", 20):
        raise Trouble(f"the page does not show {name}")
    deadline = time.monotonic() + 60
    while True:
        answer = bench.run("downlinkctl", "status", "--json", "--socket", daemon.socket)
        link = next(link for link in json.loads(answer.output)["links"] if link["name"] == name)
        seen = browser.value(NUMBERS)
        if seen["asOf"] == link["as_of"]:
            break
        if time.monotonic() > deadline:
            raise Trouble(f"the page is never at the same moment: {seen['asOf']} and {link['as_of']}")
        browser.wait(0.1)
    wrong = []
    for path, exact, text in seen["numbers"]:
        expected = number(link, path)
        texts = (f"{expected:,}", f"{expected:,}–{number(link, path + '_at_most'):,}")
        if str(expected) != exact or text not in texts:
            wrong.append(f"{path}: {expected}, the page {exact} as '{text}'")
    losses = {
        f"ledger.{level}.{kind}.{reason}"
        for level, kind in (("datagrams", "rejected"), ("frames", "rejected"), ("zone_bytes", "discarded"))
        for reason in link["ledger"][level][kind]}
    paths = {path for path, _, _ in seen["numbers"]}
    absent = sorted(losses - paths)
    bench.report(
        "page", f"the numbers of link {name} are those of 'downlinkctl status --json' of the same moment",
        not wrong and len(paths) >= 30,
        f"{len(seen['numbers'])} numbers as of {seen['asOf']}; {wrong[:3] or 'all agree'}")
    bench.report(
        "page", f"every reason for a loss on {name} has its branch", not absent and bool(losses),
        f"{', '.join(sorted(losses))}; without one: {absent or 'none'}")


def number(link, path):
    """The number at a path of the page: channels go by their identifiers."""
    part, _, rest = path.partition(".")
    if part in ("virtual_channels", "apids"):
        identifiers, _, member = rest.rpartition(".")
        names = ("scid", "vcid", "apid")
        rows = [row for row in link[part] if ":".join(str(row[key]) for key in names if key in row) == identifiers]
        return rows[0].get(member, 0)
    value = link
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value.get(step, 0)
    return value


def watch(bench, browser):
    """It follows what happens without being asked."""
    received = "+document.querySelector('[data-path=\"ledger.frames.received\"]').dataset.exact"
    first, began, changes = browser.value(received), time.monotonic(), 0
    last = first
    while changes < 6 and time.monotonic() < began + 60:
        browser.wait(0.1)
        latest = browser.value(received)
        changes += latest != last
        last = latest
    seconds = time.monotonic() - began
    bench.report(
        "page", "it follows what happens, and not more often than once a second", changes == 6 and seconds > 4,
        f"{changes} times in {seconds:.1f} s, from {first} to {last} frames")


def limits(bench, daemon, browser):
    """Parameters with their limits, as the answer of the daemon has them."""
    browser.value("document.querySelectorAll('button.link')[2].click()")
    rows = "[...document.querySelectorAll('#parameters tbody tr')]"
    if not browser.wait_until(f"{rows}.length >= 16 && {rows}.some((row) => row.querySelector('.spark .line').getAttribute('d'))", 30):
        raise Trouble("the page shows no parameters")
    answer = bench.run("downlinkctl", "parameters", "--json", "--socket", daemon.socket)
    known = {row["name"]: row for row in json.loads(answer.output)["parameters"] if "limits" in row}
    # A line has to go on for a while before bands around it say anything.
    browser.wait(5)
    shown = browser.value(
        f"{rows}.map((row) => [row.querySelector('.name').textContent, row.querySelector('.level').title,"
        " row.querySelectorAll('.spark .edge, .spark .band').length,"
        " [...row.querySelectorAll('.spark .band')].some((band) => band.getAttribute('d'))])")
    wrong = [f"{name}: {title}" for name, title, _, _ in shown if name in known and not title.startswith("warning below ")]
    unknown = [name for name, title, _, has_bands in shown if name not in known and (title or has_bands)]
    banded = [name for name, _, _, has_bands in shown if has_bands]
    expected = {name: [{"level": level, "outside": {"min_inclusive": low, "max_inclusive": high}}
                       for level, (low, high) in zip(("warning", "critical"), ranges)]
                for name, _, _, _, *ranges in housekeeping.MONITORED}
    agrees = {name: row["limits"] for name, row in known.items()} == expected
    bench.report(
        "page", "parameters have their limits as bands and in words, those of the database",
        agrees and not wrong and not unknown and set(banded) <= set(known) and len(banded) >= 3,
        f"{len(known)} with limits, {len(banded)} with bands in view; "
        f"{wrong or unknown or ('as in the database' if agrees else list(known.values())[:1])}")


def pictures(bench, browser):
    """It fits every screen; pictures go to where ACCEPTANCE_PICTURES says."""
    directory = os.environ.get("ACCEPTANCE_PICTURES")
    sideways = []
    for width, height in SIZES:
        for is_dark in (False, True):
            browser.size(width, height, is_dark)
            browser.wait(1)
            over = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                sideways.append(f"{over} at {width}")
            if directory:
                name = os.path.join(directory, f"page-{width}-{'dark' if is_dark else 'light'}")
                browser.picture(f"{name}.png")
                browser.picture(f"{name}-whole.png", whole=True)
    if directory:
        # As the commonest kind of colour-blindness has it, and without any colour.
        for kind in ("deuteranopia", "achromatopsia"):
            browser.call("Emulation.setEmulatedVisionDeficiency", type=kind)
            browser.size(1920, 1080, False)
            browser.wait(1)
            browser.picture(os.path.join(directory, f"page-1920-{kind}.png"), whole=True)
        browser.call("Emulation.setEmulatedVisionDeficiency", type="none")
    browser.size(1280, 800, False)
    browser.value("document.querySelectorAll('button.link')[1].click()")
    bench.report(
        "page", "it fits into 1920, 1280 and 390 pixels, light and dark", not sideways,
        f"{'; '.join(sideways) or 'nothing stands out'}; pictures in {directory or 'no directory'}")


def restart(bench, daemon, browser):
    """Without the daemon it says so, and when that is there again, so is the page."""
    run = browser.value("document.getElementById('version').textContent")
    daemon.stop()
    is_told = browser.wait_until("document.body.dataset.stale && !document.getElementById('stale').hidden", 15)
    words = browser.value("document.getElementById('stale').textContent")
    bench.report("page", "without the daemon it says how old everything is", is_told and "old" in words, words)
    daemon.launch()
    began = time.monotonic()
    is_back = browser.wait_until(f"{LIVE} && document.body.dataset.stale === undefined", 40)
    new = browser.value("document.getElementById('version').textContent")
    bench.report(
        "page", "it is right again by itself after a restart", is_back and new != run,
        f"{time.monotonic() - began:.1f} s after the daemon answers; '{run}', then '{new}'")


def hygiene(bench, browser, url):
    """Nothing goes wrong in it, and it asks nobody else."""
    # That a request fails while there is no daemon, the browser itself writes to the console.
    complaints = [(where, what) for where, what in browser.complaints() if where != "network" or "ERR_" not in what]
    requests = browser.requests()
    outside = [address for address in requests if not address.startswith((url, "data:", "about:"))]
    bench.report(
        "page", "no error in its console, and no request to anybody else", not complaints and not outside,
        f"{len(requests)} requests; outside: {outside[:3] or 'none'}; complaints: {complaints[:3] or 'none'}")


# What the demo never shows, put into panels of the page: 2 lost of 10 million, a wrong sum, and markup in texts.
UNUSUAL = """(async () => {
  const { levels, balance } = await import('/ledger.js');
  const { LedgerFlow } = await import('/flow.js');
  const { ProblemList } = await import('/problems.js');
  const status = await (await fetch('/api/v1/status')).json();
  const link = structuredClone(status.links.find(({ name }) => name === 'demo'));
  const datagrams = { received: 10000002, accepted: 10000000, kernel_dropped: 0, rejected: { truncated: 2 } };
  Object.assign(link.ledger, { datagrams });
  const copy = (name) => document.body.appendChild(document.getElementById(name).cloneNode(true));
  const [ledger, problems] = [copy('ledger'), copy('problems')];
  ledger.querySelector('svg').replaceChildren();
  const flow = new LedgerFlow(ledger.querySelector('svg'));
  await new Promise((done) => setTimeout(done, 300));
  flow.show(levels(link));
  const [, from, to] = ledger.querySelector('.ribbon.lost').getAttribute('d').match(/ ([0-9.]+)V([0-9.]+)C/);
  const good = balance(levels(link)).isBalanced;
  datagrams.received += 3;
  const bad = balance(levels(link)).text;
  problems.querySelector('ol').replaceChildren();
  const markup = '<img src=x onerror="window.isBroken=1">';
  const texts = { link: markup, message: markup, meaning: markup, hint: markup };
  new ProblemList(problems).show([{ severity: 'warning', since: status.config.loaded, ...texts }], 1, Date.now());
  const isText = problems.innerText.split('<img').length === 5 && problems.querySelector('img') === null;
  ledger.remove();
  problems.remove();
  return { width: to - from, good, bad, isText: isText && window.isBroken === undefined };
})()"""


# How numbers are put into words, by hand.
WORDS = {
    "share(9999999, 10000000)": "99.99999 %", "share(999, 1000)": "99.90 %", "share(95, 100)": "95.0 %",
    "share(1, 3)": "33 %", "share(7, 7)": "100 %", "share(0, 5)": "0 %", "share(0, 0)": "–",
    "span(59.4)": "59 s", "span(60)": "1 min", "span(200)": "3 min 20 s", "span(86399)": "23 h 59 min",
    "span(187200)": "2 d 4 h", "count(9007199254740991)": "9,007,199,254,740,991", "counted(1, 'frame')": "1 frame",
    "scaled(3540000, 'bit/s')": "3.54 Mbit/s", "scaled(0, 'bit/s')": "0 bit/s", "rounded(2500000)": "2.5 M",
    "rounded(500)": "500", "delay(0.00025)": "250 µs", "delay(0.012)": "12 ms", "reasonWords('fecf')": "error control",
    "reasonWords('never_heard_of')": "never heard of", "reasonWords('constructor')": "constructor",
    "words('version')": "version", "words('duration_seconds')": "duration seconds", "measured(85.30000000000001)": "85.3"}


# What is said of events. Fields of them have names that reasons have, too.
EVENTS = [
    ({"event_type": "daemon", "daemon": {"action": "ready", "version": "0.1.0"}}, "daemon ready, version 0.1.0"),
    ({"event_type": "frame_reject", "frame_reject": {"reason": "version", "count": 2}}, "2 frames rejected: wrong version"),
    ({"event_type": "packet_reject", "packet_reject": {"reason": "crc", "count": 1}},
     "packets not put together, 1 time: packet CRC"),
    ({"event_type": "client", "client": {"action": "control", "uid": 0, "command": "length", "outcome": "unlisted"}},
     "client control, uid 0, command length, outcome unlisted"),
    ({"event_type": "log", "log": {"action": "truncated", "path": "/a_b", "bytes": 5, "cut_bytes": 3}},
     "log truncated, path /a_b, bytes 5, cut bytes 3"),
    ({"event_type": "pass", "pass": {"action": "aos", "id": "x-20261122T064507Z", "aos": "2026-11-22T06:45:07.000000Z"}},
     "pass: signal acquired"),
    ({"event_type": "pass", "pass": {
        "action": "los", "id": "x", "label": "orbit 7", "duration_seconds": 200, "ended_by": "silence",
        "good_frames": 1500, "missing_frames": 1, "missing_packets": 0}},
     "pass ‘orbit 7’: over after 3 min 20 s, 1,500 frames, 1 missing"),
    ({"event_type": "pass", "pass": {
        "action": "silent", "id": "x", "announced_start": "2026-11-22T06:45:07.000000Z",
        "announced_end": "2026-11-22T06:55:07.000000Z"}}, "pass: expected from 06:45:07 to 06:55:07, but silent"),
]


# Limits of 26 to 31, and of 24 to 32, around values of 25 to 30: what is seen is from 24 to 31 and a margin of 0.84.
BANDS = """import('/limits.js').then(({ bands, limitWords }) => {
  const limits = [{ level: 'warning', outside: { min_inclusive: 26, max_inclusive: 31 } },
    { level: 'critical', outside: { min_inclusive: 24, max_exclusive: 32 } }];
  const view = bands(limits, 25, 30);
  const round = (value) => Math.round(value * 1000) / 1000;
  return { low: round(view.low), high: round(view.high), words: limitWords(limits),
    bands: view.bands.map(({ from, to, level }) => [round(from), round(to), level]),
    inside: bands([{ level: 'watch', inside: { min_inclusive: 2, max_inclusive: 3 } }], 1, 4).bands,
    none: bands(undefined, 5, 5) };
})"""
BANDS_BY_HAND = {
    "low": 23.16, "high": 31.84, "words": "warning below 26 or above 31, critical below 24 or from 32 on",
    "bands": [[23.16, 24, "critical"], [24, 26, "warning"], [31, 31.84, "warning"]],
    "inside": [{"from": 2, "to": 3, "level": "watch"}], "none": {"low": 3.76, "high": 6.24, "bands": []}}


def unusual(bench, browser):
    """A loss that is hardly one is seen, a wrong sum is told, and markup in a text is text."""
    seen = browser.value(UNUSUAL)
    bench.report(
        "page", "2 datagrams of 10 million have a branch that is seen", seen["width"] >= 3,
        f"{seen['width']:.1f} pixels wide")
    bench.report(
        "page", "a ledger that does not add up is told in words", seen["good"] and "10,000,005 came in" in seen["bad"],
        seen["bad"])
    names = "count, counted, delay, measured, rounded, scaled, reasonWords, share, span, words"
    calls = ", ".join(f"{json.dumps(call)}: {call}" for call in WORDS)
    said = browser.value(f"import('/words.js').then(({{ {names} }}) => ({{ {calls} }}))")
    wrong = {call: text for call, text in said.items() if text != WORDS[call]}
    bench.report(
        "page", "numbers are put into words as by hand", not wrong, f"{len(said)} of them; wrong: {wrong or 'none'}")
    told = browser.value(
        "import('/events.js').then(({ sentence }) => "
        f"({json.dumps([event for event, _ in EVENTS])}).map((event) => sentence(event)))")
    wrong = [text for text, (_, expected) in zip(told, EVENTS) if text != expected]
    bench.report(
        "page", "events are put into words as by hand", not wrong, f"{len(told)} of them; wrong: {wrong or 'none'}")
    bands = browser.value(BANDS)
    bench.report(
        "page", "limits are drawn where they are, and said in words", bands == BANDS_BY_HAND,
        "as by hand" if bands == BANDS_BY_HAND else str(bands))
    bench.report(
        "page", "markup in a text of the daemon is text", seen["isText"], "a problem with <img onerror> in each text")


def idle(bench, daemon, browser):
    """A page that somebody looks at costs a daemon next to nothing."""
    browser.wait(3)
    seconds = 20
    before, busy = daemon.cpu_seconds(), browser.busy_seconds()
    browser.wait(seconds)
    share, own = (daemon.cpu_seconds() - before) / seconds, (browser.busy_seconds() - busy) / seconds
    bench.report(
        "page", "an idle daemon with the page open takes less than 1 % of a core", share < 0.01,
        f"{100 * share:.2f} % for {seconds} s; the page itself {100 * own:.1f} %")


def hour(bench, url):
    """An hour of history makes it no larger."""
    with open(os.path.join(os.path.dirname(__file__), "page_hour.js"), encoding="utf-8") as file:
        quick = file.read()
    with chromium.Chromium() as browser:
        browser.size(1280, 800, False)
        browser.call("Page.addScriptToEvaluateOnNewDocument", source=quick)
        browser.open(f"{url}#link=coded")
        # The first one fills what is bounded by an hour.
        if not browser.wait_until("window.hour?.seconds() > 3900", 600):
            raise Trouble("the quick hour does not go by")
        first, since = browser.memory(), browser.value("hour.seconds()")
        if not browser.wait_until(f"hour.seconds() > {since} + 3600 && hour.answers > 1000", 600):
            raise Trouble("the quick hour does not end")
        last, minutes = browser.memory(), (browser.value("hour.seconds()") - since) / 60
        answers = browser.value("hour.answers")
        complaints = browser.complaints()
    bench.report(
        "page", "an hour more of history does not make its memory grow",
        last[0] - first[0] < 1 << 20 and last[1] - first[1] < 100 and last[2] <= first[2] and not complaints,
        f"{minutes:.0f} min and {answers} answers in quick motion: heap {megabytes(first[0])}, then "
        f"{megabytes(last[0])}; nodes {first[1]}, then {last[1]}; listeners {first[2]}, then {last[2]}; "
        f"complaints: {complaints[:2] or 'none'}")

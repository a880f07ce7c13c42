"""The service unit and the Debian package: what systemd and lintian say, and a package's whole life in a machine."""

import json
import os
import re
import shutil
import subprocess
import time

from bench import Trouble, call
from machine import Machine

TREE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RATE = 5_000
SECONDS = 20


def line_unit(bench):
    """The unit has no mistake that systemd sees, and leaves the daemon little."""
    with open(os.path.join(TREE, "systemd/downlinkd.service"), encoding="utf-8") as file:
        text = file.read()
    for installed in ("/usr/sbin/downlinkd", "/usr/bin/downlinkctl"):
        text = text.replace(f"={installed} ", f"={os.path.join(bench.programs, os.path.basename(installed))} ")
    units = [bench.write("downlinkd.service", text)]
    for name in ("downlinkd.socket", "downlinkd-status.socket"):
        with open(os.path.join(TREE, "systemd/examples", name), encoding="utf-8") as file:
            units.append(bench.write(name, file.read()))
    # It ends with 0 for a misspelt key: what counts is that it says nothing.
    done = run("systemd-analyze", "verify", "--man=no", *units)
    said = (done.stdout + done.stderr).strip()
    bench.report("unit", "systemd-analyze verify is silent", done.returncode == 0 and not said, said or "no output")
    done = run("systemd-analyze", "security", "--offline=true", "--threshold=12", units[0])
    score = re.search(r"Overall exposure level.*?: ([\d.]+)", done.stdout)
    bench.report("unit", "an exposure of 1.2 or less", done.returncode == 0, score[1] if score else done.stderr.strip())
    against = re.findall(r"^✗ (\S+)", done.stdout, re.MULTILINE)
    unexplained = [point for point in against if explanation(point) not in comments(text)]
    bench.report("unit", "every remaining point explained in the unit", not unexplained, ", ".join(unexplained or against))


def explanation(point):
    """The word that the comment has for a point: without what distinguishes it from its like."""
    return re.sub(r".*~AF_\(INET\|INET6\)", "AF_INET", re.sub(r".*~AF_UNIX", "AF_UNIX", point)).split("/")[0].rstrip("=")


def comments(text):
    return "\n".join(line for line in text.splitlines() if line.startswith("#"))


def line_package(bench):
    """Built, looked at, installed, used, upgraded under load, and purged."""
    packages = [build(bench), build(bench, "--rebuild", "1")]
    done = run("lintian", "--allow-root", "--fail-on", "error,warning", "--info", packages[0])
    bench.report("package", "lintian has no errors and no warnings", done.returncode == 0,
                 done.stdout.strip() or "no output")
    needed = dependencies(packages[0])
    bench.report("package", "it needs nothing of Swift's where it is installed",
                 needed and not any("swift" in name for name in needed),
                 f"{os.path.getsize(packages[0]) / 1e6:.1f} MB, installed {field(packages[0], 'Installed-Size')} KiB; "
                 f"depends on {', '.join(needed)}")
    machine = Machine(bench, clean_system(needed))
    try:
        before = footprint(machine)
        install(bench, machine, packages[0])
        look_at_manuals(bench, machine)
        use(bench, machine)
        upgrade(bench, machine, packages[1])
        purge(bench, machine, before)
    finally:
        machine.close()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def build(bench, *arguments):
    done = run(os.path.join(TREE, ".ci/package"), *arguments)
    if done.returncode != 0:
        raise Trouble(f".ci/package {' '.join(arguments)}: exit {done.returncode}: {done.stderr[-2000:]}")
    path = os.path.join(TREE, done.stdout.strip().splitlines()[-1])
    bench.report("package", "built by one command", os.path.exists(path), os.path.basename(path))
    return path


def field(package, name):
    return run("dpkg-deb", "--field", package, name).stdout.strip()


def dependencies(package):
    """The names of the packages that it needs; of alternatives the first."""
    return [re.split(r"[ (|]", item.strip())[0] for item in field(package, "Depends").split(",")]


def clean_system(needed):
    """The files of a Debian that has nothing but what a package says it needs, and manual pages; without debootstrap,
    those of this machine."""
    if not shutil.which("debootstrap"):
        print("         without debootstrap: installed over this machine's own files", flush=True)
        return "/"
    path = os.path.join(TREE, ".build/debian")
    contents = sorted({*needed, "systemd", "systemd-sysv", "iproute2", "man-db"})
    stamp = os.path.join(path, "usr/src/contents")
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read().split() == contents:
                return path
        shutil.rmtree(path)
    call("debootstrap", "--variant=minbase", f"--include={','.join(contents)}", "bookworm", path)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write("\n".join(contents))
    return path


def install(bench, machine, package):
    machine.copy(package, "/usr/src/downlinkd.deb")
    done = machine.run("apt-get", "install", "--yes", "/usr/src/downlinkd.deb")
    enabled = machine.run("systemctl", "is-enabled", "downlinkd").output.strip()
    state = machine.run("systemctl", "is-active", "downlinkd").output.strip()
    bench.report("package", "installs; the unit waits for a configuration",
                 done.code == 0 and enabled == "enabled" and state == "inactive",
                 f"exit {done.code} after {done.seconds:.1f} s, {enabled}, {state} {done.errors.strip()[-500:]}")
    done = machine.run("systemd-analyze", "verify", "downlinkd.service")
    said = (done.output + done.errors).strip()
    bench.report("package", "systemd-analyze verify is silent where it is installed", done.code == 0 and not said, said)


def look_at_manuals(bench, machine):
    pages = machine.run("man", "-w", "downlinkd", "downlinkctl", "downlinkd.yaml", "downlinkd-status")
    files = [f"/usr/share/{place}" for program in ("downlinkd", "downlinkctl") for place in (
        f"bash-completion/completions/{program}", f"zsh/vendor-completions/_{program}",
        f"fish/vendor_completions.d/{program}.fish")]
    found = machine.run("ls", *files)
    bench.report("package", "manual pages and completions are where man and the shells look",
                 pages.code == 0 and len(pages.output.split()) == 4 and found.code == 0,
                 " ".join(pages.output.split()) + f" {len(found.output.split())} completions {pages.errors.strip()}")


def use(bench, machine):
    machine.write("/etc/downlinkd/downlinkd.yaml", "station: test\n" + bench_link(bench))
    machine.run("chown", "root:downlinkd", "/etc/downlinkd/downlinkd.yaml")
    machine.run("chmod", "640", "/etc/downlinkd/downlinkd.yaml")
    checked = machine.run("downlinkd", "check")
    started = machine.run("systemctl", "start", "downlinkd")
    bench.report("package", "check and start", checked.code == 0 and started.code == 0,
                 f"{checked.output.strip()} {checked.errors.strip()} {started.errors.strip()}")
    status = ask(machine)
    sandbox = status["sandbox"]
    bench.report("package", "the daemon runs confined, as a user without privileges",
                 sandbox["landlock_abi"] > 0 and service(machine, "MainPID") != "0",
                 f"Landlock {sandbox['landlock_abi']}, may write {', '.join(sandbox.get('writable', []))}")
    journal = machine.run("journalctl", "--no-pager", "-x", "-u", "downlinkd", "DOWNLINKD_EVENT=daemon")
    bench.report("package", "the journal explains what the daemon says", "What to do:" in journal.output,
                 journal.output.strip().splitlines()[-1:])
    for number in ("HUP", "USR1", "USR2"):
        machine.run("systemctl", "kill", "--signal", number, "downlinkd")
    done = machine.run("runuser", "-u", "downlinkd", "--", "downlinkctl", "health")
    bench.report("package", "HUP, USR1 and USR2 leave it running", done.code in (0, 1) and
                 service(machine, "ActiveState") == "active", done.output.strip().splitlines()[:1])


def upgrade(bench, machine, package):
    machine.copy(package, "/usr/src/downlinkd-1.deb")
    before, process = received(machine), service(machine, "MainPID")
    sender = machine.start(
        bench, "downlinkd", "simulate", "--scenario", "aos", "--clean", "--speed", RATE / 50_000, "--frames",
        RATE * SECONDS, "udp:127.0.0.1:10017")
    time.sleep(SECONDS / 4)
    done = machine.run("dpkg", "--install", "/usr/src/downlinkd-1.deb")
    sent = bench.finish(sender, SECONDS * 10)
    count = re.search(r"sent (\d+) datagrams", sent.output)
    if not count:
        raise Trouble(f"simulate: {sent.errors.strip()}")
    count, total, quiet_since = int(count[1]), -1, time.monotonic()
    while time.monotonic() < quiet_since + 5:
        latest = received(machine)
        if latest != total:
            total, quiet_since = latest, time.monotonic()
        time.sleep(0.2)
    status = ask(machine)
    arrived = total - before
    missing = sum(channel["missing"] for link in status["links"] for channel in link["virtual_channels"])
    bench.report("package", f"upgraded at {RATE} datagrams/s, none lost",
                 done.code == 0 and arrived == count and missing == 0 and service(machine, "MainPID") != process,
                 f"{count} sent, {arrived} received, {missing} frames missing, dpkg took {done.seconds:.1f} s, "
                 f"{status['accounting']}")


def purge(bench, machine, before):
    removed = machine.run("dpkg", "--remove", "downlinkd")
    kept = machine.run("ls", "/etc/downlinkd", "/var/log/downlinkd")
    bench.report("package", "removed, it leaves configuration and logs", removed.code == 0 and kept.code == 0 and
                 "downlinkd.yaml" in kept.output and "events.jsonl" in kept.output, " ".join(kept.output.split()))
    purged = machine.run("dpkg", "--purge", "downlinkd")
    left = sorted(footprint(machine) - before)
    bench.report("package", "purged, nothing is left but its user", purged.code == 0 and not left,
                 ", ".join(left) or machine.run("getent", "passwd", "downlinkd").output.strip())


def footprint(machine):
    """Everything there that bears the name, but for what `man` remembers of having shown."""
    done = machine.run(
        "find", "/etc", "/usr", "/lib", "/var", "/run", "-xdev", "(", "-path", "/usr/src", "-o", "-path",
        "/var/cache/man", ")", "-prune", "-o", "-name", "*downlink*", "-print", limit=300)
    return set(done.output.split())


def bench_link(bench):
    """The link that receives the scenario `aos` at port 10017."""
    text = bench.link_text("aos", 10017)
    return text[text.index("links:"):]


def ask(machine):
    return json.loads(machine.run("downlinkctl", "status", "--json").output)


def received(machine):
    return sum(link["ledger"]["datagrams"]["received"] for link in ask(machine)["links"])


def service(machine, name):
    return machine.run("systemctl", "show", "--value", "--property", name, "downlinkd").output.strip()

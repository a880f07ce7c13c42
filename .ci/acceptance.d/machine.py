"""A machine with a real service manager: systemd in a container, gone without a trace."""

import os
import shutil
import subprocess
import time

from bench import Finished, Trouble, call

# What systemd-nspawn forbids by default and a machine would not.
SYSTEM_CALLS = ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"]
# Services and timers of the host's own image that have nothing to do here.
MASKED = [
    "e2scrub_reap.service", "e2scrub_all.timer", "apt-daily.timer", "apt-daily-upgrade.timer", "fstrim.timer",
    "man-db.timer", "dpkg-db-backup.timer", "systemd-pstore.service", "systemd-networkd.service",
    "systemd-resolved.service", "systemd-timesyncd.service"]


class Machine:
    """Booted when made; `close` turns it off. It begins with the files below `files`, by default those of this machine;
    whatever is written in it is written to memory."""

    def __init__(self, bench, files="/"):
        if os.geteuid() != 0 or not shutil.which("systemd-nspawn"):
            raise Trouble("this line wants root and systemd-nspawn: .ci/setup systemd-container")
        self.name = f"downlinkd{os.getpid()}"
        self.base = bench.path("machine")
        self.root = os.path.join(self.base, "root")
        self.container = self.leader = None
        for name in ("root", "memory"):
            os.makedirs(os.path.join(self.base, name))
        memory = os.path.join(self.base, "memory")
        call("mount", "-t", "tmpfs", "-o", "size=2g,mode=755", "tmpfs", memory)
        upper, work = os.path.join(memory, "upper"), os.path.join(memory, "work")
        os.mkdir(upper)
        os.mkdir(work)
        try:
            call("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={files},upperdir={upper},workdir={work}",
                 self.root)
            self.prepare()
            self.boot()
        except BaseException:
            self.close()
            raise

    def prepare(self):
        self.write("/etc/fstab", "")
        self.write("/etc/machine-id", os.urandom(16).hex() + "\n")
        for path in ("/etc/resolv.conf", "/usr/sbin/policy-rc.d"):
            if os.path.lexists(self.root + path):
                os.unlink(self.root + path)
        os.makedirs(self.root + "/var/log/journal", exist_ok=True)
        for unit in MASKED:
            path = f"{self.root}/etc/systemd/system/{unit}"
            if os.path.lexists(path):
                os.unlink(path)
            os.symlink("/dev/null", path)

    def groups(self):
        """Control groups of its own, beside nobody's: the machine that this runs on may have no service manager."""
        names = [os.path.join("/sys/fs/cgroup", name) for name in os.listdir("/sys/fs/cgroup")]
        return [os.path.join(path, self.name) for path in names if os.path.exists(os.path.join(path, "cgroup.procs"))]

    def join_groups(self):
        for group in self.groups():
            os.makedirs(group, exist_ok=True)
            try:
                if os.path.basename(os.path.dirname(group)) == "cpuset":
                    for name in ("cpuset.cpus", "cpuset.mems"):
                        with open(f"/sys/fs/cgroup/cpuset/{name}", encoding="ascii") as source:
                            value = source.read()
                        with open(os.path.join(group, name), "w", encoding="ascii") as target:
                            target.write(value)
                with open(os.path.join(group, "cgroup.procs"), "w", encoding="ascii") as file:
                    file.write(str(os.getpid()))
            except OSError:
                pass  # a controller that cannot be had is not needed

    def boot(self):
        command = [
            "systemd-nspawn", "--directory", self.root, "--machine", self.name, "--register=no", "--keep-unit",
            "--link-journal=no", "--resolv-conf=off", "--timezone=off", "--private-network", "--console=pipe",
            "--capability=CAP_NET_ADMIN", *(f"--system-call-filter={name}" for name in SYSTEM_CALLS),
            "--boot", "systemd.unit=basic.target"]
        with open(os.path.join(self.base, "console"), "w", encoding="utf-8") as console:
            self.container = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, preexec_fn=self.join_groups,
                start_new_session=True)
        self.wait_until(self.find_leader, "the container has no first process")
        self.wait_until(
            lambda: self.run("systemctl", "is-system-running").output.strip() in ("running", "degraded"),
            "its systemd does not come up")
        self.run("ip", "link", "set", "lo", "up")

    def find_leader(self):
        with open(f"/proc/{self.container.pid}/task/{self.container.pid}/children", encoding="ascii") as file:
            children = file.read().split()
        for child in children:
            with open(f"/proc/{child}/comm", encoding="utf-8") as file:
                if file.read().strip() == "systemd":
                    self.leader = child
                    return True
        return False

    def wait_until(self, condition, complaint, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            if self.container.poll() is not None or time.monotonic() > deadline:
                with open(os.path.join(self.base, "console"), encoding="utf-8", errors="replace") as console:
                    raise Trouble(f"{complaint}: {console.read()[-2000:]}")
            time.sleep(0.1)

    def enter(self, *command):
        return ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--",
                *map(str, command)]

    def run(self, *command, limit=120):
        """Runs a command in it to the end."""
        began = time.monotonic()
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            self.enter(*command), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit,
            env=environment, check=False)
        return Finished(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def start(self, bench, *command):
        """Starts a command in it, whose output is read by `bench.finish`."""
        child = subprocess.Popen(
            self.enter(*command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        bench.children.append(child)
        return child

    def write(self, path, text):
        with open(self.root + path, "w", encoding="utf-8") as file:
            file.write(text)

    def copy(self, source, path):
        shutil.copy(source, self.root + path)

    def close(self):
        if self.container and self.container.poll() is None:
            if self.leader:
                subprocess.run(["kill", "-s", "RTMIN+4", self.leader], check=False)  # power off
            try:
                self.container.wait(20)
            except subprocess.TimeoutExpired:
                self.container.kill()
                self.container.wait()
        for name in ("root", "memory"):
            subprocess.run(["umount", "-l", os.path.join(self.base, name)], capture_output=True, check=False)
        for group in self.groups():
            for folder, _, _ in os.walk(group, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass

"""A Chromium without a window, driven over a pipe by the DevTools protocol: no port, and nothing to install but it."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

from bench import Trouble

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program():
    """The browser of this machine, if it has one."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class Chromium:
    """One browser with one page; what it says about itself is kept in `told`."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="downlinkd-chromium-")
        to_read, self.output = os.pipe()
        self.input, to_write = os.pipe()

        def place():
            # The browser reads from descriptor 3 and writes to 4.
            os.dup2(to_read, 100)
            os.dup2(to_write, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)

        self.child = subprocess.Popen(
            [program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.rest, self.number, self.told, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Performance", "HeapProfiler"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()
        os.close(self.output)
        os.close(self.input)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        """The answer to one command."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next(60)
            if answer is None:
                raise Trouble(f"Chromium does not answer {method}")
            if answer.get("id") != self.number:
                self.told.append(answer)
            elif "error" in answer:
                raise Trouble(f"Chromium, {method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def next(self, seconds):
        """The next message, if there is one in this time."""
        deadline = time.monotonic() + seconds
        while b"\0" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.input], [], [], left)[0]:
                return None
            more = os.read(self.input, 1 << 20)
            if not more:
                raise Trouble("Chromium has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def wait(self, seconds):
        """Lets time go by, and hears what is told meanwhile."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            message = self.next(left)
            if message:
                self.told.append(message)

    def wait_until(self, expression, seconds):
        """Whether an expression becomes true in this time."""
        deadline = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > deadline:
                return False
            self.wait(0.2)
        return True

    def value(self, expression):
        """What an expression is in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Trouble(f"{expression[:80]}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def open(self, url):
        self.call("Page.navigate", url=url)

    def size(self, width, height, is_dark):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])

    def picture(self, path, whole=False):
        """Writes what is to be seen, or the whole page."""
        options = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
            options = {"captureBeyondViewport": True, "clip": clip}
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png", **options)["data"]))

    def complaints(self):
        """What went wrong in the page, and what its console says that is not mere talk: pairs of where and what."""
        found = []
        for message in self.told:
            method, said = message.get("method"), message.get("params", {})
            if method == "Runtime.exceptionThrown":
                details = said["exceptionDetails"]
                found.append(("exception", details.get("exception", {}).get("description", details["text"])))
            elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning", "assert"):
                found.append((said["type"], " ".join(str(part.get("value", "")) for part in said["args"])))
            elif method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
                found.append((said["entry"]["source"], f"{said['entry']['text']} {said['entry'].get('url', '')}"))
        return found

    def requests(self):
        """Every address that was asked for."""
        asked = [message["params"] for message in self.told if message.get("method") == "Network.requestWillBeSent"]
        return [parameters["request"]["url"] for parameters in asked]

    def memory(self):
        """Bytes of its heap that are in use when all that can be collected is, its nodes and its listeners."""
        self.call("HeapProfiler.collectGarbage")
        counters = self.call("Memory.getDOMCounters")
        return self.call("Runtime.getHeapUsage")["usedSize"], counters["nodes"], counters["jsEventListeners"]

    def busy_seconds(self):
        """How long its main thread has worked."""
        metrics = {metric["name"]: metric["value"] for metric in self.call("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"]

"""Whether everybody can use the page: by keyboard, with a screen reader, without telling red from green."""

import glob
import json
import os
import subprocess
import sys

# It brings axe-core, the checker of Deque; nothing else of it is used, nor what it would need.
AXE = "axe-playwright-python==0.1.8"
RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
INTERACTIVE = "button, a[href], input, [tabindex='0']"


def line_accessible(bench, browser, sizes):
    checker = install(bench)
    if checker is None:
        bench.report("page", "axe-core finds nothing to complain of", True, f"not looked at: {AXE} could not be installed")
    else:
        check(bench, browser, checker, sizes)
    keyboard(bench, browser)


def install(bench):
    """The text of the checker, for this run alone; none where it cannot be installed."""
    folder = bench.path("axe")
    python = os.path.join(folder, "bin", "python")
    for command in ([sys.executable, "-m", "venv", folder], [python, "-m", "pip", "-q", "install", "--no-deps", AXE]):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return None
    found = glob.glob(os.path.join(folder, "**", "axe.min.js"), recursive=True)
    if not found:
        return None
    with open(found[0], encoding="utf-8") as file:
        return file.read()


def check(bench, browser, checker, sizes):
    """Names, roles, contrast and order, by the rules of WCAG 2.2 as far as a program can tell."""
    browser.value(checker + "; true")
    found, passes = {}, 0
    for width, height in sizes:
        for is_dark in (False, True):
            browser.size(width, height, is_dark)
            browser.wait(0.5)
            # In time: while it looks, the page goes on.
            result = browser.value(
                f"axe.run(document, {{ runOnly: {RULES}, resultTypes: ['violations'] }}).then((result) => ({{"
                " passes: result.passes.length, violations: result.violations.map(({ id, nodes }) =>"
                " [id, nodes.length, nodes[0].html.slice(0, 120), nodes[0].failureSummary.slice(0, 200)]) }))")
            passes += result["passes"]
            for name, count, html, summary in result["violations"]:
                found[name] = f"{count} at {width} {'dark' if is_dark else 'light'}: {html} {summary}"
    browser.size(1280, 800, False)
    bench.report(
        "page", "axe-core finds nothing to complain of", not found and passes > 0,
        f"{passes} rules passed in {2 * len(sizes)} looks; {json.dumps(found) if found else 'none broken'}")


def keyboard(bench, browser):
    """Whatever can be clicked is come to with Tab alone, once, and shows that it is."""
    visible = f"[...document.querySelectorAll({json.dumps(INTERACTIVE)})].filter((node) => node.checkVisibility())"
    count = browser.value(f"{visible}.length")
    browser.value("document.activeElement.blur(); window.scrollTo(0, 0); window.visited = new Set(); true")
    unseen = []
    for _ in range(count + 10):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        told = browser.value(
            "(() => { const node = document.activeElement; if (node === document.body) return null;"
            " visited.add(node); const style = getComputedStyle(node);"
            " return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2 ? node.outerHTML.slice(0, 80) : ''; })()")
        if told:
            unseen.append(told)
    missed = browser.value(f"{visible}.filter((node) => !visited.has(node)).map((node) => node.outerHTML.slice(0, 80))")
    browser.value("document.activeElement.blur(); delete window.visited; true")
    bench.report(
        "page", "everything is reached with Tab, and shows that it is", not missed and not unseen and count > 10,
        f"{count} of them; not reached: {missed[:3] or 'none'}; not shown: {unseen[:3] or 'none'}")

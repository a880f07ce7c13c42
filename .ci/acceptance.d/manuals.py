"""Manual pages, completions and help: whatever the programs can do is in all of them, and they are well made."""

import json
import os
import re
import shutil
import subprocess

from bench import Trouble

TREE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PAGES = {"downlinkd": "downlinkd.8", "downlinkctl": "downlinkctl.1"}


def line_manuals(bench):
    """Made as the package makes them, and held against the programs, the decoder of the configuration and the schemas."""
    folder = bench.path("manuals")
    done = run(os.path.join(TREE, ".ci/manuals"), bench.programs, folder)
    if done.returncode != 0:
        raise Trouble(f".ci/manuals: {done.stderr.strip()[-500:]}")
    look_at_form(bench, folder)
    for program, page in PAGES.items():
        look_at_program(bench, folder, program, page)
    page = words(folder, "downlinkd.yaml.5")
    missing = [key for key in configuration_keys() if not re.search(rf"\b{key}\b", page)]
    bench.report("manuals", "downlinkd.yaml(5) has every key that the configuration may have", not missing,
                 f"{len(configuration_keys())} keys {', '.join(missing)}")
    page = words(folder, "downlinkd-status.7")
    names = schema_names()
    missing = [name for name in names if not re.search(rf"\b{re.escape(name)}\b", page)]
    bench.report("manuals", "downlinkd-status(7) has every member of status and events", not missing,
                 f"{len(names)} names {', '.join(missing)}")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def look_at_form(bench, folder):
    pages = sorted(os.listdir(os.path.join(folder, "man")))
    complaints = []
    for page in pages:
        path = os.path.join(folder, "man", page)
        if shutil.which("man"):
            complaints += run("man", "--warnings", "-l", path).stderr.splitlines()
        if shutil.which("mandoc"):
            complaints += run("mandoc", "-Tlint", "-W", "warning", path).stdout.splitlines()
    tools = [tool for tool in ("man", "mandoc") if shutil.which(tool)]
    bench.report("manuals", "the pages are well made", not complaints and len(pages) == 4,
                 f"{', '.join(pages)}, read by {' and '.join(tools) or 'nobody, for want of man and mandoc'} "
                 f"{complaints[:3] or ''}")
    shells = {"bash": ("bash", "-n"), "zsh": ("zsh", "-n"), "fish": ("fish", "--no-execute")}
    wrong, read = [], []
    for shell, command in shells.items():
        if not shutil.which(shell):
            continue
        read.append(shell)
        for name in os.listdir(os.path.join(folder, "completions", shell)):
            done = run(*command, os.path.join(folder, "completions", shell, name))
            wrong += [f"{name}: {done.stderr.strip()[:200]}"] if done.returncode != 0 else []
    bench.report("manuals", "the completions are read by their shells", not wrong, f"{', '.join(read)} {wrong or ''}")


def words(folder, page):
    """The page as it is written, without the marks of roff."""
    with open(os.path.join(folder, "man", page), encoding="utf-8") as file:
        return re.sub(r"\\f[BIRP]|\\&", "", file.read()).replace("\\-", "-").replace("\\(aq", "'")


def look_at_program(bench, folder, program, page):
    root = json.loads(run(os.path.join(bench.programs, program), "--experimental-dump-help").stdout)["command"]
    written = words(folder, page)
    completions = {}
    for shell in ("bash", "zsh", "fish"):
        directory = os.path.join(folder, "completions", shell)
        name = next(name for name in os.listdir(directory) if name in (program, "_" + program, program + ".fish"))
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            completions[shell] = file.read()
    missing, count = [], 0
    for command in root["subcommands"]:
        if command["commandName"] == "help":
            continue
        count += 1
        name = command["commandName"]
        if f"\n.SS {program} {name}\n" not in written or command["abstract"] not in written:
            missing.append(f"{page}: {name}")
        if not re.search(r"EXAMPLES:|Examples:", run(os.path.join(bench.programs, program), name, "--help").stdout):
            missing.append(f"{name} --help: examples")
        missing += [f"{shell}: {name}" for shell, text in completions.items() if not re.search(rf"\b{name}\b", text)]
        for argument in command["arguments"]:
            if not argument["shouldDisplay"]:
                continue
            count += 1
            if not argument.get("abstract"):
                missing.append(f"{name} --help: {argument.get('valueName')}")
            for long in (one["name"] for one in argument.get("names", []) if one["kind"] == "long"):
                if f"--{long}" not in written:
                    missing.append(f"{page}: {name} --{long}")
                missing += [f"{shell}: {name} --{long}" for shell, text in completions.items() if long not in text]
    bench.report("manuals", f"{program}: every command and option is in its page, its help and its completions",
                 not missing, f"{count} of them {', '.join(missing[:10])}")


def configuration_keys():
    """Every key that the decoder knows, from the vocabularies in its source."""
    folder, keys = os.path.join(TREE, "Sources/StationConfiguration/Decoding"), set()
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            for vocabulary in re.findall(r"\bkeys: \[([^\]]*)\]", file.read()):
                keys.update(re.findall(r'"([a-z][a-z0-9_]*)"', vocabulary))
    return sorted(keys)


def schema_names():
    names = set()

    def visit(schema):
        if isinstance(schema, dict):
            for name in schema.get("properties", {}):
                names.add(name)
            for one in schema.values():
                visit(one)
        elif isinstance(schema, list):
            for one in schema:
                visit(one)

    for name in ("status", "events"):
        with open(os.path.join(TREE, f"systemd/schema/{name}.schema.json"), encoding="utf-8") as file:
            visit(json.load(file))
    return sorted(names)

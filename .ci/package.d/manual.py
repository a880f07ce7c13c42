"""Writes a manual page from what a program says of itself with --experimental-dump-help.

usage: PROGRAM --experimental-dump-help | manual.py SECTION
"""

import json
import sys

FILES = {
    "downlinkd": [
        ("/etc/downlinkd/downlinkd.yaml", "The configuration; every key of it is explained in"
         " /usr/share/doc/downlinkd/examples/station.yaml."),
        ("/etc/downlinkd/conf.d/*.yaml", "Further files of it, in lexical order; a later one wins key by key."),
        ("/var/log/downlinkd/events.jsonl, stats.jsonl", "What happened, and the counters."),
        ("/var/lib/downlinkd", "What outlives a run."),
        ("/run/downlinkd/status.sock", "Where downlinkctl(1) asks.")],
    "downlinkctl": [("/run/downlinkd/status.sock", "Where the daemon answers.")],
}
# As manual pages call their sections.
SECTIONS = {"1": "User Commands", "8": "System Administration"}
SEE_ALSO = {"downlinkd": ["downlinkctl (1)", "journalctl (1)", "systemctl (1)"], "downlinkctl": ["downlinkd (8)"]}


def text(words):
    """Roff that says exactly this: no line may begin with a dot, nor a dash become a hyphen."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("–", "\\(en")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in escaped.splitlines())


def spelling(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def shown(command):
    """The arguments that are for people; of a flag and its opposite one, with both names."""
    kept = []
    for argument in command.get("arguments", []):
        names = argument.get("names", [])
        opposite = kept[-1].get("names", []) if kept else []
        if not argument["shouldDisplay"]:
            continue
        if names and opposite and names[0]["name"] == "no-" + opposite[0]["name"]:
            kept[-1] = {**kept[-1], "names": opposite + names}
        else:
            kept.append(argument)
    return kept


def is_positional(argument):
    return argument["kind"] == "positional"


def head(argument):
    if is_positional(argument):
        return argument.get("valueName", "argument").upper()
    names = ", ".join(spelling(name) for name in argument["names"])
    return names + (" " + argument.get("valueName", "value").upper() if argument["kind"] == "option" else "")


def describe(arguments, lines):
    for argument in arguments:
        lines += [".TP", f"\\fB{text(head(argument))}\\fR", text(argument.get("abstract", ""))]
        if argument.get("defaultValue") and argument["kind"] == "option":
            lines.append(text(f"The default is {argument['defaultValue']}."))


def common(commands):
    """What three commands or more have in common is described once."""
    found = [argument for command in commands for argument in shown(command) if not is_positional(argument)]
    return [argument for index, argument in enumerate(found) if argument not in found[:index] and found.count(argument) >= 3]


def discussion(command, lines):
    """Paragraphs as they are; what follows `Examples:` is typed."""
    about, _, examples = command.get("discussion", "").partition("Examples:\n")
    for paragraph in about.strip().split("\n\n"):
        if paragraph:
            lines += [".PP", text(paragraph)]
    if examples:
        typed = "\n".join(line.strip() for line in examples.strip("\n").splitlines())
        lines += [".PP", "Examples:", ".PP", ".nf", ".RS", text(typed), ".RE", ".fi"]


def synopsis(name, command):
    places = [(text(head(argument)), argument["isOptional"]) for argument in shown(command) if is_positional(argument)]
    words = "".join(f" [\\fI{place}\\fR]" if optional else f" \\fI{place}\\fR" for place, optional in places)
    return [f"\\fB{name} {text(command['commandName'])}\\fR [options]{words}", ".br"]


def page(root, section):
    name = root["commandName"]
    lines = [
        f'.TH {name.upper()} {section} "" {name} "{SECTIONS[section]}"', ".SH NAME",
        f"{name} \\- {text(root['abstract'][0].lower() + root['abstract'][1:].rstrip('.'))}", ".SH SYNOPSIS"]
    commands = [command for command in root["subcommands"] if command["shouldDisplay"] and command["commandName"] != "help"]
    for command in commands:
        lines += synopsis(name, command)
    lines.append(".SH DESCRIPTION")
    lines.append(text(root["abstract"]))
    discussion(root, lines)
    shared = common(commands)
    lines.append(".SH OPTIONS OF SEVERAL COMMANDS")
    describe(shared, lines)
    lines.append(".SH COMMANDS")
    for command in commands:
        lines += [f".SS {name} {text(command['commandName'])}", text(command.get("abstract", ""))]
        describe([argument for argument in shown(command) if argument not in shared], lines)
        others = [argument["names"][-1] for argument in shown(command) if argument in shared]
        others = [spelling(name) for name in others if name["name"] not in ("help", "version")]
        if others:
            lines += [".PP", text(f"And, as above, {' and '.join(others)}.")]
        discussion(command, lines)
    lines.append(".SH FILES")
    for path, meaning in FILES[name]:
        lines += [".TP", f"\\fI{text(path)}\\fR", text(meaning)]
    lines.append(".SH SEE ALSO")
    lines.append(",\n".join(f".BR {other}" for other in SEE_ALSO[name]).replace("),\n", ") ,\n"))
    return "\n".join(lines) + "\n"


sys.stdout.write(page(json.load(sys.stdin)["command"], sys.argv[1]))

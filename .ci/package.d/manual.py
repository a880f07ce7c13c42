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
SEE_ALSO = {"downlinkd": ["downlinkctl (1)", "journalctl (1)", "systemctl (1)"], "downlinkctl": ["downlinkd (8)"]}


def text(words):
    """Roff that says exactly this: no line may begin with a dot, nor a dash become a hyphen."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in escaped.splitlines())


def spelling(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def arguments(command, lines):
    for argument in command.get("arguments", []):
        if not argument["shouldDisplay"]:
            continue
        if argument["kind"] == "positional":
            head = argument.get("valueName", "argument").upper()
        else:
            head = ", ".join(spelling(name) for name in argument["names"])
            if argument["kind"] == "option":
                head += " " + argument.get("valueName", "value").upper()
        lines += [".TP", f"\\fB{text(head)}\\fR", text(argument.get("abstract", ""))]
        if argument.get("defaultValue") and argument["kind"] != "flag":
            lines.append(text(f"The default is {argument['defaultValue']}."))


def discussion(command, lines):
    """Paragraphs as they are; what follows `Examples:` is typed."""
    about, _, examples = command.get("discussion", "").partition("Examples:\n")
    for paragraph in about.strip().split("\n\n"):
        if paragraph:
            lines += [".PP", text(paragraph)]
    if examples:
        lines += [".PP", "Examples:", ".PP", ".nf", ".RS", text(examples.strip("\n").replace("  ", "", 1)), ".RE", ".fi"]


def page(root, section):
    name = root["commandName"]
    lines = [
        f'.TH {name.upper()} {section} "" {name} "User commands"', ".SH NAME",
        f"{name} \\- {text(root['abstract'][0].lower() + root['abstract'][1:].rstrip('.'))}", ".SH SYNOPSIS"]
    shown = [command for command in root["subcommands"] if command["shouldDisplay"] and command["commandName"] != "help"]
    for command in shown:
        lines += [f"\\fB{name} {text(command['commandName'])}\\fR [options]", ".br"]
    lines.append(".SH DESCRIPTION")
    lines.append(text(root["abstract"]))
    discussion(root, lines)
    lines.append(".SH COMMANDS")
    for command in shown:
        lines += [f".SS {name} {text(command['commandName'])}", text(command.get("abstract", ""))]
        arguments(command, lines)
        discussion(command, lines)
    lines.append(".SH FILES")
    for path, meaning in FILES[name]:
        lines += [".TP", f"\\fI{text(path)}\\fR", text(meaning)]
    lines.append(".SH SEE ALSO")
    lines.append(",\n".join(f".BR {other}" for other in SEE_ALSO[name]).replace("),\n", ") ,\n"))
    return "\n".join(lines) + "\n"


sys.stdout.write(page(json.load(sys.stdin)["command"], sys.argv[1]))

"""Writes the manual page of a program from what it says of itself, and what was written by hand about the rest.

usage: manual.py PROGRAM SECTION PROSE
"""

import json
import os
import re
import subprocess
import sys

from roff import example, header, prose, see_also, text, write

# As manual pages call their sections.
SECTIONS = {"1": "User Commands", "8": "System Administration"}
SEE_ALSO = {
    "downlinkd": ["downlinkctl(1)", "downlinkd.yaml(5)", "downlinkd-status(7)", "journalctl(1)", "systemctl(1)"],
    "downlinkctl": ["downlinkd(8)", "downlinkd.yaml(5)", "downlinkd-status(7)"]}


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
            # What belongs to whoever builds this is not what belongs to the reader.
            default = re.sub(rf"-{os.getuid()}$", "-UID", argument["defaultValue"])
            lines.append(text(f"The default is {default}."))


def common(commands):
    """What three commands or more have in common is described once; of two that have one name, the first."""
    found = [argument for command in commands for argument in shown(command) if not is_positional(argument)]
    shared = {}
    for argument in found:
        if found.count(argument) >= 3:
            shared.setdefault(head(argument).split()[0], argument)
    return list(shared.values())


def discussion(command, lines):
    """Paragraphs as they are; what follows `Examples:` is typed."""
    about, _, examples = command.get("discussion", "").partition("Examples:\n")
    for paragraph in about.strip().split("\n\n"):
        if paragraph:
            lines += [".PP", text(paragraph)]
    return [line.strip() for line in examples.strip("\n").splitlines()]


def examples_in_help(program, command):
    """What stands below EXAMPLES: where the program itself puts them there."""
    shown_help = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in shown_help.partition("\nEXAMPLES:\n")[2].splitlines() if line.strip()]


def synopsis(name, command):
    places = [(text(head(argument)), argument["isOptional"]) for argument in shown(command) if is_positional(argument)]
    words = "".join(f" [\\fI{place}\\fR]" if optional else f" \\fI{place}\\fR" for place, optional in places)
    return [f"\\fB{name} {text(command['commandName'])}\\fR [options]{words}", ".br"]


def page(program, section, by_hand):
    done = subprocess.run([program, "--experimental-dump-help"], capture_output=True, text=True, check=True)
    root = json.loads(done.stdout)["command"]
    name = root["commandName"]
    lines = [
        header(name, section, SECTIONS[section]), ".SH NAME",
        f"{name} \\- {text(root['abstract'][0].lower() + root['abstract'][1:].rstrip('.'))}", ".SH SYNOPSIS"]
    commands = [command for command in root["subcommands"] if command["shouldDisplay"] and command["commandName"] != "help"]
    for command in commands:
        lines += synopsis(name, command)
    lines += [".SH DESCRIPTION", text(root["abstract"])]
    typed = discussion(root, lines)
    lines += example(typed) if typed else []
    shared = common(commands)
    lines.append(".SH OPTIONS OF SEVERAL COMMANDS")
    describe(shared, lines)
    lines.append(".SH COMMANDS")
    for command in commands:
        lines += [f".SS {name} {text(command['commandName'])}", text(command.get("abstract", ""))]
        typed = discussion(command, lines)
        describe([argument for argument in shown(command) if argument not in shared], lines)
        others = [argument["names"][-1] for argument in shown(command) if argument in shared]
        others = [spelling(name) for name in others if name["name"] not in ("help", "version")]
        if others:
            lines += [".PP", text(f"And, as above, {' and '.join(others)}.")]
        typed += examples_in_help(program, command["commandName"])
        lines += [".PP", "Examples:", *example(typed)] if typed else []
    return lines + prose(by_hand) + see_also(*SEE_ALSO[name])


with open(sys.argv[3], encoding="utf-8") as file:
    write(page(os.path.abspath(sys.argv[1]), sys.argv[2], file.read()))

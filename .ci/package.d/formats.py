"""Writes the manual page of the status socket and the logs from their schemas, and the words about them.

usage: formats.py STATUS_SCHEMA EVENTS_SCHEMA COMMANDS… PROSE

COMMANDS are the Swift files with the closed sets of commands: their names and what `help` says about them.
"""

import json
import re
import sys

from roff import header, prose, see_also, text, write


def commands(path):
    """The name of each command and what it is for."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    names = dict(re.findall(r'case (\w+) = "([^"]+)"', source))
    summaries = source.partition("var summary")[2].partition("argumentNames")[0]
    return [(names.get(case, case), words) for case, words in re.findall(r'case \.(\w+): "([^"]+)"', summaries)]


def kind(schema):
    """What a value is, in a word or two."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2].replace("_", " ")
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if "type" in schema:
        return schema["type"] if isinstance(schema["type"], str) else " or ".join(schema["type"])
    return " or ".join(kind(one) for one in schema.get("oneOf", schema.get("anyOf", []))) or "any value"


def members(schema, lines, prefix=""):
    """Each with what it is; those of objects that have no name of their own by their paths."""
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        name = prefix + name
        presence = "" if name[len(prefix):] in required else ", may be absent"
        lines += [".TP", f"\\fB{text(name)}\\fR", text(f"{kind(member)}{presence}.")]
        if member.get("description"):
            lines.append(text(member["description"]))
        members(member, lines, name + ".")
        members(member.get("items", {}), lines, name + "[].")
    for one in ("oneOf", "anyOf", "allOf"):
        for alternative in schema.get(one, []):
            # Which type of event has which member says the member itself.
            told = {name: member for name, member in alternative.get("properties", {}).items() if name != "event_type"}
            members({**alternative, "properties": told}, lines, prefix)


def document(schema, lines):
    """The members of a document, then those of each part that it refers to."""
    lines += [".PP", text(schema.get("description", ""))]
    members(schema, lines)
    for name, part in schema.get("$defs", {}).items():
        lines.append(f".SS {text(name.replace('_', ' '))}")
        lines.append(text(part.get("description") or ("" if part.get("properties") else kind(part).capitalize() + ".")))
        members(part, lines)


def main():
    *paths, by_hand = sys.argv[1:]
    with open(paths[0], encoding="utf-8") as file:
        status = json.load(file)
    with open(paths[1], encoding="utf-8") as file:
        events = json.load(file)
    with open(by_hand, encoding="utf-8") as file:
        words = file.read()
    lines = [header("downlinkd-status", 7, "Formats"), ".SH NAME",
             "downlinkd\\-status \\- status socket, documents and logs of downlinkd"]
    lines += prose(words)
    for title, path in zip(("questions", "commands"), paths[2:]):
        lines.append(f".SH {title.upper()}")
        for name, summary in commands(path):
            lines += [".TP", f"\\fB{text(name)}\\fR", text(summary[0].upper() + summary[1:] + ".")]
    lines.append(".SH THE STATUS DOCUMENT")
    document(status, lines)
    lines.append(".SH EVENTS AND LOGS")
    document(events, lines)
    lines += see_also("downlinkctl(1)", "downlinkd(8)")
    write(lines)


main()

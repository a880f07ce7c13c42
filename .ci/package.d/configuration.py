"""Writes the manual page of the configuration from the example with every key, and the words about it.

usage: configuration.py EXAMPLE PROSE
"""

import re
import sys

from roff import header, prose, see_also, text, write

KEY = re.compile(
    r"^(?P<indent> *)(?P<item>- )?(?P<default>#)?(?P<inner> *)(?P<key>[a-z][a-z0-9_]*):(?: +(?P<value>.*?))?\s*$")
ITEM = re.compile(r"^(?P<indent> *)- (?P<value>\{.*\})\s*$")
COMMENT = re.compile(r"^ *# ?(?P<words>.*)$")


def key_in(line):
    """The indentation, the name, whether it is a default, and the value of a key; None for any other line.

    A '#' right before a key shows its default; behind a '#' and a blank stand words, and examples within them.
    """
    found = KEY.match(line)
    if not found or found["inner"]:
        return None
    indent = len(found["indent"]) + (2 if found["item"] else 0)
    return indent, found["key"], bool(found["default"]), found["value"] or "", bool(found["item"])


def entries(lines):
    """Each key with its path, in the order of the file, and the comment before it."""
    path, comment = [], []
    for line in lines:
        if not line.strip():
            if shown := next((KEY.match(words) for words in comment if KEY.match(words)), None):
                # A part that is only shown: it stands below the section before it.
                start = comment.index(shown.string)
                typed = ["  " + words for words in comment[start:]]
                yield ".".join([path[0][1], shown["key"]]), False, "", comment[:start] + typed
            comment = []
            continue
        if item := ITEM.match(line):
            depth = len(item["indent"])
            names = [name for place, name in path if place < depth]
            yield ".".join(names) + "[]", False, item["value"], comment
            comment = []
            continue
        found = key_in(line)
        if found:
            indent, key, is_default, value, is_item = found
            path = [(depth, name) for depth, name in path if depth < indent]
            if is_item and path:
                path[-1] = (path[-1][0], path[-1][1].removesuffix("[]") + "[]")
            yield ".".join([name for _, name in path] + [key]), is_default, value, comment
            path.append((indent, key))
            comment = []
        elif words := COMMENT.match(line):
            comment.append(words["words"])


def explained(comment, lines):
    """Sentences run on; what is indented stands as it is."""
    words = []

    def say():
        if words:
            lines.append(text(" ".join(words)))
            words.clear()

    typed = []
    for line in [*comment, ""]:
        if line.startswith("  "):
            say()
            typed.append(line)
            continue
        if typed:
            lines += [".IP", ".nf", *[text(line) for line in typed], ".fi", ".IP"]
            typed = []
        if line:
            words.append(line)
        else:
            say()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().splitlines()
    with open(sys.argv[2], encoding="utf-8") as file:
        by_hand = file.read()
    page = [header("downlinkd.yaml", 5, "File Formats"), ".SH NAME", "downlinkd.yaml \\- configuration of downlinkd"]
    page += prose(by_hand) + [".SH KEYS"]
    seen, begin = set(), next(index for index, line in enumerate(lines) if key_in(line))
    while begin > 0 and lines[begin - 1].startswith("#"):
        begin -= 1
    for path, is_default, value, comment in entries(lines[begin:]):
        if path in seen and not comment:
            continue
        if path == "links[].name" and path in seen:
            page += [f".SS The link {text(value)}"]
            explained(comment, page)
            continue
        shown = f"  default {value}" if is_default and value else f"  {value}" if value else ""
        page += [".TP", f"\\fB{text(path)}\\fR{text(shown)}"]
        seen.add(path)
        explained(comment or ["Explained with the keys around it."], page)
    page += see_also("downlinkd(8)", "downlinkctl(1)")
    write(page)


main()

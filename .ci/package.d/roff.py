"""Words as a manual page has them."""

import email.utils
import os
import re
import sys


def text(words):
    """Roff that says exactly this: no line may begin with a dot, nor a dash become a hyphen."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("–", "\\(en")
    escaped = escaped.replace("^", "\\(ha").replace("~", "\\(ti").replace("`", "\\(ga")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in escaped.splitlines())


def header(name, section, title):
    return f'.TH {name.upper()} {section} {date()} downlinkd "{title}"'


def date():
    """That of the newest entry of the changelog: the same source gives the same page."""
    path = os.path.join(os.path.dirname(__file__), "..", "..", "systemd/debian/changelog")
    with open(path, encoding="utf-8") as file:
        stamp = next(line for line in file if line.startswith(" -- ")).rpartition("  ")[2]
    return email.utils.parsedate_to_datetime(stamp.strip()).strftime("%Y-%m-%d")


def write(lines):
    """The page, without the requests for space that another one beside them makes empty."""
    lines = [line for line in lines if line]
    for index, line in enumerate(lines):
        before, after = lines[index - 1] if index else ".SH", lines[index + 1] if index + 1 < len(lines) else ".SH"
        if line in (".PP", ".IP", ".br") and after.startswith((".SH", ".SS", ".TP", ".PP", ".IP")):
            continue
        if line == ".PP" and before.startswith((".SH", ".SS")):
            continue
        sys.stdout.write(line + "\n")


def example(lines):
    """As it is typed, or as it stands in a file."""
    return [".PP", ".nf", ".RS", *[text(line) for line in lines], ".RE", ".fi", ".PP"]


def prose(source):
    """Hand-written text: `# heading`, `name: what it is` below a line `:definitions:`, paragraphs, and indented examples."""
    lines, definitions = [], False
    for block in re.split(r"\n\s*\n", source.strip("\n")):
        if block.startswith("# "):
            first, _, block = block.partition("\n")
            lines.append(f".SH {text(first[2:].upper())}")
            definitions = False
            if not block.strip():
                continue
        if block.strip() == ":definitions:":
            definitions = True
        elif block.startswith("    "):
            lines += example([line[4:] for line in block.splitlines()])
        elif definitions and ": " in block:
            name, _, meaning = block.partition(": ")
            lines += [".TP", f"\\fB{text(name)}\\fR", text(" ".join(meaning.split("\n")))]
        else:
            lines += [".PP", text(" ".join(block.splitlines()))]
    return lines


def see_also(*pages):
    names = [f".BR {page.replace('(', ' (')}" for page in pages]
    return [".SH SEE ALSO", ",\n".join(names).replace("),\n", ") ,\n")]

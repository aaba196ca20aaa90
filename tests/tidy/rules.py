#!/usr/bin/env python3
"""The tidy rules that no compiler checks.

Usage: rules.py [ROOT]
"""

import re
import sys

import tree

MAX_LINES = 500
UNFINISHED = re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME|XX" + r"X)\b")
DETERMINISTIC = ("core", "marketplace", "consensus")
OUTSIDE_STATE = ("core", "http")  # serves what was worked out: it has clocks

# What may differ from machine to machine or from run to run has no place where state is worked out.
FORBIDDEN = [
    ("a floating-point type", re.compile(r"\b(float|double)\b")),
    ("a clock", re.compile(r"::now\s*\(|\b(clock_gettime|gettimeofday)\b|\bstd::(time|clock)\s*\("
                           r"|(?<![\w.>:])time\s*\(\s*(nullptr|NULL|&\w+)\s*\)")),
    ("randomness", re.compile(r"#\s*include\s*<random>|\b(random_device|mt19937\w*|minstd_rand0?|default_random_engine)\b"
                              r"|\brandom_shuffle\b|\bstd::shuffle\b|(?<![\w.>])s?rand\s*\(")),
]
# Keys are made from the operating system's random source, and nowhere but where keys are made; the secret of
# the tables in memory is too, which shows in no result.
SYSTEM_RANDOM = re.compile(r"\b(RAND_\w+|getrandom|getentropy|arc4random\w*)\s*\(")

_UNORDERED = r"\bunordered_(?:flat_|node_)?(?:multi)?(?:map|set)\s*<"


def too_long(root):
    for relative in tree.files(root, tree.TEXT - {".md", ".txt"}):
        text = tree.read(root, relative)
        lines = text.splitlines()
        if len(lines) > MAX_LINES and not is_data(lines):
            yield f"{relative}:1: {len(lines)} lines; split by concept (at most {MAX_LINES})"


_DATA_LINE = re.compile(r"""[\s{}()\[\],;]*(("(\\.|[^"\\])*"|'[^']*'|0x[0-9a-fA-F']+|\d[\d']*)[uUlL]*[\s{}()\[\],;]*)*""")


def is_data(lines):
    """A table: nine lines in ten hold nothing but literals."""
    return sum(bool(_DATA_LINE.fullmatch(line)) for line in lines) * 10 >= len(lines) * 9


def unfinished(root):
    for relative in tree.files(root, tree.TEXT):
        text = tree.read(root, relative)
        for match in UNFINISHED.finditer(text):
            yield f"{relative}:{tree.line_of(text, match.start())}: {match.group(0)}: finish it or leave it out"


def missing_pragma(root):
    for relative in tree.files(root, {".hpp"}):
        if not re.search(r"^#pragma once$", tree.read(root, relative), re.MULTILINE):
            yield f"{relative}:1: no #pragma once"


def deterministic_files(root):
    for relative in tree.files(root, tree.CPP):
        if relative.parts[0] in DETERMINISTIC and relative.parts[:2] != OUTSIDE_STATE:
            yield relative, tree.code_only(tree.read(root, relative))


def indeterminate(root):
    for relative, code in deterministic_files(root):
        for what, pattern in FORBIDDEN:
            for match in pattern.finditer(code):
                yield f"{relative}:{tree.line_of(code, match.start())}: {what} ({match.group(0).strip()})"
        if relative.parts[:2] != ("core", "crypto") and relative.parts != ("core", "base", "keyed_hash.cpp"):
            for match in SYSTEM_RANDOM.finditer(code):
                yield f"{relative}:{tree.line_of(code, match.start())}: randomness ({match.group(1)})"


def after_angles(code, position):
    """The position behind the template arguments that open just before `position`."""
    depth = 1
    while depth > 0 and position < len(code):
        depth += {"<": 1, ">": -1}.get(code[position], 0)
        position += 1
    return position


def unordered_names(code):
    """Names of variables whose type is an unordered container, directly or through an alias."""
    names, aliases = set(), set()
    for match in re.finditer(_UNORDERED, code):
        end = after_angles(code, match.end())
        if alias := re.search(r"\busing\s+(\w+)\s*=\s*[\w:\s]*$", code[: match.start()]):
            aliases.add(alias.group(1))
        elif name := re.match(r"\s*&?\s*(\w+)", code[end:]):
            names.add(name.group(1))
    for alias in aliases:
        names |= set(re.findall(rf"\b{alias}\b\s*&?\s*(\w+)\s*[;{{=(,)]", code))
    return names


def unordered_iteration(root):
    rooms = {}
    for relative, code in deterministic_files(root):
        rooms.setdefault(relative.parent, []).append((relative, code))
    for group in rooms.values():
        names = set().union(*(unordered_names(code) for _, code in group))
        if not names:
            continue
        either = "|".join(sorted(names))
        walk = re.compile(rf"for\s*\([^;(){{}}]*:\s*(?:[\w.>()-]*?(?:\.|->))?({either})\s*\)|\b({either})\s*(?:\.|->)\s*c?begin\s*\(")
        for relative, code in group:
            for match in walk.finditer(code):
                name = match.group(1) or match.group(2)
                yield f"{relative}:{tree.line_of(code, match.start())}: walks the unordered {name}"


RULES = [too_long, unfinished, missing_pragma, indeterminate, unordered_iteration]


def check(root):
    return [problem for rule in RULES for problem in rule(root)]


if __name__ == "__main__":
    sys.exit(tree.report("rules", check(tree.root_from(sys.argv))))

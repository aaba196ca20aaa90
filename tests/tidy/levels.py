#!/usr/bin/env python3
"""Fails when an #include goes up, or across, the levels of docs/architecture.md.

Usage: levels.py [ROOT]
"""

import re
import sys

import tree

CORE = ["base", "crypto", "codec", "types", "storage", "execution"]
PARTS = ["marketplace", "consensus", "mempool", "genesis", "wallet"]
WALLET = ["wallet", "wallet/web", "wallet/cli"]
SERVICES = ["node/telemetry", "node/runtime", "node/json", "node/chain", "node/search"]
SURFACES = ["node/p2p", "node/sync", "node/rpc", "node/rest"]

# What each room may include besides itself. Tests and benchmarks stand outside: they include what they like,
# and nobody includes them.
_core = {f"core/{name}" for name in CORE}
ALLOWED = {
    "core/allocator": set(),  # settings of a library; nobody includes it
    "core/base": set(),
    "core/crypto": {"core/base"},
    "core/codec": {"core/base", "core/crypto"},
    "core/types": {"core/base", "core/crypto", "core/codec"},
    "core/storage": {"core/base"},
    "core/execution": _core - {"core/execution"},
    "core/http": {"core/base"},
    **{room: set(_core) for room in PARTS},
    # The wallet's folders: keys, what is shared by its programs, and each program's part.
    "wallet/web": {"core/base"},
    "wallet/cli": _core | {"wallet", "wallet/web"},
    "wallet/agent": _core | {"core/http"} | set(WALLET),
    "wallet/notify": _core | {"core/http"} | set(WALLET),
    "wallet/app": _core | {"core/http", "wallet/agent", "wallet/notify"} | set(WALLET),
    "node/telemetry": {"core/base"},
    "node/runtime": set(),
    "node/json": {"core/base", "core/crypto", "core/codec"},
    "node/chain": (_core | set(PARTS)) - {"wallet"},
    "node/search": ((_core | set(PARTS)) - {"wallet"}) | {"node/chain"},
    **{room: _core | {"core/http"} | set(PARTS) | set(SERVICES) for room in SURFACES},
    # Sync speaks to peers through the network's seam and messages.
    "node/sync": _core | {"core/http"} | set(PARTS) | set(SERVICES) | {"node/p2p"},
    "node": _core | {"core/http"} | set(PARTS) | set(SERVICES) | set(SURFACES),
}

# The command line and what builds on it encode and decode the marketplace's calls from the marketplace's own table.
CALL_TABLE = re.compile(r"marketplace/abi[^/]*\.hpp")
CALL_TABLE_READERS = {"wallet/cli", "wallet/agent", "wallet/notify"}

# Libraries that no public header may bring in, so that whoever includes the header need not compile them.
# Headers in a folder named impl belong to one room's sources.
HEAVY = re.compile(r"(boost/(asio|beast|json)(/|\.hpp)|rocksdb/|openssl/)")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def room_of(path):
    """The room of a file, by the longest room name that its path starts with; None outside every room."""
    for depth in (2, 1):
        room = "/".join(path.split("/")[:depth])
        if room in ALLOWED and len(path.split("/")) > depth:
            return room
    return None


def resolve(root, written):
    """The path in the tree that a quoted include means; None when there is no such file."""
    if ".." in written.split("/"):
        return None
    for candidate in (written, f"core/{written}"):
        # A generated header has its template in the tree.
        if (root / candidate).is_file() or (root / f"{candidate}.in").is_file():
            return candidate
    return None


def problem_with(room, included):
    target = room_of(included)
    if target is None:
        return "is in no room"
    if target != room and target not in ALLOWED[room]:
        encoder = room in CALL_TABLE_READERS and CALL_TABLE.fullmatch(included)
        return None if encoder else f"{room} may not include {target}"
    if "/impl/" in included and target != room:
        return f"is private to {target}"
    return None


def check_file(root, relative):
    includer = str(relative)
    room = room_of(includer)
    if room is None:
        yield f"{includer}:1: this folder has no level: give it one in tests/tidy/levels.py"
        return
    text = tree.read(root, relative)
    public_header = includer.endswith(".hpp") and "/impl/" not in includer
    for match in INCLUDE.finditer(text):
        kind, written = match.groups()
        where = f"{includer}:{tree.line_of(text, match.start(1))}"
        if public_header and HEAVY.match(written):
            yield f"{where}: a public header includes <{written}>"
        if kind == "<":
            continue
        included = resolve(root, written)
        if included is None:
            yield f'{where}: "{written}" is no path from the root or from core/'
        elif wrong := problem_with(room, included):
            yield f'{where}: "{written}" {wrong}'


def check(root):
    outside = {"tests", "bench", "docs", "scripts", "cmake"}
    inside = [relative for relative in tree.files(root, tree.CPP) if relative.parts[0] not in outside]
    return [problem for relative in inside for problem in check_file(root, relative)]


if __name__ == "__main__":
    sys.exit(tree.report("levels", check(tree.root_from(sys.argv))))

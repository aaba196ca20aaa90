"""The source tree as the tidy checks see it: which files there are, and C++ without comments and literals."""

import pathlib
import re

SKIPPED_FOLDERS = {"build", "node_modules", "__pycache__"}
CPP = {".cpp", ".hpp", ".inc"}
TEXT = CPP | {".py", ".mjs", ".js", ".sh", ".cmake", ".md", ".txt", ".in", ".html", ".css"}


def files(root, suffixes):
    """Paths under root (relative, sorted) with one of the suffixes, and scripts without any; build output left out."""
    found = []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        hidden = any(part.startswith(".") or part in SKIPPED_FOLDERS for part in relative.parts)
        if hidden or not path.is_file():
            continue
        is_script = not path.suffix and relative.parts[0] == "scripts"
        if path.suffix in suffixes or (is_script and ".sh" in suffixes):
            found.append(relative)
    return found


def read(root, relative):
    return (root / relative).read_text(encoding="utf-8")


_NOISE = re.compile(
    r"""//[^\n]*                                  # comment to the end of the line
      | /\*.*?\*/                                 # comment
      | R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"      # raw string
      | "(?:\\.|[^"\\\n])*"                       # string
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'       # character; not a digit separator
    """,
    re.VERBOSE | re.DOTALL,
)


def code_only(text):
    """C++ with comments and literals blanked out; lines keep their numbers."""

    def blank(match):
        kept = " " if match.group(0).startswith("/") else '""'
        return kept + "\n" * match.group(0).count("\n")

    return _NOISE.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def root_from(arguments):
    """The tree to check: the first argument, or the one this file belongs to."""
    if len(arguments) > 1:
        return pathlib.Path(arguments[1]).resolve()
    return pathlib.Path(__file__).resolve().parents[2]


def report(name, problems):
    """Prints the problems; the exit status."""
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problem(s)")
    return 1 if problems else 0

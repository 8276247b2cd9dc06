#!/usr/bin/python3.11 -I
"""Checks that the files the documents name are there, and that code they quote is what it was.

Looks at README.md, CONTRIBUTING.md and docs/**/*.md. A path is what stands in `code` and starts with a
folder of the repository or, as in an #include, with a layer (`heap/pool.h`); it may hold wildcards.
The targets of relative links count too. What is under build/ comes and goes, and is left alone.
A fenced block after a comment `<!-- from FILE -->` must stand in FILE line by line (indentation aside).
Exit status: 0 when all are found, 1 when one is missing or there is no README.md.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
QUOTE = re.compile(r"^<!-- from (\S+) -->\n```\w*\n(.*?)^```", re.M | re.S)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.*-]+(/[\w.*-]*)+")


def without_fences(text):
    """The text with fenced blocks blanked out, so that line numbers stay."""
    return FENCE.sub(lambda block: "\n" * block.group().count("\n"), text)


def path_exists(path):
    """Whether `path` (wildcards allowed) names something; True for what is no path of ours."""
    first = path.split("/")[0]
    if first == "build":
        return True
    for base in (ROOT, ROOT / "src"):
        if first and (base / first).is_dir():
            return next(base.glob(path.rstrip("/")), None) is not None
    return True


def missing_paths(document):
    text = without_fences(document.read_text(encoding="utf-8"))
    for number, line in enumerate(text.splitlines(), 1):
        for code in CODE.findall(line):
            for word in code.split():
                if PATH.fullmatch(word) and not path_exists(word):
                    yield number, word
        for link in LINK.findall(line):
            target = link.split("#")[0]
            if target and "://" not in link and not link.startswith("mailto:"):
                if not (document.parent / target).exists():
                    yield number, link


def bare_lines(text):
    return "\n".join(line.strip() for line in text.strip().splitlines())


def wrong_quotes(document):
    text = document.read_text(encoding="utf-8")
    for quote in QUOTE.finditer(text):
        source = ROOT / quote.group(1)
        if not source.is_file() or bare_lines(quote.group(2)) not in bare_lines(
            source.read_text(encoding="utf-8")
        ):
            yield text.count("\n", 0, quote.start()) + 1, quote.group(1)


def main():
    readme = ROOT / "README.md"
    if not readme.exists():
        print("README.md is missing", file=sys.stderr)
        return 1
    documents = [readme, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    missing = 0
    for document in documents:
        for number, path in missing_paths(document):
            missing += 1
            print(f"{document.relative_to(ROOT)}:{number}: no {path}", file=sys.stderr)
        for number, path in wrong_quotes(document):
            missing += 1
            print(f"{document.relative_to(ROOT)}:{number}: not so in {path}", file=sys.stderr)
    print(f"{len(documents)} documents, {missing} missing paths or wrong quotes")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

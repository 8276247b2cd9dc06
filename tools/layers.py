#!/usr/bin/python3.11 -I
"""Prints the include arrows between the folders of src/ and fails when one points up.

The public headers of the C++ library, include/ouro, belong to the layer `library`.

A layer may include from the layers it names in USES and from all that lie under those.
Exit status: 0 when every arrow is allowed, 1 when one is not.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
PUBLIC = ROOT / "include"

# The same arrows as in CMakeLists.txt.
USES = {
    "support": [],
    "heap": ["support"],
    "gc": ["heap"],
    "library": ["gc"],
    "objects": ["gc"],
    "syntax": ["support"],
    "compile": ["syntax", "objects"],
    "vm": ["objects"],
    "observe": ["objects"],
    "modules": ["vm", "compile", "observe"],
    "runtime": ["modules"],
    "cli": ["runtime"],
}

# The instruction set belongs to the compiler and is what the evaluator evaluates: these headers are
# tables and enums, and nothing else of compile may be used.
SINGLE_HEADERS = {
    "vm": {"compile/opcodes.h", "compile/opcodes.def", "compile/stack_effect.h", "compile/specialized.def"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def layers_below(layer):
    below = set()
    for used in USES[layer]:
        below |= {used} | layers_below(used)
    return below


def main():
    arrows = collections.Counter()
    wrong = []
    for source in sorted([*SRC.rglob("*"), *PUBLIC.rglob("*")]):
        if source.suffix not in {".h", ".cpp", ".def"}:
            continue
        name = source.relative_to(ROOT)
        layer = "library" if name.parts[0] == "include" else name.parts[1]
        if layer not in USES or len(name.parts) < 3:
            wrong.append(f"{name}: not in a folder of a known layer")
            continue
        allowed = layers_below(layer) | {layer}
        text = source.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            header = match.group(1)
            target = header.split("/")[0]
            if target == "ouro":
                target = "library"
            place = f"{name}:{text.count(chr(10), 0, match.start(1)) + 1}"
            if not (SRC / header).is_file() and not (PUBLIC / header).is_file():
                wrong.append(f'{place}: "{header}" is no file under src/ or include/')
            elif target not in allowed and header not in SINGLE_HEADERS.get(layer, ()):
                wrong.append(f'{place}: {layer} must not use {target} ("{header}")')
            elif target != layer:
                arrows[layer, target] += 1

    for layer in USES:
        targets = [f"{target} ({arrows[layer, target]})" for target in USES if arrows[layer, target]]
        print(f"{layer:8} -> {', '.join(targets) or '-'}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

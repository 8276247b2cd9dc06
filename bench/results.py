"""bench/RESULTS.md and its sections: each tool that measures writes its own and leaves the others' as they are."""
import datetime
import os
import platform
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
RESULTS = os.path.join(HERE, "RESULTS.md")
# In the order they stand in the file.
SECTIONS = ["heap", "programs", "bytes per object", "scaling"]
HEAD = """# Measurements

Each section is written by the tool it names; the tool's first lines say how it measures. Ratios are taken
between runs that stood side by side; absolute figures belong to the machine named.
"""


def marker(section, end):
    return "<!-- %s: %s -->" % (section, end)


def read_sections():
    found = {}
    try:
        with open(RESULTS, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return found
    for section in SECTIONS:
        begin, end = text.find(marker(section, "begin")), text.find(marker(section, "end"))
        if 0 <= begin < end:
            found[section] = text[begin + len(marker(section, "begin")):end].strip("\n")
    return found


def write_section(section, text):
    """Puts `text` (Markdown, headings from ## on) in the place of the section's."""
    found = read_sections()
    found[section] = text.strip("\n")
    parts = [HEAD]
    for name in SECTIONS:
        if name in found:
            parts.append("%s\n%s\n%s\n" % (marker(name, "begin"), found[name], marker(name, "end")))
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return "%s, %d cores, %.0f GiB, %s %s" % (model, os.cpu_count(), memory, platform.system(), platform.release())


def table(headings, rows):
    """A Markdown table, as lines."""
    return (["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)] +
            ["| " + " | ".join(row) + " |" for row in rows])


def facts(rows):
    """The table at the head of a section: when, where and how it was measured."""
    common = [("date", datetime.date.today().isoformat()), ("machine", machine()),
              ("compiler", "preset `release`: " + first_line(["g++", "--version"]))]
    load = [("load at the end", "%.1f (1 minute)" % os.getloadavg()[0])]
    return ["| | |", "|---|---|"] + ["| %s | %s |" % row for row in common + rows + load]

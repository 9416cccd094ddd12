"""Which lines of src/ the tests reach: merges the reports that `dotnet test --collect "XPlat Code Coverage"` left in
tests/*/TestResults, line by line, without generated code. `coverage.py 85` fails below 85 percent."""

import collections
import glob
import os
import sys
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def lines_of(report):
    """Yields (file below the root, line, whether it was reached) for the hand-written lines of src/."""
    tree = xml.parse(report).getroot()
    folders = [source.text or "" for source in tree.iter("source")]
    for part in tree.iter("class"):
        candidates = [os.path.join(folder, part.get("filename")) for folder in folders]
        place = next(filter(os.path.exists, candidates), None)
        path = os.path.relpath(place, ROOT) if place else ""
        if not path.startswith("src" + os.sep) or f"{os.sep}Generated{os.sep}" in path or f"{os.sep}obj{os.sep}" in path:
            continue
        for line in part.iter("line"):
            yield path, int(line.get("number")), line.get("hits") != "0"


def main(least):
    reports = glob.glob(os.path.join(ROOT, "tests", "*", "TestResults", "**", "coverage.cobertura.xml"), recursive=True)
    reached = collections.defaultdict(bool)
    for report in reports:
        for path, line, hit in lines_of(report):
            reached[path, line] |= hit
    if not reached:
        sys.exit(f"no line of src/ in {len(reports)} coverage reports")

    projects = collections.defaultdict(lambda: [0, 0])
    for (path, _), hit in reached.items():
        for counts in (projects[path.split(os.sep)[1]], projects["all of src"]):
            counts[0] += hit
            counts[1] += 1
    for name, (hits, total) in sorted(projects.items()):
        print(f"{name:20} {100 * hits / total:6.1f} %  {hits:6} of {total:6} lines")
    missing = {name for name in os.listdir(os.path.join(ROOT, "src")) if name.startswith("SqlMl.")} - projects.keys()
    if missing:
        sys.exit(f"no test reports on {', '.join(sorted(missing))}")
    hits, total = projects["all of src"]
    if 100 * hits < least * total:
        sys.exit(f"{100 * hits / total:.1f} % of the lines are reached; at least {least} % must be")


main(float(sys.argv[1]))

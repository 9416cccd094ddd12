"""Counts what `dotnet test --logger trx` left in tests/*/TestResults and says so in one line, the last. Among the failed: each step
of CI that failed (the argument), each test project that ran no test, and each skipped test whose reason is not allowed below."""

import glob
import os
import sys
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}

# Reasons, as the test gives them, for which a test may be skipped in CI: none. What is missing here is a fault of the machine's setup.
ALLOWED_SKIPS = ()


def results(project):
    """Yields (outcome, name, message) for each test of a project."""
    for file in glob.glob(os.path.join(project, "TestResults", "**", "*.trx"), recursive=True):
        for result in xml.parse(file).getroot().iterfind(".//t:UnitTestResult", SPACE):
            message = result.findtext(".//t:Message", None, SPACE) or result.findtext(".//t:StdOut", "", SPACE)
            yield result.get("outcome"), result.get("testName"), message.strip()


def is_test_project(folder):
    name = os.path.basename(folder)
    return os.path.exists(os.path.join(folder, name + ".csproj")) and name.endswith("Tests")


def main(failed):
    passed = skipped = 0
    for project in filter(is_test_project, sorted(glob.glob(os.path.join(ROOT, "tests", "*")))):
        found = list(results(project))
        if not found:
            failed += 1
            print(f"FAILED: {os.path.basename(project)} ran no test")
        for outcome, name, message in found:
            if outcome == "Passed":
                passed += 1
            elif outcome == "NotExecuted" and message in ALLOWED_SKIPS:
                skipped += 1
            else:
                failed += 1
                print(f"{'SKIPPED, which counts as failed here' if outcome == 'NotExecuted' else 'FAILED'}: {name}: {message}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


main(int(sys.argv[1]))

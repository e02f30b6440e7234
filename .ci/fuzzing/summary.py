"""Says what the parts of a fuzzing found. Usage: summary.py OPENAPI CASES RESULTS…; ends with one line: N passed, N failed."""

import collections
import json
import pathlib
import sys


def counted(counts):
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def main(document, cases, results):
    paths = json.loads(pathlib.Path(document).read_text())["paths"]
    named = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    rows = [json.loads(line) for result in results for line in pathlib.Path(result).read_text().splitlines()]
    faults = collections.defaultdict(list)
    for row in rows:
        faults[row["operation"]] += row["faults"] + ([f"and {row['more']} more"] if row["more"] else [])
        if row["sent"] < cases:
            faults[row["operation"]].append(f"{row['operation']}: {row['sent']} of {cases} cases were sent")
    for missing in sorted(named - {row["operation"] for row in rows}):
        faults[missing].append(f"{missing}: no case was sent")
    for found in [found for found in faults.values() if found][:20]:
        print(*found, sep="\n")
    failed = sum(1 for found in faults.values() if found)
    roles, statuses = collections.Counter(), collections.Counter()
    for row in rows:
        roles.update(row["roles"])
        statuses.update(row["statuses"])
    fewest, distinct = (min(rows, key=lambda row: row[key], default={"operation": "none", key: 0}) for key in ("sent", "distinct"))
    slowest = max(rows, key=lambda row: row["slowest"], default={"operation": "none", "slowest": 0})
    closed = sorted(row["operation"] for row in rows if not any(status.startswith(("2", "3")) for status in row["statuses"]))
    print(f"{len(rows)} of {len(named)} operations, {sum(row['sent'] for row in rows)} requests, at least {fewest['sent']} an operation ({fewest['operation']})")
    print(f"fewest different requests: {distinct['distinct']} ({distinct['operation']}); by role: {counted(roles)}; answers: {counted(statuses)}")
    print(f"slowest of its own: {slowest['slowest']} s ({slowest['operation']}); never a success: {', '.join(closed) or 'none'}")
    print(f"{len(named) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))

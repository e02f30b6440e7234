"""Prints the findings of all parts of a fuzzing. Usage: summary.py OPENAPI CASES FEWEST RESULTS…; ends with one line: N passed, N failed."""

import collections
import json
import pathlib
import sys


def counted(counts):
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def faults_in(rows, named, fewest):
    faults = collections.defaultdict(list)
    for row in rows:
        faults[row["operation"]] += row["faults"] + ([f"and {row['more']} more"] if row["more"] else [])
        if row["sent"] < fewest:
            faults[row["operation"]].append(f"{row['operation']}: {row['sent'] or 'no'} cases were sent, fewer than {fewest}")
    for missing in sorted(named - {row["operation"] for row in rows}):
        faults[missing].append(f"{missing}: no case was sent")
    return faults


def main(document, cases, fewest, results):
    paths = json.loads(pathlib.Path(document).read_text())["paths"]
    named = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    lines = [json.loads(line) for result in results for line in pathlib.Path(result).read_text().splitlines()]
    rows, parts = [line for line in lines if "operation" in line], [line for line in lines if "part" in line]
    faults = faults_in(rows, named, min(cases, fewest))
    for found in [found for found in faults.values() if found][:20]:
        print(*found, sep="\n")
    failed = sum(1 for found in faults.values() if found)
    roles, statuses = collections.Counter(), collections.Counter()
    for row in rows:
        roles.update(row["roles"])
        statuses.update(row["statuses"])
    least, distinct = (min(rows, key=lambda row: row[key], default={"operation": "none", key: 0}) for key in ("sent", "distinct"))
    slowest = max(rows, key=lambda row: row["slowest"], default={"operation": "none", "slowest": 0})
    closed = sorted(row["operation"] for row in rows if not any(status.startswith(("2", "3")) for status in row["statuses"]))
    over = f", fewer than {cases} because the time was over" if least["sent"] < cases else ""
    print(f"{len(rows)} of {len(named)} operations, {sum(row['sent'] for row in rows)} requests, at least {least['sent']} an operation ({least['operation']}){over}")
    print(f"fewest different requests: {distinct['distinct']} ({distinct['operation']}), {sum(row['distinct'] for row in rows)} in all; by role: {counted(roles)}; answers: {counted(statuses)}")
    print(f"slowest of its own: {slowest['slowest']} s ({slowest['operation']}), {sum(row['slow'] for row in rows)} over a second were asked again; never a success: {', '.join(closed) or 'none'}")
    for part in parts:
        print("part {part}: {seconds:.0f} s; of a core: {client:.0f} s here, {servers:.0f} s in its servers; {sign_ins} sign-ins; work took {pace:.1f} times as long as on a quiet machine".format(**part))
    print(f"{len(named) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))

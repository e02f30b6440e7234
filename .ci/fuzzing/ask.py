"""Sends the cases of schemathesis to every operation of the OpenAPI document, as several roles, and checks the answers.

Each case is sent once, as one role after the other: boundary values of the schemas first, random values then, and for the rest
parts of those in new combinations. The combinations go round by round over all operations, so that each has as many cases when the
time is over.
Usage: ask.py OPENAPI CASES FEWEST SECONDS SEED PART PARTS ACCOUNT…; ACCOUNT is role=url=pid=sign-in path=sign-in body, on one server.
"""

import collections
import json
import os
import pathlib
import signal
import statistics
import sys
import time
import zlib

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture.engine import ConjectureRunner
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test

from account import Account
from answers import Answers
from clock import Pace, worked
from combine import Parts
from operation import SESSIONS, Operation

# Hypothesis tries smaller variants of failing cases; here no case fails inside it, and the attempts take a third of its time.
ConjectureRunner.generate_mutations_from = lambda self, data: None

# Cases that schemathesis generates per operation, and with little time left. It needs longer for one than the server for ten answers.
DRAWN, DRAWN_LATE = 50, 16
# The largest share of boundary values among them.
BOUNDARIES = 0.6
# Combinations of an operation in one round.
ROUND = 10

Limits = collections.namedtuple("Limits", "cases fewest seconds seed")


def run(operation, test, cases, seed, mode, config):
    """Passes the cases of one mode to a function: boundary values, each once, or random ones."""
    phases = [Phase.explicit] if mode is HypothesisTestMode.COVERAGE else [Phase.generate]
    how = settings(max_examples=max(1, cases), database=None, phases=phases, deadline=None, suppress_health_check=list(HealthCheck))
    create_test(operation=operation, test_func=test, config=HypothesisTestConfig(project=config, modes=[mode], settings=how, seed=seed, apply_ci_profile=False))()


def draw(operation, asked, drawn, own, config):
    def upto(most):
        def test(case):
            if asked.sent < most:
                asked.case(case)

        return test

    try:
        run(operation, upto(int(drawn * BOUNDARIES)), drawn, own, HypothesisTestMode.COVERAGE, config)
        for turn in range(3):
            # Schemathesis omits cases that cannot be sent, and ends if there is only one.
            if asked.sent >= drawn:
                break
            before = asked.distinct
            run(operation, upto(drawn), drawn - asked.sent, own + turn, HypothesisTestMode.FUZZING, config)
            if asked.distinct - before < 2:
                break
    except Exception as error:  # an error of a generator affects only this operation
        asked.faults.append(f"{asked.label}: {type(error).__name__}: {str(error)[:300]}")


def ask(found, asked, parts, limits, config):
    begun = time.monotonic()
    own = [zlib.crc32(f"{limits.seed} {one.label}".encode()) for one in asked]
    for index, (operation, one) in enumerate(zip(found, asked)):
        # Half of the time is for the cases of schemathesis.
        late = time.monotonic() - begun > limits.seconds / 2 * (index + 1) / len(found)
        draw(operation, one, min(limits.cases, DRAWN_LATE if late else DRAWN), own[index], config)
        for request, taken in one.kept:
            parts.lend(one.path, request, taken)
    for upto in [*range(ROUND, limits.cases, ROUND), limits.cases]:
        if upto > limits.fewest and time.monotonic() - begun > limits.seconds:
            break
        for index, one in enumerate(asked):
            one.ask_combined(upto, parts, own[index])
    for one in asked:
        one.judge_slow()


def media_types(described):
    return {media_type for item in described["paths"].values() for operation in item.values() for media_type in operation.get("requestBody", {}).get("content", ())}


def main(document, limits, part, parts, texts):
    described = json.loads(pathlib.Path(document).read_text())
    # Lines of JSON, rows of a table, an archive: any bytes are suitable.
    for media_type in sorted(media_types(described) - {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}):
        schemathesis.serializer(media_type)(lambda _, value: value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass"))
    schema = schemathesis.openapi.from_path(document)
    answers, pace = Answers(described), Pace()
    accounts = [Account(text) for text in texts]
    servers = sorted({account.pid for account in accounts})
    before = sum(map(worked, servers))
    pace.now()
    for account in accounts:
        account.sign_in()
    whole = [account for account in accounts if account.path]
    found = [result.ok() for result in schema.get_all_operations()][part::parts]
    asked = [Operation(operation, accounts if operation.path.startswith(SESSIONS) else whole, answers, pace) for operation in found]
    begun = time.monotonic()

    def report():
        for one in asked:
            print(json.dumps(one.row()))
        print(json.dumps({
            "part": part, "seconds": time.monotonic() - begun, "client": time.process_time(), "servers": sum(map(worked, servers)) - before,
            "sign_ins": sum(account.sign_ins for account in accounts), "pace": statistics.median(pace.seen),
        }), flush=True)

    def ended(*_):
        # An exception would be lost in a callback of Python's garbage collection.
        report()
        os._exit(124)

    signal.signal(signal.SIGTERM, ended)
    ask(found, asked, Parts(), limits, schema.config)
    pace.now()
    report()


if __name__ == "__main__":
    document, cases, fewest, seconds, seed, part, parts, *texts = sys.argv[1:]
    main(document, Limits(int(cases), int(fewest), int(seconds), int(seed)), int(part), int(parts), texts)

"""Asks every operation of the OpenAPI document with schemathesis' cases, as several roles, and judges the answers.

Each case is sent once, as one role after the other: boundary values of the schemas first, random values then, and for the rest
parts of those in new combinations.
Usage: ask.py OPENAPI CASES SEED PART PARTS ACCOUNT…; ACCOUNT is role=url=pid=sign-in path=sign-in body, on one server.
"""

import collections
import http.client
import json
import pathlib
import sys
import time
import zlib

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture.engine import ConjectureRunner
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test

from answers import Answers
from clock import LONGEST, Clock
from combine import Combined

# Hypothesis tries variants of each case to find smaller ones that fail; here nothing fails inside it, and the attempts take a third of its time.
ConjectureRunner.generate_mutations_from = lambda self, data: None

# Cases of an operation that schemathesis makes. One takes it longer than the server needs to answer ten.
DRAWN = 100
# Of those, how many are boundary values at most.
BOUNDARIES = 60
# A role that may never do what it asks leaves its turns to the others.
REFUSALS = 8
# Whoever signs in and out has a session for it, which may end.
SESSIONS = "/session"
SIGNS_IN = {("POST", "/session"), ("POST", "/session/demo")}


class Account:
    """A role on a server: one connection, and a session that is begun again when it has ended."""

    def __init__(self, text):
        self.role, self.url, pid, self.path, self.body = text.split("=", 4)
        self.netloc = self.url.removeprefix("http://")
        self.clock = Clock(int(pid))
        self.connection = http.client.HTTPConnection(self.netloc, timeout=30)
        self.token = None

    def sign_in(self):
        if not self.path:
            return
        for _ in range(20):
            answer = self.sent("POST", self.path, {"Content-Type": "application/json"}, self.body.encode())
            if answer.status == 200:
                self.token = json.loads(answer.body)["token"]
                return
            # The first administrator comes to be just after the server is ready.
            time.sleep(0.5)
        raise SystemExit(f"nobody could sign in as {self.role}: {answer.status} {answer.body[:200]!r}")

    def ask(self, request):
        headers = dict(request.headers)
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.sent(request.method, request.path_url, headers, request.body)

    def sent(self, method, path, headers, body):
        """The answer, and the seconds it took without the time in which server and client waited for a core."""
        for attempt in (1, 2):
            begun = self.clock.now()
            try:
                self.connection.request(method, path, body, headers)
                response = self.connection.getresponse()
                # A stream of events ends with its job.
                stream = response.headers.get("Content-Type", "").startswith("text/event-stream")
                content = b"" if stream else response.read()
                if stream or response.will_close:
                    self.connection.close()
                return Answer(response.status, response.headers, content, self.clock.since(begun))
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
                # The server closes a connection that was idle.
                self.connection.close()
                if attempt == 2:
                    return Answer(0, {}, repr(error).encode(), self.clock.since(begun))
            except (OSError, http.client.HTTPException) as error:
                self.connection.close()
                return Answer(0, {}, repr(error).encode(), self.clock.since(begun))


Answer = collections.namedtuple("Answer", "status headers body took")


class Operation:
    """The cases of one operation, and what is wrong with their answers."""

    def __init__(self, operation, accounts, answers):
        self.label, self.answers = operation.label, answers
        self.path, self.method = operation.path, operation.method.lower()
        self.turns = collections.deque(accounts)
        self.refused, self.let_in = collections.Counter(), set()
        self.sent = self.distinct = 0
        self.statuses, self.roles = collections.Counter(), collections.Counter()
        self.slowest, self.faults = 0.0, []
        # Requests, and whether each was taken.
        self.kept = []

    def case(self, case):
        try:
            kwargs = case.as_transport_kwargs(base_url="http://127.0.0.1")
            kwargs = {name: value for name, value in kwargs.items() if name in ("method", "url", "headers", "params", "data", "json", "files", "cookies")}
            request = requests.Request(**kwargs).prepare()
            request.path_url.encode("ascii")
        except (ValueError, requests.RequestException):
            return
        self.distinct += 1
        self.kept.append((request, self.ask(request)))

    def ask(self, request):
        account = self.turns[0]
        self.turns.rotate(-1)
        if self.path.startswith(SESSIONS) and account.token is None:
            account.sign_in()
        answer = account.ask(request)
        self.sent += 1
        if answer.status == 401 and account.path and (request.method, self.path) not in SIGNS_IN:
            account.sign_in()
        self.statuses[answer.status] += 1
        self.roles[account.role] += 1
        self.slowest = max(self.slowest, answer.took)
        for fault in self.judged(request, answer, account):
            body = request.body if isinstance(request.body, bytes) else (request.body or "").encode(errors="replace")
            self.faults.append(f"{self.label} as {account.role}: {fault}: {request.method} {request.path_url[:500]} {body[:300]!r}")
        self.note(account, answer.status)
        return answer.status < 400 or answer.status == 409

    def note(self, account, status):
        if status == 403:
            self.refused[account] += 1
        elif status not in (400, 401, 404, 405):
            self.let_in.add(account)
        # The last role stays, so that an operation that refuses all of them is asked nevertheless.
        if self.refused[account] >= REFUSALS and account not in self.let_in and len(self.turns) > 1:
            self.turns.remove(account)

    def judged(self, request, answer, account):
        if answer.status == 0:
            yield f"no answer ({answer.body.decode()})"
            return
        if answer.status >= 500:
            yield f"{answer.status} {answer.body[:300]!r}"
        elif request.method.lower() == self.method:
            yield from self.answers.faults(self.path, self.method, answer)
        if answer.took > LONGEST:
            # A machine may stall once; what a command does is done, so that asking again says less.
            again = [account.ask(request) for _ in range(5)]
            best = min(one.took for one in again)
            repeatable = request.method == "GET" or again[0].status == answer.status
            took = best if repeatable else answer.took
            if took > LONGEST:
                yield f"{took:.1f} s"


def run(operation, test, cases, seed, mode, config):
    """Hands the cases of one mode to a function: boundary values, each once, or random ones."""
    phases = [Phase.explicit] if mode is HypothesisTestMode.COVERAGE else [Phase.generate]
    how = settings(max_examples=max(1, cases), database=None, phases=phases, deadline=None, suppress_health_check=list(HealthCheck))
    create_test(operation=operation, test_func=test, config=HypothesisTestConfig(project=config, modes=[mode], settings=how, seed=seed, apply_ci_profile=False))()


def fuzzed(operation, schema, cases, seed, accounts, answers):
    asked = Operation(operation, accounts, answers)
    own = zlib.crc32(f"{seed} {asked.label}".encode())

    try:
        generate(operation, asked, cases, own, schema.config)
    except Exception as error:  # whatever a generator raises concerns this operation alone
        asked.faults.append(f"{asked.label}: {type(error).__name__}: {str(error)[:300]}")
    combined = Combined(asked.kept, own)
    while asked.kept and asked.sent < cases:
        request = combined.next()
        # An operation that takes nothing has few cases, and they are asked again.
        asked.distinct += request is not None
        asked.ask(request or asked.kept[asked.sent % len(asked.kept)][0])
    return asked


def generate(operation, asked, cases, own, config):
    drawn = min(cases, DRAWN)

    def upto(most):
        def test(case):
            if asked.sent < most:
                asked.case(case)

        return test

    run(operation, upto(min(drawn, BOUNDARIES)), drawn, own, HypothesisTestMode.COVERAGE, config)
    for turn in range(5):
        # Schemathesis leaves out cases that cannot be sent, and ends where there is only one.
        if asked.sent >= drawn:
            break
        before = asked.distinct
        run(operation, upto(drawn), drawn - asked.sent, own + turn, HypothesisTestMode.FUZZING, config)
        if asked.distinct - before < 2:
            break


def media_types(described):
    return {media_type for item in described["paths"].values() for operation in item.values() for media_type in operation.get("requestBody", {}).get("content", ())}


def main(document, cases, seed, part, parts, texts):
    described = json.loads(pathlib.Path(document).read_text())
    # Lines of JSON, rows of a table, an archive: any bytes will do.
    for media_type in sorted(media_types(described) - {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}):
        schemathesis.serializer(media_type)(lambda _, value: value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass"))
    schema = schemathesis.openapi.from_path(document)
    answers = Answers(described)
    accounts = [Account(text) for text in texts]
    for account in accounts:
        account.sign_in()
    whole = [account for account in accounts if account.path]
    found = [result.ok() for result in schema.get_all_operations()]
    for operation in found[part::parts]:
        session = operation.path.startswith(SESSIONS)
        begun = time.monotonic()
        asked = fuzzed(operation, schema, cases, seed, accounts if session else whole, answers)
        print(json.dumps({
            "operation": asked.label, "sent": asked.sent, "distinct": asked.distinct, "statuses": asked.statuses, "roles": asked.roles,
            "slowest": round(asked.slowest, 3), "seconds": round(time.monotonic() - begun, 1), "faults": asked.faults[:5], "more": max(0, len(asked.faults) - 5),
        }), flush=True)


if __name__ == "__main__":
    document, cases, seed, part, parts, *texts = sys.argv[1:]
    main(document, int(cases), int(seed), int(part), int(parts), texts)

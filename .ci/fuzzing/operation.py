"""The cases of one operation, and the faults of their answers."""

import collections

import requests

from clock import LONGEST
from combine import Combined

# A role without the permission leaves its turns to the others.
REFUSALS = 8
# Signing in or out uses its own session, which may end.
SESSIONS = "/v1/session"
SIGNS_IN = {("POST", "/v1/session"), ("POST", "/v1/session/demo")}
# How many slow answers of an operation are requested again, and how often.
SLOWEST, AGAIN = 3, 5

Slow = collections.namedtuple("Slow", "account request status took worked pace")


class Operation:
    def __init__(self, operation, accounts, answers, pace):
        self.label, self.answers, self.pace = operation.label, answers, pace
        self.path, self.method = operation.path, operation.method.lower()
        self.turns = collections.deque(accounts)
        self.refused, self.let_in = collections.Counter(), set()
        self.sent = self.distinct = 0
        self.statuses, self.roles = collections.Counter(), collections.Counter()
        self.slowest, self.slow, self.faults = 0.0, [], []
        # Requests, and whether each was accepted.
        self.kept, self.combined = [], None

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

    def ask_combined(self, upto, parts, seed):
        """Sends new combinations of the generated parts, until so many cases were sent."""
        if not self.kept:
            return
        self.combined = self.combined or Combined(self.path, self.kept, parts, seed)
        while self.sent < upto:
            request = self.combined.next()
            # An operation without parameters has few cases, so they are repeated.
            self.distinct += request is not None
            self.ask(request or self.kept[self.sent % len(self.kept)][0])

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
        if answer.took > LONGEST and answer.status != 0:
            self.slow.append(Slow(account, request, answer.status, answer.took, answer.worked, self.pace.now()))
        for fault in self.judged(request, answer):
            self.fault(account, request, fault)
        self.note(account, answer.status)
        return answer.status < 400 or answer.status == 409

    def fault(self, account, request, fault):
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode(errors="replace")
        self.faults.append(f"{self.label} as {account.role}: {fault}: {request.method} {request.path_url[:500]} {body[:300]!r}")

    def note(self, account, status):
        if status == 403:
            self.refused[account] += 1
        elif status not in (400, 401, 404, 405):
            self.let_in.add(account)
        # The last role stays, so that an operation that rejects all of them is tested nevertheless.
        if self.refused[account] >= REFUSALS and account not in self.let_in and len(self.turns) > 1:
            self.turns.remove(account)

    def judged(self, request, answer):
        if answer.status == 0:
            yield f"no answer ({answer.body.decode()})"
        elif answer.status >= 500:
            yield f"{answer.status} {answer.body[:300]!r}"
        elif request.method.lower() == self.method:
            yield from self.answers.faults(self.path, self.method, answer)

    def judge_slow(self):
        """Repeats slow requests later, because a machine may stall once; the best time counts."""
        for slow in sorted(self.slow, key=lambda one: one.took / one.pace, reverse=True)[:SLOWEST]:
            best, same = slow.took / slow.pace, slow.request.method == "GET"
            for turn in range(AGAIN):
                if slow.account.token is None or self.path.startswith(SESSIONS):
                    slow.account.sign_in()
                before = self.pace.now()
                answer = slow.account.ask(slow.request)
                # A command cannot be repeated. If it is rejected now, the server's working time counts, because a disk may stall once.
                same = same or answer.status == slow.status
                if not same:
                    best = slow.worked / slow.pace
                    break
                best = min(best, answer.took / max(before, self.pace.now()))
                if best <= LONGEST:
                    break
            if best > LONGEST:
                self.fault(slow.account, slow.request, f"{best:.1f} s at the pace of a quiet machine")

    def row(self):
        return {
            "operation": self.label, "sent": self.sent, "distinct": self.distinct, "statuses": self.statuses, "roles": self.roles,
            "slowest": round(self.slowest, 3), "slow": len(self.slow), "faults": self.faults[:5], "more": max(0, len(self.faults) - 5),
        }

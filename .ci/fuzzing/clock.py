"""What a request takes of its own: seconds of a quiet machine, whatever else this one does and however fast it is.

Waiting for a core is taken out by the kernel's account. A busy neighbour also slows the work itself, because it shares caches and
the units of a core; how much is measured with work of a known length.
"""

import json
import os
import statistics
import time

LONGEST = 1.0
# Seconds that the known work takes on the quiet machine whose seconds count: 2 cores of a Xeon at 2.1 GHz.
QUIET = 0.0135


class Clock:
    def __init__(self, server):
        self.server = server

    def now(self):
        return time.monotonic(), accounts(self.server), accounts(os.getpid())

    def since(self, begun):
        """Seconds without those of waiting for a core, and those in which the server worked, where the kernel keeps an account of it."""
        then, server, client = begun
        took = time.monotonic() - then
        if took <= LONGEST:
            return took, took
        after = accounts(self.server)
        # One request at a time: while the server works, this client sleeps.
        own = max(0.0, took - longest(server, after) - longest(client, accounts(os.getpid())))
        return own, min(own, had(after) - had(server)) if after else own


def worked(pid):
    """Seconds that the threads of a process had a core, together."""
    return had(accounts(pid))


def had(threads):
    return sum(working for working, _ in threads.values())


def accounts(pid):
    """Seconds that each thread of a process had a core, and that it was ready and had none, by thread."""
    seconds = {}
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as account:
                working, waiting, _ = account.read().split()
                seconds[thread] = int(working) / 1e9, int(waiting) / 1e9
    except (OSError, ValueError):
        pass
    return seconds


def longest(before, after):
    """How long the thread that waited most did wait: those beside it waited at the same time."""
    return max((waiting - before.get(thread, (0.0, 0.0))[1] for thread, (_, waiting) in after.items()), default=0.0)


class Pace:
    """How many times as long as on the quiet machine the same work takes here and now; never below 1."""

    def __init__(self):
        # Text is read and written, as a server does: this is slowed by full caches as much as by a slow core.
        rows = [{"participant": f"person-{i}", "amount": f"{i * 37}.{i % 100:02d}", "period": f"20{i % 30:02d}-{i % 12 + 1:02d}", "lines": [i, i * 2, {"kind": "own", "date": "2017-03-01"}]} for i in range(4000)]
        self.work = json.dumps({"rows": rows})
        self.seen = []

    def now(self):
        pace = max(1.0, statistics.median(self.once() for _ in range(3)) / QUIET)
        self.seen.append(pace)
        return pace

    def once(self):
        begun = time.thread_time()
        json.dumps(json.loads(self.work))
        return time.thread_time() - begun

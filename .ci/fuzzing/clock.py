"""The own time of a request, in seconds of an idle reference machine, independent of this machine's load and speed.

The kernel's accounts give the time of waiting for a core, which is subtracted. A busy neighbour also slows the work itself, because
it shares caches and the units of a core; work of a known length measures this effect.
"""

import json
import os
import statistics
import time

LONGEST = 1.0
# Seconds of the known work on the reference machine: 2 cores of a Xeon at 2.1 GHz, otherwise idle.
QUIET = 0.0135


class Clock:
    def __init__(self, server):
        self.server = server

    def now(self):
        return time.monotonic(), accounts(self.server), accounts(os.getpid())

    def since(self, begun):
        """Seconds without the wait for a core, and the seconds of the server's work, if the kernel accounts for them."""
        then, server, client = begun
        took = time.monotonic() - then
        if took <= LONGEST:
            return took, took
        after = accounts(self.server)
        # One request at a time: this client sleeps while the server works.
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
    """The longest wait of one thread, because the other threads waited at the same time."""
    return max((waiting - before.get(thread, (0.0, 0.0))[1] for thread, (_, waiting) in after.items()), default=0.0)


class Pace:
    """The current time of the known work, divided by its time on the reference machine; never below 1."""

    def __init__(self):
        # Reads and writes text, like a server: full caches slow it as much as a slow core does.
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

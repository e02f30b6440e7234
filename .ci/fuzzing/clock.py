"""What a request takes of its own: seconds, without those in which its server or this client waited for a core of a busy machine."""

import os
import time

LONGEST = 1.0


class Clock:
    def __init__(self, server):
        self.server = server

    def now(self):
        return time.monotonic(), waited(self.server), waited(os.getpid())

    def since(self, begun):
        then, server, client = begun
        took = time.monotonic() - then
        if took <= LONGEST:
            return took
        # One request at a time: while the server works, this client sleeps.
        return max(0.0, took - longest(server, waited(self.server)) - longest(client, waited(os.getpid())))


def waited(pid):
    """Seconds that each thread of a process was ready and had no core, by thread; empty where the kernel keeps no account."""
    seconds = {}
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as account:
                seconds[thread] = int(account.read().split()[1]) / 1e9
    except (OSError, IndexError):
        pass
    return seconds


def longest(before, after):
    """How long the thread that waited most did wait: those beside it waited at the same time."""
    return max((seconds - before.get(thread, 0.0) for thread, seconds in after.items()), default=0.0)

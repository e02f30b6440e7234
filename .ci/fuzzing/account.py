"""A role on a server, and the answers to its requests."""

import collections
import gzip
import http.client
import json
import time

from clock import Clock

Answer = collections.namedtuple("Answer", "status headers body took worked")


class Account:
    """One connection, and a session that is renewed when it has ended."""

    def __init__(self, text):
        self.role, self.url, self.pid, self.path, self.body = text.split("=", 4)
        self.netloc = self.url.removeprefix("http://")
        self.clock = Clock(int(self.pid))
        self.connection = http.client.HTTPConnection(self.netloc, timeout=120)
        self.token = None
        self.sign_ins = 0

    def sign_in(self):
        if not self.path:
            return
        for _ in range(20):
            answer = self.sent("POST", self.path, {"Content-Type": "application/json"}, self.body.encode())
            if answer.status == 200:
                self.token = json.loads(answer.body)["token"]
                self.sign_ins += 1
                return
            # The first administrator is created just after the server is ready.
            time.sleep(0.5)
        raise SystemExit(f"nobody could sign in as {self.role}: {answer.status} {answer.body[:200]!r}")

    def ask(self, request):
        headers = {**request.headers, "Accept-Encoding": "gzip"}
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
                if response.headers.get("Content-Encoding") == "gzip":
                    content = gzip.decompress(content)
                if stream or response.will_close:
                    self.connection.close()
                return Answer(response.status, response.headers, content, *self.clock.since(begun))
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
                # The server closes an idle connection.
                self.connection.close()
                if attempt == 2:
                    return Answer(0, {}, repr(error).encode(), *self.clock.since(begun))
            except (OSError, http.client.HTTPException) as error:
                self.connection.close()
                return Answer(0, {}, repr(error).encode(), *self.clock.since(begun))

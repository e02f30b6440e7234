"""Judges what .ci/fuzz recorded: every answer below 500, every one within a second. Usage: fuzz.py DIRECTORY NAME…"""

import base64
import http.client
import json
import os
import pathlib
import sys
import time
import urllib.parse

LONGEST = 1.0


def body_of(request):
    body = request.get("body")
    return base64.b64decode(body["$base64"]) if body else None


def took(request):
    """Seconds that a request takes when nothing else is asked: on a busy machine one in thousands waits for a core."""
    uri = urllib.parse.urlsplit(request["uri"])
    path = uri.path + (f"?{uri.query}" if uri.query else "")
    headers = {name: values[0] for name, values in request["headers"].items() if name.lower() != "content-length"}
    begun = time.monotonic()
    connection = http.client.HTTPConnection(uri.netloc, timeout=30)
    try:
        connection.request(request["method"], path, body_of(request), headers)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return 30.0
    finally:
        connection.close()
    return time.monotonic() - begun


def queue():
    """How many processes share a core, at least 1: beside other steps of CI a request gets its part of the time."""
    return max(1.0, os.getloadavg()[0] / os.cpu_count())


def shown(request):
    body = body_of(request)
    return f"{request['method']} {request['uri']}" + (f" {body[:300]!r}" if body else "")


def faults_of(interactions):
    for interaction in interactions:
        request, response = interaction["request"], interaction.get("response")
        if response is None:
            yield f"no answer: {shown(request)}"
        elif response["status_code"] >= 500:
            yield f"{response['status_code']}: {shown(request)}"
        elif response["elapsed"] > LONGEST:
            best = min(took(request) for _ in range(5))
            if best > LONGEST * queue():
                yield f"{best:.1f} s: {shown(request)}"


def main(directory, names):
    passed = failed = cases = 0
    for name in names:
        seen, ended = {}, False
        for line in pathlib.Path(directory, f"{name}.ndjson").read_text().splitlines():
            event = json.loads(line)
            ended = ended or "EngineFinished" in event
            scenario = event.get("ScenarioFinished")
            if scenario is None:
                continue
            recorder = scenario["recorder"]
            interactions = list(recorder.get("interactions", {}).values())
            cases += len(interactions)
            seen.setdefault(recorder["label"], []).extend(faults_of(interactions))
        if not ended:
            print(f"fuzzing as {name} did not come to its end, its log says")
            print(pathlib.Path(directory, f"{name}.log").read_text()[-2000:])
            failed += 1
        for operation, faults in sorted(seen.items()):
            passed, failed = (passed + 1, failed) if not faults else (passed, failed + 1)
            for fault in faults[:5]:
                print(f"{operation} as {name}: {fault}")
    print(f"{cases} requests")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))

"""Compares an answer with the OpenAPI document and RFC 9457."""

import json

REFUSALS = {400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 416, 422, 429, 431}


class Answers:
    def __init__(self, document):
        self.documented = {
            (path, method): {int(status): set(response.get("content", ())) for status, response in operation["responses"].items() if status.isdigit()}
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if "responses" in operation
        }

    def faults(self, path, method, answer):
        """The fault of an answer below 500: an undocumented success, or a refusal without a problem document."""
        kind = answer.headers.get("Content-Type", "").split(";")[0].strip()
        documented = self.documented[path, method]
        if answer.status >= 400:
            yield from refusal(answer, kind)
        elif answer.status not in documented:
            yield f"{answer.status} is not documented, but {', '.join(map(str, documented))}"
        elif documented[answer.status] and answer.body and kind not in documented[answer.status]:
            yield f"{kind or 'no media type'} is not documented, but {', '.join(documented[answer.status])}"


def refusal(answer, kind):
    if answer.status not in REFUSALS:
        yield f"{answer.status} is no answer that the service gives"
        return
    if kind != "application/problem+json":
        yield f"{answer.status} is {kind or 'no media type'} and no problem document"
        return
    try:
        problem = json.loads(answer.body)
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or problem.get("status") != answer.status or not problem.get("title"):
        yield f"{answer.status} is no problem document with its status and a title: {answer.body[:200]!r}"

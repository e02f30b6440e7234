"""New requests of an operation, from parts of those generated from its schema: parts of a path, parameters, fields of a body.

A part of the same name may come from another operation: a period of `/v1/statements/{period}` is one for `/v1/earned/{period}`.
"""

import collections
import json
import random
import types

ATTEMPTS = 8
# The weight of the parts of an accepted request, compared with those of a rejected one.
TAKEN = 8
# The share of parts that come from another operation with a part of the same name.
SHARED = 0.2


class Parts:
    """Parts of all requests by their kind and name; each part of an accepted request is listed TAKEN times."""

    def __init__(self):
        self.named = collections.defaultdict(list)

    def lend(self, path, request, taken):
        for kind, values in (("path", segments(path, request)), ("query", pairs(request)), ("field", fields_of(request) or {})):
            for name, value in values.items():
                self.named[kind, name].extend([value] * (TAKEN if taken else 1))


class Combined:
    def __init__(self, path, kept, parts, seed):
        """`kept`: requests, and whether each was accepted."""
        # Cases of another method test its rejection, and have no parts to reuse.
        methods = [request.method for request, _ in kept]
        usual = max(sorted(set(methods)), key=methods.count, default="")
        lenders = [(request, TAKEN if taken else 1) for request, taken in kept if request.method == usual]
        self.path, self.parts = path, parts
        self.requests = [request for request, _ in lenders]
        self.weights = [weight for _, weight in lenders]
        self.random = random.Random(seed)
        self.known = {self.key(request) for request, _ in kept}

    def next(self):
        """A request that was not sent yet; None if there is none."""
        for _ in range(ATTEMPTS if self.requests else 0):
            request = self.combined(*self.random.choices(self.requests, self.weights, k=3))
            if self.key(request) not in self.known:
                self.known.add(self.key(request))
                return request
        return None

    def combined(self, one, other, third):
        path = one.path_url.partition("?")[0]
        named = [segments(self.path, request) for request in (one, other)]
        if all(named):
            chosen = self.mixed("path", *named, whole=True)
            path = "/".join(chosen.get(part, part) for part in self.path.split("/"))
        query = "&".join(self.mixed("query", pairs(one), pairs(other)).values())
        body, headers = third.body, dict(third.headers)
        fields = [fields_of(request) for request in (third, other)]
        if None not in fields:
            body = json.dumps(self.mixed("field", *fields)).encode()
            headers["Content-Length"] = str(len(body))
        return types.SimpleNamespace(method=one.method, path_url=f"{path}?{query}" if query else path, headers=headers, body=body)

    def mixed(self, kind, first, second, whole=False):
        """Each name of both from one of them or from another operation; seldom from neither, unless the whole is wanted."""
        mixed = {}
        for name in {**first, **second}:
            shared = self.parts.named.get((kind, name))
            if shared and self.random.random() < SHARED:
                mixed[name] = self.random.choice(shared)
            elif whole or self.random.random() < 0.95:
                mixed[name] = self.random.choice([donor for donor in (first, second) if name in donor])[name]
        return mixed

    @staticmethod
    def key(request):
        return request.method, request.path_url, request.body


def segments(path, request):
    """The parameters of a path by their names in braces, as written; empty if the request has another path."""
    template, asked = path.split("/"), request.path_url.partition("?")[0].split("/")
    if len(template) != len(asked):
        return {}
    return {name: value for name, value in zip(template, asked) if name.startswith("{")}


def pairs(request):
    """The parameters of a query by name, as written."""
    named = {}
    for pair in filter(None, request.path_url.partition("?")[2].split("&")):
        name = pair.partition("=")[0]
        named[name] = f"{named[name]}&{pair}" if name in named else pair
    return named


def fields_of(request):
    """The fields of a JSON object; None for any other body."""
    if not request.body or "json" not in request.headers.get("Content-Type", ""):
        return None
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None

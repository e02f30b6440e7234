"""New requests of an operation, from parts of those that were made of its schema: paths, single parameters, single fields of a body."""

import json
import random
import types

ATTEMPTS = 8
# A request that was taken lends its parts so many times as often as one that was refused.
TAKEN = 8


class Combined:
    def __init__(self, kept, seed):
        """`kept`: requests, and whether each was taken."""
        # Cases of another method ask whether it is refused, and have no parts to lend.
        methods = [request.method for request, _ in kept]
        usual = max(sorted(set(methods)), key=methods.count, default="")
        lenders = [(request, TAKEN if taken else 1) for request, taken in kept if request.method == usual]
        self.requests = [request for request, _ in lenders]
        self.weights = [weight for _, weight in lenders]
        self.random = random.Random(seed)
        self.known = {self.key(request) for request, _ in kept}

    def next(self):
        """A request that was not asked yet; None where none is found."""
        for _ in range(ATTEMPTS if self.requests else 0):
            request = self.combined(*self.random.choices(self.requests, self.weights, k=3))
            if self.key(request) not in self.known:
                self.known.add(self.key(request))
                return request
        return None

    def combined(self, one, other, third):
        path = one.path_url.partition("?")[0]
        query = "&".join(self.mixed(pairs(one), pairs(other)).values())
        body, headers = third.body, dict(third.headers)
        fields = [fields_of(request) for request in (third, other)]
        if None not in fields:
            body = json.dumps(self.mixed(*fields)).encode()
            headers["Content-Length"] = str(len(body))
        return types.SimpleNamespace(method=one.method, path_url=f"{path}?{query}" if query else path, headers=headers, body=body)

    def mixed(self, first, second):
        """Each name of both from one of them, seldom from neither."""
        mixed = {}
        for name in {**first, **second}:
            donors = [donor for donor in (first, second) if name in donor]
            if self.random.random() < 0.95:
                mixed[name] = self.random.choice(donors)[name]
        return mixed

    @staticmethod
    def key(request):
        return request.method, request.path_url, request.body


def pairs(request):
    """The parameters of a query by name, as they are written."""
    named = {}
    for pair in filter(None, request.path_url.partition("?")[2].split("&")):
        name = pair.partition("=")[0]
        named[name] = f"{named[name]}&{pair}" if name in named else pair
    return named


def fields_of(request):
    """The fields of a JSON object; None of any other body."""
    if not request.body or "json" not in request.headers.get("Content-Type", ""):
        return None
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None

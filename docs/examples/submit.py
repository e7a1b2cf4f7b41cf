"""Check a report and submit it: `python submit.py 2026-Q4 report.json`.

Needs Python 3.10 or newer and no package. NREM_URL, NREM_CLIENT_ID and NREM_CLIENT_SECRET say where and who.
"""

# ruff: noqa: T201, S310, PTH123 - a script for other people's machines: standard library only

import base64
import json
import os
import sys
import urllib.error
import urllib.request
import uuid


class Refused(Exception):
    """The platform did not take it; carries its problem document (RFC 9457)."""


class Platform:
    """One institution's way in."""

    def __init__(self, url, member, secret):
        self.intake = f"{url.rstrip('/')}/intake/api"
        self.member = member
        pair = base64.b64encode(f"{member}:{secret}".encode()).decode()
        form = b"grant_type=client_credentials"
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
        _, answer = self._send("POST", "/oauth/token", form, headers)
        self.token = answer["access_token"]  # for five minutes

    def check(self, period, report):
        """Raise Refused with every error; nothing is kept."""
        self._ask("POST", f"/validate/{period}/{self.member}", report)

    def submit(self, period, report):
        """Submit the next version; returns how the submission stands."""
        path = f"/periods/{period}/submissions/{self.member}"
        headers = {"Idempotency-Key": str(uuid.uuid4())}  # keep it, and repeat it if the connection breaks
        try:
            seen, _ = self._ask("GET", path)
            headers["If-Match"] = seen["ETag"]  # the revision you saw; a first version needs none
        except Refused as refused:
            if refused.args[0]["status"] != 404:
                raise
        _, state = self._ask("POST", path, report, headers)
        return state

    def _ask(self, method, path, body=None, headers=None):
        sent = None if body is None else json.dumps(body).encode()
        own = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept-Language": "en"}
        return self._send(method, path, sent, {**own, **(headers or {})})

    def _send(self, method, path, body, headers):
        request = urllib.request.Request(self.intake + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.headers, json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(json.load(error)) from error


def main():
    """Check the report, submit it, and say how it stands; or tell every error with its place."""
    period, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as opened:
        report = json.load(opened)
    platform = Platform(os.environ["NREM_URL"], os.environ["NREM_CLIENT_ID"], os.environ["NREM_CLIENT_SECRET"])
    try:
        platform.check(period, report)
        state = platform.submit(period, report)
    except Refused as refused:
        problem = refused.args[0]
        print(problem["detail"], file=sys.stderr)
        for error in problem.get("errors", []):
            print(f"  {error['pointer']}: {error['detail']} {error['hint']}", file=sys.stderr)
        sys.exit(1)
    print(f"version {state['version']} of {state['member']}, {state['period']}: {state['state']}, due {state['due']}")


if __name__ == "__main__":
    main()

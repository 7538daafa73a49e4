"""Asks Prometheus from inside the cluster's network: a URL on each line in, its JSON answer on a line out."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request


def answer_to(url: str) -> str:
    """The answer; in the same form where there is none, or one that is no JSON (while Prometheus starts)."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.dumps(json.load(answer))
    except urllib.error.HTTPError as error:
        return json.dumps({"status": "error", "error": error.read().decode()})
    except (OSError, ValueError) as error:
        return json.dumps({"status": "error", "error": str(error)})


for line in sys.stdin:
    print(answer_to(line.strip()), flush=True)

"""Serves the stand-ins' metrics on port 9400 of each address, as the file beside it says at that moment.

python -m tests.cluster.prometheus_bed.exporters STATE

STATE is JSON: {"targets": {"10.128.0.1": "gpu", ...}, "faults": {...}, "waiting": false, "silent": false}.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.cluster.prometheus_bed.gpu_metrics import NODES, exposition, state_metrics

PORT = 9400
_STARTED = time.monotonic()


class _Handler(BaseHTTPRequestHandler):
    state: Path

    def do_GET(self) -> None:
        """The metrics of the address that was asked."""
        now = json.loads(self.state.read_text())
        target = now["targets"].get(self.connection.getsockname()[0], "")
        if target in NODES:
            silent = now["silent"]
            text = "" if silent else exposition(target, int(time.monotonic() - _STARTED), now["faults"])
        else:
            text = state_metrics(now["waiting"])
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Say nothing."""


if __name__ == "__main__":
    _Handler.state = Path(sys.argv[1])
    ThreadingHTTPServer(("0.0.0.0", PORT), _Handler).serve_forever()

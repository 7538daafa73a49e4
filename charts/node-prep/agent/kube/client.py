"""The few calls the agent makes to the API server, with urllib and ssl alone."""

from __future__ import annotations

import json
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable

from agent.errors import KubeError

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
TIMEOUT_SECONDS = 15.0

Json = dict[str, Any]


class Api:
    """One API server. `token` is called for every request: projected tokens are replaced while we run."""

    def __init__(self, url: str, token: Callable[[], str], context: ssl.SSLContext | None = None) -> None:
        self._url = url.rstrip("/")
        self._token = token
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str, **query: str) -> Json:
        """Read an object or a list."""
        return self._send("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """Create."""
        return self._send("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> Json:
        """Replace; a resourceVersion in the body makes it fail with 409 when somebody was faster."""
        return self._send("PUT", path, body)

    def patch(self, path: str, body: Mapping[str, Any], kind: str = MERGE) -> Json:
        """Change parts; a resourceVersion works as with put."""
        return self._send("PATCH", path, body, kind)

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None, kind: str = "") -> Json:
        request = urllib.request.Request(self._url + path, method=method)
        request.add_header("Accept", "application/json")
        token = self._token()
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", kind or "application/json")
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                value = json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise _refused(method, path, error) from error
        except (OSError, ValueError) as error:
            raise KubeError(f"{method} {path}: {error}") from error
        return value if isinstance(value, dict) else {}


def in_cluster() -> Api:
    """The API server of the cluster this pod runs in."""
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    host = f"[{host}]" if ":" in host else host
    context = ssl.create_default_context(cafile=str(SERVICE_ACCOUNT / "ca.crt"))

    def token() -> str:
        return (SERVICE_ACCOUNT / "token").read_text(encoding="utf-8").strip()

    return Api(f"https://{host}:{port}", token, context)


def _refused(method: str, path: str, error: urllib.error.HTTPError) -> KubeError:
    raw = error.read().decode("utf-8", "replace")
    try:
        message = str(json.loads(raw)["message"])
    except (ValueError, KeyError, TypeError):
        message = raw[:200]
    return KubeError(f"{method} {path}: {error.code} {message}", status=error.code)

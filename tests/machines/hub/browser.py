"""What a user does with a browser: log in, start and stop a notebook, run code. Runs in a pod.

`python3 - REQUEST` prints one JSON object. In REQUEST, JSON too, `do` names the function.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import Any

import requests  # type: ignore[import-untyped]
import websocket  # type: ignore[import-not-found]

HUB = "http://proxy:8000"
PATIENCE = 300.0
"""Seconds for a notebook to start or stop, or code to run, on a busy machine."""
Answer = dict[str, Any]


def login(name: str, password: str) -> Answer:
    """Log in by the form; who one is then, and a token for the rest."""
    session = requests.Session()
    call(session, "GET", "/hub/login")
    form = {"username": name, "password": password, "_xsrf": session.cookies.get("_xsrf")}
    page = call(session, "POST", "/hub/login", data=form)
    if page.status_code != 302:
        return {"status": page.status_code}
    # The login gives a new one.
    call(session, "GET", "/hub/home")
    session.headers["X-XSRFToken"] = session.cookies.get("_xsrf", path="/hub/") or ""
    me = call(session, "GET", "/hub/api/user").json()
    made = call(session, "POST", f"/hub/api/users/{name}/tokens", json={"expires_in": 3600}).json()
    return {"status": 302, "admin": me["admin"], "token": made["token"]}


def get(path: str, token: str = "") -> Answer:
    """One page."""
    found = call(_as(token), "GET", path)
    return {"status": found.status_code, "text": found.text[:2000]}


def start(name: str, token: str, choice: str) -> Answer:
    """Start the notebook with a choice of hardware, and wait until it answers."""
    asked = call(_as(token), "POST", f"/hub/api/users/{name}/server", json={"profile": choice})
    return _wait(name, token, lambda servers: bool(servers) and servers[""]["ready"], f"start: {asked.text}")


def stop(name: str, token: str) -> Answer:
    """Stop the notebook, and wait until it is gone."""
    call(_as(token), "DELETE", f"/hub/api/users/{name}/server")
    return gone(name, token)


def gone(name: str, token: str) -> Answer:
    """Wait until there is no notebook."""
    return _wait(name, token, lambda servers: not servers, "stop")


def call(session: Any, method: str, path: str, **arguments: Any) -> Any:
    """One request; again while the proxy does not reach what is behind it, as on a busy machine."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            found = session.request(method, f"{HUB}{path}", allow_redirects=False, timeout=60, **arguments)
            if found.status_code < 500 or time.monotonic() > end:
                return found
        except requests.RequestException:
            if time.monotonic() > end:
                raise
        time.sleep(1)


def run(name: str, token: str, code: str) -> Answer:
    """Run code in a kernel of the notebook; what it prints."""
    session, path = _as(token), f"/user/{name}/api/kernels"
    kernel = call(session, "POST", path, json={}).json()["id"]
    address = f"{HUB.replace('http', 'ws', 1)}{path}/{kernel}/channels"
    channel = websocket.create_connection(address, header=dict(session.headers), timeout=PATIENCE)
    channel.send(json.dumps(_message(code)))
    answer = _listen(channel)
    call(session, "DELETE", f"{path}/{kernel}")
    return answer


def _listen(channel: Any) -> Answer:
    """Until the kernel has replied and is idle again: what it prints comes by another way than its reply."""
    printed, error = "", ""
    ends: set[str] = set()
    while not ends >= {"execute_reply", "idle"}:
        message = json.loads(channel.recv())
        kind, content = message["header"]["msg_type"], message["content"]
        if message["parent_header"].get("msg_type") != "execute_request":
            continue
        printed += content["text"] if kind == "stream" else ""
        error += "\n".join(content["traceback"]) if kind == "error" else ""
        ends |= {kind, content.get("execution_state", "")}
    return {"printed": printed, "error": error}


def _message(code: str) -> Answer:
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": uuid.uuid4().hex,
              "msg_type": "execute_request", "version": "5.3"}  # fmt: skip
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}


def _as(token: str) -> Any:
    session = requests.Session()
    if token:
        session.headers["Authorization"] = f"token {token}"
    return session


def _wait(name: str, token: str, done: Any, what: str) -> Answer:
    end = time.monotonic() + PATIENCE
    servers: Answer = {}
    while time.monotonic() < end:
        servers = call(_as(token), "GET", f"/hub/api/users/{name}").json()["servers"]
        if done(servers):
            return {"servers": servers}
        time.sleep(0.5)
    raise SystemExit(f"{what}: {servers}")


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    actions = {action.__name__: action for action in (login, get, start, stop, gone, run)}
    print(json.dumps(actions[asked.pop("do")](**asked)))

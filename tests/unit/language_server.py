"""The YAML language server that editors use, and a client that speaks to it as they do, over stdio."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from generator.cluster.runner import SystemRunner
from generator.toolchain.cache import cache_dir, lock

PINS = Path(__file__).resolve().parents[2] / "ci" / "tools" / "editor"
SETTINGS: dict[str, Any] = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
}
TIMEOUT = 30.0
"""Seconds until an answer must be there; it takes about one, with a busy machine in mind."""

Message = dict[str, Any]


def install() -> Path:
    """The server's program from our cache, brought by `npm ci` when it is not there. Raises CommandError."""
    pins = [PINS / "package.json", PINS / "package-lock.json"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in pins)).hexdigest()[:12]
    folder = cache_dir() / "editor" / digest
    with lock(f"editor-{digest}", lambda: None):
        if not (folder / "finished").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            for path in pins:
                shutil.copy(path, folder)
            hint = "the first run needs npm's package index; later ones do not"
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            SystemRunner().run(command, cwd=str(folder), timeout=300, hint=hint)
            (folder / "finished").touch()
    return folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


class LanguageServer:
    """A running server; requests wait for their answers, notifications of the server are kept."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._stdin, self._stdout = stdin, stdout
        self._inbox: queue.Queue[Message] = queue.Queue()
        self._kept: list[Message] = []
        self._next = 0
        threading.Thread(target=self._read, daemon=True).start()

    def initialize(self, folder: Path) -> None:
        """Say who we are; afterwards the server asks for the settings."""
        hover = {"hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}}
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri(),
                "capabilities": {"workspace": {"configuration": True}, "textDocument": hover},
            },
        )
        self.notify("initialized", {})
        self.notify("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, uri: str, text: str) -> list[Message]:
        """Open a document; what the server finds wrong in it."""
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        found = self._wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
            )
        )
        diagnostics: list[Message] = found["params"]["diagnostics"]
        return diagnostics

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        """Ask about a place in a document, both counted from 0."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        return self.request(method, place)

    def request(self, method: str, params: Any) -> Any:
        """Ask, and wait for the answer. Raises AssertionError when it is an error."""
        self._next += 1
        number = self._next
        self._send({"id": number, "method": method, "params": params})
        answer = self._wait(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def notify(self, method: str, params: Any) -> None:
        """Tell, without an answer."""
        self._send({"method": method, "params": params})

    def _wait(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            for message in self._kept:
                if wanted(message):
                    self._kept.remove(message)
                    return message
            message = self._inbox.get(timeout=TIMEOUT)
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": _reply(message)})
            else:
                self._kept.append(message)

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._stdin.flush()

    def _read(self) -> None:
        while header := self._stdout.readline():
            length = int(header.split(b":")[1])
            while self._stdout.readline().strip():
                pass
            self._inbox.put(json.loads(self._stdout.read(length)))


def _reply(message: Message) -> Any:
    """The server's own questions: it wants its settings by section, and to register capabilities."""
    if message["method"] == "workspace/configuration":
        return [SETTINGS.get(item.get("section", ""), {}) for item in message["params"]["items"]]
    return None


@contextmanager
def running(program: Path, folder: Path) -> Iterator[LanguageServer]:
    """A server for the documents in `folder`; root starts it without any network."""
    unshare = ("unshare", "--net") if os.geteuid() == 0 and shutil.which("unshare") else ()
    argv = (*unshare, "node", str(program), "--stdio")
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            server = LanguageServer(process.stdin, process.stdout)
            server.initialize(folder)
            yield server
        finally:
            process.kill()

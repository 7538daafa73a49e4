"""Runs in the notebook's pod, as a user's notebook would: asks the cluster, prints the answers as JSON."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from distributed import Client, wait  # type: ignore[import-not-found, unused-ignore]

WORKER = ("nthreads", "memory_limit", "resources", "nanny", "local_directory")


def main() -> None:
    """One JSON object on the last line."""
    with Client() as client:
        client.wait_for_workers(2, timeout=60)
        workers = client.scheduler_info()["workers"].values()
        answers: dict[str, Any] = {each["id"]: {key: each[key] for key in WORKER} for each in workers}
        answers["uid"] = os.getuid()
        answers["root"] = why_root_is_not_writable()
        path = client.submit(write_in, sys.argv[1], pure=False).result(timeout=30)
        answers["shared"] = Path(path).read_text()
        gpu = client.submit(socket.gethostname, resources={"GPU": 1}, pure=False)
        answers["gpu"] = gpu.result(timeout=30)
        answers["retired"] = retire(client, "worker")
    print(json.dumps(answers))


def why_root_is_not_writable() -> str | None:
    """The system's own words; nothing when it is writable."""
    try:
        Path("/usr/x").mkdir()
    except OSError as error:
        return error.strerror
    return None


def write_in(directory: str) -> str:
    """On a worker: the path of the new file."""
    path = Path(directory, "from-the-worker")
    path.write_text("written by a worker")
    return str(path)


def retire(client: Any, name: str) -> dict[str, bool]:
    """A result that only worker `name` has, then that worker's preStop command: where is the result now?"""
    workers = client.scheduler_info()["workers"].items()
    address = next(address for address, worker in workers if worker["id"] == name)
    result = client.submit(uuid.uuid4, pure=False, workers=[address], allow_other_workers=True)
    wait(result)
    before = result.result()
    command = json.loads(os.environ["PRE_STOP"])
    subprocess.run(command, check=True, env={**os.environ, "POD_NAME": name})
    kept = result.result(timeout=20) == before
    return {"kept": kept, "left": address not in client.scheduler_info()["workers"]}


main()

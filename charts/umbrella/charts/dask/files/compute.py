"""`helm test`: a computation through the scheduler's Service, and a file on each shared volume."""

import os
import socket
import sys
import time
import uuid
from pathlib import Path

from dask import delayed
from distributed import Client

TIMEOUT = int(os.environ["TEST_TIMEOUT_SECONDS"])
WANT_WORKERS = os.environ["TEST_WANT_WORKERS"] == "true"
SHARED_PATHS = [path for path in os.environ["TEST_SHARED_PATHS"].split(":") if path]
# An NFS client may believe for some seconds that a new file is not there.
ATTRIBUTE_CACHE_SECONDS = 90


def read_when_there(path):
    """Text of a file that another machine has just written."""
    deadline = time.monotonic() + ATTRIBUTE_CACHE_SECONDS
    while True:
        try:
            return Path(path).read_text()
        except FileNotFoundError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def answer(path, text):
    """On a worker: read what the test wrote, write an answer beside it, return the answer's path."""
    found = read_when_there(path)
    if found != text:
        raise ValueError(f"{socket.gethostname()} read {found!r} from {path}")
    mine = f"{path}-{socket.gethostname()}"
    Path(mine).write_text(text[::-1])
    return mine


def check_volume(client, directory):
    """Test and workers read what the other has written; nothing is left behind."""
    path, text = f"{directory}/.labhelm-test-{uuid.uuid4().hex}", uuid.uuid4().hex
    written = [path]
    try:
        Path(path).write_text(text)
        written += client.run(answer, path, text).values()
        for other in written[1:]:
            if read_when_there(other) != text[::-1]:
                raise ValueError(f"{other} does not hold what the worker wrote")
    finally:
        for each in written:
            Path(each).unlink()
    print(f"ok: {len(written) - 1} worker(s) and this pod share {directory}")


def check_computation(client):
    """One task, and a graph with a reduction, computed by workers and not here."""
    if client.submit(pow, 7, 3, pure=False).result(timeout=TIMEOUT) != 343:
        raise ValueError("7 ** 3 is wrong")
    blocks = [delayed(sum)(range(start, start + 1000)) for start in range(0, 100_000, 1000)]
    if client.compute(delayed(sum)(blocks)).result(timeout=TIMEOUT) != sum(range(100_000)):
        raise ValueError("the sum over 100 blocks is wrong")
    host = client.submit(socket.gethostname, pure=False).result(timeout=TIMEOUT)
    print(f"ok: computed by workers, the last task on {host}")


def main():
    """Raise at the first thing that is not as it should be."""
    with Client(timeout=TIMEOUT) as client:
        print(f"ok: connected to {client.scheduler.address}")
        if not WANT_WORKERS:
            print("no worker is asked for: nothing to compute")
            return
        client.wait_for_workers(1, timeout=TIMEOUT)
        print(f"ok: {len(client.scheduler_info()['workers'])} worker(s)")
        check_computation(client)
        for directory in SHARED_PATHS:
            check_volume(client, directory)


if __name__ == "__main__":
    sys.exit(main())

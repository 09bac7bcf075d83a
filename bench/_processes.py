"""Subprocesses of benchmarks: the news site, one measured round, the memory of a process tree."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
OTHER_SITE = ROOT.parent / "shared" / "bench" / "newsite.py"
SAMPLE_SECONDS = 0.02
OPENER = build_opener(ProxyHandler({}))


class CannotRun(Exception):
    """The benchmark lacks something; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running news site. `control` switches it, `/article/<n>.html` are its pages."""

    origin: str
    name: str
    median_bytes: int

    def url(self, number: int) -> str:
        """The URL of an article."""
        return f"{self.origin}/article/{number}.html"

    def control(self, call: str) -> Any:
        """A control call, `set?noise=1` or `change?p=0.05`; gives its answer."""
        with OPENER.open(f"{self.origin}/ctl/{call}", timeout=60) as answer:
            return json.load(answer)


@contextmanager
def running_site(name: str, articles: int) -> Iterator[Site]:
    """A site with that many articles: `own` (bench/_site.py) or `newsite`, if it is there."""
    if name == "own":
        command = [str(BENCH / "_site.py"), "--articles", str(articles)]
    elif OTHER_SITE.exists():
        port = str(_free_port())
        command = [str(OTHER_SITE), "--n", str(articles), "--port", port]
    else:
        raise CannotRun(f"{OTHER_SITE} is not there: run without --site, on the own site")
    process = subprocess.Popen(
        [sys.executable, "-B", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise CannotRun(f"the site {name} did not start: see its message above")
        ready = json.loads(line)
        origin = f"http://127.0.0.1:{ready.get('port') or port}"
        yield Site(origin, name, ready.get("median_bytes") or ready.get("median"))
    finally:
        process.kill()
        process.wait()


@contextmanager
def running_receiver() -> Iterator[str]:
    """A receiver of webhooks (bench/_receiver.py); gives its origin."""
    process = subprocess.Popen(
        [sys.executable, "-B", str(BENCH / "_receiver.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise CannotRun("the receiver did not start: see its message above")
        yield f"http://127.0.0.1:{json.loads(line)['port']}"
    finally:
        process.kill()
        process.wait()


def received(origin: str) -> dict[str, Any]:
    """What a receiver got so far: `accepted` and `came`, by endpoint."""
    with OPENER.open(f"{origin}/got", timeout=60) as answer:
        return dict(json.load(answer))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """The environment of a measured process: this project, whatever else is installed."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def one_round(*arguments: str) -> dict[str, Any]:
    """Runs bench/_one_round.py; gives what it measured."""
    finished = subprocess.run(
        [sys.executable, str(BENCH / "_one_round.py"), *arguments],
        stdout=subprocess.PIPE, env=environment(), check=False,
    )  # fmt: skip
    if finished.returncode:
        raise CannotRun(f"a round failed (exit status {finished.returncode}): see above")
    return dict(json.loads(finished.stdout))


@dataclass(frozen=True, slots=True)
class TreePeak:
    """The largest sums seen over a process and its descendants, in MB. 0 where not Linux."""

    pss_mb: float
    rss_mb: float
    processes: int


def sampled_round(*arguments: str) -> TreePeak:
    """Runs bench/_one_round.py and samples the memory of its process tree meanwhile."""
    process = subprocess.Popen(
        [sys.executable, str(BENCH / "_one_round.py"), *arguments],
        stdout=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    ended = threading.Event()

    def wait() -> None:
        process.wait()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    pss = rss = processes = 0
    while not ended.wait(SAMPLE_SECONDS):
        tree = list(_tree(process.pid))
        sizes = [_sizes(pid) for pid in tree]
        pss = max(pss, sum(size[0] for size in sizes))
        rss = max(rss, sum(size[1] for size in sizes))
        processes = max(processes, len(tree))
    if process.returncode:
        raise CannotRun(f"a round failed (exit status {process.returncode}): see above")
    return TreePeak(pss / 1024, rss / 1024, processes)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = thread.read_text("ascii").split()
        except OSError:
            continue  # it ended meanwhile
        for child in children:
            yield from _tree(int(child))


def _sizes(pid: int) -> tuple[int, int]:
    """Proportional and resident size in KiB; shared pages count in part in the first."""
    found = {"Pss:": 0, "Rss:": 0}
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0, 0  # it ended meanwhile
    for line in lines:
        name, _, value = line.partition(" ")
        if name in found:
            found[name] = int(value.split()[0])
    return found["Pss:"], found["Rss:"]


def timed(*command: str) -> float:
    """Wall seconds of a whole process, its output thrown away."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment(), check=True)
    return time.perf_counter() - began

"""Real histories through the real daemon: python3 dev.py bench replay [--posts N] [--data DIR].

Every version of real posts is put online in turn on loopback; the daemon, as a process of its
own, polls, stores and sends signed webhooks to a receiver that verifies them. Then the archive
and what was received are checked against what was served. Exit status: 0 all hard properties
hold, 1 one does not, 2 the data is not there.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._posts import FILE, Post, load_posts
from bench._processes import ROOT, environment
from bench._replay_checks import Findings, check_all
from bench._replay_servers import Publisher, Receiver, start
from watcher.api import open_archive
from watcher.errors import StorageError

DATA = ROOT.parent / "shared" / "data"
TICK = 0.1
PATIENCE = 20.0
"""Seconds that the daemon has for a version before it counts as lost."""
CONFIG = """\
database = "stories.db"

[polling]
mode = "fixed"
interval = "500ms"

[http]
contact = "mailto:bench@example.org"
per_host_concurrency = 16
per_host_delay = "0s"
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "posts"
urls_file = "urls.txt"
webhooks = ["desk"]

[[webhook]]
name = "desk"
url = "{receiver}"
secret = "env:BENCH_WEBHOOK_SECRET"
"""


@dataclass(slots=True)
class Replay:
    """How far each post is, and what the daemon's log told."""

    publisher: Publisher
    database: Path
    stored: list[int]
    since: list[float]
    late: int = 0
    log: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def advance(self, counts: dict[str, int], urls: list[str]) -> bool:
        """Puts the next version of each post online that is through; False at the very end."""
        now, working = time.monotonic(), False
        for index, post in enumerate(self.publisher.posts):
            through = counts.get(urls[index], 0) > self.stored[index]
            if self.since[index] == 0.0:
                continue  # this post is done
            working = True
            if not through and now - self.since[index] < PATIENCE:
                continue
            self.late += not through
            self.stored[index] = counts.get(urls[index], 0)
            if self.publisher.online[index] + 1 < len(post.versions):
                self.publisher.online[index] += 1
                self.since[index] = now
            else:
                self.since[index] = 0.0
        return working

    def counts(self) -> dict[str, int]:
        """How many versions the archive has, by URL."""
        try:
            with open_archive(self.database) as archive:
                return {article.url: article.versions for article in archive.articles()}
        except StorageError:
            return {}  # the daemon has not made it yet

    async def follow(self, stream: asyncio.StreamReader) -> None:
        """Counts the daemon's log lines; keeps those that tell of trouble."""
        while line := await stream.readline():
            try:
                entry = json.loads(line)
            except ValueError:
                self.troubles.append(line.decode("utf-8", "replace").rstrip())
                continue
            self.log[f"{entry.get('event')} {entry.get('outcome', '')}".strip()] += 1
            refused_on_purpose = entry.get("event") == "delivery-failed" and entry["status"] == 503
            if entry.get("level") in ("warning", "error") and not refused_on_purpose:
                self.troubles.append(line.decode().rstrip())


async def publish(replay: Replay, daemon: asyncio.subprocess.Process, urls: list[str]) -> None:
    """Puts version after version online until all are through or the daemon is gone."""
    gone = asyncio.create_task(daemon.wait())
    while not gone.done() and replay.advance(replay.counts(), urls):
        await asyncio.wait({gone}, timeout=TICK)
    gone.cancel()


async def settled(replay: Replay) -> None:
    """Waits until no delivery is pending any more, as long as deliveries still come through."""
    pending, since = -1, time.monotonic()
    while time.monotonic() - since < PATIENCE:
        with open_archive(replay.database) as archive:
            left = len(archive.deliveries("pending"))
        if not left:
            return
        if left != pending:
            pending, since = left, time.monotonic()
        await asyncio.sleep(TICK)


async def run(posts: list[Post], folder: Path) -> tuple[Findings, dict[str, object]]:
    """Runs the daemon over all versions; gives what the checks found and the figures."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    publisher, receiver = Publisher(posts), Receiver(secret)
    runner, origin = await start(publisher, receiver)
    urls = [origin + publisher.path(index) for index in range(len(posts))]
    config = folder / "watcher.toml"
    config.write_text(CONFIG.format(receiver=f"{origin}/hook"), encoding="utf-8")
    (folder / "urls.txt").write_text("\n".join(urls) + "\n", encoding="utf-8")
    began = time.monotonic()
    replay = Replay(publisher, folder / "stories.db", [0] * len(posts), [began] * len(posts))
    daemon = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "watcher", "--config", str(config), "run",
        stderr=asyncio.subprocess.PIPE, limit=1 << 24,
        env={**environment(), "BENCH_WEBHOOK_SECRET": secret},
    )  # fmt: skip
    if daemon.stderr is None:
        raise RuntimeError("the daemon has no error stream")
    following = asyncio.create_task(replay.follow(daemon.stderr))
    await publish(replay, daemon, urls)
    if daemon.returncode is None:
        await settled(replay)
    if daemon.returncode is None:
        daemon.send_signal(signal.SIGTERM)
    await daemon.wait()
    await following
    await runner.cleanup()
    findings = check_all(posts, urls, replay.database, receiver)
    findings.require(
        daemon.returncode == 0, "daemon ended well", f"the daemon ended with {daemon.returncode}"
    )
    figures: dict[str, object] = {
        "seconds": round(time.monotonic() - began, 1),
        "posts": len(posts),
        "answers of the publisher": dict(publisher.answers),
        "versions given up after waiting": replay.late,
        "webhook attempts": sum(receiver.attempts.values()),
        "refused once on purpose": receiver.refused,
        "database bytes": replay.database.stat().st_size,
        "log": dict(replay.log),
        "trouble in the log": replay.troubles,
    }
    return findings, figures


def report(findings: Findings, figures: dict[str, object], examples: int) -> str:
    """The figures for people."""
    lines = [f"{name:<48} {value}" for name, value in figures.items() if not _is_list(value)]
    lines.append("")
    lines += [f"{name:<48} {count}" for name, count in findings.counts.items()]
    for title, found in (
        ("faults", findings.faults),
        ("trouble in the daemon's log", figures["trouble in the log"]),
        ("what extraction made otherwise", findings.losses),
    ):
        if isinstance(found, list):
            lines += ["", f"{title}: {len(found) or 'none'}", *found[:examples]]
    return "\n".join(lines)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, prog="dev.py bench replay")
    parser.add_argument("--posts", type=int, default=100)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--examples", type=int, default=12, help="how many of each list to print")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, help="a folder for the archive, to look at later")
    arguments = parser.parse_args()
    try:
        posts = load_posts(arguments.data, arguments.posts)
    except OSError as error:
        sys.stderr.write(
            f"bench replay: {arguments.data / FILE} cannot be read ({error.strerror or error}):"
            " name the folder that has it with --data\n"
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="storywatcher-replay-") as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        findings, figures = asyncio.run(run(posts, folder.resolve()))
    if arguments.json:
        everything = {**figures, "counts": findings.counts, "faults": findings.faults,
                      "losses": findings.losses}  # fmt: skip
        sys.stdout.write(json.dumps(everything, indent=1, ensure_ascii=False) + os.linesep)
    else:
        sys.stdout.write(report(findings, figures, arguments.examples) + "\n")
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())

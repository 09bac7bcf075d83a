"""A receiver of webhooks on loopback, as a process of its own: `python bench/_receiver.py`.

It prints one JSON line {"port"} when it is ready and serves until its standard input ends.

POST /good       204 at once
POST /moody      every 10th message is refused the first time, with 503 and Retry-After: 1
POST /refusing   503
POST /slow       the status line comes a byte every quarter of a second, and never ends
POST /silent     no answer, the connection stays open
GET  /got        JSON: for each endpoint the webhook-ids that were accepted, in order, and how
                 many messages came in all
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

DRIP = 0.25
EVERY = 10


class Receiver:
    """What came so far."""

    def __init__(self) -> None:
        self.accepted: dict[str, list[str]] = {}
        self.came: Counter[str] = Counter()
        self.refused: set[str] = set()

    def answer(self, endpoint: str, message: str) -> bytes:
        """The answer to a message; empty for an endpoint that never gives one."""
        self.came[endpoint] += 1
        if endpoint in ("slow", "silent"):
            return b""
        if endpoint == "refusing":
            return b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
        if endpoint == "moody" and message not in self.refused and not self.came[endpoint] % EVERY:
            self.refused.add(message)
            return b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
        self.accepted.setdefault(endpoint, []).append(message)
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    def got(self) -> bytes:
        """The answer to /got."""
        body = json.dumps({"accepted": self.accepted, "came": self.came}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
                await reader.readexactly(int(headers.get("content-length", "0")))
                method, path, _ = first.split(" ", 2)
                # Identities keep their case.
                message = next((x[12:] for x in lines if x.lower().startswith("webhook-id: ")), "")
                answer = self.got() if method == "GET" else self.answer(path.strip("/"), message)
                writer.write(answer)
                await writer.drain()
                if path == "/slow":
                    await _drip(writer)
                elif not answer:
                    await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            writer.close()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 ")
    while True:
        writer.write(b"O")
        await writer.drain()
        await asyncio.sleep(DRIP)


async def main() -> None:
    """Serves until the input ends: so the receiver never outlives the benchmark."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(main())

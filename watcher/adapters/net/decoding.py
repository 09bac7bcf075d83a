"""Undoes content encodings without ever holding more than the allowed size.

A body of 1.6 kB can decompress to 1 GiB. So every decompressor is run in small steps and each
step is counted, at every layer of stacked encodings, before the next one is asked for.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from watcher.core.model import Outcome
from watcher.errors import FetchFailed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STEP = 64 * 1024
"""Bytes a decompressor is asked for at a time."""

MOST_ENCODINGS = 3
MOST_MEMBERS = 1000
"""Concatenated gzip members or zstd frames in one body: empty ones cost time and give nothing."""

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

# RFC 9659: a zstd body on the web must not need a larger window; decoders would hold it in memory.
_ZSTD_WINDOW_LOG = 23
_GZIP_MAGIC = 0x1F
_ZLIB_METHOD = 8


class _Corrupt(Exception):
    """A decompressor cannot make sense of its input."""


class _Codec(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces, each about STEP bytes at most. Raises _Corrupt or the codec's error."""
        ...

    def complete(self) -> bool:
        """True if the stream has come to its end."""
        ...


class BoundedDecoder:
    """Decodes one body, fed in raw chunks.

    `content_encoding` is the header's value, or None. `max_body` (bytes) bounds the raw body, the
    decoded body and what lies between. Raises FetchFailed: bad-response for an unknown encoding.
    """

    __slots__ = ("_chunks", "_codecs", "_max_body", "_sizes")

    def __init__(self, content_encoding: str | None, max_body: int) -> None:
        # Encodings are listed in the order in which they were applied.
        self._codecs = [_codec(name) for name in reversed(_names(content_encoding))]
        self._max_body = max_body
        self._sizes = [0] * (len(self._codecs) + 1)
        self._chunks: list[bytes] = []

    def feed(self, chunk: bytes) -> None:
        """Takes the next raw chunk. Raises FetchFailed: too-large, or bad-response if corrupt."""
        try:
            self._push(0, chunk)
        except (_Corrupt, zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise FetchFailed(
                Outcome.BAD_RESPONSE, "The compressed body is corrupt; it cannot be decoded."
            ) from error

    def finish(self) -> bytes:
        """The whole decoded body. Raises FetchFailed, bad-response, if the body breaks off."""
        if self._sizes[0] and not all(codec.complete() for codec in self._codecs):
            raise FetchFailed(
                Outcome.BAD_RESPONSE, "The compressed body breaks off before its end."
            )
        return b"".join(self._chunks)

    def beginning(self) -> bytes:
        """What was decoded so far, be it that feed() refused the rest as too large."""
        return b"".join(self._chunks)

    def _push(self, layer: int, data: bytes) -> None:
        self._sizes[layer] += len(data)
        if self._sizes[layer] > self._max_body:
            if layer == len(self._codecs):
                self._chunks.append(data[: self._max_body - self._sizes[layer]])
            raise too_large(self._max_body)
        if layer == len(self._codecs):
            self._chunks.append(data)
            return
        for piece in self._codecs[layer].feed(data):
            self._push(layer + 1, piece)


def too_large(max_body: int) -> FetchFailed:
    """The failure of a body over `max_body` bytes."""
    return FetchFailed(
        Outcome.TOO_LARGE,
        f"The page is larger than {max_body:,} bytes; raise http.max_body if it is wanted.",
    )


def _names(content_encoding: str | None) -> list[str]:
    parts = (part.strip().lower() for part in (content_encoding or "").split(","))
    names = [part for part in parts if part not in ("", "identity")]
    if len(names) > MOST_ENCODINGS:
        raise FetchFailed(
            Outcome.BAD_RESPONSE,
            f"The body is encoded {len(names)} times over; at most {MOST_ENCODINGS} are undone.",
        )
    return names


def _codec(name: str) -> _Codec:
    match name:
        case "gzip" | "x-gzip":
            return _Gzip()
        case "deflate":
            return _Deflate()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case _:
            shown = "".join(char for char in name[:20] if char.isalnum() or char in "-_.")
            raise FetchFailed(
                Outcome.BAD_RESPONSE, f'The body has the unknown content encoding "{shown}".'
            )


class _Gzip:
    """RFC 1952: one member or several; what follows the last and is no member is ignored."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._members = 1
        self._ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            if self._member.eof:
                # Browsers ignore padding behind the last member, so servers get away with it.
                if data[0] != _GZIP_MAGIC:
                    self._ended = True
                    return
                self._members = _count_member(self._members)
                self._member = zlib.decompressobj(wbits=31)
            yield from _inflate(self._member, data)
            data = self._member.unused_data

    def complete(self) -> bool:
        return self._member.eof


class _Deflate:
    """The zlib format as the standard says, or bare deflate as some servers send it."""

    def __init__(self) -> None:
        self._start = b""
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None:
            data = self._start + data
            if len(data) < 2:
                self._start = data
                return
            header = int.from_bytes(data[:2], "big")
            has_header = data[0] & 0x0F == _ZLIB_METHOD and header % 31 == 0
            self._stream = zlib.decompressobj(wbits=15 if has_header else -15)
        if not self._stream.eof:
            yield from _inflate(self._stream, data)

    def complete(self) -> bool:
        return self._stream is not None and self._stream.eof


def _inflate(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while True:
        piece = stream.decompress(data, STEP)
        if piece:
            yield piece
        data = stream.unconsumed_tail
        # A full step may leave output inside the decompressor although all input is taken.
        if stream.eof or (not data and len(piece) < STEP):
            return


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.is_finished() or data:
            piece = self._stream.process(data, output_buffer_limit=STEP)
            data = b""
            if piece:
                yield piece
            elif self._stream.can_accept_more_data():
                return  # all input is taken and all output given

    def complete(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    """RFC 8878: one frame or several."""

    def __init__(self) -> None:
        self._frame = self._new_frame()
        self._frames = 1

    @staticmethod
    def _new_frame() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        )

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._frame.eof:
                self._frames = _count_member(self._frames)
                self._frame = self._new_frame()
            piece = self._frame.decompress(data, STEP)
            if piece:
                yield piece
            while not self._frame.eof and not self._frame.needs_input:
                piece = self._frame.decompress(b"", STEP)
                if piece:
                    yield piece
            data = self._frame.unused_data

    def complete(self) -> bool:
        return self._frame.eof


def _count_member(count: int) -> int:
    if count >= MOST_MEMBERS:
        raise _Corrupt("too many members")
    return count + 1

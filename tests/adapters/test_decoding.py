"""Content encodings are undone within bounds."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watcher.adapters.net.decoding import MOST_MEMBERS, STEP, BoundedDecoder
from watcher.core.model import Outcome
from watcher.errors import FetchFailed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 1_000_000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def squeeze(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=4))


def two_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


def two_frames(data: bytes) -> bytes:
    half = len(data) // 2
    return zstd.compress(data[:half]) + zstd.compress(data[half:])


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip, two members": ("X-GZIP", two_members),
    "deflate": ("deflate", zlib.compress),
    "deflate, bare": ("deflate", raw_deflate),
    "br": ("br", squeeze),
    "zstd": ("zstd", zstd.compress),
    "zstd, two frames": ("ZSTD", two_frames),
    "gzip, then br": ("gzip, br", lambda data: squeeze(gzip.compress(data))),
    "three deep": (
        "deflate,identity, zstd ,gzip",
        lambda data: gzip.compress(zstd.compress(zlib.compress(data))),
    ),
}
each_encoding = pytest.mark.parametrize("name", ENCODERS)


def decode(encoding: str | None, raw: bytes, *, limit: int = LIMIT, size: int = 16384) -> bytes:
    decoder = BoundedDecoder(encoding, limit)
    for start in range(0, len(raw), size):
        decoder.feed(raw[start : start + size])
    return decoder.finish()


@each_encoding
@given(data=st.binary(max_size=2000), size=st.integers(1, 400), times=st.integers(1, 200))
@example(data=b"", size=1, times=1)
def test_what_was_encoded_comes_back(name: str, data: bytes, size: int, times: int) -> None:
    encoding, encode = ENCODERS[name]
    assert decode(encoding, encode(data * times), size=size) == data * times


@each_encoding
@pytest.mark.parametrize("size", [1, 7, 16384])
def test_a_page_of_many_steps_comes_back(name: str, size: int) -> None:
    encoding, encode = ENCODERS[name]
    page = bytes(4 * STEP + 1)
    assert decode(encoding, encode(page), size=size) == page


@pytest.mark.parametrize("encoding", [None, "", "identity", " Identity , "])
def test_a_plain_body_passes(encoding: str | None) -> None:
    assert decode(encoding, b"<p>Water rises.</p>") == b"<p>Water rises.</p>"


@each_encoding
def test_an_empty_body_is_empty_whatever_it_claims(name: str) -> None:
    assert decode(ENCODERS[name][0], b"") == b""


@each_encoding
def test_the_limit_is_exact(name: str) -> None:
    encoding, encode = ENCODERS[name]
    page = b"0123456789" * 20_000
    assert decode(encoding, encode(page), limit=len(page)) == page
    with pytest.raises(FetchFailed) as caught:
        decode(encoding, encode(page), limit=len(page) - 1)
    assert caught.value.outcome is Outcome.TOO_LARGE
    assert "http.max_body" in caught.value.detail


@each_encoding
def test_a_bomb_is_stopped_before_it_takes_memory(name: str) -> None:
    encoding, encode = ENCODERS[name]
    bomb = encode(bytes(32 * LIMIT))
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed) as caught:
            decode(encoding, bomb, size=len(bomb))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.outcome is Outcome.TOO_LARGE
    # One step of each layer, and room for brotli's steps, which are half as long again.
    assert peak < LIMIT + 8 * STEP + len(bomb)


def test_what_lies_between_two_encodings_is_bounded_too() -> None:
    named = b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * (LIMIT + 1) + b"\0"  # a very long file name
    inner = named + gzip.compress(b"page", mtime=0)[10:]
    assert decode("gzip", inner, limit=2 * LIMIT) == b"page"
    with pytest.raises(FetchFailed) as caught:
        decode("gzip, gzip", gzip.compress(inner))
    assert caught.value.outcome is Outcome.TOO_LARGE


@each_encoding
def test_a_body_that_breaks_off_is_a_bad_response(name: str) -> None:
    encoding, encode = ENCODERS[name]
    raw = encode(bytes(range(256)) * 40)
    for cut in (1, 2, len(raw) // 3, len(raw) - 1):
        with pytest.raises(FetchFailed) as caught:
            decode(encoding, raw[:cut])
        assert caught.value.outcome is Outcome.BAD_RESPONSE


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_what_is_not_encoded_at_all_is_a_bad_response(encoding: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        decode(encoding, b"<!doctype html><p>Plain after all.</p>" * 10)
    assert caught.value.outcome is Outcome.BAD_RESPONSE


@each_encoding
@given(noise=st.binary(min_size=1, max_size=300), size=st.integers(1, 50))
def test_noise_gives_a_body_or_a_bad_response(name: str, noise: bytes, size: int) -> None:
    outcome = None
    try:
        decode(ENCODERS[name][0], noise, size=size)
    except FetchFailed as error:
        outcome = error.outcome
    assert outcome in (None, Outcome.BAD_RESPONSE)


@pytest.mark.parametrize("size", [1, 5, 100_000])
def test_padding_behind_a_gzip_body_is_ignored(size: int) -> None:
    assert decode("gzip", gzip.compress(b"page") + b"\0\0<!-- -->", size=size) == b"page"


def test_a_broken_second_gzip_member_is_a_bad_response() -> None:
    with pytest.raises(FetchFailed) as caught:
        decode("gzip", gzip.compress(b"page") + b"\x1f\x8b\x08garbage here")
    assert caught.value.outcome is Outcome.BAD_RESPONSE


@pytest.mark.parametrize(
    ("encoding", "empty"),
    [("gzip", gzip.compress(b"", mtime=0)), ("zstd", zstd.compress(b""))],
    ids=["gzip", "zstd"],
)
def test_endless_empty_members_are_a_bad_response(encoding: str, empty: bytes) -> None:
    assert decode(encoding, empty * MOST_MEMBERS) == b""
    with pytest.raises(FetchFailed) as caught:
        decode(encoding, empty * (MOST_MEMBERS + 1))
    assert caught.value.outcome is Outcome.BAD_RESPONSE


@pytest.mark.parametrize("encoding", ["gzip,gzip,gzip,gzip", "compress", "gzip, \x1b[31mbad\x07"])
def test_unknown_and_endless_encodings_are_bad_responses(encoding: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        BoundedDecoder(encoding, LIMIT)
    assert caught.value.outcome is Outcome.BAD_RESPONSE
    assert caught.value.detail.isprintable()


def test_a_zstd_body_with_a_window_too_large_for_the_web_is_a_bad_response() -> None:
    options = {zstd.CompressionParameter.window_log: 27}
    stream = zstd.ZstdCompressor(options=options)
    raw = stream.compress(bytes(1000)) + stream.flush()
    with pytest.raises(FetchFailed) as caught:
        decode("zstd", raw)
    assert caught.value.outcome is Outcome.BAD_RESPONSE

from __future__ import annotations

import ctypes
import gc
import sys

import pytest

from watcher.adapters.workers.allocator import keep_freed_memory, settle_for_pages


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_freed_memory() is False


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert keep_freed_memory() is False


def test_the_c_library_is_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []

    class Library:
        @staticmethod
        def mallopt(parameter: int, value: int) -> int:
            told.append((parameter, value))
            return 1

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library())
    assert keep_freed_memory() is True
    assert told == [(-3, 4 << 20), (-1, 16 << 20)]


def test_a_process_settled_for_pages_looks_for_garbage_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    for name in ("collect", "freeze", "set_threshold"):
        monkeypatch.setattr(gc, name, lambda *_, name=name: done.append(name))
    monkeypatch.setattr(sys, "platform", "darwin")
    settle_for_pages()
    assert done == ["collect", "freeze", "set_threshold"]

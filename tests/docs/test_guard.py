"""The guard in tests/conftest.py really keeps tests off the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

INNER = """
import asyncio, socket
import pytest
from hypothesis import given, strategies

def test_connecting_is_reported():
    with pytest.raises(OSError), socket.socket() as sock:
        sock.connect(("192.0.2.1", 80))

def test_looking_up_is_reported():
    with pytest.raises(OSError):
        socket.getaddrinfo("news.example", 80)

def test_looking_up_in_a_thread_is_reported():
    with pytest.raises(OSError):
        asyncio.run(asyncio.wait_for(look_up("news.example"), 30))

async def look_up(name):
    return await asyncio.get_running_loop().getaddrinfo(name, 80)

def test_a_name_that_cannot_exist_is_fine():
    with pytest.raises(socket.gaierror):
        asyncio.run(look_up("host.invalid"))

def test_loopback_is_fine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        assert socket.getaddrinfo("localhost", 80)

@given(strategies.integers())
def test_hypothesis_is_fine(number):
    assert number == int(str(number))
"""


def test_a_test_that_uses_the_network_fails(tmp_path: Path) -> None:
    shutil.copy(TESTS / "conftest.py", tmp_path)
    (tmp_path / "test_inner.py").write_text(INNER)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rE", "test_inner.py"],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    refused = [line for line in done.stdout.splitlines() if line.startswith("ERROR ")]
    assert len(refused) == 3, done.stdout
    assert all("is_reported - Failed: the test tried to use" in line for line in refused)
    assert "6 passed, 3 errors" in done.stdout

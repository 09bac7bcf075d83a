"""What holds for every test: hypothesis budgets, and no network beyond this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, max_examples=60, print_blob=True)
settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True, database=None)
settings.register_profile("thorough", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

real_connect = socket.socket.connect
real_connect_ex = socket.socket.connect_ex
real_getaddrinfo = socket.getaddrinfo
real_ssl_context = httpx.create_ssl_context


def is_address(host: object) -> bool:
    """True for a literal address: looking it up asks nobody."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def is_local(family: int, address: Any) -> bool:
    """True for addresses that never leave this machine."""
    if family == socket.AF_UNIX:
        return True
    host = address[0]
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


@cache
def certificates(file: str | None, folder: str | None) -> Any:
    """The certificates to trust under these variables of the environment, loaded once: reading
    them takes longer than most tests that open a client."""
    return real_ssl_context()


@pytest.fixture(autouse=True)
def shared_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of all tests share what they trust by default; nobody changes it."""

    def create(*wanted: Any, **more: Any) -> Any:
        if wanted or more:
            return real_ssl_context(*wanted, **more)
        return certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))

    monkeypatch.setattr(httpx, "create_ssl_context", create)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse connections beyond loopback and real name look-ups, and fail the test that tried.

    Names under .invalid do not exist by definition, so they may be used to fail a look-up.
    """
    attempts: list[str] = []

    def refuse(what: str) -> OSError:
        attempts.append(what)
        return ConnectionRefusedError(f"tests may not use the network: {what}")

    def connect(sock: socket.socket, address: Any) -> None:
        if not is_local(sock.family, address):
            raise refuse(f"connect to {address}")
        real_connect(sock, address)

    def connect_ex(sock: socket.socket, address: Any) -> int:
        if not is_local(sock.family, address):
            raise refuse(f"connect to {address}")
        return real_connect_ex(sock, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name != "localhost" and not is_address(name):
            if name.endswith(".invalid"):
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            raise refuse(f"look up {name}")
        return real_getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    if attempts:
        pytest.fail(f"the test tried to use the network: {', '.join(attempts)}")

"""One gate to the network, no shell, nothing that runs data: read from the sources, always."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("watcher", "config", "storage")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))

GATE = "watcher/adapters/net/client.py"
PORT = "watcher/adapters/healthport.py"  # answers monitoring, on loopback only
SERVER = "watcher/adapters/net/replay_site.py"  # answers on loopback, asks nobody

# Who may import what can reach the network. What is not named may be imported by nobody.
NETWORK = {
    "socket": {
        GATE, "watcher/adapters/net/guard.py", "watcher/adapters/net/names.py",
        "watcher/adapters/servicemanager.py",  # datagrams to a unix socket of this machine
    },
    "ssl": {GATE, "watcher/adapters/net/failures.py"},
    "httpx": {GATE},
    "httpx_aiohttp": {GATE},
    "aiohttp": {GATE, SERVER, "watcher/adapters/net/failures.py", "watcher/adapters/net/names.py"},
    "ctypes": {"watcher/adapters/workers/allocator.py"},
    **dict.fromkeys(
        (
            "aiodns", "asyncore", "curl_cffi", "dns", "ftplib", "http.client", "http.server",
            "imaplib", "nntplib", "poplib", "pycurl", "requests", "selectors", "smtplib",
            "socketserver", "telnetlib", "trafilatura.downloads", "trafilatura.feeds",
            "trafilatura.sitemaps", "trafilatura.spider", "urllib.request", "urllib3",
            "webbrowser", "websockets", "xmlrpc", "_socket", "_ssl", "logging.config",
            "logging.handlers", "multiprocessing", "cffi",
        ),
        frozenset[str](),
    ),
}  # fmt: skip
# Libraries that may be imported. For another one, say first what of it reaches the network.
LIBRARIES = {
    "aiohttp", "apscheduler", "backports", "brotli", "compression", "cssselect",
    "diff_match_patch", "httpx", "httpx_aiohttp", "lxml", "multidict", "prometheus_client",
    "protego", "pydantic", "rapidfuzz", "regex", "rich", "selectolax", "sqlite_utils",
    "standardwebhooks", "structlog", "trafilatura", "typer", "w3lib",
}  # fmt: skip
# Each builds a client, opens a connection or fetches what a document names.
OPENERS = {
    "AsyncClient", "AsyncHTTPTransport", "Client", "ClientSession", "HTTPTransport", "TCPConnector",
    "UnixConnector", "create_connection", "create_datagram_endpoint", "create_unix_connection",
    "fetch_response", "fetch_url", "open_connection", "open_unix_connection", "sock_connect",
    "start_connection", "urlopen", "urlretrieve",
}  # fmt: skip
LISTENERS = {"TCPSite", "UnixSite", "create_server", "start_server", "start_unix_server"}
SENDERS = {"GuardedClient": "watcher/service.py"}

# Objects from bytes, code from text, XML with its entities, tables that spreadsheets compute.
UNSAFE_MODULES = {
    "code", "csv", "dill", "joblib", "marshal", "openpyxl", "pickle", "pty", "shelve",
    "telnetlib", "xml", "xlsxwriter", "yaml", "_pickle", "cPickle",
}  # fmt: skip
UNSAFE_CALLS = {
    "__import__", "compile", "eval", "exec", "execfile",
    "os.popen", "os.system", "os.execl", "os.execv", "os.spawnv", "os.startfile", "os.posix_spawn",
    "asyncio.create_subprocess_shell", "subprocess.getoutput", "subprocess.getstatusoutput",
    "tempfile.mktemp", "os.tmpnam", "importlib.import_module", "etree.XMLParser",
    "etree.XSLT", "etree.parse", "html.parse", "lxml.html.parse",
}  # fmt: skip
# Whoever prints must know that the text is clean: `say`, `Page` and `complain` see to it.
PRINTERS = {"print", "typer.echo", "typer.secho", "click.echo", "sys.stdout.write",
            "sys.stderr.write", "sys.stdout.buffer.write", "traceback.print_exception",
            "traceback.print_exc"}  # fmt: skip
CLEANERS = {
    "watcher/cli/output.py", "watcher/cli/failures.py",
    "watcher/cli/diffs.py",  # a finished document, in the form that was asked for
    "watcher/cli/main.py",  # the version of the program
    "watcher/cli/replay.py",  # cleans what it prints
}  # fmt: skip
CHILDREN = {
    "watcher/adapters/workers/extraction_pool.py",  # the worker, a fixed command line
    "watcher/cli/output.py",  # the pager that the user named, split without a shell
}
STARTERS = {"Popen", "run", "call", "check_call", "check_output", "create_subprocess_exec"}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module a source imports, with all that `from x import y` may name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def faults(where: str, source: str) -> list[str]:
    """What in a source goes past the gate or runs what it is given, one line each."""
    tree = ast.parse(source)
    found = []
    for line, module in imported(tree):
        for name, allowed in NETWORK.items():
            if (module == name or module.startswith(f"{name}.")) and where not in allowed:
                found.append(f"{where}:{line}: reaches the network: {module}")
        top = module.split(".")[0]
        if top not in sys.stdlib_module_names and top not in {*PACKAGES, *LIBRARIES}:
            found.append(f"{where}:{line}: unknown library: {module}")
        if top in UNSAFE_MODULES:
            found.append(f"{where}:{line}: unsafe module: {module}")
        if module == "subprocess" and where not in CHILDREN:
            found.append(f"{where}:{line}: starts processes")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [f"{where}:{node.lineno}: {told}" for told in call_faults(where, node)]
    return found


def call_faults(where: str, node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    last = called.rpartition(".")[2]
    if last in OPENERS and where != GATE:
        yield f"opens connections: {called}"
    if last in LISTENERS and where not in (SERVER, PORT):
        yield f"listens: {called}"
    if last in SENDERS and where != SENDERS[last]:
        yield f"builds a client of its own: {called}"
    if called in PRINTERS and where not in CLEANERS:
        yield f"prints what was not cleaned: {called}"
    if called in UNSAFE_CALLS:
        yield f"unsafe call: {called}"
    if any(word.arg == "shell" for word in node.keywords):
        yield f"mentions a shell: {called}"
    if last in STARTERS and "process" in called and where not in CHILDREN:
        yield f"starts processes: {called}"


def test_nothing_goes_past_the_gate_and_nothing_runs_data() -> None:
    assert len(SOURCES) > 100
    names = [(path.relative_to(ROOT).as_posix(), path) for path in SOURCES]
    assert [fault for name, path in names for fault in faults(name, path.read_text("utf-8"))] == []


def test_the_gate_builds_one_session_with_the_guard_in_it() -> None:
    calls = [n for n in ast.walk(ast.parse((ROOT / GATE).read_text())) if isinstance(n, ast.Call)]
    built = {name: [c for c in calls if ast.unparse(c.func) == name] for name in (
        "aiohttp.ClientSession", "aiohttp.TCPConnector", "AiohttpTransport"
    )}  # fmt: skip
    assert {name: len(found) for name, found in built.items()} == dict.fromkeys(built, 1)
    words = {w.arg: ast.unparse(w.value) for w in built["aiohttp.TCPConnector"][0].keywords}
    assert words["socket_factory"] == "open_socket"
    session = {w.arg: ast.unparse(w.value) for w in built["aiohttp.ClientSession"][0].keywords}
    assert session["trust_env"] == session["auto_decompress"] == "False"
    # without a session of ours the transport would build one without the guard
    assert "client" in {w.arg for w in built["AiohttpTransport"][0].keywords}


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "from socket import create_connection",
        "import urllib.request",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import http.client as web",
        "import requests",
        "from aiohttp import ClientSession",
        "import httpx",
        "from trafilatura import downloads",
        "import some_new_client",
        "from some_new_client import get",
        "from logging.handlers import HTTPHandler",
        "import multiprocessing.connection",
        "import ctypes",
        "async def f():\n    await asyncio.open_connection('a', 1)",
        "session = web.ClientSession()",
        "await loop.sock_connect(s, a)",
        "client = GuardedClient(['0.0.0.0/0'])",
        "asyncio.start_server(f)",
        "import pickle",
        "from pickle import loads",
        "from xml.etree import ElementTree",
        "import yaml",
        "import csv",
        "eval(text)",
        "exec(text)",
        "compile(text, '', 'exec')",
        "os.system(text)",
        "import subprocess",
        "subprocess.run(text, shell=True)",
        "asyncio.create_subprocess_shell(text)",
        "await asyncio.create_subprocess_exec('sh')",
        "etree.parse(url)",
        "tempfile.mktemp()",
        "print(path)",
        "typer.echo(path)",
        "sys.stdout.write(path)",
    ],
)
def test_a_way_past_is_noticed(source: str) -> None:
    wrapped = source if "async def" in source else source.replace("await ", "")
    assert faults("watcher/somewhere.py", wrapped)
    assert faults("watcher/adapters/another.py", wrapped)


@pytest.mark.parametrize(
    "source",
    [
        "from urllib.parse import urljoin",
        "from http import HTTPStatus",
        "import re\npattern = re.compile('x')",
        "asyncio.run(main())",
        "from html import escape",
        "path.open('rb')",
    ],
)
def test_what_is_harmless_is_not_reported(source: str) -> None:
    assert faults("watcher/somewhere.py", source) == []

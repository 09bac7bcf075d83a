"""Makes one clear failure of the many exceptions of the HTTP stack.

aiohttp's exceptions come wrapped in httpx's, and both in ways that hide the cause (a refused
address surfaces as a connect timeout), so the whole chain of causes is looked at. No text of an
exception is repeated that the other side could have written.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from typing import TypeVar

import aiohttp

from watcher.core.model import Outcome
from watcher.errors import FetchFailed

_LONGEST_REASON = 120

_E = TypeVar("_E", bound=BaseException)


def failure_of(error: BaseException, host: str, refused: Sequence[str]) -> FetchFailed:
    """The failure for an exception of a request to `host`.

    `refused` is what the guard said of each address it refused during this request, beginning
    with that address, if it opened none.
    """
    chain = tuple(_causes(error))
    outcome, sentence = _forbidden(chain, host, refused) or _meaning(chain, host)
    return FetchFailed(outcome, sentence)


def plain(text: str) -> str:
    """Text of unknown origin as one short printable line."""
    return "".join(char if char.isprintable() else " " for char in text[:_LONGEST_REASON]).strip()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__


def _forbidden(
    chain: tuple[BaseException, ...], host: str, refused: Sequence[str]
) -> tuple[Outcome, str] | None:
    if not refused or _first(chain, aiohttp.ClientConnectorError) is None:
        return None
    itself = next((each for each in refused if each.partition(" ")[0] == host), None)
    address, _, why = refused[0].partition(" ")
    told = itself or f"{host} leads to {address}, which {why}"
    return (
        Outcome.FORBIDDEN_ADDRESS,
        f"{told}; add its network to http.allow_networks if it may be reached.",
    )


def _meaning(chain: tuple[BaseException, ...], host: str) -> tuple[Outcome, str]:
    if (dns := _first(chain, aiohttp.ClientConnectorDNSError)) is not None:
        return Outcome.DNS, f"The name {host} does not resolve ({_reason(dns.os_error)})."
    # The original: aiohttp's own TLS errors are SSLErrors without any of their attributes.
    if (tls := _first(chain[::-1], ssl.SSLError)) is not None:
        return Outcome.TLS, f"No secure connection to {host} ({_tls_reason(tls)})."
    if _first(chain, aiohttp.ClientSSLError) is not None:
        return Outcome.TLS, f"No secure connection to {host} (its certificate is not accepted)."
    if _first(chain, TimeoutError) is not None:
        return Outcome.TIMEOUT, f"{host} did not accept a connection in time."
    if (reset := _first(chain, ConnectionError)) is not None:
        return Outcome.CONNECTION, f"The connection to {host} failed ({_reason(reset)})."
    if _first(chain, aiohttp.ServerDisconnectedError) is not None:
        return Outcome.CONNECTION, f"{host} closed the connection without answering."
    if _first(chain, aiohttp.ClientPayloadError) is not None:
        return Outcome.BAD_RESPONSE, f"The answer of {host} breaks off before its end."
    if _first(chain, aiohttp.ClientResponseError) is not None:
        return Outcome.BAD_RESPONSE, f"The answer of {host} is not valid HTTP."
    if (network := _first(chain, OSError)) is not None:
        return Outcome.CONNECTION, f"The connection to {host} failed ({_reason(network)})."
    if _first(chain, ValueError) is not None:
        return Outcome.FORBIDDEN_ADDRESS, f"{host} cannot be used as a web address."
    return Outcome.CONNECTION, f"The connection to {host} failed."


def _first(chain: tuple[BaseException, ...], kind: type[_E]) -> _E | None:
    return next((error for error in chain if isinstance(error, kind)), None)


def _reason(error: OSError) -> str:
    return plain(error.strerror or type(error).__name__)


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return plain(error.verify_message)
    return plain((error.reason or "the handshake failed").replace("_", " ").lower())

"""URLs as identities: when two URLs mean one article, and which host serves it.

A key is for comparing only. Pages are always fetched by the URL as it was configured.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

LONGEST_URL = 4096

_TRACKING = frozenset(
    {
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "_openstat",
        "dclid",
        "fbclid",
        "gad_campaignid",
        "gad_source",
        "gbraid",
        "gclid",
        "gclsrc",
        "igsh",
        "igshid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "oly_anon_id",
        "oly_enc_id",
        "s_cid",
        "srsltid",
        "ttclid",
        "twclid",
        "vero_id",
        "wbraid",
        "wickedid",
        "yclid",
        "ysclid",
    }
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_ROUNDS = 16


def url_fault(url: str) -> str | None:
    """What is wrong with a URL, as the rest of a sentence ("has no host"); None if it is fine.

    Fine is an http or https URL with a host, without user name, invisible characters or spaces.
    The answer never quotes the URL, which may hold a password.
    """
    if not url:
        return "is empty"
    if len(url) > LONGEST_URL:
        return f"is longer than {LONGEST_URL} characters"
    # Unprintable are also format characters: they make a URL read as another one.
    if not url.isprintable() or " " in url:
        return "holds a space, a control character or an invisible character"
    if not url.lower().startswith(("http://", "https://")):
        return "must start with http:// or https://"
    if "\\" in url:
        return "holds a backslash, which programs read in different ways"
    return _authority_fault(url)


def _authority_fault(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "has a host that cannot be read"
    if "@" in parts.netloc:
        return "holds a user name or password; remove the part before the @"
    if not host:
        return "has no host"
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        return "has a port that is not a number from 1 to 65535"
    try:
        _ascii_host(host)
    except ValueError:
        return "has a host that is not a valid name or address"
    return None


def host_of(url: str) -> str:
    """The host that serves a URL: lower case, ASCII (IDNA), no port, no brackets, no last dot.

    Raises ValueError if the URL has no valid host.
    """
    host = urlsplit(url).hostname
    if not host:
        raise ValueError("the URL has no host")
    return _ascii_host(host)


def url_key(url: str) -> str:
    """The identity of a URL: two URLs with the same key are one article.

    One are: http and https, any case of the host, default ports, fragments, the order of query
    parameters, tracking parameters (utm_*, fbclid, gclid …), a trailing slash, and what
    percent-encoding leaves open. Idempotent. Raises ValueError for what url_fault refuses.
    """
    fault = url_fault(url)
    if fault is not None:
        raise ValueError(f"the URL {fault}")
    key = _canonical(url)
    # One pass can expose more to normalise behind an encoding or a parameter: until it rests.
    for _ in range(_ROUNDS if "%" in key or ";" in key else 0):
        following = _canonical(key)
        if following == key:
            break
        key = following
    return key


def _canonical(url: str) -> str:
    from w3lib.url import canonicalize_url

    parts = urlsplit(canonicalize_url(url))
    path = parts.path.rstrip("/") or "/"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _tracks(pair))
    return f"https://{_authority(parts)}{path}{'?' + query if query else ''}"


def _authority(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    if ":" in host:
        host = f"[{host}]"
    # Both default ports go, whatever the scheme: the two schemes count as one.
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING


def _ascii_host(host: str) -> str:
    """The host as DNS sees it. Raises ValueError (UnicodeError is one) if it is not valid."""
    if ":" in host:
        if "%" in host:
            raise ValueError("a zone has no meaning to a server")
        return str(ipaddress.IPv6Address(host))
    name = host.lower()
    if not name.isascii():
        name = _idna(name)
    name = name.removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError("not a host name")
    return name


def _idna(name: str) -> str:
    from w3lib.url import parse_url, safe_url_string

    # The rules that canonicalize_url applies too, so that host and key agree.
    return parse_url(safe_url_string(f"http://{name}/")).hostname or ""

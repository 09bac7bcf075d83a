"""URLs as identities: when two URLs mean one article, and which host serves it.

A key is for comparing only. Pages are always fetched by the URL as it was configured.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urljoin, urlsplit

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
_OTHER_FORMS = frozenset({"m", "mobile", "amp"})
"""Labels of hosts that serve the same articles in the form for phones."""

_AMP_PARAMETERS = frozenset({"amp", "amp_gsa", "amp_js_v", "_amp"})
_AMP_CACHE = ".cdn.ampproject.org"
_CACHED = re.compile(r"/(?:c|v|wp)/(?:s/)?([^/]+)(/.*)?")
"""AMP caches name the cached page in their paths (AMP Cache URL format and request handling)."""

_NAMING = frozenset(
    {
        "article",
        "article_id",
        "articleid",
        "doc",
        "docid",
        "id",
        "newsid",
        "story",
        "story_id",
        "storyid",
        "video_id",
        "videoid",
    }
)
"""Parameters that name a page: /story.php?id=…"""
_PAIRS = re.compile("&amp;|[&;]")

_WEB = ("https:", "http:")
_NO_PLACES = ("#", "javascript:", "mailto:", "tel:", "data:", "about:")

_TELLING_SEGMENT = 8
_TELLING_DIGITS = 5
"""Characters, and digits, from which a part of a path names one article and no section."""

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
    parameters, tracking parameters (utm_*, fbclid, gclid …), a trailing slash, what
    percent-encoding leaves open, the host with and without www., m., mobile. or amp., and the AMP
    forms of a page (/amp/…, …/amp, ….amp.html, ?amp=1, and copies in AMP caches). Idempotent.
    Raises ValueError for what url_fault refuses.
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
    cached = _cached_page(parts)
    if cached is not None:
        return _canonical(cached)
    path = _plain_path(parts.path)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _tracks(pair))
    return f"https://{_authority(parts)}{path}{'?' + query if query else ''}"


def _cached_page(parts: SplitResult) -> str | None:
    """The page of which an AMP cache's URL is a copy, None for any other URL."""
    if not (parts.hostname or "").endswith(_AMP_CACHE):
        return None
    found = _CACHED.fullmatch(parts.path)
    if found is None:
        return None
    page = f"https://{found[1]}{found[2] or '/'}{'?' + parts.query if parts.query else ''}"
    # Not a cache within a cache: each would be one more round.
    return None if url_fault(page) or host_of(page).endswith(_AMP_CACHE) else page


def _plain_path(path: str) -> str:
    """A path without what makes it that of an AMP page, and without trailing slashes."""
    parts = path.rstrip("/").split("/")
    while len(parts) > 2 and parts[-1] in ("amp", ""):
        parts.pop()
    while len(parts) > 2 and parts[1] == "amp":
        del parts[1]
    last = parts[-1].removesuffix(".html")
    ending = parts[-1][len(last) :]
    while last.removesuffix(".amp") not in (last, ""):
        last = last.removesuffix(".amp")
    parts[-1] = last + ending
    return "/".join(parts) or "/"


def _site_of(host: str) -> str:
    """A host without the labels that only say in which form it serves its articles."""
    if host.replace(".", "").isdigit():
        return host
    labels = host.split(".")
    front = labels[:-2]
    while front and front[0] == "www":
        front = front[1:]
    return ".".join([label for label in front if label not in _OTHER_FORMS] + labels[-2:])


def link_target(href: str, base: str) -> str | None:
    """Where a link leads: an absolute http or https address, without fragment and tracking.

    `base` is what the page's links are relative to. None for whatever is no address, for a place
    on the page itself, and for other schemes.
    """
    told = "".join(href.split("\n")).strip()
    if told.lower().startswith(_NO_PLACES) or not told:
        return None
    try:
        url = urljoin(base, told.replace(" ", "%20")).partition("#")[0]
    except ValueError:
        return None
    if not url.startswith(_WEB) or url_fault(url):
        return None
    page, mark, query = url.partition("?")
    rest = "&".join(pair for pair in query.split("&") if pair and not _tracks(pair))
    return f"{page}{mark if rest else ''}{rest}"


def link_form(href: str) -> str:
    """By what a link is told from another: host, path, and what of the query names a page.

    Sessions and campaigns stand in queries too, so of these only the parameters count that name
    an article or a video wherever they are found. Also for a link as it stands in a page,
    relative ones included; "" for a place on the page.
    """
    page, _, query = href.strip().partition("#")[0].partition("?")
    for scheme in _WEB:
        page = page.removeprefix(scheme)
    page = page.replace("//www.", "//", 1).rstrip("/")
    return f"{page}{link_query(page, query)}" if query else page


def link_query(page: str, query: str) -> str:
    """Of a link's query what names the page, with its question mark; "" if nothing does.

    `page` is what stands before the query: a number alone may be that of a copy or a part.
    """
    watches = page.rstrip("/").endswith("/watch")
    told = [
        pair
        for pair in _PAIRS.split(query)
        if (name := pair.partition("=")[0].lower()) in _NAMING or (watches and name == "v")
    ]
    return "?" + "&".join(told) if told else ""


def is_front_page(url: str) -> bool:
    """Whether a URL names a whole site, and so no article."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def likely_same(url: str, other: str) -> bool:
    """Whether another address may well be that of the same article: on the same site, and with a
    part of its path, or a number in it, that names an article.

    For addresses that a page gives itself, which on some sites are those of a section.
    """
    if url_fault(url) or url_fault(other):
        return False
    mine, its = urlsplit(url_key(url)), urlsplit(url_key(other))
    return mine.netloc == its.netloc and not _names(mine.path).isdisjoint(_names(its.path))


def _names(path: str) -> set[str]:
    last = path.rpartition("/")[2]
    numbers = re.findall(rf"[0-9]{{{_TELLING_DIGITS},}}", path)
    return {*numbers, last} if len(last) >= _TELLING_SEGMENT else set(numbers)


def _authority(parts: SplitResult) -> str:
    host = _site_of(_ascii_host(parts.hostname or ""))
    if ":" in host:
        host = f"[{host}]"
    # Both default ports go, whatever the scheme: the two schemes count as one.
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


def _tracks(pair: str) -> bool:
    name, _, value = pair.lower().partition("=")
    if name == "outputtype":
        return value == "amp"
    return name.startswith("utm_") or name in _TRACKING or name in _AMP_PARAMETERS


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

"""The addresses that pages give themselves."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

_LONGEST = 2000
# Shorter parts of a host are countries and kinds of sites.
_SHORTEST_NAME = 3


def absolute_address(text: str, base: str, url: str) -> str | None:
    """An address on a page as an absolute one, None if it is none that a page can have.

    `base` is what the page says its addresses start from, `url` where the page was read. One of
    the site's root counts as none on a page that is not at the root: a common mistake.
    """
    if not text or len(text) > _LONGEST or text.startswith("#"):
        return None
    try:
        address = urljoin(urljoin(url, base), text)
        parts, here = urlsplit(address), urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in address:
            return None
    except ValueError:
        return None
    if here.path.strip("/") and not parts.path.strip("/") and not parts.query:
        return None
    return address


def address_key(url: str) -> str:
    """What the spellings of one address share: host without www and path; "" for a site's root."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not parts.netloc or not (path or parts.query):
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    # a query mostly tells where a reader came from; of some sites it alone names the page
    return f"{host}{path}" if path else f"{host}?{parts.query}"


def host_names(url: str) -> tuple[str, ...]:
    """The host of an address, whole and in its parts: sites are named after it."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ()
    host = host.removeprefix("www.")
    return (host, *(part for part in host.split(".") if len(part) > _SHORTEST_NAME))

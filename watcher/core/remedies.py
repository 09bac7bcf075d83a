"""Outcomes in words: what to do about each, and whether it needs a person."""

from __future__ import annotations

from watcher.core.model import Outcome

REMEDIES = {
    Outcome.QUARANTINED: "nothing: the next polls confirm the page or release it",
    Outcome.NOT_ARTICLE: "open the URL; if the article moved, replace the URL",
    Outcome.CONSENT_WALL: "ask the publisher for an address without the wall, such as its feed's",
    Outcome.BOT_CHALLENGE: "set contact, raise interval and per_host_delay; ask the publisher",
    Outcome.GEO_BLOCK: "ask the publisher, or run the watcher where the page is shown",
    Outcome.SOFT_404: "nothing: polling goes on in case it returns",
    Outcome.PAYWALL: "ask the publisher for access, or follow a free article of the story",
    Outcome.LOGIN_PAGE: "ask the publisher for access, or follow a free article of the story",
    Outcome.MAINTENANCE: "nothing, unless it lasts: ask the publisher",
    Outcome.EXTRACTION_FAILED: "look with `watcher extract URL`; it is tried again",
    Outcome.CLIENT_ERROR: "check the URL",
    Outcome.GONE: "nothing: polling goes on in case it returns",
    Outcome.BLOCKED: "set contact, raise interval and per_host_delay; ask the publisher",
    Outcome.ROBOTS: "ask the publisher, or remove it; respect_robots = false if they agreed",
    Outcome.SERVER_ERROR: "nothing, unless it lasts: ask the publisher",
    Outcome.TIMEOUT: "nothing, unless it lasts: raise timeout",
    Outcome.DNS: "check the URL and this machine's resolver",
    Outcome.TLS: "check the time of this machine and its certificates",
    Outcome.CONNECTION: "check this machine's network and proxy",
    Outcome.BAD_RESPONSE: "nothing, unless it lasts: open the URL and see",
    Outcome.TOO_LARGE: "raise max_body if it really is an article",
    Outcome.REDIRECT_LOOP: "check the URL",
    Outcome.FORBIDDEN_ADDRESS: "if the address is meant, name its range in allow_networks",
}
"""What to do; docs/operations.md says the same."""

PASSING = frozenset(
    {
        Outcome.MAINTENANCE,
        Outcome.SERVER_ERROR,
        Outcome.TIMEOUT,
        Outcome.DNS,
        Outcome.TLS,
        Outcome.CONNECTION,
        Outcome.BAD_RESPONSE,
    }
)
"""What usually passes by itself: it needs a person only once it lasts."""


def needs_person(outcome: Outcome, health: str) -> bool:
    """True if somebody should do something about an article that was not seen."""
    if outcome.is_missing:
        return False
    return health == "unreachable" or outcome not in PASSING

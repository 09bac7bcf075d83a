"""What a configuration allows towards single hosts."""

from __future__ import annotations

from config.settings import Settings
from watcher.core.hostlimits import HostLimit


def limits_of(settings: Settings) -> tuple[HostLimit, ...]:
    """The limits of every [[site]], in the order of the configuration."""
    return tuple(
        HostLimit(
            site.host,
            site.requests_per_hour,
            site.per_host_concurrency,
            None if site.per_host_delay is None else site.per_host_delay.total_seconds(),
        )
        for site in settings.sites
    )

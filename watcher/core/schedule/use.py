"""How much of a budget is used. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.core.schedule.budget import PEAK

CHEAPEST = 1e-6
"""Update-seconds: at a lower price every article is polled as often as its min_interval lets."""


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """Requests an hour: those that may be made (`allowed`) and those planned.

    `price` of a request in update-seconds, None while nothing is known.
    """

    allowed: float
    planned: float
    price: float | None

    @property
    def left_over(self) -> bool:
        """True if min_interval keeps the articles from using the budget up."""
        cheap = self.price is not None and self.price < CHEAPEST
        return cheap and self.planned < 0.95 * self.allowed

    @property
    def exceeded(self) -> bool:
        """True if the articles are planned to be polled more often than any hour may see."""
        return self.planned > PEAK * self.allowed

    def told(self) -> str:
        """In words."""
        allowed = _number(self.allowed)
        requests = "request" if allowed == "1" else "requests"
        text = f"{allowed} {requests} an hour allowed, {_number(self.planned)} planned"
        if self.left_over:
            text += ": min_interval keeps the articles from more"
        if self.exceeded:
            text += ": polls wait for their turn, and updates are seen late"
        return text


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

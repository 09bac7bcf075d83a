"""The rate model of a configuration, and its table as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.document import Document
from config.faults import Faults
from config.settings import Model
from watcher.core.schedule.fit import LENGTHS
from watcher.core.schedule.rate import RateModel

DAY = 86400.0


def rate_model(own: Model | None, shipped: RateModel) -> RateModel:
    """The shipped model with the parameters that the configuration has for it."""
    if own is None:
        return shipped
    return replace(
        shipped,
        lengths=LENGTHS,
        excitation=own.excitation,
        publication=own.publication,
        base=own.base_per_day / DAY,
    )


def model_lines(model: RateModel) -> tuple[str, ...]:
    """The lines of a [model] table, without its header."""
    return (
        f"excitation = {_numbers(model.excitation)}",
        f"publication = {_numbers(model.publication)}",
        f"base_per_day = {model.base * DAY:.4g}",
    )


def _numbers(values: tuple[float, ...]) -> str:
    return f"[{', '.join(f'{value:.4g}' for value in values)}]"


def check_model(document: Document, faults: Faults) -> None:
    """An update must lead to less than one further update, or they would never end."""
    table: Any = document.data.get("model")
    values = table.get("excitation") if isinstance(table, Mapping) else None
    numbers = [v for v in values or () if isinstance(v, int | float)] if values else []
    if isinstance(values, list) and sum(numbers) >= 1.0:
        faults.add(
            ("model", "excitation"),
            f'"excitation" in [model] adds up to {sum(numbers):.3g}; it must be less than 1, as'
            " updates that each lead to another would never end",
        )

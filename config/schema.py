"""The JSON Schema of the configuration, for editors that check and complete TOML."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from config.quantities import duration_text
from config.settings import TABLES, Settings


def json_schema() -> dict[str, Any]:
    """A new JSON Schema (draft 2020-12) with a description of every key, and its default."""
    schema = Settings.model_json_schema(by_alias=True)
    for name, model in TABLES.items():
        _tidy(schema["$defs"][model.__name__], model)
        schema["properties"][name].pop("default", None)
    _tidy(schema, Settings)
    schema["title"] = "story watcher"
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


def _tidy(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Write defaults as the file would, and drop what only means something in Python."""
    schema.pop("title", None)
    # Serialised by the model, a time span is the text that the file would hold.
    required = set(schema.get("required", ()))
    for name, field in model.model_fields.items():
        key = field.alias or name
        entry = schema["properties"][key]
        entry.pop("title", None)
        entry["description"] = field.description
        if entry.get("default", 0) is None:
            del entry["default"]
        if "default" in entry and key not in required:
            entry["default"] = _default(model, name)
        # TOML has no null: an optional key is simply not there.
        options = [option for option in entry.get("anyOf", ()) if option != {"type": "null"}]
        if len(options) == 1:
            del entry["anyOf"]
            entry.update(options[0])


def _default(model: type[BaseModel], name: str) -> Any:
    value = model.model_fields[name].get_default()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if issubclass(model, Settings):
        return [] if isinstance(value, tuple) else str(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if model in _PLAIN:
        return model().model_dump(mode="json")[name]
    return [] if isinstance(value, tuple) else value


_PLAIN = frozenset({TABLES["polling"], TABLES["http"], TABLES["extraction"], TABLES["daemon"]})

"""The JSON Schema tells editors exactly what `load` accepts."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from config.schema import json_schema
from config.settings import TABLES, Settings, keys
from config.template import template

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def complaints(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> list[str]:
    """A small reading of JSON Schema: the keywords that this schema uses, and no others."""
    if "$ref" in schema:
        return complaints(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        found = [complaints(value, option, root) for option in schema["anyOf"]]
        return [] if [] in found else found[0]
    of_type = isinstance(value, TYPES[schema["type"]])
    if not of_type or isinstance(value, bool) != (schema["type"] == "boolean"):
        return [f"{value!r} is no {schema['type']}"]
    result = []
    if isinstance(value, dict):
        result += [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, child in value.items():
            if key in schema["properties"]:
                result += complaints(child, schema["properties"][key], root)
            else:
                result.append(f"{key} is unknown")
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            result.append(f"{value} has another number of items")
        for child in value:
            result += complaints(child, schema["items"], root)
    elif isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            result.append(f"{value} does not match")
        if "enum" in schema and value not in schema["enum"]:
            result.append(f"{value} is not one of them")
    elif schema["type"] in ("integer", "number") and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and value > schema.get("exclusiveMinimum", value - 1)
    ):
        result.append(f"{value} is out of range")
    return result


def invalid(text: str) -> list[str]:
    schema = json_schema()
    return complaints(tomllib.loads(text), schema, schema)


def tables() -> list[tuple[str, dict[str, Any], tuple[str, ...]]]:
    schema = json_schema()
    found = [("", schema, keys(Settings))]
    for name, model in TABLES.items():
        found.append((name, schema["$defs"][model.__name__], keys(model)))
    return found


def test_it_is_plain_json_of_the_2020_draft() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


def test_its_keys_are_those_of_the_models() -> None:
    for _, schema, known in tables():
        assert tuple(schema["properties"]) == known
        assert schema["additionalProperties"] is False


def test_every_key_is_described() -> None:
    for name, schema, known in tables():
        for key in known:
            assert schema["properties"][key]["description"].endswith("."), f"{name}.{key}"


def test_no_key_may_be_null() -> None:
    assert "null" not in json.dumps(json_schema())


def test_defaults_are_written_as_in_the_file_and_valid() -> None:
    root = json_schema()
    found = {}
    for name, schema, _ in tables():
        for key, entry in schema["properties"].items():
            if "default" in entry:
                found[f"{name}.{key}"] = entry["default"]
                assert complaints(entry["default"], entry, root) == []
    assert found == {
        ".database": "stories.db",
        "polling.mode": "adaptive",
        "polling.interval": "10m",
        "polling.min_interval": "1m",
        "polling.max_interval": "6h",
        "polling.stop_after_quiet": "14d",
        "http.per_host_concurrency": 2,
        "http.per_host_delay": "1s",
        "http.timeout": "30s",
        "http.max_body": 10_000_000,
        "http.respect_robots": True,
        "http.allow_networks": [],
        "daemon.min_free_disk": 500_000_000,
        "story.urls": [],
        "alert.weight": "cosmetic",
        "alert.time_zone": "UTC",
        "feed.words": [],
        "feed.follow_for": "7d",
        "sitemap.words": [],
        "sitemap.follow_for": "7d",
        "site.drop": [],
        "site.keep": [],
        "site.drop_text": [],
        "site.keep_text": [],
    }


def test_the_defaults_of_the_schema_are_those_of_the_service(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text("")
    polling = load(path, {}).settings.polling
    assert (polling.interval, polling.max_interval) == (timedelta(minutes=10), timedelta(hours=6))


def test_the_template_is_valid() -> None:
    assert invalid(template()) == []
    assert invalid(template(contact="desk@example.org")) == []


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "[polling]\ninterval = 10",
        '[polling]\ninterval = "10 m"',
        '[polling]\nmode = "eager"',
        "[polling]\nrequests_per_hour = 0",
        '[[story]]\nname = "a"\nweight = 101',
        '[http]\nmax_body = "10"',
        "[http]\nper_host_concurrency = 0",
        "[[story]]\nurls = []",
        '[[story]]\nname = "A"',
        '[[story]]\nname = "a"\nurls = ["ftp://x"]',
        '[[webhook]]\nname = "a"\nurl = "https://x.example"\nsecret = "literal"',
        '[[webhook]]\nname = "a"\nurl = "https://x.example"\nsecret = "env:X"\nevents = ["x"]',
    ],
)
def test_what_load_refuses_the_schema_refuses(text: str) -> None:
    assert invalid(text)

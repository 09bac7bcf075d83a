"""Secrets are found where the configuration says, judged, and never shown."""

from __future__ import annotations

import base64
import copy
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from config.load import Loaded, load
from config.secrets import Secret, secret_fault
from watcher.errors import ConfigError

GOOD = base64.b64encode(b"a canary sits in this secret!").decode()
CANARY = "CanaryCanaryCanary"


def config(folder: Path, secret: str) -> Path:
    path = folder / "watcher.toml"
    path.write_text(
        f'[[webhook]]\nname = "desk"\nurl = "https://hooks.example"\nsecret = "{secret}"\n'
    )
    return path


def fault(folder: Path, secret: str, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(config(folder, secret), environ or {})
    (found,) = caught.value.faults
    assert found.startswith(f"{folder}/watcher.toml:4: ")
    return found


@pytest.mark.parametrize("value", [GOOD, "whsec_" + GOOD, GOOD.rstrip("="), GOOD + "\n"])
def test_from_the_environment_and_from_a_file(tmp_path: Path, value: str) -> None:
    (tmp_path / "desk.secret").write_text(value)
    for reference in ("env:DESK", "file:desk.secret", f"file:{tmp_path}/desk.secret"):
        loaded = load(config(tmp_path, reference), {"DESK": value})
        assert loaded.secrets["desk"].reveal() == value.rstrip("\n")


def test_a_loaded_configuration_does_not_show_its_secrets(tmp_path: Path) -> None:
    loaded = load(config(tmp_path, "env:DESK"), {"DESK": GOOD})
    assert GOOD not in repr(loaded)
    secret = loaded.secrets["desk"]
    assert [str(secret), repr(secret), f"{secret}", f"{secret!s:>5}"] == ["Secret(hidden)"] * 4
    assert secret == Secret(GOOD)
    assert hash(secret) == hash(Secret(GOOD))
    assert secret != Secret(GOOD + "x")
    assert secret != GOOD
    with pytest.raises(TypeError, match="not to be written"):
        pickle.dumps(secret)
    with pytest.raises(TypeError, match="not to be written"):
        copy.deepcopy(secret)


def test_reading_the_archive_needs_no_secrets(tmp_path: Path) -> None:
    for reference in ("env:DESK", "file:desk.secret"):
        loaded = load(config(tmp_path, reference), {}, need_secrets=False)
        assert isinstance(loaded, Loaded)
        assert loaded.secrets == {}
    with pytest.raises(ConfigError, match="must say where the secret is found"):
        load(config(tmp_path, GOOD), {}, need_secrets=False)


def test_a_missing_variable_or_file_is_named(tmp_path: Path) -> None:
    told = fault(tmp_path, "env:DESK_SECRET")
    assert 'the secret of [[webhook]] "desk" is missing' in told
    assert 'the environment variable "DESK_SECRET" is not set' in told
    assert 'the file "desk.secret" does not exist' in fault(tmp_path, "file:desk.secret")
    (tmp_path / "folder").mkdir()
    assert "Is a directory" in fault(tmp_path, "file:folder")
    assert "it is too large" in fault(tmp_path, "file:/dev/zero")
    (tmp_path / "binary").write_bytes(b"\xff\xfe" * 40)
    assert "is not text" in fault(tmp_path, "file:binary")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        ("whsec_", "is not base64"),
        ("====", "is not base64"),
        (CANARY + " with spaces and more text", "is not base64"),
        (CANARY + "-" + CANARY + "_", "is not base64"),
        (CANARY + "=" + CANARY, "is not base64"),
        (CANARY + CANARY + "A", "is not base64"),
        (" " + GOOD, "is not base64"),
        (GOOD + "é", "is not base64"),
        (CANARY, "is too short: it holds 13 bytes and needs at least 24"),
    ],
)
def test_a_bad_secret_is_told_without_its_value(tmp_path: Path, value: str, why: str) -> None:
    (tmp_path / "desk.secret").write_text(value)
    for reference, named in (
        ("env:DESK", 'variable "DESK"'),
        ("file:desk.secret", '"desk.secret"'),
    ):
        told = fault(tmp_path, reference, {"DESK": value})
        assert why in told
        assert named in told
        assert '[[webhook]] "desk"' in told
        assert "openssl rand -base64 32" in told
        assert "Canary" not in told


@pytest.mark.parametrize(
    "written",
    [
        f"whsec_{CANARY}{CANARY}",
        f"{CANARY}{CANARY}",
        "",
        f"env:{CANARY}+{CANARY}",
        f"env: {CANARY}",
        f"ENV:{CANARY}",
        "env:",
        "file:",
        f"env:whsec_{CANARY}",
        f"env:{CANARY}{CANARY}",
        f"file:{CANARY}{CANARY}",
        f"file:whsec_{CANARY}",
        f"file:{CANARY}\\u001b",
    ],
)
def test_a_secret_in_the_file_itself_is_not_repeated(tmp_path: Path, written: str) -> None:
    assert "Canary" not in fault(tmp_path, written)


@pytest.mark.parametrize(
    "text",
    [
        f"secret = {CANARY}",
        f'secret = "{CANARY}',
        f"{CANARY}",
        f'secret = ["{CANARY}"]',
        f'secret = {{ "{CANARY}" = 1 }}',
        f'secret = "{CANARY}\\q"',
        f'secret = "{CANARY}"\nsecret = "{CANARY}"',
        f'secrt = "{CANARY}"',
        f"secret = {{ {CANARY} = 1, {CANARY} = 2 }}",
    ],
)
def test_broken_toml_around_a_secret_does_not_repeat_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text(f'[[webhook]]\nname = "desk"\nurl = "https://hooks.example"\n{text}\n')
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert "Canary" not in str(caught.value)
    assert "Canary" not in repr(caught.value)


def test_the_traceback_of_a_fault_holds_no_secret(tmp_path: Path) -> None:
    import traceback

    with pytest.raises(ConfigError) as caught:
        load(config(tmp_path, f"whsec_{CANARY}{CANARY}"), {})
    assert "Canary" not in "".join(traceback.format_exception(caught.value))


@given(st.binary(min_size=24, max_size=64), st.booleans(), st.booleans())
def test_what_is_accepted_signs_with_the_very_same_key(
    key: bytes, prefixed: bool, padded: bool
) -> None:
    text = base64.b64encode(key).decode()
    text = ("whsec_" if prefixed else "") + (text if padded else text.rstrip("="))
    assert secret_fault(text) is None
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert Webhook(text).sign("id", now, "{}") == Webhook(key).sign("id", now, "{}")


@given(st.binary(max_size=23))
def test_what_is_short_is_refused(key: bytes) -> None:
    assert secret_fault(base64.b64encode(key).decode()) is not None


@given(st.text(st.sampled_from("ABab01+/=-_ \n"), max_size=50))
def test_what_is_accepted_is_accepted_by_standard_webhooks(text: str) -> None:
    if secret_fault(text) is None:
        assert Webhook(text).sign("id", datetime(2026, 1, 1, tzinfo=UTC), "{}").startswith("v1,")

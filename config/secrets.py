"""Signing secrets: found where the configuration says, and never shown."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from typing import NoReturn

from config.document import Document
from config.faults import Faults
from config.files import Files
from config.values import secret_reference
from config.words import quote

PREFIX = "whsec_"
FEWEST_BYTES = 24

_ALPHABET = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Secret:
    """A signing secret as Standard Webhooks writes it; it shows itself only when asked to."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself. Never log, print or store it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be written anywhere")


def secret_fault(value: str) -> str | None:
    """What is wrong with a secret, as the rest of a sentence that does not quote it, or None.

    A good one is base64 of at least 24 bytes, with or without `whsec_` in front and padding
    behind. Stricter than the standardwebhooks package, which skips characters that are not
    base64 and so would sign with another key than a receiver that refuses them.
    """
    if not value:
        return "is empty"
    body = value.removeprefix(PREFIX)
    plain = body.rstrip("=")
    if not _ALPHABET.fullmatch(body):
        return "is not base64"
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return "is not base64"
    if len(key) < FEWEST_BYTES:
        return f"is too short: it holds {len(key)} bytes and needs at least {FEWEST_BYTES}"
    return None


def resolve(
    document: Document, files: Files, environ: Mapping[str, str], faults: Faults
) -> dict[str, Secret]:
    """The secret of every webhook, by the webhook's name; what cannot be found is a fault."""
    secrets: dict[str, Secret] = {}
    for number, table in document.tables("webhook"):
        written = table.get("secret")
        try:
            reference = secret_reference(written)
        except ValueError:
            continue  # Told already, with the other values that are not well formed.
        value, place = _look_up(reference, document, files, environ)
        fault = place if value is None else secret_fault(value)
        if value is not None and fault is None:
            secrets[str(table.get("name"))] = Secret(value)
            continue
        subject = f"the secret of {document.label(('webhook', number))}"
        told = f"{subject} {fault}"
        if value is not None:
            told = f"{subject}, {place}, {fault}; make one with `openssl rand -base64 32`"
        faults.add(("webhook", number, "secret"), told)
    return secrets


def _look_up(
    reference: str, document: Document, files: Files, environ: Mapping[str, str]
) -> tuple[str | None, str]:
    """The value and where it stood; or None and why there is none."""
    kind, _, target = reference.partition(":")
    # Someone may have put the secret itself behind "env:"; then its "name" must not be told.
    tellable = secret_fault(target) is not None and PREFIX not in target
    named = quote(target) if tellable else "it names"
    if kind == "env":
        value = environ.get(target)
        if value is None:
            told = f"is missing: the environment variable {named} is not set"
            return None, f"{told}; set it, or name another"
        return value.rstrip("\r\n"), f"from the environment variable {named}"
    try:
        content = files.read(document.folder / target)
        return content.decode("utf-8").rstrip("\r\n"), f"from the file {named}"
    except FileNotFoundError:
        return None, f"is missing: the file {named} does not exist; write it, or name another"
    except UnicodeDecodeError:
        return None, f"cannot be read: the file {named} is not text"
    except OSError as error:
        why = error.strerror or "it is too large"
        return None, f"cannot be read: the file {named}: {why}"

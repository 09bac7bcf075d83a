"""Printing a change in the form that is asked for: terminal, json, html or patch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from watcher.render.view import DiffView

Form = Literal["terminal", "json", "html", "patch"]
Format = Annotated[Form, typer.Option("--format", help="How to show the change.")]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead."),
]


def chosen_form(form: Form, json: bool) -> Form:
    """What --format and --json mean together. Raises UsageError if they contradict."""
    from watcher.errors import UsageError

    if json and form not in ("terminal", "json"):
        raise UsageError(f"--json and --format {form} contradict each other: leave one out")
    return "json" if json else form


def print_diff(view: DiffView, form: Form, output: Path | None) -> None:
    """Writes a change to standard output, or whole into a file."""
    from watcher.cli.output import in_colour, on_terminal, show_text, text_width
    from watcher.core.text import printable

    if form == "terminal":
        from watcher.render.terminal import to_terminal

        if output is None:
            show_text(to_terminal(view, text_width(), colour=in_colour()))
        else:
            _write(output, to_terminal(view, text_width(), colour=False))
        return
    text = _document(view, form)
    if output is not None:
        _write(output, text)
    elif form == "json":
        typer.echo(text, nl=False)
    else:
        # A browser may read what a terminal must not obey.
        show_text(printable(text, newlines=True) if on_terminal() else text)


def _document(view: DiffView, form: Form) -> str:
    from watcher.cli.output import json_text

    if form == "json":
        from watcher.render.jsonform import to_json

        return json_text(to_json(view))
    if form == "html":
        from watcher.render.html import to_html

        return to_html(view)
    from watcher.render.patch import to_patch

    return to_patch(view)


def _write(output: Path, text: str) -> None:
    from watcher.errors import UsageError

    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}; name another file") from error

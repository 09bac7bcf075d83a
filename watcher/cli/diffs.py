"""Printing a change in the form that is asked for: terminal, json, html or patch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from watcher.render.view import DiffView

Form = Literal["terminal", "columns", "json", "html", "patch"]
Choice = Literal["terminal", "json", "html", "patch"]
Format = Annotated[Choice, typer.Option("--format", help="How to show the change.")]
SideBySide = Annotated[
    bool, typer.Option("--side-by-side", "-y", help="In two columns, on a terminal or as text.")
]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead."),
]

ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="Leave with status 1 if the two differ.")
]


def chosen_form(
    form: Choice, json: bool, *, side_by_side: bool = False, each: bool = False
) -> Form:
    """What the options mean together. Raises UsageError if they contradict."""
    from watcher.errors import UsageError

    if json and form not in ("terminal", "json"):
        raise UsageError(f"--json and --format {form} contradict each other: leave one out")
    chosen: Form = "json" if json else form
    if side_by_side and chosen != "terminal":
        raise UsageError(f"--side-by-side shows text, not {chosen}: leave one out")
    if each and chosen == "html":
        raise UsageError(
            "an HTML page shows one change: leave --each out, or write one page for each step,"
            " such as 1..2"
        )
    return "columns" if side_by_side else chosen


def print_diff(view: DiffView, form: Form, output: Path | None) -> None:
    """Writes a change to standard output, or whole into a file."""
    _print(_document([view], form, output, listed=False), form, output)


def print_diffs(views: Sequence[DiffView], form: Form, output: Path | None) -> None:
    """Writes several changes, one after the other; as JSON a document with all of them."""
    _print(_document(views, form, output, listed=True), form, output)


def leave_if_changed(views: Sequence[DiffView]) -> None:
    """Ends the command with status 1 if any of the changes is one."""
    from watcher.cli.failures import NO
    from watcher.core.compare import differs

    if any(differs(view.change) for view in views):
        raise typer.Exit(NO)


def _print(text: str, form: Form, output: Path | None) -> None:
    from watcher.cli.output import on_terminal, show_text
    from watcher.core.text import printable

    if output is not None:
        _write(output, text)
    elif form == "json":
        typer.echo(text, nl=False)
    elif form in ("terminal", "columns"):
        show_text(text)
    else:
        # A browser may read what a terminal must not obey.
        show_text(printable(text, newlines=True) if on_terminal() else text)


def _document(views: Sequence[DiffView], form: Form, output: Path | None, *, listed: bool) -> str:
    from watcher.cli.output import columns, in_colour, json_text, text_width

    colour = in_colour() and output is None
    if form == "json":
        from watcher.render.jsonform import to_json

        found = [to_json(view) for view in views]
        return json_text({"changes": found} if listed else found[0])
    if form == "html":
        from watcher.render.html import to_html

        return to_html(views[0])
    if form == "patch":
        from watcher.render.patch import to_patch

        return "".join(to_patch(view) for view in views)
    if form == "columns":
        from watcher.render.columns import to_columns

        return "\n".join(to_columns(view, columns(), colour=colour) for view in views)
    from watcher.render.terminal import to_terminal

    return "\n".join(to_terminal(view, text_width(), colour=colour) for view in views)


def _write(output: Path, text: str) -> None:
    from watcher.errors import UsageError

    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}; name another file") from error

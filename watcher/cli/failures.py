"""One place where errors become a message on standard error and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

NO = 1
WRONG_USE = 2
NOT_DONE = 3
INTERRUPTED = 130
READER_GONE = 141
"""As the shell reports a program that SIGPIPE ended."""


class PlainFailures(TyperGroup):
    """A group of commands whose failures are told in plain words, whatever they are."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; every error leaves as an exit status."""
        with told_plainly():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As `invoke`, for what happens before a command runs: help, version, completion."""
        try:
            with told_plainly():
                return super().main(*args, **kwargs)
        except typer.Exit as done:
            sys.exit(done.exit_code)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns errors into a line on standard error and typer.Exit."""
    from watcher.errors import WatcherError

    _never_fail_on_a_letter()
    try:
        yield
    except WatcherError as error:
        complain(str(error))
        raise typer.Exit(status_of(error)) from error
    except (KeyboardInterrupt, EOFError) as error:
        raise typer.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        _let_go_of_output()
        raise typer.Exit(READER_GONE) from error
    except OSError as error:
        _told_unexpected(error)
        raise typer.Exit(NOT_DONE) from error
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except Exception as error:
        _told_unexpected(error)
        raise typer.Exit(NOT_DONE) from error


def status_of(error: Exception) -> int:
    """The exit status that stands for an error."""
    from watcher.errors import ConfigError, NotAnArticle, UsageError

    if isinstance(error, ConfigError | UsageError):
        return WRONG_USE
    return NO if isinstance(error, NotAnArticle) else NOT_DONE


def complain(text: str) -> None:
    """Writes a message for people to standard error, each line with the program's name."""
    from watcher.core.text import printable

    for line in printable(text, newlines=True).splitlines() or ["failed without a reason"]:
        typer.echo(f"watcher: {line}", err=True)


def answer_no(text: str) -> typer.Exit:
    """Says why the answer is no; raise what it gives."""
    complain(text)
    return typer.Exit(NO)


def _told_unexpected(error: Exception) -> None:
    if os.environ.get("WATCHER_DEBUG"):
        import traceback

        from watcher.core.text import printable

        told = "".join(traceback.format_exception(error))
        typer.echo(printable(told, newlines=True), err=True)
    if isinstance(error, OSError):
        _let_go_of_output()
        named = f"{error.filename}: " if error.filename else ""
        complain(f"{named}{error.strerror or error}; see what WATCHER_DEBUG=1 adds")
        return
    complain(
        f"this is a defect in story watcher ({type(error).__name__}: {error}). Run it again with"
        " WATCHER_DEBUG=1 and report what that shows"
    )


def _never_fail_on_a_letter() -> None:
    """A terminal that lacks a letter shows a question mark for it."""
    import io

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="replace")


def _let_go_of_output() -> None:
    """Nobody reads on: what is still buffered must not fail again when Python ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

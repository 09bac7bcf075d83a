"""What stands of findings above a change: what neither its sentence nor another line says."""

from __future__ import annotations

from dataclasses import replace

from tests.render.views import full_view
from watcher.core.model import Finding
from watcher.render.columns import to_columns
from watcher.render.html import to_html
from watcher.render.meaning import MOST
from watcher.render.terminal import to_terminal
from watcher.render.view import DiffView


def finding(number: int, kind: str = "number-changed", sentence: str = "") -> Finding:
    return Finding(kind, sentence or f"figure {number} \x1b[2J<b>", None, None, (), "notable", 5.0)


def view(*findings: Finding, sentence: str = "Figure 0 → 1") -> DiffView:
    found = full_view()
    change = replace(
        found.change, findings=findings, weight="notable", sentence=sentence,
        coverage=("hedging: no list of hedges for sv",),
    )  # fmt: skip
    return replace(found, change=change)


def test_what_the_sentence_or_a_line_of_its_own_says_is_not_repeated() -> None:
    shown = to_terminal(
        view(
            finding(1),
            finding(2, sentence="figure 0 → 1"),
            finding(3, "correction-added", "correction added: “…”"),
            finding(4, "headline-changed", "headline changed"),
            finding(5, "stealth-edit", "a silent one"),
        ),
        80,
        colour=False,
    )
    lines = shown.splitlines()
    assert "notable: Figure 0 → 1" in lines
    assert "• notable, stealth-edit: a silent one" in lines
    assert [line for line in lines if "figure 1" in line]
    assert not [line for line in lines if "correction-added" in line or "-changed: head" in line]
    assert "not looked for: hedging: no list of hedges for sv" in lines


def test_only_the_first_of_many_are_shown() -> None:
    many = view(*map(finding, range(MOST + 2)))
    for shown in (to_terminal(many, 60, colour=True), to_columns(many, 90, colour=False)):
        assert "and 2 more findings" in shown
        assert shown.count("number-changed") == MOST
        assert "\x1b[2J" not in shown
    page = to_html(many)
    assert page.count("<li><b>notable, number-changed</b>: figure") == MOST
    assert "<b> " not in page
    assert "&lt;b&gt;" in page


def test_a_change_without_findings_says_nothing_of_them() -> None:
    bare = full_view()
    assert "not looked for" not in to_terminal(bare, 80, colour=False)
    assert 'class="meaning"' not in to_html(bare)

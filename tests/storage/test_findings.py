"""Findings beside their change: stored densely, read whole, listed by their kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.connection import open_for_writing
from storage.dense import pack, unpack
from storage.findings import find_kinds, has_kind, packed, put_kinds, unpacked
from tests.storage.builders import meant, snapshot
from watcher.core.findings.evidence import state
from watcher.core.model import Finding

OLD = snapshot("The river rose by two metres.", "Nobody was hurt, the mayor said.")
NEW = snapshot("The river rose by three metres.", "Two people were hurt.", headline="River fell")
CHANGE = meant(OLD, NEW)


def of_kind(kind: str) -> Finding:
    return state(kind, f"{kind} was seen", OLD, NEW)


def test_words_are_cut_out_of_the_texts_again() -> None:
    assert any(each.old for each in CHANGE.findings)
    assert any(each.new for each in CHANGE.findings)
    data = packed(CHANGE.findings, CHANGE.sentence, keep_words=False)
    assert unpacked(data, CHANGE.sentence, OLD, NEW) == CHANGE.findings
    without = tuple(replace(each, old=None, new=None) for each in CHANGE.findings)
    assert unpacked(data, CHANGE.sentence) == without


def test_words_of_texts_that_are_not_kept_are_stored() -> None:
    data = packed(CHANGE.findings, CHANGE.sentence, keep_words=True)
    assert unpacked(data, CHANGE.sentence) == CHANGE.findings


def test_no_finding_takes_no_room() -> None:
    assert packed((), "Reworded", keep_words=True) is None
    assert unpacked(None, "Reworded") == ()


@pytest.mark.parametrize("text", ["", "Aller", "水位が上がった", "long " * 5000])
@pytest.mark.parametrize("beside", ["", "Aller rose", "水位"])
def test_what_is_packed_comes_back(text: str, beside: str) -> None:
    assert unpack(pack(text, beside), beside) == text


def test_what_the_sentence_says_already_takes_little_room() -> None:
    told = "The council of Ostermere withdrew its plan for the northern quay on Tuesday"
    assert len(pack(told, told)) < len(pack(told, "")) / 2


@pytest.mark.parametrize("data", [b"", b"\0", pack("not JSON", "Aller"), pack("[[1]]", "Aller")])
def test_damage_is_noticed(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpacked(data, "Aller")


def test_kinds_after_the_62nd_share_a_bit_and_are_told_apart_by_what_is_stored(
    path: Path,
) -> None:
    db = open_for_writing(path)
    bits = [put_kinds(db, [of_kind(f"kind-{number}")]) for number in range(70)]
    assert len(set(bits[:63])) == 63
    assert set(bits[62:]) == {1 << 62}
    assert find_kinds(db, ["kind-1", "kind-3"]) == bits[1] | bits[3]
    assert find_kinds(db, ["never-seen"]) == 0
    for number, other in ((1, 3), (65, 66)):
        data = packed([of_kind(f"kind-{number}")], "Seen", keep_words=False)
        assert has_kind(f"kind-{number}", bits[number], bits[number], data, "Seen")
        assert not has_kind(f"kind-{other}", bits[other], bits[number], data, "Seen")
    db.conn.close()

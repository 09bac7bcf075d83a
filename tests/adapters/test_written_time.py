"""Times written for people, in the languages of the news web; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.adapters.page.times.best_time import best_time
from watcher.adapters.page.times.isotime import iso_time
from watcher.adapters.page.times.written_time import written_time


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("November 20, 2026", "en", "2026-11-20"),
        # a zone by name where the name has one meaning, else the local time
        ("20 Nov 2026 10:00 AEST", "en", "2026-11-20T00:00:00Z"),
        ("20 Nov 2026 10:00 CET", "en", "2026-11-20T09:00:00Z"),
        ("Fri Nov 20 10:00:00 MSK 2026", "en", "2026-11-20T07:00:00Z"),
        ("20 Nov 2026 10:00 BST", "en", "2026-11-20T10:00"),
        ("2026-11-20 10:00:00 IST", "en", "2026-11-20T10:00:00"),
        ("Fri, 20 Nov 2026 10:00:00 IST", "en", "2026-11-20T10:00:00"),
        ("2026-11-20T9:05:00Z", "en", "2026-11-20T09:05:00Z"),
        # a time that was never set
        ("1970-01-01T00:00:00Z", "en", None),
        ("1970-01-01 00:00", "en", None),
        ("20 Nov 2026 3:47 PM", "en", "2026-11-20T15:47"),
        ("Published 11:34 PM EST Nov 19, 2026", "en", "2026-11-20T04:34:00Z"),
        ("Friday, November 20th, 2026 at 12:08 a.m.", "en", "2026-11-20T00:08"),
        ("Nov. 20, 2026, 9:30 a.m. ET", "en", "2026-11-20T09:30"),
        ("20. November 2026, 9.30 Uhr", "de", "2026-11-20T09:30"),
        ("Veröffentlicht am 20.11.2026 um 09:30 Uhr MEZ", "de", "2026-11-20T08:30:00Z"),
        ("Publié le 20 novembre 2026 à 14h30", "fr", "2026-11-20T14:30"),
        ("le 1er février 2026", "fr", "2026-02-01"),
        ("20 de noviembre de 2026 - 14:30 h", "es", "2026-11-20T14:30"),
        ("20 de março de 2026 às 14h30", "pt", "2026-03-20T14:30"),
        ("20 gennaio 2026 alle 14:30", "it", "2026-01-20T14:30"),
        ("20 mei 2026 om 14.30", "nl", "2026-05-20T14:30"),
        ("20 stycznia 2026, 14:30", "pl", "2026-01-20T14:30"),
        ("20 ноября 2026, 14:30 МСК", "ru", "2026-11-20T11:30:00Z"),
        ("14:30, 20 листопада 2026", "uk", "2026-11-20T14:30"),
        ("20 Kasım 2026 - 14:30", "tr", "2026-11-20T14:30"),
        ("2026年11月20日 14時30分", "ja", "2026-11-20T14:30"),
        ("2026年11月20日14:30", "zh", "2026-11-20T14:30"),
        ("입력 2026.11.20. 14:30", "ko", "2026-11-20T14:30"),
        ("Jumat, 20 November 2026 | 14:30 WIB", "id", "2026-11-20T07:30:00Z"),
        ("Thứ sáu, 20/11/2026, 14:30 (GMT+7)", "vi", "2026-11-20T07:30:00Z"),
        ("20 نوفمبر 2026 14:30", "ar", "2026-11-20T14:30"),
        ("8. janúar 2026 kl. 14:20", "is", "2026-01-08T14:20"),
        ("05/11/2026", "fr", "2026-11-05"),
        ("05/11/2026", "en-US", "2026-05-11"),
        ("11/25/2026", None, "2026-11-25"),
        ("25/11/2026", "en", "2026-11-25"),
        # no certainty, no time
        ("05/11/2026", "en", None),
        ("05/11/2026", None, None),
        ("20 November", "en", None),
        ("14:30", "en", None),
        ("yesterday", "en", None),
        ("20 November 2026, changed 21 November 2026", "en", None),
        ("31 February 2026", "en", None),
        ("20 Blahuary 2026", "en", None),
        ("", None, None),
        ("20 November 2026 " + "and more words " * 20, "en", None),
    ],
)
def test_written_times(text: str, language: str | None, iso: str | None) -> None:
    assert written_time(text, language) == iso


@given(st.text("0123456789:-/. ,NovemberJanPMZ年月日", max_size=40) | st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    value = written_time(text, "en")
    assert value is None or iso_time(value) == value


@pytest.mark.parametrize(
    ("texts", "best"),
    [
        (["2026-11-20", "2026-11-20T09:30:00Z"], "2026-11-20T09:30:00Z"),
        (["2026-11-20T10:30", "2026-11-20T09:30:15Z"], "2026-11-20T09:30:15Z"),
        (["2026-11-20", "2026-11-20T10:30", "2026-11-20T09:30Z"], "2026-11-20T09:30:00Z"),
        # another moment is another time: the order decides
        (["2026-11-20", "2026-11-23T09:30:00Z"], "2026-11-20"),
        (["2026-11-20T10:30", "2026-11-20T09:31:00Z"], "2026-11-20T10:30"),
        (["2026-11-20T10:30", "2026-11-19T09:30:00Z"], "2026-11-20T10:30"),
        (["2026-11-20T10:30:00Z", "2026-11-20T09:30:00Z"], "2026-11-20T10:30:00Z"),
        ([None, "soon", "2026-11-20"], "2026-11-20"),
        ([], None),
    ],
)
def test_a_vaguer_time_gives_way_to_the_same_moment(
    texts: list[str | None], best: str | None
) -> None:
    assert best_time(texts, iso_time)[0] == best

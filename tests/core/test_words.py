"""Word diffs: right for every text, and as an editor would mark them."""

from __future__ import annotations

from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.model import Word
from watcher.core.tokens import fold, tokens, words_of
from watcher.core.words import likeness, words

LETTERS = "abc XYZ.,“”'-’\n 12äßéא\u05b0بाहिकำกา\u200d👩👧🏽🇩🇪中文かなカナ한글e\u0301"
texts = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=LETTERS, max_size=40),
    st.lists(st.sampled_from(["the", "mayor,", "said", "no", "12", "13", "“not”", "talks"])).map(
        " ".join
    ),
)


def marked(steps: tuple[Word, ...]) -> str:
    shape = {-1: "[-{}-]", 0: "{}", 1: "{{+{}+}}"}
    return "".join(shape[op].format(text) for op, text in steps)


def graphemes(text: str) -> set[int]:
    ends = {match.end() for match in regex.finditer(r"\X", text)}
    return ends | {0}


@given(texts, texts)
def test_both_sides_can_be_read_off(old: str, new: str) -> None:
    steps = words(old, new)
    assert "".join(text for op, text in steps if op <= 0) == old
    assert "".join(text for op, text in steps if op >= 0) == new
    assert all(text for _, text in steps)
    kinds = [op for op, _ in steps]
    assert not any(pair in {(0, 0), (-1, -1), (1, 1), (1, -1)} for pair in pairwise(kinds))


@given(texts, texts)
def test_no_cut_falls_inside_a_grapheme(old: str, new: str) -> None:
    steps = words(old, new)
    for which, text in ((-1, old), (1, new)):
        allowed = graphemes(text)
        at = 0
        for op, part in steps:
            if op in (0, which):
                at += len(part)
                assert at in allowed


@given(texts, texts)
def test_the_way_back_is_the_mirror_image(old: str, new: str) -> None:
    there, back = words(old, new), words(new, old)
    assert [text for op, text in there if op == 0] == [text for op, text in back if op == 0]
    assert [text for op, text in there if op == 1] == [text for op, text in back if op == -1]
    assert likeness(there) == likeness(back)


@given(texts)
def test_tokens_join_to_the_text_at_grapheme_ends(text: str) -> None:
    parts = tokens(text)
    assert "".join(parts) == text
    at, allowed = 0, graphemes(text)
    for part in parts:
        at += len(part)
        assert at in allowed


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("ตำแหน่งใหม่ของไทย", "ตำ|แห|น่|ง|ให|ม่|ข|อ|ง|ไท|ย"),
        ("วันจันทร์เปลี่ยน", "วัน|จัน|ทร์|เปลี่|ย|น"),
        ("ປະເທດລາວ", "ປະ|ເທ|ດ|ລາ|ວ"),
        ("កម្ពុជា", "ក|ម្ពុ|ជា"),
        ("မန္တလေးမြို့", "မ|န္တ|လေး|မြို့"),
    ],
)
def test_scripts_without_spaces_are_cut_where_no_letter_leans_on_another(
    text: str, cut: str
) -> None:
    assert "|".join(tokens(text)) == cut


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (
            "Rescuers found 12 people on Monday.",
            "Rescuers found at least 14 people on Tuesday.",
            "Rescuers found [-12-]{+at least 14+} people on [-Monday-]{+Tuesday+}.",
        ),
        ("She did say so.", "She did not say so.", "She did {+not +}say so."),
        ("A so called truce", "A “so called” truce", "A {+“+}so called{+”+} truce"),
        (
            "It rained. It snowed.",
            "It rained. It hailed. It snowed.",
            "It rained. {+It hailed. +}It snowed.",
        ),
        ("It rained.", "It rained, hard.", "It rained{+, hard+}."),
        (
            "The talks, which began in March, go on.",
            "The talks go on.",
            "The talks[-, which began in March,-] go on.",
        ),
        ("old grey mare runs", "young black mare runs", "[-old grey-]{+young black+} mare runs"),
        (
            "Schäden von 1.000,50 Euro",
            "Schäden von 1.500,50 Euro",
            "Schäden von [-1.000,50-]{+1.500,50+} Euro",
        ),
        (
            "Der Straßenbauer ging",
            "Der Straßenbauerin ging",
            "Der [-Straßenbauer-]{+Straßenbauerin+} ging",
        ),
        ("قال الوزير اليوم", "قال الرئيس اليوم", "قال [-الوزير-]{+الرئيس+} اليوم"),
        ("השר אמר היום", "השר אמר אתמול", "השר אמר [-היום-]{+אתמול+}"),
        ("मंत्री ने सोमवार को कहा", "मंत्री ने मंगलवार को कहा", "मंत्री ने [-सोमवार-]{+मंगलवार+} को कहा"),
        ("ทำงานดี", "ทำงานไม่ดี", "ทำงาน{+ไม่+}ดี"),
        ("我们在北京见面。", "我们在南京见面。", "我们在[-北-]{+南+}京见面。"),
        ("彼は東京で話した。", "彼は大阪で話した。", "彼は[-東京-]{+大阪+}で話した。"),
        (
            "회의는 월요일에 열린다",
            "회의는 화요일에 열린다",
            "회의는 [-월요일에-]{+화요일에+} 열린다",
        ),
        ("Family 👨‍👩‍👧 here", "Family 👨‍👩‍👦 here", "Family [-👨‍👩‍👧-]{+👨‍👩‍👦+} here"),
        ("cafe\u0301 open", "cafe open", "[-cafe\u0301-]{+cafe+} open"),
        ("flags 🇩🇪🇫🇷", "flags 🇩🇪🇮🇹", "flags 🇩🇪[-🇫🇷-]{+🇮🇹+}"),
        ("About 1,200 fled", "About 1,300 fled", "About [-1,200-]{+1,300+} fled"),
        ("up 3.5 % in May", "up 4 % in May", "up [-3.5-]{+4+} % in May"),
        ("1 000 000 euros", "1 200 000 euros", "[-1 000 000-]{+1 200 000+} euros"),
        ("in 2024 100 people", "in 2025 100 people", "in [-2024-]{+2025+} 100 people"),
        ("from 10:30 to noon", "from 10:45 to noon", "from [-10:30-]{+10:45+} to noon"),
        (
            "on Jan. 3, 2025, he",
            "on Jan. 13, 2026, he",
            "on Jan. [-3-]{+13+}, [-2025-]{+2026+}, he",
        ),
        ("a 12-year-old boy", "a 14-year-old boy", "a [-12-]{+14+}-year-old boy"),
        ("a state-run agency", "a city-owned agency", "a [-state-run-]{+city-owned+} agency"),
        ("a well known actor", "a well-known actor", "a well[- -]{+-+}known actor"),
        ("He didn't say.", "He did not say.", "He [-didn't-]{+did not+} say."),
        ("He saw a man.", "She met a girl.", "[-He saw a man-]{+She met a girl+}."),
        ("He said “we won” twice.", "He said we won twice.", "He said [-“-]we won[-”-] twice."),
        ("He was hurt, police said.", "He was hurt.", "He was hurt[-, police said-]."),
        (
            "“We won,” he said.",
            "“We have not won yet,” he said.",
            "“We [-won-]{+have not won yet+},” he said.",
        ),
        (
            "Officials said so.",
            "Officials (and others) said so.",
            "Officials {+(and others) +}said so.",
        ),
        (
            "Er sagte: „Wir gehen.“",
            "Er sagte: „Wir gehen nicht.“",
            "Er sagte: „Wir gehen{+ nicht+}.“",
        ),
        ("قال إن 12 قتلوا.", "قال إن 15 قتلوا.", "قال إن [-12-]{+15+} قتلوا."),
        ('צה"ל תקף בעזה', 'צה"ל לא תקף בעזה', 'צה"ל {+לא +}תקף בעזה'),
        ("Nice 👩🏽‍🚒 work", "Nice 👩🏿‍🚒 work", "Nice [-👩🏽‍🚒-]{+👩🏿‍🚒+} work"),
        ("the U.N. said", "the U.S. said", "the [-U.N.-]{+U.S.+} said"),
        ("the U.S.-led force", "the U.N.-led force", "the [-U.S.-]{+U.N.+}-led force"),
        ("back at 8:30 a.m.", "back at 8:45 p.m.", "back at [-8:30 a.m.-]{+8:45 p.m.+}"),
        ("u.a. in Berlin", "z.B. in Berlin", "[-u.a.-]{+z.B.+} in Berlin"),
        ("aged 12-15 years", "aged 12–17 years", "aged [-12-15-]{+12–17+} years"),
        ("lost 2-1 at home", "lost 3-1 at home", "lost [-2-1-]{+3-1+} at home"),
        ("on 2025-01-11 in", "on 2025-01-12 in", "on [-2025-01-11-]{+2025-01-12+} in"),
        ("10:30–11:30 Uhr", "10:30–12:30 Uhr", "[-10:30–11:30-]{+10:30–12:30+} Uhr"),
        ("fell to -5C at night", "fell to 5C at night", "fell to [--5C-]{+5C+} at night"),
        ("up (+3) in May", "up (−3) in May", "up ([-+3-]{+−3+}) in May"),
        ("six men—12 in all", "six men—13 in all", "six men—[-12-]{+13+} in all"),
        ("ตำแหน่งใหม่", "ตำบลใหม่", "ตำ[-แหน่ง-]{+บล+}ใหม่"),
        ("แม่เขียนวันนี้", "พ่อเขียนวันนี้", "[-แม่-]{+พ่อ+}เขียนวันนี้"),
        ("same", "same", "same"),
        ("", "fresh", "{+fresh+}"),
        ("gone", "", "[-gone-]"),
        ("", "", ""),
    ],
)
def test_reads_as_an_editor_marked_it(old: str, new: str, shown: str) -> None:
    assert marked(words(old, new)) == shown


def test_huge_texts_with_little_in_common_are_still_right() -> None:
    old = " ".join(f"left{n * 7919 % 3001}" for n in range(4000))
    new = " ".join(f"{'left' if n % 50 == 0 else 'right'}{n * 7919 % 3001}" for n in range(4000))
    steps = words(old, new)
    assert "".join(text for op, text in steps if op <= 0) == old
    assert "".join(text for op, text in steps if op >= 0) == new


def test_a_paragraph_beyond_all_bounds_keeps_its_common_ends() -> None:
    old = "Head. " + "x " * 11_000 + "Tail."
    new = "Head. " + "y z " * 11_000 + "Tail."
    steps = words(old, new)
    assert steps[0] == (0, "Head. ")
    assert steps[-1] == (0, " Tail.")
    assert [op for op, _ in steps] == [0, -1, 1, 0]


def test_likeness_counts_characters_and_is_one_only_for_equal_texts() -> None:
    assert likeness(words("abcd efgh", "abcd efgh")) == 1.0
    assert likeness(words("one", "two")) == 0.0
    assert likeness(words("", "")) == 1.0
    assert likeness(words("x " * 30_000 + "y", "x " * 30_000 + "z")) == 0.9999


def test_typography_is_folded_for_likeness_only() -> None:
    assert fold("“No” – said\u00a0he\u00ad ") == '"No" - said he'
    assert words_of("“Don’t”, HE said…") == ["don't", "he", "said"]
    assert words_of("* * *") == ["*", "*", "*"]
    assert marked(words('"No"', "“No”")) == '[-"-]{+“+}No[-"-]{+”+}'

"""Live blogs: a post that grows is an edit, a new post an insert."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_align_properties import texts
from watcher.core.align import apply
from watcher.core.compare import compare, describe
from watcher.core.model import Edit, Paragraph, Post, Snapshot
from watcher.core.posts import align_posts

Draft = tuple[str, list[str]]


def live_blog(*drafts: Draft, summary: tuple[str, ...] = (), hour: int = 8) -> Snapshot:
    """A summary, then posts as (key, paragraphs)."""
    paragraphs = [Paragraph("paragraph", text) for text in summary]
    posts: list[Post] = []
    for key, lines in drafts:
        posts.append(Post(key, f"2026-03-01T{hour:02}:00:00Z", len(paragraphs), len(lines)))
        paragraphs += [Paragraph("live-post", text) for text in lines]
    return Snapshot("Flood live", None, None, None, tuple(paragraphs), posts=tuple(posts))


def ops(edits: tuple[Edit, ...]) -> list[tuple[str, tuple[int, ...], tuple[int, ...], bool]]:
    return [(edit.op, edit.old, edit.new, edit.moved) for edit in edits]


MORNING = ("a", ["The river reached the lower town.", "Two roads are closed."])
NOON = ("b", ["The river reached the lower bridge.", "Three roads are closed."])


def test_a_new_post_like_an_old_one_is_an_insert() -> None:
    edits = compare(live_blog(MORNING), live_blog(NOON, MORNING)).edits
    assert ops(edits) == [
        ("insert", (), (0,), False),
        ("insert", (), (1,), False),
        ("equal", (0,), (2,), False),
        ("equal", (1,), (3,), False),
    ]


def test_a_post_rewritten_beyond_likeness_is_still_that_post() -> None:
    late = ("a", ["Nobody was hurt, the mayor said.", "Two roads are closed."])
    edits = compare(live_blog(NOON, MORNING), live_blog(NOON, late)).edits
    assert ops(edits) == [
        ("equal", (0,), (0,), False),
        ("equal", (1,), (1,), False),
        ("delete", (2,), (), False),
        ("insert", (), (2,), False),
        ("equal", (3,), (3,), False),
    ]


def test_a_post_that_is_pinned_to_the_top_moved_whole() -> None:
    long = ("c", ["The council opened the town hall for the night.", "Beds are free.", "Bring id."])
    edits = compare(live_blog(NOON, long, MORNING), live_blog(MORNING, NOON, long)).edits
    assert ops(edits) == [
        ("equal", (5,), (0,), True),
        ("equal", (6,), (1,), True),
        *(("equal", (at,), (at + 2,), False) for at in range(5)),
    ]


def test_the_summary_is_compared_with_the_summary() -> None:
    old = live_blog(MORNING, summary=("Two roads are closed.",))
    new = live_blog(NOON, MORNING, summary=("Three roads are closed.",))
    assert ops(compare(old, new).edits)[:3] == [
        ("replace", (0,), (0,), False),
        ("insert", (), (1,), False),
        ("insert", (), (2,), False),
    ]


def test_posts_named_anew_with_every_page_are_compared_as_any_text() -> None:
    renamed = live_blog(("x", NOON[1]), ("y", MORNING[1]))
    change = compare(live_blog(NOON, MORNING), renamed)
    assert [edit.op for edit in change.edits] == ["equal"] * 4
    assert describe(change) == "nothing changed in text, headline, notices or metadata"


def test_a_post_whose_time_alone_changed_is_told() -> None:
    change = compare(live_blog(NOON, hour=8), live_blog(NOON, hour=9))
    assert change.metadata == {"posts": ("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z")}
    assert describe(change) == "only the time of posts changed"


blogs = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.lists(texts, max_size=3)),
    max_size=5,
    unique_by=lambda draft: draft[0],
)


@given(blogs, blogs, st.lists(texts, max_size=2), st.lists(texts, max_size=2))
def test_the_script_of_posts_is_total_and_leads_to_the_new_text(
    before: list[Draft], after: list[Draft], top: list[str], other_top: list[str]
) -> None:
    old = live_blog(*before, summary=tuple(top))
    new = live_blog(*after, summary=tuple(other_top))
    edits = align_posts(old, new)
    assert sorted(at for edit in edits for at in edit.old) == list(range(len(old.paragraphs)))
    assert sorted(at for edit in edits for at in edit.new) == list(range(len(new.paragraphs)))
    assert apply([p.text for p in old.paragraphs], edits) == [p.text for p in new.paragraphs]
    stay = [edit for edit in edits if edit.old and edit.new and not edit.moved]
    assert [edit.new for edit in stay] == sorted(edit.new for edit in stay)
    assert [edit.old[0] for edit in stay] == sorted(edit.old[0] for edit in stay)


@given(blogs)
def test_posts_that_overlap_or_repeat_a_key_lose_no_paragraph(drafts: list[Draft]) -> None:
    whole = live_blog(*drafts)
    posts = tuple(Post("same", None, max(0, post.first - 1), post.count) for post in whole.posts)
    odd = replace(whole, posts=posts)
    edits = align_posts(whole, odd)
    assert apply([p.text for p in whole.paragraphs], edits) == [p.text for p in whole.paragraphs]


def test_a_post_is_known_by_its_words_where_keys_count_those_of_one_minute() -> None:
    first = ["The ferry lies still at the quay.", "Nobody is on board."]
    second = ["The lock keeper has opened the upper gate."]
    before = live_blog(("9:30 2", second), ("9:30", first), MORNING)
    gone = compare(before, live_blog(("9:30", second), MORNING)).edits
    assert [(e.op, e.old, e.moved) for e in gone if e.op != "equal" or e.moved] == [
        ("delete", (1,), False),
        ("delete", (2,), False),
    ]
    assert describe(compare(before, live_blog(("9:30", second), MORNING))).startswith("2 ")
    late = live_blog(("9:30 3", second), ("9:30 2", NOON[1]), ("9:30", first), MORNING)
    come = compare(before, late).edits
    assert [(e.op, e.new, e.moved) for e in come if e.op != "equal" or e.moved] == [
        ("insert", (1,), False),
        ("insert", (2,), False),
    ]


def test_an_edited_post_whose_key_another_one_left_is_an_edit() -> None:
    first, second = "The ferry lies still at the quay.", "The lock keeper opened the upper gate."
    before = live_blog(("9:30 2", [second]), ("9:30", [first]), MORNING)
    after = live_blog(("9:30", [second.replace("upper", "lower")]), MORNING)
    edits = [e for e in compare(before, after).edits if e.op != "equal"]
    assert [(e.op, e.old, e.new) for e in edits] == [("replace", (0,), (0,)), ("delete", (1,), ())]

"""What a configuration says about reading pages: rules for sites, and phrases of notices."""

from __future__ import annotations

from pathlib import Path

from config.load import Loaded, load

URL = "https://www.news.example/flood"


def loaded(folder: Path, text: str, notices: str | None = None) -> Loaded:
    path = folder / "watcher.toml"
    path.write_text(text)
    if notices is not None:
        (folder / "own.toml").write_text(notices)
    return load(path, {})


def test_entries_for_one_host_add_up_and_hold_below_it(tmp_path: Path) -> None:
    sites = loaded(
        tmp_path,
        """
        [[site]]
        host = "News.Example"
        drop = [".share"]
        drop_text = ['^\\d+ views$']
        [[site]]
        host = "www.news.example"
        drop = [".share", ".ad"]
        keep_text = ["^Correction"]
        [[site]]
        host = "ews.example"
        drop = ["p"]
        """,
    ).reading.sites
    rules = sites.of(URL)
    assert (rules.drop, rules.keep_text) == ((".share", ".ad"), ("^Correction",))
    assert rules.drops("12 views")
    assert sites.of("https://news.example/flood").drop == (".share",)
    assert sites.of("https://other.example/").is_empty
    assert sites.of("nothing").is_empty


def test_keeping_goes_before_dropping_and_long_texts_are_never_dropped(tmp_path: Path) -> None:
    rules = loaded(
        tmp_path,
        '[[site]]\nhost = "news.example"\ndrop_text = ["views"]\nkeep_text = ["^Correction"]\n',
    ).reading.sites.of(URL)
    assert rules.drops("12 views")
    assert not rules.drops("Correction: the bridge has two views.")
    assert not rules.drops("Of the two views " + "x" * 500)


def test_names_in_other_scripts_are_those_of_urls(tmp_path: Path) -> None:
    sites = loaded(tmp_path, '[[site]]\nhost = "zürich.example"\ndrop = ["p"]\n').reading.sites
    assert sites.of("https://ZÜRICH.example/a").drop == ("p",)
    assert sites.of("https://xn--zrich-kva.example/a").drop == ("p",)


def test_only_what_holds_for_a_page_makes_another_reader(tmp_path: Path) -> None:
    plain = loaded(tmp_path, "").reading.sites
    ruled = loaded(tmp_path, '[[site]]\nhost = "news.example"\ndrop = [".a"]\n').reading.sites
    other = loaded(tmp_path, '[[site]]\nhost = "news.example"\ndrop = [".b"]\n').reading.sites
    assert plain.reader("x / 1", URL) == "x / 1"
    assert ruled.reader("x / 1", "https://other.example/") == "x / 1"
    names = {sites.reader("x / 1", URL) for sites in (plain, ruled, other)}
    assert len(names) == 3
    assert {sites.fingerprint("f", URL) for sites in (plain, ruled, other)} > {"f"}
    assert ruled.fingerprint("f", "https://other.example/") == "f"
    assert ruled.fingerprint(None, URL) is None


def test_a_table_of_notices_makes_another_reader_by_what_it_says(tmp_path: Path) -> None:
    text = '[extraction]\nnotices_file = "own.toml"\n'
    one = loaded(tmp_path, text, '[sv.update]\nlines = ["nytt"]\n')
    same = loaded(tmp_path, text, '# Swedish\n[sv.update]\nlines = [ "nytt" ]\n')
    more = loaded(tmp_path, text, '[sv.update]\nlines = ["nytt", "mer"]\n')
    names = [each.reading.sites.reader("x / 1", URL) for each in (one, same, more)]
    assert names[0] == names[1] != names[2]
    assert names[0].startswith("x / 1, notices ")
    assert tmp_path / "own.toml" in one.sources
    assert one.digest != same.digest

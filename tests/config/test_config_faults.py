"""Every fault of a configuration: told with its line, in plain words, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load
from watcher.errors import ConfigError

HOOK = '[[webhook]]\nname = "desk"\nurl = "https://hooks.example/x"\nsecret = "env:DESK"\n'
STORY = '[[story]]\nname = "a"\n'
SECRET = "QUJD" * 8


def faults_of(folder: Path, text: str, **files: str) -> list[str]:
    """The faults of a configuration, with the folder cut off its paths."""
    for name, content in files.items():
        (folder / f"{name}.txt").write_text(content)
    path = folder / "watcher.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path, {"DESK": SECRET})
    assert str(caught.value) == "\n".join(caught.value.faults)
    return [fault.replace(f"{folder}/", "") for fault in caught.value.faults]


MALFORMED = [
    ("[polling\n", "watcher.toml:1: not valid TOML at column 9: a table's name is not closed"),
    ("a = 1\na = 2\n", "watcher.toml:2: not valid TOML at column 6: the key stands here for the"),
    ("\n\nmode = fixed\n", "watcher.toml:3: not valid TOML at column 8: text must stand in quotes"),
    ("a = 1\n'b\n", "watcher.toml:2: not valid TOML at column 3: a text is not closed"),
    ("just words\n", "watcher.toml:1: not valid TOML at column 6: a line must read: key = value"),
    ('a = "x\n', "watcher.toml:1: not valid TOML at column 7: a text must be closed on its line"),
    ("[a]\n[a]\n", "watcher.toml:2: not valid TOML at column 3: the table stands here for the"),
    (
        "a = [1,\n",
        "watcher.toml:1: not valid TOML at column 8: text must stand in quotes and lists",
    ),
    ("a = 1 b = 2\n", "watcher.toml:1: not valid TOML at column 7: one key a line"),
    (
        'a = "\\q"\n',
        "watcher.toml:1: not valid TOML at column 8: write a backslash in a text twice",
    ),
    ('a = """x\n', "watcher.toml:1: not valid TOML at column 9: "),
    ("a = {x=1, x=2}", "watcher.toml:1: not valid TOML at column 14: a key stands twice between"),
    ("a = {x=1}\na.y = 2", "watcher.toml:2: not valid TOML at column 8: the table was finished"),
    ("a = " + "[" * 5000, "watcher.toml: lists or tables are nested too deeply"),
    ("a = " + "9" * 5000, "watcher.toml: a number in it is far too long"),
    ("\ufeffa = 1", "watcher.toml:1: the file begins with a byte order mark"),
]


@pytest.mark.parametrize(("text", "fault"), MALFORMED, ids=[text[:12] for text, _ in MALFORMED])
def test_malformed_toml_is_one_fault_with_a_remedy(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, text)
    assert found.startswith(fault)


FEED = '[[feed]]\nurl = "https://news.example/rss"\n'
SITE = '[[site]]\nhost = "news.example"\n'

VALUES = [
    # unknown keys
    ('databse = "x"', ':1: unknown key "databse"; did you mean "database"?'),
    (
        "zzz = 1",
        ':1: unknown key "zzz"; known: "alert", "article", "daemon", "database", "extraction",',
    ),
    ('[polling]\nintervall = "1m"', ':2: unknown key "intervall" in [polling]; did you mean "int'),
    (
        STORY + FEED + 'story = "b"\nwords = ["x"]',
        ':5: "story" in [[feed]] number 1 names an unknown story "b"; known: "a"',
    ),
    (FEED + 'story = "a"\nwords = ["x"]', "no [[story]] is configured"),
    (STORY + FEED + 'story = "a"', 'says nothing to look for; give it "words" or a "pattern"'),
    (STORY + FEED + 'story = "a"\nwords = []', "says nothing to look for"),
    (STORY + FEED + 'story = "a"\nwords = ["?"]', "must hold phrases of one or more words"),
    (STORY + FEED + 'story = "a"\npattern = "(a+)+"', "repeats a group that itself holds a repeat"),
    (STORY + FEED + 'story = "a"\nwords = ["x"]\nfollow_for = 7', "must be a duration in quotes"),
    (STORY + FEED + 'story = "a"\nword = ["x"]\npattern = "x"', 'did you mean "words"?'),
    (
        STORY + 2 * (FEED + 'story = "a"\nwords = ["x"]\n'),
        "is looked at for this story already (",
    ),
    ("[http]\nrobots = true", ':2: unknown key "robots" in [http]; did you mean "respect_robots"'),
    ('[http]\nrespect_robots = "no"', ':2: "respect_robots" in [http] must be true or false'),
    ("[http]\nrespect_robots = 0", "must be true or false, without quotes, but is 0"),
    (STORY + "url = 1", ':3: unknown key "url" in [[story]] "a"; did you mean "urls"?'),
    (
        HOOK + "x = 1",
        ':5: unknown key "x" in [[webhook]] "desk"; known: "events", "name", "secret"',
    ),
    ('[http]\ndatabase = "x"', ':2: unknown key "database" in [http]; it belongs at the top of'),
    ('contact = "x"', ':1: unknown key "contact"; it belongs below [http]'),
    (
        'name = "x"',
        ':1: unknown key "name"; it belongs below [[story]] or [[webhook]] or [[alert]]',
    ),
    ("[stories]", ':1: unknown key "stories"; did you mean "story"?'),
    ("stories = []", ':1: unknown key "stories"; it belongs below [[alert]]'),
    ('"a\\u001b[31m" = 1', ':1: unknown key "a\\x1b[31m"; known:'),
    ("[polling.deep]", ':1: unknown key "deep" in [polling]'),
    # wrong shapes
    ('[story]\nname = "a"', ':1: "story" must be a list of tables; write [[story]] in double'),
    ("story = [1]", ':1: "story" must be a list of tables; write [[story]]'),
    ("[[polling]]", ':1: "polling" must be one table; write [polling] in single brackets'),
    ("http = 5", ':1: "http" must be one table; write [http] in single brackets'),
    (STORY + 'urls = "https://a.example"', ':3: "urls" in [[story]] "a" must be a list in square'),
    (STORY + "urls = [1979-05-27]", ':3: "urls" in [[story]] "a" must be a URL in quotes, but is'),
    (STORY + "webhooks = [true]", ':3: "webhooks" in [[story]] "a" must be a list of names in qu'),
    ("[[story]]\nurls = []", ':1: [[story]] number 1 has no "name"; add it'),
    ('[[webhook]]\nname = "x"\nsecret = "env:DESK"', ':1: [[webhook]] "x" has no "url"; add it'),
    # polling
    ('[polling]\nmode = "eager"', ':2: "mode" in [polling] must be "adaptive" or "fixed", but'),
    ("[polling]\nmode = 5", ':2: "mode" in [polling] must be "adaptive" or "fixed", but is 5'),
    ("[polling]\nrequests_per_hour = 0", "must be a whole number from 1 to 10000000, but is 0"),
    ("[polling]\nrequests_per_hour = true", "must be a whole number from 1 to 10000000, but is t"),
    ("[polling]\nrequests_per_hour = 1.5", "must be a whole number from 1 to 10000000, but is 1"),
    ('[[story]]\nname = "a"\nweight = 0', "must be a number from 0.01 to 100, but is 0"),
    ('[[story]]\nname = "a"\nweight = "2"', 'must be a number, but is "2"'),
    ("[polling]\ninterval = 600", ':2: "interval" in [polling] must be a duration in quotes with'),
    ("[polling]\ninterval = true", ", but is true"),
    ("[polling]\ninterval = 1.5", ", but is 1.5"),
    ("[polling]\ninterval = 00:10:00", ", but is a date or time without quotes"),
    ("[polling]\ninterval = {}", ", but is a table"),
    ("[polling]\ninterval = []", ", but is a list"),
    ("[polling]\ninterval = 99999999999999999999999", ", but is a very large number"),
    ('[polling]\ninterval = "10 m"', ', but is "10 m"'),
    ('[polling]\ninterval = "10m\\n"', ', but is "10m\\n"'),
    ('[polling]\ninterval = "-1s"', ', but is "-1s"'),
    ('[polling]\ninterval = "inf"', ', but is "inf"'),
    ('[polling]\ninterval = "١٠m"', "must be a duration"),
    ('[polling]\ninterval = "0s"', ':2: "interval" in [polling] must be longer than zero'),
    ('[polling]\ninterval = "0.0001ms"', "must be longer than zero"),
    ('[polling]\ninterval = "367d"', 'must be at most 366 days, but is "367d"'),
    ('[polling]\ninterval = "999999999999d"', "must be at most 366 days"),
    ('[polling]\nmax_interval = "1m"', ':2: "max_interval" in [polling] is 1m, shorter than "inte'),
    ('[polling]\nmin_interval = "20m"', 'is 20m, longer than "interval" (10m); make it at most as'),
    (
        '[polling]\ninterval = "9m"\nstop_after_quiet = "5m"',
        ':3: "stop_after_quiet" in [polling] is 5m, shorter than "interval" (9m); make it at',
    ),
    ('[polling]\nstop_after_quiet = "no"', '"14d", but is "no"; or "never"'),
    (
        '[polling]\nmin_interval = "2m"\n[[story]]\nname = "a"\ninterval = "1m"',
        ':5: "interval" in [[story]] "a" is 1m, shorter than "min_interval" in [polling] (2m); mak',
    ),
    (
        '[[story]]\nname = "a"\nurls = ["https://a.example/1"]\nmax_interval = "1h"\n'
        '[[article]]\nurl = "https://a.example/1"\ninterval = "2h"',
        ':7: "interval" in [[article]] "https://a.example/1" is 2h, longer than "max_interval" in '
        '[[story]] "a" (1h)',
    ),
    # article
    (
        '[[article]]\nurl = "https://a.example/1"',
        ':2: the URL "https://a.example/1" is in no [[story]]; add it to the urls of one',
    ),
    (
        '[[story]]\nname = "a"\nurls = ["https://a.example/1"]\n[[article]]\n'
        'url = "https://a.example/1"\n[[article]]\nurl = "http://a.example/1#x"',
        ':7: the URL "http://a.example/1#x" has an [[article]] at line 4 already; make one of th',
    ),
    # model
    (
        "[model]\nexcitation = [0.1, 0.2]\npublication = [1, 1, 1, 1, 1]\nbase_per_day = 0.1",
        ':2: "excitation" in [model] must be a list of 5 numbers, but is a list',
    ),
    (
        "[model]\nexcitation = [0.1, 0.1, 0.1, 0.1, 0.1]\npublication = [1, 1, 1, 1, 1]\n"
        "base_per_day = 0",
        ':4: "base_per_day" in [model] must be more than 0 and at most 1000, but is 0',
    ),
    (
        "[model]\nexcitation = [0.1, 0.2, 0.3, 0.3, 0.1]\npublication = [1, 1, 1, 1, 1]\n"
        "base_per_day = 0.1",
        ':2: "excitation" in [model] adds up to 1; it must be less than 1, as updates that each',
    ),
    # http
    ('[http]\ncontact = "call me"', ':2: "contact" in [http] must be a mail address such as'),
    ('[http]\ncontact = "mailto:"', "must be a mail address"),
    ('[http]\ncontact = "a@b"', "must be a mail address"),
    ('[http]\ncontact = "a@b.example\\r\\nX-Y: z"', "must be a mail address"),
    ('[http]\ncontact = "https://a.example/(x)"', "must be a mail address"),
    ("[http]\nper_host_concurrency = 0", ':2: "per_host_concurrency" in [http] must be a whole nu'),
    ("[http]\nper_host_concurrency = true", "from 1 to 64, but is true"),
    ('[http]\nper_host_concurrency = "2"', 'from 1 to 64, but is "2"'),
    ("[http]\nper_host_concurrency = 2.0", "from 1 to 64, but is 2.0"),
    ('[http]\nmax_body = "10 MB"', ':2: "max_body" in [http] must be a size such as "10MB"'),
    ('[http]\nmax_body = "2GiB"', 'must be between 1 byte and 1GiB, but is "2GiB"'),
    ("[http]\nmax_body = 0", "must be between 1 byte and 1GiB, but is 0"),
    ("[http]\nmax_body = true", "but is true"),
    ('[daemon]\nmin_free_disk = "some"', ':2: "min_free_disk" in [daemon] must be a size such as'),
    ('[daemon]\nmin_free_disk = "2000TB"', 'but is "2000TB"'),
    ("[daemon]\nmin_free_disk = -1", "but is -1"),
    ('[daemon]\nlisten = "0.0.0.0:9464"', '"listen" in [daemon] must be on loopback, such as'),
    ('[daemon]\nlisten = "localhost:9464"', "must be on loopback"),
    ('[daemon]\nlisten = "[::]:9464"', "must be on loopback"),
    ('[daemon]\nlisten = "127.0.0.1:0"', "must have a port from 1 to 65535"),
    ('[daemon]\nlisten = "127.0.0.1:65536"', "must have a port from 1 to 65535"),
    ("[daemon]\nlisten = 9464", 'must be an address and a port such as "127.0.0.1:9464"'),
    ('[daemon]\nlisten = "127.0.0.1"', "must be an address and a port"),
    ('[daemon]\nlisten = "::1:9464"', "must be an address and a port"),
    ("[daemon]\nmin_free_disk = true", "but is true"),
    (
        '[http]\nallow_networks = ["10.0.0.1/8"]',
        'ranges such as "10.0.0.0/8", but has "10.0.0.1/8"',
    ),
    ('[http]\nallow_networks = ["home"]', 'such as "127.0.0.1/32" or "fd00::/8", but has "home"'),
    ("[http]\nallow_networks = [1]", ':2: "allow_networks" in [http] must hold ranges'),
    # database
    ('database = ""', ':1: "database" must be the path of a file in quotes, but is ""'),
    ("database = 5", "must be the path of a file in quotes, but is 5"),
    ('database = "~/x.db"', "must be written out in full"),
    ('database = "data/"', "is a folder"),
    ('database = ".."', "is a folder"),
    ('database = "a\\u0000b"', 'but is "a\\x00b"'),
    # stories and webhooks
    ('[[story]]\nname = "Kursk"', ':2: "name" in [[story]] "Kursk" must be a name of up to 64'),
    ('[[story]]\nname = "' + "a" * 65 + '"', "must be a name of up to 64 characters"),
    ('[[story]]\nname = "a\\n"', "must be a name"),
    (STORY + STORY, ':4: the name "a" belongs to the [[story]] at line 2 already; choose another'),
    (HOOK + HOOK, ':6: the name "desk" belongs to the [[webhook]] at line 2 already'),
    (HOOK + STORY + 'webhooks = ["dsk"]', ':7: "webhooks" in [[story]] "a" names an unknown webho'),
    (HOOK + STORY + 'webhooks = ["dsk"]', 'unknown webhook "dsk"; did you mean "desk"?'),
    (STORY + 'webhooks = ["desk"]', 'unknown webhook "desk"; no [[webhook]] is configured'),
    (HOOK + 'events = ["article.update"]', 'unknown event "article.update"; did you mean "article'),
    (
        HOOK + 'events = ["x"]',
        ':5: "events" in [[webhook]] "desk" has an unknown event "x"; known:',
    ),
    # URLs
    (
        STORY + 'urls = [\n"ftp://x.example"]',
        ':4: "urls" in [[story]] "a" has an unusable URL "ftp',
    ),
    (STORY + 'urls = ["https://"]', "it has no host"),
    (STORY + 'urls_file = "no.txt"', ':3: "urls_file" in [[story]] "a": the file "no.txt" does'),
    (STORY + 'urls_file = "/dev"', '"urls_file" in [[story]] "a": "/dev" is a folder, not a file'),
    (STORY + 'urls_file = "' + "x" * 300 + '"', "cannot be read: File name too long"),
    (STORY + 'urls_file = "~/x"', "must be written out in full"),
    # reading pages
    ("site = 1", '"site" must be a list of tables; write [[site]] in double brackets'),
    ("extraction = 1", '"extraction" must be one table; write [extraction] in single brackets'),
    ("[[site]]", '[[site]] number 1 has no "host"; add it'),
    (
        '[[site]]\nhost = "https://a.example/"',
        ':2: "host" in [[site]] "https://a.example/" must be',
    ),
    ('[[site]]\nhost = "a.example:80"', 'without scheme, port or path, but is "a.example:80"'),
    ('[[site]]\nhost = "a..b"', 'but is "a..b"'),
    (
        SITE + 'dorp = [".x"]',
        ':3: unknown key "dorp" in [[site]] "news.example"; did you mean "drop"?',
    ),
    ('drop = [".x"]', ':1: unknown key "drop"; it belongs below [[site]]'),
    (
        SITE + 'drop = ".x"',
        ':3: "drop" in [[site]] "news.example" must be a list in square brackets',
    ),
    (
        SITE + 'drop = [\n".x",\n"div >"]',
        ':5: "drop" in [[site]] "news.example" has "div >", which is',
    ),
    (SITE + 'drop = [""]', "is no CSS selector"),
    (SITE + "drop = [1]", "must hold CSS selectors in quotes, but has 1"),
    (SITE + 'keep = ["p::before"]', "which uses what cannot be looked for in a stored page"),
    (SITE + 'keep = ["a:hover"]', "a page has no :hover before somebody opens it"),
    (SITE + 'keep = ["svg|a"]', "namespaces are not supported"),
    (SITE + 'keep = ["p:wild"]', "The pseudo-class :wild is unknown"),
    (SITE + f'keep = ["{"a " * 200}"]', "is longer than 300 characters; shorten it"),
    (
        SITE + "drop_text = ['(a']",
        ':3: "drop_text" in [[site]] "news.example" has "(a", which is no',
    ),
    (SITE + "drop_text = [1]", "must hold regular expressions in quotes, but has 1"),
    (SITE + "drop_text = ['']", "which is empty, and would be found in every text"),
    (SITE + "drop_text = ['.*']", "which is found in an empty text, and so in every one"),
    (SITE + "drop_text = ['[[a]']", "which is no regular expression"),
    (SITE + f"drop_text = ['{'a' * 301}']", "is longer than 300 characters"),
    (SITE + r"keep_text = ['(\w+\s?)+$']", "repeats a group that itself holds a repeat"),
    (SITE + "keep_text = ['(a|b)*c']", "which can take for ever"),
    (SITE + "keep_text = ['a.*b.*c.*d.*e.*f']", "has 5 repeats of open length and 0"),
    (
        '[extraction]\nnotices_file = "no.toml"',
        ':2: "notices_file" in [extraction]: the file "no.toml" does not exist; correct the name',
    ),
    ('[extraction]\nnotices_file = "/dev"', '"/dev" is a folder, not a file; correct the name'),
    ("[extraction]\nnotices_file = 1", ':2: "notices_file" in [extraction] must be the path of'),
]


@pytest.mark.parametrize(("text", "fault"), VALUES, ids=[f"{text[-40:]!r}" for text, _ in VALUES])
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, text)
    assert found.startswith("watcher.toml:")
    assert fault in found
    assert "\n" not in found
    assert "\x1b" not in found


def test_all_faults_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
databse = "x"
[polling]
intervall = "1m"
interval = 5
[[story]]
urls = [
    "https://news.example/a",
    "https://news.example/A b",
]
urls_file = "more.txt"
webhooks = ["nobody"]
[[story]]
name = "b"
urls = ["http://news.example/a/#x"]
[[webhook]]
name = "desk"
url = "hooks.example"
secret = "literal"
[[webhook]]
name = "spare"
url = "https://hooks.example"
secret = "env:SPARE"
"""
    found = faults_of(tmp_path, text, more="https://news.example/b\nnonsense\n")
    assert [fault.split(": ")[0] for fault in found] == [
        *(f"watcher.toml:{line}" for line in (1, 3, 4, 5, 8, 11, 14, 17, 18, 22)),
        "more.txt:2",
    ]
    assert len({fault.partition(": ")[2] for fault in found}) == len(found)


def test_one_article_twice_names_both_lines(tmp_path: Path) -> None:
    text = (
        STORY
        + 'urls = [\n  "https://news.example/a",\n  "http://News.example/a/?utm_source=x",\n]\n'
    )
    assert faults_of(tmp_path, text) == [
        'watcher.toml:5: the URL "http://News.example/a/?utm_source=x" is the same article as '
        '"https://news.example/a" at watcher.toml:4; remove one of them'
    ]


def test_one_article_in_two_files_names_both(tmp_path: Path) -> None:
    text = STORY + 'urls = ["https://news.example/a"]\nurls_file = "more.txt"\n'
    found = faults_of(
        tmp_path, text, more="# x\nhttps://news.example/a#b\nhttps://news.example/c\n"
    )
    assert found == [
        'more.txt:2: the URL "https://news.example/a#b" is the same article as '
        '"https://news.example/a" at watcher.toml:3; remove one of them'
    ]


def test_a_faulty_line_of_a_url_file(tmp_path: Path) -> None:
    text = STORY + 'urls_file = "more.txt"\n'
    found = faults_of(
        tmp_path, text, more="\ufeffhttps://a.example\nhttps://b.example x\nftp://c\n"
    )
    assert [fault.split(" URL ")[0] for fault in found] == [
        "more.txt:2: the line has an unusable",
        "more.txt:3: the line has an unusable",
    ]


def test_a_url_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_bytes(b"https://a.example/\xff\n")
    (found,) = faults_of(tmp_path, STORY + 'urls_file = "more.txt"\n')
    assert found.startswith("more.txt:1: the file is not UTF-8 text")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(ConfigError, match="watcher init") as caught:
        load(path, {})
    assert str(caught.value).startswith(f"{path}: there is no configuration file here")
    assert caught.value.sources == (path,)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder, not a file"):
        load(tmp_path, {})


def test_a_path_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no valid path"):
        load(Path("a\0b"), {})


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_bytes(b'database = "x"\n# caf' + b"\xe9\n")
    with pytest.raises(ConfigError, match=r"watcher\.toml:2: the file is not UTF-8"):
        load(path, {})


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(ConfigError, match="larger than 10 MB"):
        load(Path("/dev/zero"), {})


def test_a_url_with_a_password_is_not_repeated(tmp_path: Path) -> None:
    (found,) = faults_of(tmp_path, STORY + 'urls = ["https://me:hunter2@a.example/"]\n')
    assert "hunter2" not in found
    assert "user name or password" in found


def test_the_url_of_a_webhook_is_not_repeated(tmp_path: Path) -> None:
    (found,) = faults_of(tmp_path, HOOK.replace("hooks.example/x", "hooks.example/hunter2 "))
    assert "hunter2" not in found
    assert '"url" in [[webhook]] "desk" is no usable URL' in found


def test_the_faults_of_the_file_of_notices_are_told_with_the_others(tmp_path: Path) -> None:
    text = 'zzz = 1\n[extraction]\nnotices_file = "own.txt"\n'
    own = '[en.update]\nlabels = [\n  "good",\n  "bad (",\n]\nlabel = ["x"]\n'
    first, *others = faults_of(tmp_path, text, own=own)
    assert first.startswith('watcher.toml:1: unknown key "zzz"')
    assert others == [
        'own.txt:4: the phrase "bad (" opens a "(" and never closes it; add its ")"',
        'own.txt:6: unknown key "label" in [en.update]; '
        "known: labels, sentences, lines, bracketed, drop",
    ]
    (fault,) = faults_of(tmp_path, text.removeprefix("zzz = 1\n"), own="[en\n")
    assert fault.startswith("own.txt:1: not valid TOML")

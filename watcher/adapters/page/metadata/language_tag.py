"""Languages as BCP 47 tags."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?=$|[-_@.,; ])", re.IGNORECASE
)
# Names that pages write instead of a tag, in English and as the language calls itself.
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr",
    "spanish": "es", "español": "es", "portuguese": "pt", "português": "pt", "italian": "it",
    "italiano": "it", "dutch": "nl", "nederlands": "nl", "polish": "pl", "polski": "pl",
    "russian": "ru", "русский": "ru", "ukrainian": "uk", "українська": "uk", "turkish": "tr",
    "türkçe": "tr", "arabic": "ar", "العربية": "ar", "japanese": "ja", "日本語": "ja",
    "chinese": "zh", "中文": "zh", "korean": "ko", "한국어": "ko", "indonesian": "id",
    "hindi": "hi", "vietnamese": "vi", "swedish": "sv", "svenska": "sv", "danish": "da",
    "dansk": "da", "czech": "cs", "čeština": "cs", "greek": "el", "hebrew": "he", "persian": "fa",
}  # fmt: skip
# Country codes that pages write for the language; none of them is the code of another one.
_MISTAKEN = {"jp": "ja", "cz": "cs", "dk": "da", "gr": "el", "ua": "uk", "cn": "zh", "vn": "vi"}
_SCRIPTS = frozenset(
    ("arab", "armn", "beng", "cyrl", "deva", "grek", "hans", "hant", "hebr", "latn")
)
_NONE = frozenset(("und", "mul", "zxx", "xx"))


def language_tag(text: str) -> str | None:
    """`text` as a tag of language, script and region, such as `pt-BR`; None if it is none."""
    text = text.strip()
    if name := _NAMES.get(text.partition(" ")[0].casefold()):
        return name
    match = _TAG.match(text)
    if match is None:
        return None
    language, script, region = match.groups()
    language = _MISTAKEN.get(language.lower(), language.lower())
    if language in _NONE:
        return None
    script = script.title() if script and script.lower() in _SCRIPTS else None
    return "-".join(part for part in (language, script, region and region.upper()) if part)

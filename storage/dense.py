"""Short texts, compressed: with what stands beside them, and what such texts often say."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LEVEL = 19
"""The best: so little text takes no time at any."""

_OFTEN = (
    '["claim-removed",3,20.0,"removed: “","correction-added",3,20.0,"stealth-edit","quote'
    '-changed",2,5.0,"number-changed",2,5.0," → ","attribution-changed","hedge-removed","'
    'place-changed","name-removed",2,2.5," named, no longer named",[["oheadline",0,"nhead'
    'line",0,"nnotice",0,"caption-changed",1,1.0,"caption added: “link-changed",1,1.0,"li'
    'nk added: “” to link removed: “"wording-changed",0,0.02,"wording: “” → “”",[["oparag'
    'raph",["nparagraph","detail-removed",1,"name-added",2,2.5,"[["modified-changed",0,0.'
    '1,"modified time 2026-01-10T12:00:00Z → 2026-01-1",[["omodified",0,0,20],["nmodified'
    '",0,0,20]]]][["detail-added",1,4.9,"added: “ …”",[["nparagraph",1'
).encode()
"""What findings often say. What is stored needs it to be read: it never changes."""


def pack(text: str, beside: str) -> bytes:
    """A text, compressed; `beside` is needed again to undo it, and may repeat much of it."""
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: _LEVEL}
    return zstd.compress(text.encode(), options=options, zstd_dict=_dictionary(beside))


def unpack(data: bytes, beside: str) -> str:
    """The text that `pack` compressed. Raises ValueError if it is damaged, or `beside` differs."""
    try:
        return zstd.decompress(data, zstd_dict=_dictionary(beside)).decode()
    except zstd.ZstdError as error:
        raise ValueError(f"it does not decompress: {error}") from error


def _dictionary(beside: str) -> tuple[zstd.ZstdDict, int]:
    return zstd.ZstdDict(_OFTEN + beside.encode(), is_raw=True).as_prefix

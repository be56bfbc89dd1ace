"""Step 5: what each order of a piece holds: words, pairs and triples of characters, names, numbers.

Plain counts without weights, so that pieces can be counted in separate processes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.encode.eligibility import site_evidence, stands_alone, text_evidence
from hotline_tools.repeats.encode.ragged import Mask, Rows, coded, distinct, few, located, rows_of
from hotline_tools.repeats.text.aspects import OPENING, aspects_of
from hotline_tools.repeats.text.hashing import Hashes, Joined
from hotline_tools.repeats.text.names import REGION, Name, find_names, region_codes
from hotline_tools.repeats.text.normal import normalise, prepare
from hotline_tools.repeats.text.sites import address_site, object_number, text_site, without_area
from hotline_tools.repeats.text.words import Cut, Cutter, count_words

WORD_BITS, PAIR_BITS, TRIPLE_BITS, SMALL_BITS = 22, 22, 24, 16
SKETCH = 32
"""So many smallest shingle hashes stand for a text."""
IN_NAME, IN_TITLE_NAME, IN_TITLE, IN_SITE = 1, 2, 4, 16
_UNIT_NUMBER = re.compile(r"(\d+)(期|栋|幢|号线|班|年|路|中|小|标段|工区|区|组|月|号)")
_NUMBER_OPENING = 150
_BODY_NAMES = 10


@dataclass(frozen=True)
class Texts:
    """Some orders as exported; all of one length, missing values ``None``."""

    titles: Sequence[str | None]
    contents: Sequence[str | None]
    addresses: Sequence[str | None]


@dataclass
class Counts:
    """What a piece holds; row i is order i of the piece."""

    tables: dict[str, Rows]
    title_length: NDArray[np.float32]
    named: Mask
    """Whether the order names a place or an actor more closely than its district."""
    alone: Mask
    """Whether its text is long enough to stand by itself, and names no district."""
    sited: NDArray[np.int8]
    """Whether a name says where the problem is: 2 of the address (3 with the number of one lamp or the
    like), 1 of the text, 0 none does."""
    site: Hashes
    """Equal for orders with the same such name, or the same number of an object."""
    digest: Hashes
    """Equal for orders with the same normalised title, content and address."""


@dataclass
class _Cuts:
    titles: list[Cut]
    bodies: list[Cut]
    title_names: list[list[Name]]
    names: list[list[Name]]
    sites: list[str]
    """The one name that says where the problem is, of the address or else of the text; or nothing."""
    sure: list[bool]
    """Whether it is of the address."""
    objects: list[str]
    """The number of the lamp or the like that the address names, or nothing."""


def count(texts: Texts, cutter: Cutter) -> Counts:
    """Count one piece of orders."""
    heads, bodies = prepare(texts.titles, texts.contents)
    places = [without_area(REGION.sub("|", place)) for place in normalise(texts.addresses)]
    raw = heads, bodies
    heads = [REGION.sub("|", head) for head in heads]
    bodies = [REGION.sub("|", body) for body in bodies]
    cuts = _cut(heads, bodies, places, cutter)
    whole = _with_address(heads, bodies, cuts)
    n = len(heads)
    tables = {
        "words": _words(cuts, n),
        "pairs": _pairs(heads, whole, cuts, n),
        "triples": _triples(heads, whole, n),
        "sketch": _sketch(bodies, n),
        "aspects": _aspects(heads, bodies, n),
        **_numbers(*raw, n),
    }
    return Counts(
        tables,
        np.array([len(head) for head in heads], dtype=np.float32),
        text_evidence(cuts.names) | site_evidence(cuts.sites, cuts.sure),
        stands_alone(*raw),
        _sited(cuts),
        _hashes([number or site for number, site in zip(cuts.objects, cuts.sites, strict=True)]),
        _hashes(["\n".join(parts) for parts in zip(*raw, places, strict=True)]),
    )


def _cut(heads: list[str], bodies: list[str], places: list[str], cutter: Cutter) -> _Cuts:
    titles, contents = [cutter.cut(t) for t in heads], [cutter.cut(t) for t in bodies]
    in_title = [find_names(cut) for cut in titles]
    in_body = [find_names(cut)[:_BODY_NAMES] for cut in contents]
    sites = [text_site(*both) for both in zip(in_title, in_body, strict=True)]
    for number, place in enumerate(places):
        if place:
            named = find_names(cutter.cut(place))
            sites[number] = address_site(place) or sites[number]
            # The address says where; a title without a name of its own takes it from there.
            in_title[number] = in_title[number] or named
            in_body[number] = [*in_body[number], *named]
            words = [word for name in named for word in ("|", *name.words)]
            marks = cutter.cut("".join(words)).marks if words else []
            if len(marks) == len(words):
                contents[number] = Cut([*contents[number].words, *words], [*contents[number].marks, *marks])
    names = [[*a, *b] for a, b in zip(in_title, in_body, strict=True)]
    sure = [bool(address_site(place)) for place in places]
    return _Cuts(titles, contents, in_title, names, sites, sure, [object_number(place) for place in places])


def _sited(cuts: _Cuts) -> NDArray[np.int8]:
    each = zip(cuts.sites, cuts.sure, cuts.objects, strict=True)
    return np.array([bool(site) + sure + (sure and bool(number)) for site, sure, number in each], np.int8)


def _with_address(heads: list[str], bodies: list[str], cuts: _Cuts) -> list[str]:
    """Return whole texts; names of an address stand at the end, so that each name is in its text."""
    whole = []
    for head, body, names, site in zip(heads, bodies, cuts.names, cuts.sites, strict=True):
        text = f"{head}|{body}"
        said = (*(name.text for name in names), site)
        whole.append("|".join((text, *(name for name in said if name not in text))))
    return whole


def _words(cuts: _Cuts, n: int) -> Rows:
    in_title = count_words([c.words for c in cuts.titles], [c.marks for c in cuts.titles])
    in_body = count_words([c.words for c in cuts.bodies], [c.marks for c in cuts.bodies])
    title_codes, title_counts = distinct(coded(in_title.doc, in_title.key, WORD_BITS))
    both = [coded(part.doc, part.key, WORD_BITS) for part in (in_title, in_body)]
    codes, counts = distinct(np.concatenate(both))
    title_count = np.zeros(len(codes), dtype=np.uint8)
    title_count[located(codes, title_codes)[0]] = np.minimum(title_counts, 255)
    known = np.zeros(len(codes), dtype=bool)
    known[located(codes, np.concatenate(both)[np.concatenate([in_title.known, in_body.known])])[0]] = True
    named = _name_words(cuts)
    at, there = located(codes, coded(*named, WORD_BITS))
    known[at[there]] = False
    return rows_of(
        codes, n, WORD_BITS,
        count=np.minimum(counts, 255).astype(np.uint8), title=title_count, plain=known,
    )  # fmt: skip


def _name_words(cuts: _Cuts) -> tuple[NDArray[np.int32], Hashes]:
    words = [name.inside for names in cuts.names for name in names]
    doc = np.repeat(np.arange(len(cuts.names), dtype=np.int32), [len(names) for names in cuts.names])
    flat = [word for each in words for word in each]
    length = np.fromiter(map(len, flat), dtype=np.int64, count=len(flat))
    key = Joined("".join(flat)).spans(np.cumsum(length) - length, length)
    return np.repeat(doc, [len(each) for each in words]), key


def _pairs(heads: list[str], whole: list[str], cuts: _Cuts, n: int) -> Rows:
    codes, _ = distinct(coded(*Joined.of(whole).swapped_pairs(), PAIR_BITS))
    title_codes, title_counts = distinct(coded(*Joined.of(heads).swapped_pairs(), PAIR_BITS))
    title = np.zeros(len(codes), dtype=np.uint8)
    title[located(codes, title_codes)[0]] = np.minimum(title_counts, 255)
    marks = np.zeros(len(codes), dtype=np.uint8)
    marked = (
        (IN_NAME, ["|".join(name.text for name in each) for each in cuts.names]),
        (IN_TITLE_NAME, ["|".join(name.text for name in each) for each in cuts.title_names]),
        (IN_SITE, cuts.sites),
    )
    for mark, texts in marked:
        at, there = located(codes, distinct(coded(*Joined.of(texts).swapped_pairs(), PAIR_BITS))[0])
        marks[at[there]] |= mark
    return rows_of(codes, n, PAIR_BITS, title=title, marks=marks)


def _triples(heads: list[str], whole: list[str], n: int) -> Rows:
    codes, _ = distinct(coded(*Joined.of(whole).grams(3), TRIPLE_BITS))
    marks = np.zeros(len(codes), dtype=np.uint8)
    marks[located(codes, coded(*Joined.of(heads).grams(3), TRIPLE_BITS))[0]] = IN_TITLE
    return rows_of(codes, n, TRIPLE_BITS, marks=marks)


def _sketch(bodies: list[str], n: int) -> Rows:
    """Return the smallest shingle hashes: the share in common estimates the Jaccard resemblance."""
    codes, _ = distinct(coded(*Joined.of(bodies).grams(6), 40))
    doc = codes >> np.uint64(40)
    start = np.searchsorted(doc, np.arange(n, dtype=np.uint64))
    chosen = np.arange(len(codes)) - start[doc.astype(np.int64)] < SKETCH
    return rows_of(distinct(coded(doc[chosen], codes[chosen], WORD_BITS))[0], n, WORD_BITS)


def _aspects(heads: list[str], bodies: list[str], n: int) -> Rows:
    opening = [f"{head}|{body[:OPENING]}" for head, body in zip(heads, bodies, strict=True)]
    codes, _ = distinct(coded(*aspects_of(opening), SMALL_BITS))
    marks = np.zeros(len(codes), dtype=np.uint8)
    at, there = located(codes, coded(*aspects_of(heads), SMALL_BITS))
    marks[at[there]] = IN_TITLE
    return rows_of(codes, n, SMALL_BITS, marks=marks)


def _numbers(heads: list[str], bodies: list[str], n: int) -> dict[str, Rows]:
    """Return numbered units (二期, 13栋, 2号线) of title and opening, and anonymised districts."""
    opening = [f"{head}|{body[:_NUMBER_OPENING]}" for head, body in zip(heads, bodies, strict=True)]
    tables = {}
    for name, texts in (("title_numbers", heads), ("numbers", opening)):
        found = [
            (i, unit, value) for i, text in enumerate(texts) for value, unit in _UNIT_NUMBER.findall(text)
        ]
        tables[f"{name}_unit"] = few([(i, _small_hash(unit, "")) for i, unit, _ in found], n, SMALL_BITS)
        tables[f"{name}_value"] = few(
            [(i, _small_hash(unit, value)) for i, unit, value in found], n, SMALL_BITS
        )
    regions = [(i, _small_hash("r", code)) for i, head in enumerate(heads) for code in region_codes(head)]
    return tables | {"regions": few(regions, n, SMALL_BITS)}


def _small_hash(unit: str, value: str) -> int:
    code = 0
    for char in f"{unit}:{value}":
        code = (code * 131 + ord(char)) % 1000003
    return code


def _hashes(texts: list[str]) -> Hashes:
    length = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return Joined("".join(texts)).spans(np.cumsum(length) - length, length)

"""Term extraction: the words, character bigrams and trigrams, names and numbers of each order.

Counts without weights, so that chunks can be processed in separate processes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.places import ANONYMISED, anonymised_codes
from hotline_tools.repeats.encode.eligibility import address_names_site, is_self_contained, names_place
from hotline_tools.repeats.encode.ragged import (
    Mask,
    RaggedRows,
    coded,
    distinct,
    located,
    rows_from_pairs,
    rows_of,
)
from hotline_tools.repeats.text.aspects import OPENING, aspects_of
from hotline_tools.repeats.text.hashing import Hashes, JoinedTexts
from hotline_tools.repeats.text.names import Name, find_names
from hotline_tools.repeats.text.normalisation import normalise, prepare
from hotline_tools.repeats.text.sites import (
    address_site,
    object_number,
    spot,
    text_site,
    without_area,
)
from hotline_tools.repeats.text.tokens import TokenizedText, Tokenizer, count_words

WORD_BITS, PAIR_BITS, TRIPLE_BITS, SMALL_BITS = 22, 22, 24, 16
SKETCH = 32
"""Size of the bottom-k MinHash sketch of a text."""
IN_NAME, IN_TITLE_NAME, IN_TITLE, IN_SITE = 1, 2, 4, 16
_UNIT_NUMBER = re.compile(r"(\d+)(期|栋|幢|号线|班|年|路|中|小|标段|工区|区|组|月|号)")
_NUMBER_OPENING = 150
_BODY_NAMES = 10


@dataclass(frozen=True)
class OrderTexts:
    """Some orders as exported; all of one length, missing values ``None``."""

    titles: Sequence[str | None]
    contents: Sequence[str | None]
    addresses: Sequence[str | None]
    type_alone: Sequence[bool]
    """Whether the title is but the type: then each house and crossing has an issue of its own."""


@dataclass
class Terms:
    """The terms of a chunk; row i is order i of the chunk."""

    tables: dict[str, RaggedRows]
    title_length: NDArray[np.float32]
    named: Mask
    """Whether the order names a place or an actor more closely than its district."""
    self_contained: Mask
    """Whether its text is long enough to need no place, and names no district."""
    site_source: NDArray[np.int8]
    """Where the site is from: 3 the address, with the number of one object (a lamp), 2 the address, 1 the
    text, 0 there is none."""
    site: Hashes
    """Equal for orders with the same such name, or the same number of an object."""
    digest: Hashes
    """Equal for orders with the same normalised title, content and address."""


@dataclass
class _Tokenized:
    titles: list[TokenizedText]
    bodies: list[TokenizedText]
    title_names: list[list[Name]]
    names: list[list[Name]]
    sites: list[str]
    """The site of each order: of the address, else of the text; or empty."""
    from_address: list[bool]
    """Whether it is of the address."""
    objects: list[str]
    """The number of the lamp or the like that the address names (a type alone: its house), or nothing."""


def extract_terms(texts: OrderTexts, tokenizer: Tokenizer) -> Terms:
    """Extract the terms of one chunk of orders."""
    heads, bodies = prepare(texts.titles, texts.contents)
    places = [without_area(ANONYMISED.sub("|", place)) for place in normalise(texts.addresses)]
    raw = heads, bodies
    heads = [ANONYMISED.sub("|", head) for head in heads]
    bodies = [ANONYMISED.sub("|", body) for body in bodies]
    tokenized = _tokenized(heads, bodies, places, tokenizer)
    for number in np.flatnonzero(texts.type_alone):
        tokenized.objects[number] = spot(places[number]) or tokenized.objects[number]
    whole = _with_address(heads, bodies, tokenized)
    n = len(heads)
    tables = {
        "words": _words(tokenized, n),
        "pairs": _pairs(heads, whole, tokenized, n),
        "triples": _triples(heads, whole, n),
        "sketch": _sketch(bodies, n),
        "aspects": _aspects(heads, bodies, n),
        **_numbers(*raw, n),
    }
    return Terms(
        tables,
        np.array([len(head) for head in heads], dtype=np.float32),
        names_place(tokenized.names) | address_names_site(tokenized.sites, tokenized.from_address),
        is_self_contained(*raw),
        _site_sources(tokenized),
        _hashes([number or site for number, site in zip(tokenized.objects, tokenized.sites, strict=True)]),
        _hashes(["\n".join(parts) for parts in zip(*raw, places, strict=True)]),
    )


def _tokenized(heads: list[str], bodies: list[str], places: list[str], tokenizer: Tokenizer) -> _Tokenized:
    titles, contents = [tokenizer.tokenize(t) for t in heads], [tokenizer.tokenize(t) for t in bodies]
    in_title = [find_names(cut) for cut in titles]
    in_body = [find_names(cut)[:_BODY_NAMES] for cut in contents]
    sites = [text_site(*both) for both in zip(in_title, in_body, strict=True)]
    for number, place in enumerate(places):
        if place:
            named = find_names(tokenizer.tokenize(place))
            sites[number] = address_site(place) or sites[number]
            # The address says where; a title without a name of its own takes it from there.
            in_title[number] = in_title[number] or named
            in_body[number] = [*in_body[number], *named]
            words = [word for name in named for word in ("|", *name.words)]
            marks = tokenizer.tokenize("".join(words)).marks if words else []
            if len(marks) == len(words):
                contents[number] = TokenizedText(
                    [*contents[number].words, *words], [*contents[number].marks, *marks]
                )
    names = [[*a, *b] for a, b in zip(in_title, in_body, strict=True)]
    from_address = [bool(address_site(place)) for place in places]
    return _Tokenized(
        titles, contents, in_title, names, sites, from_address, [object_number(place) for place in places]
    )


def _site_sources(tokenized: _Tokenized) -> NDArray[np.int8]:
    each = zip(tokenized.sites, tokenized.from_address, tokenized.objects, strict=True)
    return np.array(
        [bool(site) + from_address + (from_address and bool(number)) for site, from_address, number in each],
        np.int8,
    )


def _with_address(heads: list[str], bodies: list[str], tokenized: _Tokenized) -> list[str]:
    """Return whole texts; names of an address stand at the end, so that each name is in its text."""
    whole = []
    for head, body, names, site in zip(heads, bodies, tokenized.names, tokenized.sites, strict=True):
        text = f"{head}|{body}"
        said = (*(name.text for name in names), site)
        whole.append("|".join((text, *(name for name in said if name not in text))))
    return whole


def _words(tokenized: _Tokenized, n: int) -> RaggedRows:
    in_title = count_words([c.words for c in tokenized.titles], [c.marks for c in tokenized.titles])
    in_body = count_words([c.words for c in tokenized.bodies], [c.marks for c in tokenized.bodies])
    title_codes, title_counts = distinct(coded(in_title.doc, in_title.key, WORD_BITS))
    both = [coded(part.doc, part.key, WORD_BITS) for part in (in_title, in_body)]
    codes, counts = distinct(np.concatenate(both))
    title_count = np.zeros(len(codes), dtype=np.uint8)
    title_count[located(codes, title_codes)[0]] = np.minimum(title_counts, 255)
    known = np.zeros(len(codes), dtype=bool)
    known[located(codes, np.concatenate(both)[np.concatenate([in_title.known, in_body.known])])[0]] = True
    named = _name_words(tokenized)
    at, there = located(codes, coded(*named, WORD_BITS))
    known[at[there]] = False
    return rows_of(
        codes, n, WORD_BITS,
        count=np.minimum(counts, 255).astype(np.uint8), title=title_count, plain=known,
    )  # fmt: skip


def _name_words(tokenized: _Tokenized) -> tuple[NDArray[np.int32], Hashes]:
    words = [name.inside for names in tokenized.names for name in names]
    doc = np.repeat(
        np.arange(len(tokenized.names), dtype=np.int32), [len(names) for names in tokenized.names]
    )
    flat = [word for each in words for word in each]
    length = np.fromiter(map(len, flat), dtype=np.int64, count=len(flat))
    key = JoinedTexts("".join(flat)).span_hashes(np.cumsum(length) - length, length)
    return np.repeat(doc, [len(each) for each in words]), key


def _pairs(heads: list[str], whole: list[str], tokenized: _Tokenized, n: int) -> RaggedRows:
    codes, _ = distinct(coded(*JoinedTexts.of(whole).unordered_bigrams(), PAIR_BITS))
    title_codes, title_counts = distinct(coded(*JoinedTexts.of(heads).unordered_bigrams(), PAIR_BITS))
    title = np.zeros(len(codes), dtype=np.uint8)
    title[located(codes, title_codes)[0]] = np.minimum(title_counts, 255)
    marks = np.zeros(len(codes), dtype=np.uint8)
    marked = (
        (IN_NAME, ["|".join(name.text for name in each) for each in tokenized.names]),
        (IN_TITLE_NAME, ["|".join(name.text for name in each) for each in tokenized.title_names]),
        (IN_SITE, tokenized.sites),
    )
    for mark, texts in marked:
        at, there = located(codes, distinct(coded(*JoinedTexts.of(texts).unordered_bigrams(), PAIR_BITS))[0])
        marks[at[there]] |= mark
    return rows_of(codes, n, PAIR_BITS, title=title, marks=marks)


def _triples(heads: list[str], whole: list[str], n: int) -> RaggedRows:
    codes, _ = distinct(coded(*JoinedTexts.of(whole).ngrams(3), TRIPLE_BITS))
    marks = np.zeros(len(codes), dtype=np.uint8)
    marks[located(codes, coded(*JoinedTexts.of(heads).ngrams(3), TRIPLE_BITS))[0]] = IN_TITLE
    return rows_of(codes, n, TRIPLE_BITS, marks=marks)


def _sketch(bodies: list[str], n: int) -> RaggedRows:
    """Return bottom-k MinHash sketches: the ``SKETCH`` smallest hashes of each body's 6-grams.

    The share two sketches have in common estimates the Jaccard resemblance (Broder 1997).
    """
    codes, _ = distinct(coded(*JoinedTexts.of(bodies).ngrams(6), 40))
    doc = codes >> np.uint64(40)
    start = np.searchsorted(doc, np.arange(n, dtype=np.uint64))
    chosen = np.arange(len(codes)) - start[doc.astype(np.int64)] < SKETCH
    return rows_of(distinct(coded(doc[chosen], codes[chosen], WORD_BITS))[0], n, WORD_BITS)


def _aspects(heads: list[str], bodies: list[str], n: int) -> RaggedRows:
    opening = [f"{head}|{body[:OPENING]}" for head, body in zip(heads, bodies, strict=True)]
    codes, _ = distinct(coded(*aspects_of(opening), SMALL_BITS))
    marks = np.zeros(len(codes), dtype=np.uint8)
    at, there = located(codes, coded(*aspects_of(heads), SMALL_BITS))
    marks[at[there]] = IN_TITLE
    return rows_of(codes, n, SMALL_BITS, marks=marks)


def _numbers(heads: list[str], bodies: list[str], n: int) -> dict[str, RaggedRows]:
    """Return numbered units (二期, 13栋, 2号线) of title and opening, and anonymised districts."""
    opening = [f"{head}|{body[:_NUMBER_OPENING]}" for head, body in zip(heads, bodies, strict=True)]
    tables = {}
    for name, texts in (("title_numbers", heads), ("numbers", opening)):
        found = [
            (i, unit, value) for i, text in enumerate(texts) for value, unit in _UNIT_NUMBER.findall(text)
        ]
        tables[f"{name}_unit"] = rows_from_pairs(
            [(i, _small_hash(unit, "")) for i, unit, _ in found], n, SMALL_BITS
        )
        tables[f"{name}_value"] = rows_from_pairs(
            [(i, _small_hash(unit, value)) for i, unit, value in found], n, SMALL_BITS
        )
    regions = [(i, _small_hash("r", code)) for i, head in enumerate(heads) for code in anonymised_codes(head)]
    return tables | {"regions": rows_from_pairs(regions, n, SMALL_BITS)}


def _small_hash(unit: str, value: str) -> int:
    code = 0
    for char in f"{unit}:{value}":
        code = (code * 131 + ord(char)) % 1000003
    return code


def _hashes(texts: list[str]) -> Hashes:
    length = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return JoinedTexts("".join(texts)).span_hashes(np.cumsum(length) - length, length)

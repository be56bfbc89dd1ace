"""All orders of a run as sparse rows of weighted terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.encode.chunks import CHUNK, AllTerms
from hotline_tools.repeats.encode.idf import LOG_COUNT, document_frequency, heaviest, idf_weights, norms
from hotline_tools.repeats.encode.order_metadata import OrderMetadata
from hotline_tools.repeats.encode.ragged import Floats, Longs, Mask, RaggedRows
from hotline_tools.repeats.encode.spilled_tables import SpilledTables
from hotline_tools.repeats.encode.terms import (
    IN_NAME,
    IN_SITE,
    IN_TITLE,
    IN_TITLE_NAME,
    PAIR_BITS,
    SMALL_BITS,
    TRIPLE_BITS,
    WORD_BITS,
)
from hotline_tools.repeats.text.hashing import Hashes

IN_TEXT, IN_CONTENT, HAS_TITLE = 1, 2, 4
"""Marks of words: among the heaviest of the text, among the plain words outside names, in the title."""
RARE = 8
"""Mark of pairs and triples: among the rarest of the text."""
TEXT_WORDS, CONTENT_WORDS, RARE_PAIRS, RARE_TRIPLES = 60, 40, 60, 80
_SMALL = ("sketch", "title_numbers_unit", "title_numbers_value", "numbers_unit", "numbers_value", "regions")
_LARGE = ("words", "pairs", "triples", "aspects")
BITS = {"words": WORD_BITS, "pairs": PAIR_BITS, "triples": TRIPLE_BITS}
"""Ids of these tables have so many bits."""
Weights = dict[str, Floats]


@dataclass
class Batch:
    """n orders. ``tables``: ragged rows of ids with marks, in files; ``idf`` and ``df``: (ids,) by table;
    ``per_order``: (n,) norms and other values of each order."""

    n: int
    tables: dict[str, RaggedRows]
    idf: dict[str, Floats]
    df: dict[str, NDArray[np.int32]]
    per_order: dict[str, Floats]
    metadata: OrderMetadata
    """Caller, time, area and category of each order."""


def make_batch(
    terms: AllTerms, metadata: OrderMetadata, orders: Longs, folder: Path | None = None, chunk: int = CHUNK
) -> Batch:
    """Weight the terms of ``orders`` (ascending row numbers); ``metadata`` is that of these orders."""
    parts = [orders[start : start + chunk] for start in range(0, len(orders), chunk)]
    df = _frequencies(terms, parts)
    weight = {name: idf_weights(counts, len(orders)) for name, counts in df.items()}
    per_order: list[Weights] = []
    with SpilledTables(folder) as spilled:
        for part in parts:
            tables, values = _weigh({name: terms.rows(name, part) for name in (*_LARGE, *_SMALL)}, weight, df)
            spilled.append(tables)
            per_order.append(values)
        values = {name: np.concatenate([each[name] for each in per_order]) for name in per_order[0]}
        values |= {
            "title_length": terms.title_length[orders],
            "site_source": terms.site_source[orders].astype(np.float32),
            "site_communities": site_communities(terms.site[orders], metadata.community),
            "site": numbered(terms.site[orders]).astype(np.float32),
        }
        return Batch(len(orders), spilled.whole(), weight, df, values, metadata)


def _frequencies(terms: AllTerms, parts: list[Longs]) -> dict[str, NDArray[np.int32]]:
    """Return in how many orders each id occurs, by table; ``title_aspects``: in how many titles."""

    def ids(table: str) -> Iterator[NDArray[np.int32]]:
        return (terms.rows(table, part).ids for part in parts)

    titles = (terms.rows("aspects", part) for part in parts)
    return {name: document_frequency(ids(name), bits) for name, bits in BITS.items()} | {
        "aspects": document_frequency(ids("aspects"), SMALL_BITS),
        "title_aspects": document_frequency(
            (rows.ids[rows.columns["marks"] > 0] for rows in titles), SMALL_BITS
        ),
    }


def numbered(site: Hashes) -> Longs:
    """Return small numbers, equal for equal sites."""
    return np.unique(site, return_inverse=True)[1]


def site_communities(site: Hashes, community: Longs) -> Floats:
    """Return in how many known communities each order's site name occurs."""
    name = numbered(site)
    known = community >= 0
    each = np.unique(name[known] * (int(community.max(initial=0)) + 1) + community[known])
    held = np.bincount(each // (int(community.max(initial=0)) + 1), minlength=int(name.max(initial=0)) + 1)
    return held[name].astype(np.float32)


def _weigh(
    found: dict[str, RaggedRows], weight: Weights, df: dict[str, NDArray[np.int32]]
) -> tuple[dict[str, RaggedRows], Weights]:
    tables = {name: found[name] for name in _SMALL}
    tables["words"], per_order = _words(found["words"], weight["words"], df["words"])
    tables["pairs"], more = _pairs(found["pairs"], weight["pairs"], df["pairs"])
    per_order |= more
    triples = found["triples"]
    rare = heaviest(triples, weight["triples"][triples.ids], RARE_TRIPLES)
    triples.columns["marks"] |= np.where(rare, RARE, 0).astype(np.uint8)
    tables["triples"] = triples.only((triples.columns["marks"] > 0) & (df["triples"][triples.ids] > 1))
    aspects = tables["aspects"] = found["aspects"]
    in_title = aspects.columns["marks"] > 0
    per_order["aspect_norm"] = norms(aspects, weight["aspects"][aspects.ids])
    per_order["title_aspect_norm"] = norms(aspects, weight["title_aspects"][aspects.ids] * in_title)
    per_order["title_aspects"] = aspects.sums(in_title)
    per_order["regions"] = tables["regions"].sizes.astype(np.float32)
    return tables, per_order


def _words(rows: RaggedRows, weight: Floats, df: NDArray[np.int32]) -> tuple[RaggedRows, Weights]:
    w = weight[rows.ids]
    count, title, plain = rows.columns["count"], rows.columns["title"], rows.columns["plain"]
    in_title: Mask = title > 0
    by_count, by_title = LOG_COUNT[count] * w, LOG_COUNT[title] * w
    text = heaviest(rows, by_count, TEXT_WORDS)
    content = heaviest(rows, by_count, CONTENT_WORDS, plain)
    title_content = plain & in_title
    marks = IN_TEXT * text + IN_CONTENT * content + HAS_TITLE * title_content
    per_order = {
        "text_norm": norms(rows, by_count * text),
        "title_norm": norms(rows, by_title * in_title),
        "content_norm": norms(rows, by_count * content),
        "content_title_norm": norms(rows, by_title * title_content),
        "title_weight": rows.sums(w * in_title),
    }
    packed = RaggedRows(
        rows.indptr, rows.ids, {"count": count, "title": title, "marks": marks.astype(np.uint8)}
    )
    return packed.only(df[rows.ids] > 1), per_order


def _pairs(rows: RaggedRows, weight: Floats, df: NDArray[np.int32]) -> tuple[RaggedRows, Weights]:
    w = weight[rows.ids]
    title, marks = rows.columns["title"], rows.columns["marks"]
    rare = heaviest(rows, w, RARE_PAIRS)
    steep = w**1.5
    in_title, named = title > 0, (marks & IN_NAME) > 0
    title_named = (marks & IN_TITLE_NAME) > 0
    per_order = {
        "rare_norm": norms(rows, w * w * rare),
        "title_pair_norm": norms(rows, LOG_COUNT[title] * w * in_title),
        "title_pair_weight": rows.sums(steep * in_title),
        "place_norm": norms(rows, steep * named),
        "title_place_norm": norms(rows, steep * title_named),
        "title_place_weight": rows.sums(steep * title_named),
        "site_weight": rows.sums(steep * ((marks & IN_SITE) > 0)),
    }
    rows.columns["marks"] = (marks | np.where(rare, RARE, 0) | np.where(in_title, IN_TITLE, 0)).astype(
        np.uint8
    )
    return rows.only(df[rows.ids] > 1), per_order

"""Step 6: all orders of a run as weighted rows, compact enough for a million of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.encode.chunks import PIECE, Counted
from hotline_tools.repeats.encode.count import (
    IN_NAME,
    IN_SITE,
    IN_TITLE,
    IN_TITLE_NAME,
    PAIR_BITS,
    SMALL_BITS,
    TRIPLE_BITS,
    WORD_BITS,
)
from hotline_tools.repeats.encode.order_metadata import Around
from hotline_tools.repeats.encode.ragged import Floats, Longs, Mask, Rows
from hotline_tools.repeats.encode.spill import Shelves
from hotline_tools.repeats.encode.weights import LOG_COUNT, frequency, heaviest, idf, norms
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
    """``tables``: rows of ids with marks, in files; ``idf`` by table; ``of``: one value an order (norms)."""

    n: int
    tables: dict[str, Rows]
    idf: dict[str, Floats]
    df: dict[str, NDArray[np.int32]]
    of: dict[str, Floats]
    around: Around
    """Who wrote each order, when and where."""


def make_batch(
    counted: Counted, around: Around, orders: Longs, folder: Path | None = None, piece: int = PIECE
) -> Batch:
    """Weigh some orders, which ascend; ``around`` tells of these."""
    parts = [orders[start : start + piece] for start in range(0, len(orders), piece)]
    df = _frequencies(counted, parts)
    weight = {name: idf(counts, len(orders)) for name, counts in df.items()}
    of: list[Weights] = []
    with Shelves(folder) as shelves:
        for part in parts:
            tables, values = _weigh(
                {name: counted.rows(name, part) for name in (*_LARGE, *_SMALL)}, weight, df
            )
            shelves.put(tables)
            of.append(values)
        values = {name: np.concatenate([each[name] for each in of]) for name in of[0]}
        values |= {
            "title_length": counted.title_length[orders],
            "sited": counted.sited[orders].astype(np.float32),
            "spread": spread(counted.site[orders], around.community),
            "site": numbered(counted.site[orders]).astype(np.float32),
        }
        return Batch(len(orders), shelves.whole(), weight, df, values, around)


def _frequencies(counted: Counted, parts: list[Longs]) -> dict[str, NDArray[np.int32]]:
    """Return in how many orders each id occurs, by table; ``title_aspects``: in how many titles."""

    def ids(table: str) -> Iterator[NDArray[np.int32]]:
        return (counted.rows(table, part).ids for part in parts)

    titles = (counted.rows("aspects", part) for part in parts)
    return {name: frequency(ids(name), bits) for name, bits in BITS.items()} | {
        "aspects": frequency(ids("aspects"), SMALL_BITS),
        "title_aspects": frequency((rows.ids[rows.columns["marks"] > 0] for rows in titles), SMALL_BITS),
    }


def numbered(site: Hashes) -> Longs:
    """Return small numbers, equal for equal sites."""
    return np.unique(site, return_inverse=True)[1]


def spread(site: Hashes, community: Longs) -> Floats:
    """Return in how many known communities each order's site name occurs."""
    name = numbered(site)
    known = community >= 0
    each = np.unique(name[known] * (int(community.max(initial=0)) + 1) + community[known])
    held = np.bincount(each // (int(community.max(initial=0)) + 1), minlength=int(name.max(initial=0)) + 1)
    return held[name].astype(np.float32)


def _weigh(
    found: dict[str, Rows], weight: Weights, df: dict[str, NDArray[np.int32]]
) -> tuple[dict[str, Rows], Weights]:
    tables = {name: found[name] for name in _SMALL}
    tables["words"], of = _words(found["words"], weight["words"], df["words"])
    tables["pairs"], more = _pairs(found["pairs"], weight["pairs"], df["pairs"])
    of |= more
    triples = found["triples"]
    rare = heaviest(triples, weight["triples"][triples.ids], RARE_TRIPLES)
    triples.columns["marks"] |= np.where(rare, RARE, 0).astype(np.uint8)
    tables["triples"] = triples.only((triples.columns["marks"] > 0) & (df["triples"][triples.ids] > 1))
    aspects = tables["aspects"] = found["aspects"]
    in_title = aspects.columns["marks"] > 0
    of["aspect_norm"] = norms(aspects, weight["aspects"][aspects.ids])
    of["title_aspect_norm"] = norms(aspects, weight["title_aspects"][aspects.ids] * in_title)
    of["title_aspects"] = aspects.sums(in_title)
    of["regions"] = tables["regions"].sizes.astype(np.float32)
    return tables, of


def _words(rows: Rows, weight: Floats, df: NDArray[np.int32]) -> tuple[Rows, Weights]:
    w = weight[rows.ids]
    count, title, plain = rows.columns["count"], rows.columns["title"], rows.columns["plain"]
    in_title: Mask = title > 0
    by_count, by_title = LOG_COUNT[count] * w, LOG_COUNT[title] * w
    text = heaviest(rows, by_count, TEXT_WORDS)
    content = heaviest(rows, by_count, CONTENT_WORDS, plain)
    title_content = plain & in_title
    marks = IN_TEXT * text + IN_CONTENT * content + HAS_TITLE * title_content
    of = {
        "text_norm": norms(rows, by_count * text),
        "title_norm": norms(rows, by_title * in_title),
        "content_norm": norms(rows, by_count * content),
        "content_title_norm": norms(rows, by_title * title_content),
        "title_weight": rows.sums(w * in_title),
    }
    packed = Rows(rows.indptr, rows.ids, {"count": count, "title": title, "marks": marks.astype(np.uint8)})
    return packed.only(df[rows.ids] > 1), of


def _pairs(rows: Rows, weight: Floats, df: NDArray[np.int32]) -> tuple[Rows, Weights]:
    w = weight[rows.ids]
    title, marks = rows.columns["title"], rows.columns["marks"]
    rare = heaviest(rows, w, RARE_PAIRS)
    steep = w**1.5
    in_title, named = title > 0, (marks & IN_NAME) > 0
    title_named = (marks & IN_TITLE_NAME) > 0
    of = {
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
    return rows.only(df[rows.ids] > 1), of

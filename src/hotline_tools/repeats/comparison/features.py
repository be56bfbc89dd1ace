"""Features of pairs of orders, for many pairs at once.

Cosines and covers lie in 0-1; ``tri_sum``, ``miss_both`` and ``miss_words`` are log(1 + weight);
``log_df_*`` is 1 / log2(1 + df) of the rarest shared triple of characters; ``log_days`` is
log(1 + days between). Agreement of the classifier's categories is weighted by both confidences (0-1).
"""

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.comparison.place_rules import AREAS_KNOWN, RULES, place_rules
from hotline_tools.repeats.comparison.shared_ids import SharedIds, shared_ids
from hotline_tools.repeats.encode.batch import HAS_TITLE, IN_CONTENT, IN_TEXT, RARE, Batch
from hotline_tools.repeats.encode.idf import LOG_COUNT
from hotline_tools.repeats.encode.ragged import Floats, Longs, Mask
from hotline_tools.repeats.encode.terms import IN_NAME, IN_SITE, IN_TITLE, IN_TITLE_NAME

FEATURES = (
    "title_cos", "text_cos", "title_bi_cos", "rare_bi_cos", "content_cos", "content_title_cos",
    "title_cover_min", "title_cover_max", "title_bi_cover_min", "title_bi_cover_max",
    "tri_sum", "tri_max", "title_tri_sum", "title_tri_max",
    "place_title_cos", "place_all_cos", "place_cover_min", "place_cover_max", "place_both",
    "place_conflict", "aspect_title_cos", "aspect_cos", "aspect_conflict", "log_df_title", "log_df_any",
    "miss_both", "slot", "miss_words", "sketch", "number_shared", "number_conflict",
    "number_text_conflict", "region_conflict", "same_user", "log_days", "title_len_min",
    "category_same", "subcategory_same", "category_differs",
)  # fmt: skip
NEUTRAL_DAYS = 60.0
"""The gap between orders of which one has no time."""
_SCREEN = (19.7, 15.4, 21.8)
_SCREEN_LEAST = 1.46
"""Keeps 99.8 % of the pairs that the model would give 0.1 or more, and drops two thirds."""
Parts = dict[str, Floats]


def compare(batch: Batch, i: Longs, j: Longs, *, screened: bool) -> tuple[Mask, NDArray[np.float32]]:
    """Return which pairs passed the screen, and the columns of those (as in ``model.AT``)."""
    pairs = _pairs(batch, i, j)
    kept = np.ones(len(i), dtype=bool)
    if screened:
        names = ("title_bi_cos", "rare_bi_cos", "place_all_cos")
        score = sum((w * pairs[name] for w, name in zip(_SCREEN, names, strict=True)), np.zeros(len(i)))
        kept = score >= _SCREEN_LEAST
        i, j = i[kept], j[kept]
        pairs = {name: value[kept] for name, value in pairs.items()}
    found = pairs | _words(batch, i, j) | _triples(batch, i, j) | _small(batch, i, j)
    found |= _aspects(batch, i, j) | _categories(batch, i, j)
    found |= place_rules(batch, i, j, found)
    found["slot"] = found["miss_both"] * found["title_bi_cos"]
    return kept, np.column_stack([found[name] for name in (*FEATURES, *RULES, AREAS_KNOWN)]).astype(
        np.float32
    )


def _over(batch: Batch, norm: str, i: Longs, j: Longs) -> Floats:
    product: Floats = batch.per_order[norm][i] * batch.per_order[norm][j]
    return product


def _covers(s: SharedIds, weight: Floats, of_i: Mask, of_j: Mask) -> tuple[Floats, Floats]:
    """Return the weight of i's marked ids found in j, and of j's found in i."""
    return s.total(weight * of_i), s.total(weight * of_j)


def _shares(found: tuple[Floats, Floats], whole: Floats, i: Longs, j: Longs) -> tuple[Floats, Floats]:
    """Return the smaller and the larger share of each side's whole that the other holds."""
    a, b = found[0] / np.maximum(whole[i], 1e-6), found[1] / np.maximum(whole[j], 1e-6)
    return np.minimum(a, b).astype(np.float32), np.maximum(a, b).astype(np.float32)


def _missed(found: tuple[Floats, Floats], whole: Floats, i: Longs, j: Longs) -> Floats:
    """Return the weight each title holds and the other order lacks, the smaller of both sides (log).

    A template with one word exchanged (公寓 / 二手房) has it on both sides, an excerpt only on one.
    """
    left: Floats = np.log1p(np.maximum(0, np.minimum(whole[i] - found[0], whole[j] - found[1])))
    return left


def _pairs(batch: Batch, i: Longs, j: Longs) -> Parts:
    rows = batch.tables["pairs"]
    s = shared_ids(rows, i, j)
    w = batch.idf["pairs"][rows.ids[s.at_i]]
    mark_i, mark_j = rows.columns["marks"][s.at_i], rows.columns["marks"][s.at_j]
    both, steep = mark_i & mark_j, w**1.5
    title = rows.columns["title"]
    tf = LOG_COUNT[title[s.at_i]] * LOG_COUNT[title[s.at_j]] * w * w * ((both & IN_TITLE) > 0)
    whole = batch.per_order["title_pair_weight"]
    titles = _covers(s, steep, (mark_i & IN_TITLE) > 0, (mark_j & IN_TITLE) > 0)
    cover_min, cover_max = _shares(titles, whole, i, j)
    named = batch.per_order["title_place_weight"]
    in_i, in_j = (mark_i & IN_TITLE_NAME) > 0, (mark_j & IN_TITLE_NAME) > 0
    narrowest, widest = _shares(_covers(s, steep, in_i, in_j), named, i, j)
    both_named = ((named[i] > 0) & (named[j] > 0)).astype(np.float32)
    return {
        "title_bi_cos": s.total(tf) / _over(batch, "title_pair_norm", i, j),
        "rare_bi_cos": s.total(w**4 * ((both & RARE) > 0)) / _over(batch, "rare_norm", i, j),
        "place_all_cos": s.total(w**3 * ((both & IN_NAME) > 0)) / _over(batch, "place_norm", i, j),
        "place_title_cos": s.total(w**3 * (in_i & in_j)) / _over(batch, "title_place_norm", i, j),
        "title_bi_cover_min": cover_min,
        "title_bi_cover_max": cover_max,
        "place_cover_min": narrowest,
        "place_cover_max": widest,
        "place_both": both_named,
        "place_conflict": both_named * (1 - np.minimum(1, widest)),
        **_site_covers(batch, _covers(s, steep, (mark_i & IN_SITE) > 0, (mark_j & IN_SITE) > 0), i, j),
        "miss_both": _missed(titles, whole, i, j),
    }


def _site_covers(batch: Batch, found: tuple[Floats, Floats], i: Longs, j: Longs) -> Parts:
    """Return the share of the more reliable site's name that the other order holds.

    Of equally reliable ones, and in one street, the larger of both: an order without an address may name
    the road where others name the estate. ``same_site`` is the smaller: high only when the names are one.
    """
    whole, source, street = (
        batch.per_order["site_weight"],
        batch.per_order["site_source"],
        batch.metadata.street,
    )
    a, b = found[0] / np.maximum(whole[i], 1e-6), found[1] / np.maximum(whole[j], 1e-6)
    reliable = np.where(source[i] > source[j], a, np.where(source[j] > source[i], b, np.maximum(a, b)))
    near = (street[i] == street[j]) & (street[i] >= 0)
    return {"site_cover": np.where(near, np.maximum(a, b), reliable), "same_site": np.minimum(a, b)}


def _words(batch: Batch, i: Longs, j: Longs) -> Parts:
    rows = batch.tables["words"]
    s = shared_ids(rows, i, j)
    w = batch.idf["words"][rows.ids[s.at_i]]
    both = rows.columns["marks"][s.at_i] & rows.columns["marks"][s.at_j]
    counts, titles = rows.columns["count"], rows.columns["title"]
    title_i, title_j = titles[s.at_i], titles[s.at_j]
    count = LOG_COUNT[counts[s.at_i]] * LOG_COUNT[counts[s.at_j]] * w * w
    title = LOG_COUNT[title_i] * LOG_COUNT[title_j] * w * w
    in_title = (title_i > 0) & (title_j > 0)
    whole = batch.per_order["title_weight"]
    titles_found = _covers(s, w, title_i > 0, title_j > 0)
    cover_min, cover_max = _shares(titles_found, whole, i, j)
    return {
        "title_cos": s.total(title * in_title) / _over(batch, "title_norm", i, j),
        "text_cos": s.total(count * ((both & IN_TEXT) > 0)) / _over(batch, "text_norm", i, j),
        "content_cos": s.total(count * ((both & IN_CONTENT) > 0)) / _over(batch, "content_norm", i, j),
        "content_title_cos": s.total(title * ((both & HAS_TITLE) > 0))
        / _over(batch, "content_title_norm", i, j),
        "title_cover_min": cover_min,
        "title_cover_max": cover_max,
        "miss_words": _missed(titles_found, whole, i, j),
    }


def _triples(batch: Batch, i: Longs, j: Longs) -> Parts:
    rows = batch.tables["triples"]
    s = shared_ids(rows, i, j)
    ids = rows.ids[s.at_i]
    w = batch.idf["triples"][ids]
    rarity = (1 / np.log2(1 + np.maximum(2, batch.df["triples"][ids]))).astype(np.float32)
    mark_i, mark_j = rows.columns["marks"][s.at_i], rows.columns["marks"][s.at_j]
    rare, title = (mark_i & mark_j & RARE) > 0, (mark_i & mark_j & IN_TITLE) > 0
    crossed = ((mark_i & IN_TITLE) > 0) & ((mark_j & RARE) > 0)
    crossed |= ((mark_j & IN_TITLE) > 0) & ((mark_i & RARE) > 0)
    return {
        "tri_sum": np.log1p(s.total(w * w * rare)),
        "tri_max": s.largest(w * rare),
        "title_tri_sum": np.log1p(s.total(w * w * title)),
        "title_tri_max": s.largest(w * title),
        "log_df_title": s.largest(rarity * title),
        "log_df_any": s.largest(rarity * crossed),
    }


def _small(batch: Batch, i: Longs, j: Longs) -> Parts:
    def held(name: str) -> Floats:
        s = shared_ids(batch.tables[name], i, j)
        return s.total(np.ones(len(s.pair)))

    value, regions = held("title_numbers_value"), batch.per_order["regions"]
    days = np.abs(batch.metadata.day[i] - batch.metadata.day[j])
    caller = batch.metadata.caller
    return {
        "sketch": held("sketch"),
        "number_shared": value,
        "number_conflict": np.maximum(0, held("title_numbers_unit") - value),
        "number_text_conflict": np.maximum(0, held("numbers_unit") - held("numbers_value")),
        "region_conflict": ((regions[i] > 0) & (regions[j] > 0) & (held("regions") == 0)).astype(np.float32),
        "same_user": ((caller[i] == caller[j]) & (caller[i] >= 0)).astype(np.float32),
        "log_days": np.log1p(np.where(np.isnan(days), NEUTRAL_DAYS, days)).astype(np.float32),
        "title_len_min": np.minimum(batch.per_order["title_length"][i], batch.per_order["title_length"][j]),
    }


def _aspects(batch: Batch, i: Longs, j: Longs) -> Parts:
    rows = batch.tables["aspects"]
    s = shared_ids(rows, i, j)
    ids = rows.ids[s.at_i]
    w, in_title = batch.idf["aspects"][ids], batch.idf["title_aspects"][ids]
    both = (rows.columns["marks"][s.at_i] & rows.columns["marks"][s.at_j]) > 0
    norm, many = batch.per_order["aspect_norm"], batch.per_order["title_aspects"]
    title_norm = batch.per_order["title_aspect_norm"]
    title = s.total(in_title**2 * both) / (title_norm[i] * title_norm[j])
    return {
        "aspect_title_cos": title,
        "aspect_cos": s.total(w * w) / (norm[i] * norm[j]),
        "aspect_conflict": ((many[i] > 0) & (many[j] > 0) & (title == 0)).astype(np.float32),
    }


def _categories(batch: Batch, i: Longs, j: Longs) -> Parts:
    """Agreement of the classifier's categories, weighted by the product of both confidences."""
    categories = batch.metadata.categories
    both_confident = categories.confidence[i] * categories.confidence[j]
    same = categories.category[i] == categories.category[j]
    closer = (categories.subcategory[i] == categories.subcategory[j]) & (categories.subcategory[i] >= 0)
    return {
        "category_same": both_confident * same,
        "subcategory_same": both_confident * closer,
        "category_differs": both_confident * ~same,
    }

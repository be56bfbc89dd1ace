"""Step 8a: whether two orders are about the same thing: the lexicon's aspects, a classifier's categories."""

import numpy as np

from hotline_tools.repeats.comparison.matching import shared
from hotline_tools.repeats.encode.batch import Batch
from hotline_tools.repeats.encode.ragged import Floats, Longs


def subjects(batch: Batch, i: Longs, j: Longs) -> dict[str, Floats]:
    """Return the features of ``features.FEATURES`` that begin with aspect, category or subcategory."""
    return _aspects(batch, i, j) | _topics(batch, i, j)


def _aspects(batch: Batch, i: Longs, j: Longs) -> dict[str, Floats]:
    rows = batch.tables["aspects"]
    s = shared(rows, i, j)
    ids = rows.ids[s.at_i]
    w, in_title = batch.idf["aspects"][ids], batch.idf["title_aspects"][ids]
    both = (rows.columns["marks"][s.at_i] & rows.columns["marks"][s.at_j]) > 0
    norm, many = batch.of["aspect_norm"], batch.of["title_aspects"]
    title_norm = batch.of["title_aspect_norm"]
    title = s.total(in_title**2 * both) / (title_norm[i] * title_norm[j])
    return {
        "aspect_title_cos": title,
        "aspect_cos": s.total(w * w) / (norm[i] * norm[j]),
        "aspect_conflict": ((many[i] > 0) & (many[j] > 0) & (title == 0)).astype(np.float32),
    }


def _topics(batch: Batch, i: Longs, j: Longs) -> dict[str, Floats]:
    """Agreement of categories counts as much as the classifier is sure of both."""
    topic = batch.around.topic
    sure = topic.sure[i] * topic.sure[j]
    same = topic.category[i] == topic.category[j]
    closer = (topic.subcategory[i] == topic.subcategory[j]) & (topic.subcategory[i] >= 0)
    return {
        "category_same": sure * same,
        "subcategory_same": sure * closer,
        "category_differs": sure * ~same,
    }

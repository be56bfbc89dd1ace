"""What judged messages are about, by a classifier that has not seen them.

The built-in classifier was fitted on labels of some of these very messages. Agreement of its categories
would then look better here than on messages to come, so it is fitted again without them.
"""

import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa

from classify_fit_default import fit_default
from hotline_tools.classify import Classifier, categories
from repeats_data import Judged

OPENING = 60
"""Characters of a content by which a message is recognised."""


def with_categories(orders: pa.Table, classifier: Classifier) -> pa.Table:
    """Add the columns of ``classify.CATEGORIES``."""
    found = categories(classifier, orders["title"], orders["content"])
    for name in found.column_names:
        orders = orders.append_column(name, found[name])
    return orders


def unseeing_classifier(judged: Judged, labels: Path) -> Classifier:
    """Fit the built-in classifier's labels (see ``classify_fit_default.py``) without the judged messages."""
    frame = pd.read_csv(labels, dtype=str, keep_default_na=False)
    seen = pd.Series(False, index=frame.index)
    for name, size in (("title", None), ("content", OPENING)):
        known = set(_bare(pd.Series(judged.orders[name].to_pylist()), size))
        seen |= _bare(frame[name], size).isin(known - {""})
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "unseeing.model"
        fit_default(frame[~seen].reset_index(drop=True), model, Path(folder) / "idf.npz")
        return Classifier.load(model)


def _bare(texts: pd.Series, size: int | None) -> pd.Series:
    return texts.fillna("").astype(str).str.replace(r"\s+", "", regex=True).str[:size]

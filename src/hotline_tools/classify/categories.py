"""Category, subcategory and confidence of each message alone, for callers that need no evidence."""

import numpy as np
import pyarrow as pa

from hotline_tools.classify.classifier import Classifier
from hotline_tools.classify.results import RESULT, Texts, as_array, chunks, take_names

CATEGORIES = pa.schema([RESULT.field(name) for name in ("category", "subcategory", "confidence")])


def categories(classifier: Classifier, titles: Texts, contents: Texts) -> pa.Table:
    """Return category, subcategory and confidence (0-1) of each message, as ``classify`` gives them.

    Takes less than half the time. The confidence is 0 where no word is known.
    """
    parts = []
    for title, content in chunks(as_array(titles), as_array(contents)):
        features, prediction = classifier.predict(title, content)
        chosen = prediction.probabilities.argmax(axis=1)
        sure = np.where(np.diff(features.body.indptr) == 0, 0.0, prediction.confidence)
        columns = [
            take_names(prediction.classes, chosen),
            prediction.subcategories(chosen),
            pa.array(sure.astype(np.float64).round(4)),
        ]
        parts.append(pa.Table.from_arrays(columns, schema=CATEGORIES))
    return pa.concat_tables(parts) if parts else CATEGORIES.empty_table()

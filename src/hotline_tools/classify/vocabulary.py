"""The character n-grams that a model may use, and which of them are words."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from hotline_tools.classify.codes import fold_codes
from hotline_tools.text import Segmenter

GRAM = re.compile(r"[\u4e00-\u9fff0-9a-z?？]+")
ARTEFACT = re.compile(r"[a-z]\d*[市县区镇乡]|^\d+$|^[a-z]$|西地省")
"""Anonymised places (A市, A3区), bare digits and letters: true of one source only."""
LONGEST = 4


def ngrams(titles: pa.Array, contents: pa.Array, *, least: int) -> list[str]:
    """Character 1–4-grams in at least ``least`` messages, sorted."""
    texts = [
        fold_codes(f"{t or ''}\n{c or ''}")
        for t, c in zip(titles.to_pylist(), contents.to_pylist(), strict=True)
    ]
    vectorizer = CountVectorizer(
        analyzer="char", ngram_range=(1, LONGEST), min_df=least, binary=True, dtype=np.int32
    )
    words = map(str, vectorizer.fit(texts).get_feature_names_out())
    return [word for word in words if GRAM.fullmatch(word) and not ARTEFACT.search(word)]


def word_mask(ngrams: Sequence[str], lexicon: Sequence[str]) -> NDArray[np.bool_]:
    """Which n-grams are words: two or more characters, and in ``lexicon`` or one word to the segmenter."""
    known = set(lexicon)
    segmenter = Segmenter()
    return np.array([len(w) >= 2 and (w in known or segmenter.cut(w) == [w]) for w in ngrams], bool)

"""Class names as documents: n-grams, a static idf, cosine with messages."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.codes import encode, fold_codes
from hotline_tools.classify.counts import TermCounter
from hotline_tools.taxonomy import Category, Taxonomy

Floats = NDArray[np.float32]
Document = dict[str, float]
IDF_FILE = Path(__file__).parent / "idf.npz"
GENERIC = ("其他", "其它", "综合", "综合类", "其他问题", "其他事项", "其他类")
TITLE_TIMES = 2.0
KEYWORD_TIMES = 1.5


@lru_cache(maxsize=1)
def static_idf() -> tuple[dict[str, float], float]:
    """n-gram → idf over some ten thousand messages of several boards; and the idf of an unseen one."""
    with np.load(IDF_FILE, allow_pickle=False) as data:
        words = data["words"].tobytes().decode("utf-8").split("\n")
        return dict(zip(words, data["idf"].astype(float).tolist(), strict=True)), float(data["unseen"])


class Names:
    """Cosine between messages and documents of n-grams."""

    def __init__(self, documents: Sequence[Document]) -> None:
        idf, unseen = static_idf()
        self.words = sorted({word for document in documents for word in document})
        place = {word: i for i, word in enumerate(self.words)}
        self.idf = np.array([idf.get(word, unseen) for word in self.words], np.float32)
        row = [place[w] for d in documents for w in d]
        column = [j for j, d in enumerate(documents) for _ in d]
        value = [amount * float(self.idf[place[w]]) for d in documents for w, amount in d.items()]
        self.documents = _unit_columns(
            sp.csr_matrix((value, (row, column)), shape=(len(self.words), len(documents)), dtype=np.float32)
        )
        self._counter = TermCounter(self.words)

    def cosine(self, titles: pa.Array, contents: pa.Array) -> Floats:
        """(messages × documents), 0 to 1."""
        counts = self._counter.count(encode(titles, contents))
        amount = np.log1p(counts.total + (TITLE_TIMES - 1) * counts.title) * self.idf[counts.word]
        matrix = counts.matrix(amount.astype(np.float32))
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
        cosine: Floats = (matrix @ self.documents).toarray() / np.maximum(norms, 1e-6)[:, None]
        return cosine


def steps(leaf: Category) -> list[str]:
    """The names on the path that are not generic (其他), the leaf's own first."""
    return [step for step in reversed(leaf.path) if step not in GENERIC]


def name_document(leaf: Category, taxonomy: Taxonomy) -> Document:
    """n-grams of the path's names, definitions and keywords; the leaf's own name counts most."""
    document: Document = {}
    for depth, step in enumerate(steps(leaf)):
        add_grams(document, step, 1.0 / (1 + 0.5 * depth))
    for depth in range(1, len(leaf.path) + 1):
        node = taxonomy.find("/".join(leaf.path[:depth]))
        add_grams(document, node.definition, 0.3)
        for word, weight in node.terms.items():
            document[word] = max(document.get(word, 0.0), KEYWORD_TIMES * weight)
    return document


def add_grams(document: Document, text: str, weight: float) -> None:
    """Add the 2–3-grams of each run of letters in ``text`` (a single letter stands for itself)."""
    for part in "".join(c if c.isalnum() else " " for c in fold_codes(text)).split():
        for size in (2, 3) if len(part) > 1 else (1,):
            for i in range(len(part) - size + 1):
                gram = part[i : i + size]
                document[gram] = document.get(gram, 0.0) + weight


def add_words(document: Document, terms: Iterable[tuple[str, float]]) -> None:
    """Add words by their 2–3-grams; many words share few grams, so each adds little."""
    for word, weight in terms:
        add_grams(document, word, 0.1 * weight)


def _unit_columns(matrix: sp.csr_matrix) -> sp.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0))).ravel()
    scaled: sp.csr_matrix = (matrix @ sp.diags(1 / np.maximum(norms, 1e-6))).tocsr()
    return scaled

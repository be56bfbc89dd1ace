"""Any taxonomy without examples: its own names in the text, and a bridge from the built-in model.

The bridge: every built-in subcategory is matched to the user's classes by its name, definition
and words (character n-gram cosine); the built-in model's probabilities then flow over it.
A static idf, shipped as data, takes the place of statistics of the batch.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.calibration import Calibration
from hotline_tools.classify.codes import encode, fold_codes
from hotline_tools.classify.counts import Counter
from hotline_tools.classify.features import Features
from hotline_tools.classify.model import Model
from hotline_tools.classify.results import Judged
from hotline_tools.taxonomy import Category, Taxonomy

Floats = NDArray[np.float32]
ZERO_SHOT_CALIBRATION = Calibration(1.0, (0.0, 1.0), (0.0, 1.0), 0.45)
IDF_FILE = Path(__file__).parent / "idf.npz"
GENERIC = ("其他", "其它", "综合", "综合类", "其他问题", "其他事项")
NAME_SHARE, BRIDGE_SHARE = 0.5, 1.0
NAME_SHARPNESS, BRIDGE_SHARPNESS = 12.0, 14.0
TITLE_TIMES = 2.0


@lru_cache(maxsize=1)
def static_idf() -> tuple[dict[str, float], float]:
    """n-gram → idf over some ten thousand messages of several boards; and the idf of an unseen one."""
    with np.load(IDF_FILE, allow_pickle=False) as data:
        words = data["words"].tobytes().decode("utf-8").split("\n")
        return dict(zip(words, data["idf"].astype(float).tolist(), strict=True)), float(data["unseen"])


class Names:
    """Cosine between messages and class documents, over character 2–3-grams and whole words."""

    def __init__(self, documents: Sequence[dict[str, float]]) -> None:
        idf, unseen = static_idf()
        self.words = sorted({word for document in documents for word in document})
        place = {word: i for i, word in enumerate(self.words)}
        self.idf = np.array([idf.get(word, unseen) for word in self.words], np.float32)
        row = [place[w] for d in documents for w in d]
        column = [j for j, d in enumerate(documents) for _ in d]
        value = [amount * self.idf[place[w]] for d in documents for w, amount in d.items()]
        self.documents = _unit_columns(
            sp.csr_matrix((value, (row, column)), shape=(len(self.words), len(documents)), dtype=np.float32)
        )
        self._counter = Counter(self.words)

    def cosine(self, titles: pa.Array, contents: pa.Array) -> Floats:
        """(messages × documents), 0 to 1."""
        counts = self._counter.count(encode(titles, contents))
        amount = np.log1p(counts.total + (TITLE_TIMES - 1) * counts.title) * self.idf[counts.word]
        matrix = counts.matrix(amount.astype(np.float32))
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
        cosine: Floats = (matrix @ self.documents).toarray() / np.maximum(norms, 1e-6)[:, None]
        return cosine


class ZeroShot:
    """Class probabilities for the leaves of ``taxonomy``, from ``base`` and the names alone."""

    def __init__(self, taxonomy: Taxonomy, base: Model) -> None:
        self.taxonomy = taxonomy
        self.classes = taxonomy.names
        self.leaves = taxonomy.leaves()
        self.top_of = np.array([self.classes.index(leaf.path[0]) for leaf in self.leaves], np.int64)
        self._base = base
        documents = [name_document(leaf, taxonomy) for leaf in self.leaves]
        self._names = Names(documents)
        self.bridge = bridge(documents, base)
        self.points = self._class_points()

    def judge(self, features: Features, titles: pa.Array, contents: pa.Array) -> Judged:
        """Level-1 probabilities; the subcategory is the rest of the best leaf's path below the class."""
        leaves = self.leaf_probabilities(features, titles, contents)
        rest = ["/".join(leaf.path[1:]) or None for leaf in self.leaves]

        def subcategories(chosen: NDArray[np.int64]) -> pa.Array:
            below = np.where(self.top_of[None, :] == chosen[:, None], leaves, -1)
            return pa.array(rest, pa.string()).take(pa.array(below.argmax(axis=1)))

        return Judged(self.classes, self.by_class(leaves), subcategories)

    def _class_points(self) -> Floats:
        """(base words × classes): lexicon points that flow over the bridge, as evidence."""
        base = self._base
        if base.leaves is None:
            raise ValueError("the base model has no subcategories")
        node, to_class = base.leaves.tree.node, self.by_class(self.bridge)
        flows: Floats = np.asarray((base.space.lexicon.weights[:, node] @ to_class), np.float32)
        return flows

    def by_class(self, leaves: Floats) -> Floats:
        """Sum leaf probabilities to level 1."""
        summed = np.zeros((len(leaves), len(self.classes)), np.float32)
        np.add.at(summed.T, self.top_of, leaves.T)
        return summed

    def leaf_probabilities(self, features: Features, titles: pa.Array, contents: pa.Array) -> Floats:
        """(messages × leaves): bridge and names multiplied, each flattened by its share."""
        base = self._base
        classes = base.calibration.probabilities(base.linear.logits(features))
        if base.leaves is None:
            raise ValueError("the base model has no subcategories")
        flowed = base.leaves.probabilities(features, classes) @ self.bridge
        cosine = self._names.cosine(titles, contents)
        names = np.exp(NAME_SHARPNESS * (cosine - cosine.max(axis=1, keepdims=True)))
        names /= names.sum(axis=1, keepdims=True)
        mixed = (flowed + 1e-4) ** BRIDGE_SHARE * (names + 1e-4) ** NAME_SHARE
        probabilities: Floats = mixed / mixed.sum(axis=1, keepdims=True)
        return probabilities


def name_document(leaf: Category, taxonomy: Taxonomy) -> dict[str, float]:
    """n-grams of the path's names and of the keywords; the leaf's own name counts most."""
    document: dict[str, float] = {}
    steps = [step for step in leaf.path if step not in GENERIC]
    for depth, step in enumerate(reversed(steps)):
        add_grams(document, step, 1.0 / (1 + 0.5 * depth))
    for depth in range(1, len(leaf.path) + 1):
        node = taxonomy.find("/".join(leaf.path[:depth]))
        add_grams(document, node.definition, 0.3)
        for word, weight in node.terms.items():
            document[word] = max(document.get(word, 0.0), weight / 2)
    return document


def bridge(documents: Sequence[dict[str, float]], base: Model) -> Floats:
    """(base leaves × user leaves), rows sum to 1: where each built-in subcategory's share goes."""
    if base.leaves is None:
        raise ValueError("the base model has no subcategories")
    nodes, tree = base.space.lexicon.nodes, base.leaves.tree
    own = []
    for name, parent, node in zip(tree.names, tree.parent, tree.node, strict=True):
        document: dict[str, float] = {}
        add_grams(document, name, 2.0)
        add_grams(document, base.classes[int(parent)], 0.7)
        if node >= 0:
            add_grams(document, nodes[int(node)].definition, 0.5)
            add_words(document, nodes[int(node)].terms.items())
        own.append(document)
    theirs = Names([*documents, *own])
    vectors = theirs.documents.tocsc()
    cosine = (vectors[:, len(documents) :].T @ vectors[:, : len(documents)]).toarray()
    flow = np.exp(BRIDGE_SHARPNESS * (cosine - cosine.max(axis=1, keepdims=True)))
    shared: Floats = (flow / flow.sum(axis=1, keepdims=True)).astype(np.float32)
    return shared


def add_grams(document: dict[str, float], text: str, weight: float) -> None:
    """Add the 2–3-grams of each run of letters in ``text``."""
    for part in "".join(c if c.isalnum() else " " for c in fold_codes(text)).split():
        for size in (2, 3):
            for i in range(len(part) - size + 1):
                gram = part[i : i + size]
                document[gram] = document.get(gram, 0.0) + weight


def add_words(document: dict[str, float], terms: Iterable[tuple[str, float]]) -> None:
    """Add words by their 2–3-grams; many words share few grams, so each adds little."""
    for word, weight in terms:
        add_grams(document, word, 0.1 * weight)


def _unit_columns(matrix: sp.csr_matrix) -> sp.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0))).ravel()
    scaled: sp.csr_matrix = (matrix @ sp.diags(1 / np.maximum(norms, 1e-6))).tocsr()
    return scaled

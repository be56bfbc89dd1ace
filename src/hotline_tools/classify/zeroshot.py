"""Any taxonomy without examples: its own names in the text, and a mapping from the built-in model.

The mapping gives each built-in subcategory a share in each of the user's classes. It is made by
classifying the user's names with the built-in model, as if they were messages, and by the n-gram
cosine of the names; a subcategory that matches nothing follows its siblings. A message's built-in
probabilities are mapped to the user's classes and multiplied by its cosine with the user's names.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.classify.calibration import Amounts, Calibration
from hotline_tools.classify.features import Features
from hotline_tools.classify.linear import Leaves
from hotline_tools.classify.model import Model
from hotline_tools.classify.names import Document, Names, add_grams, add_words, name_document, steps
from hotline_tools.classify.results import Prediction
from hotline_tools.taxonomy import Taxonomy

Floats = NDArray[np.float32]
COSINE_SHARE = 0.5
SIBLING_SHARE = 0.5
MAPPING_POWER = 2.0
NAME_SHARPNESS = 12.0
FLOOR = 1e-3
ZERO_SHOT_CALIBRATION = Calibration(1.0, (), 0.6)
"""Without examples nothing can be calibrated; what is less sure than this is sent to review."""


class ZeroShot:
    """Class probabilities for the classes and leaves of ``taxonomy``, from ``base`` and the names alone."""

    def __init__(self, taxonomy: Taxonomy, base: Model) -> None:
        if base.leaves is None:
            raise ValueError("the base model has no subcategories")
        self.taxonomy = taxonomy
        self.classes = taxonomy.names
        self.leaves = taxonomy.leaves()
        self.top_of = np.array([self.classes.index(leaf.path[0]) for leaf in self.leaves], np.int64)
        self._base = base
        self._base_leaves: Leaves = base.leaves
        documents = [name_document(leaf, taxonomy) for leaf in self.leaves]
        self._names = Names(documents)
        match = self._classify_names() + COSINE_SHARE * self._compare_names(documents)
        self.leaf_mapping = _shares(match)
        tops = self._best_per_class(match)
        parent = base.leaves.tree.parent
        siblings = np.stack([tops[parent == p].mean(axis=0) for p in parent])
        self.class_mapping = _shares(np.asarray(tops + SIBLING_SHARE * siblings, np.float32))
        node = base.leaves.tree.node
        self.points: Floats = np.asarray(base.space.lexicon.weights[:, node] @ self.class_mapping, np.float32)
        """(base words × classes): lexicon points mapped to the user's classes, as evidence."""

    def predict(self, features: Features, titles: pa.Array, contents: pa.Array) -> Prediction:
        """Level-1 probabilities; the subcategory is the rest of the best leaf's path below the class."""
        base = self._base
        classes = base.calibration.probabilities(base.linear.logits(features))
        mine = self._base_leaves.probabilities(features, classes)
        cosine = self._names.cosine(titles, contents)
        names = _sharpen(self._best_per_class(cosine))
        mine = mine.astype(np.float64)  # in doubles a row's sums do not depend on its batch
        mixed = ((mine @ self.class_mapping).astype(np.float32) + FLOOR) * (names + FLOOR)
        leaf_scores = ((mine @ self.leaf_mapping).astype(np.float32) + FLOOR) * (_sharpen(cosine) + FLOOR)
        rest = pa.array(["/".join(leaf.path[1:]) or None for leaf in self.leaves], pa.string())

        def subcategories(chosen: NDArray[np.int64]) -> pa.Array:
            below = np.where(self.top_of[None, :] == chosen[:, None], leaf_scores, -1)
            return rest.take(pa.array(below.argmax(axis=1)))

        probabilities = mixed / mixed.sum(axis=1, keepdims=True)
        amounts = Amounts(features.mass, np.zeros(len(mixed), np.float32))
        confidence = ZERO_SHOT_CALIBRATION.confidence(probabilities.max(axis=1), amounts)
        return Prediction(self.classes, probabilities, confidence, subcategories)

    def _classify_names(self) -> Floats:
        """(base leaves × user leaves): the built-in model's probabilities for the user's names."""
        paths = [steps(leaf) for leaf in self.leaves]
        titles = pa.array([path[0] if path else "" for path in paths])
        contents = pa.array(
            ["，".join([*path, leaf.definition]) for path, leaf in zip(paths, self.leaves, strict=True)]
        )
        features = self._base.features(titles, contents)
        classes = self._base.calibration.probabilities(self._base.linear.logits(features))
        return self._base_leaves.probabilities(features, classes).T

    def _compare_names(self, documents: list[Document]) -> Floats:
        """(base leaves × user leaves): n-gram cosine of names and words."""
        tree, nodes = self._base_leaves.tree, self._base.space.lexicon.nodes
        own: list[Document] = []
        for name, parent, node in zip(tree.names, tree.parent, tree.node, strict=True):
            document: Document = {}
            add_grams(document, name, 2.0)
            add_grams(document, self._base.classes[int(parent)], 0.7)
            add_grams(document, nodes[int(node)].definition, 0.5)
            add_words(document, nodes[int(node)].terms.items())
            own.append(document)
        vectors = Names([*documents, *own]).documents.tocsc()
        cosine: Floats = (vectors[:, len(documents) :].T @ vectors[:, : len(documents)]).toarray()
        return cosine

    def _best_per_class(self, leaves: Floats) -> Floats:
        """The best value below each level-1 class."""
        best = np.zeros((len(leaves), len(self.classes)), np.float32)
        for j in range(len(self.classes)):
            best[:, j] = leaves[:, self.top_of == j].max(axis=1)
        return best


def _shares(match: Floats) -> Floats:
    power = match**MAPPING_POWER + 1e-9
    return np.asarray(power / power.sum(axis=1, keepdims=True), np.float32)


def _sharpen(cosine: Floats) -> Floats:
    sharp = np.exp(NAME_SHARPNESS * (cosine - cosine.max(axis=1, keepdims=True)))
    return np.asarray(sharp / sharp.sum(axis=1, keepdims=True), np.float32)

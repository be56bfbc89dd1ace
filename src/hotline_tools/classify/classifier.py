"""``Classifier``: what the rest of the toolkit calls to tag messages."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.classify.areas import area_words
from hotline_tools.classify.evidence import WordWeights, evidence
from hotline_tools.classify.features import Features
from hotline_tools.classify.model import Model, Prior
from hotline_tools.classify.modelfile import DEFAULT_MODEL, load_model
from hotline_tools.classify.parallel import classify_parallel
from hotline_tools.classify.results import (
    CHUNK,
    RESULT,
    Prediction,
    Texts,
    alternatives,
    as_array,
    chunks,
    take_names,
    two_best,
)
from hotline_tools.classify.zeroshot import ZERO_SHOT_CALIBRATION, ZeroShot
from hotline_tools.taxonomy import Taxonomy, default_taxonomy

Floats = NDArray[np.float32]


class Classifier:
    """Tags messages with category, subcategory, confidence, evidence, alternatives, request type.

    Deterministic, and each row is classified by itself: neither the batch nor its order matters.
    """

    def __init__(self, model: Model, zero_shot: ZeroShot | None = None) -> None:
        self._model = model
        self._zero_shot = zero_shot
        self.calibration = model.calibration if zero_shot is None else ZERO_SHOT_CALIBRATION
        if zero_shot is None:
            body, title, points = model.linear.body, model.linear.title, class_points(model)
        else:
            points = zero_shot.points
            body = title = np.zeros_like(points)
        self._weights = WordWeights(model.space.words, model.is_word, body, title, points)

    @classmethod
    def default(cls) -> "Classifier":
        """The built-in taxonomy and model."""
        return cls(default_model())

    @classmethod
    def from_taxonomy(cls, taxonomy: Taxonomy) -> "Classifier":
        """Zero-shot for a user's taxonomy; the built-in one gets its fitted model."""
        if not taxonomy.source:
            return cls.default()
        return cls(default_model(), ZeroShot(taxonomy, default_model()))

    @classmethod
    def load(cls, path: Path | str) -> "Classifier":
        """A model file made by ``train``; raises ``ModelError`` when it is none."""
        return cls(load_model(Path(path), before=prior_knowledge))

    @property
    def classes(self) -> tuple[str, ...]:
        """The names a category may have."""
        return self._model.classes if self._zero_shot is None else self._zero_shot.classes

    @property
    def model(self) -> Model:
        """The trained model behind it (the built-in one for zero-shot)."""
        return self._model

    @property
    def model_label(self) -> str:
        """Name of model for the label record."""
        return self._model.name if self._zero_shot is None else f"{self._model.name}+零样本"

    @property
    def taxonomy_label(self) -> str:
        """Name and version of the taxonomy (or the learnt column) for the label record."""
        if self._zero_shot is not None:
            return self._zero_shot.taxonomy.label
        return default_taxonomy().label if self._model.label == "category" else self._model.label

    def classify(self, titles: Texts, contents: Texts, *, workers: int = 1) -> pa.Table:
        """One row per message; columns as in ``RESULT``.

        ``titles`` and ``contents`` have one length; nulls are empty. With ``workers`` > 1 further
        processes take their share of large inputs.
        """
        title, content = as_array(titles), as_array(contents)
        if workers > 1 and len(title) > CHUNK:
            return classify_parallel(self, title, content, workers)
        tables = [
            self._chunk(title.slice(i, CHUNK), content.slice(i, CHUNK)) for i in range(0, len(title), CHUNK)
        ]
        return pa.concat_tables(tables) if tables else RESULT.empty_table()

    def probabilities(self, titles: Texts, contents: Texts) -> tuple[tuple[str, ...], Floats, Floats]:
        """Class names, (messages × classes) probabilities, and the chance that the likeliest is right."""
        title, content = as_array(titles), as_array(contents)
        parts = [self._predict(self._model.features(t, c), t, c) for t, c in chunks(title, content)]
        return (
            self.classes,
            np.vstack([part.probabilities for part in parts]),
            np.concatenate([part.confidence for part in parts]),
        )

    @property
    def word_weights(self) -> WordWeights:
        """What each word adds to each class, for evidence and explanation."""
        return self._weights

    def predict(self, titles: Texts, contents: Texts) -> tuple[Features, Prediction]:
        """Features and class probabilities of a few messages, for explanation."""
        title, content = as_array(titles), as_array(contents)
        features = self._model.features(title, content)
        return features, self._predict(features, title, content)

    def _chunk(self, titles: pa.Array, contents: pa.Array) -> pa.Table:
        features = self._model.features(titles, contents)
        prediction = self._predict(features, titles, contents)
        chosen, rival = two_best(prediction.probabilities)
        empty = np.diff(features.body.indptr) == 0
        confidence = np.where(empty, 0.0, prediction.confidence)
        words = evidence(features, self._weights, chosen=chosen, rival=rival)
        below = confidence < self.calibration.review_below
        unlabelled = self._without_content(titles, contents, empty)
        if self._zero_shot is None:  # where a taxonomy's names alone decide, their likeness is no word
            unlabelled |= below & np.array([not found for found in words], bool)
        confidence[unlabelled] = 0.0
        table = pa.table(
            {
                "category": take_names(prediction.classes, chosen),
                "subcategory": prediction.subcategories(chosen),
                "confidence": pa.array(confidence.astype(np.float64).round(4)),
                "evidence": pa.array(words, pa.string()),
                "alternatives": pa.array(
                    alternatives(prediction.classes, prediction.probabilities, chosen), pa.string()
                ),
                "request_type": self.request_types(features),
                "needs_review": pa.array(below | unlabelled),
            },
            schema=RESULT,
        )
        return _unlabelled(table, unlabelled) if unlabelled.any() else table

    def _without_content(
        self, titles: pa.Array, contents: pa.Array, empty: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Rows without content that could be classified, as a mask; they get no label.

        A model that was fitted on Chinese messages alone classifies no text without Chinese.
        """
        written = [pc.fill_null(pc.match_substring_regex(t, r"\p{Han}"), False) for t in (titles, contents)]
        chinese_only = self._zero_shot is not None or self._model.label == "category"
        return ~np.asarray(pc.or_(*written)) & (empty | chinese_only)

    def _predict(self, features: Features, titles: pa.Array, contents: pa.Array) -> Prediction:
        if self._zero_shot is not None:
            return self._zero_shot.predict(features, titles, contents)
        model = self._model
        probabilities = model.calibration.probabilities(model.linear.logits(features))

        def subcategories(chosen: NDArray[np.int64]) -> pa.Array:
            if model.leaves is None:
                return pa.nulls(len(chosen), pa.string())
            return take_names(model.leaves.names, model.leaves.choose(features, chosen))

        confidence = model.confidence(features, probabilities)
        return Prediction(model.classes, probabilities, confidence, subcategories)

    def request_types(self, features: Features) -> pa.Array:
        """Request type of each message, by the model or its base."""
        model, seen = self._model, features
        if model.requests is None and model.before is not None and features.base is not None:
            model, seen = model.before.base, features.base
        if model.requests is None:
            return pa.nulls(features.counts.rows, pa.string())
        return take_names(model.space.cue_names, model.requests.logits(seen).argmax(axis=1))


def _unlabelled(table: pa.Table, rows: NDArray[np.bool_]) -> pa.Table:
    """``table`` with the labels of some rows set to null; they still need review."""
    mask = pa.array(rows)
    for name in ("category", "subcategory", "evidence", "alternatives", "request_type"):
        place = table.column_names.index(name)
        column = pc.if_else(mask, pa.scalar(None, pa.string()), table[name])
        table = table.set_column(place, RESULT.field(name), column)
    return table


def prior_knowledge(names: Taxonomy) -> Prior:
    """The built-in model, the zero-shot probabilities of the classes ``names``, and the areas in them."""
    zero_shot = ZeroShot(names, default_model())
    return Prior(
        default_model(),
        names,
        lambda f, t, c: zero_shot.predict(f, t, c).probabilities,
        area_words(names.names),
    )


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The built-in model, read once."""
    return load_model(DEFAULT_MODEL)


def class_points(model: Model) -> Floats:
    """(words × classes) lexicon points of each word for each class; zeros for classes of another kind."""
    points = np.zeros((len(model.space.words), len(model.classes)), np.float32)
    entries = model.space.lexicon.weights.tocoo()
    place = {name: i for i, name in enumerate(model.classes)}
    tops = [place.get(node.path[0], -1) for node in model.space.lexicon.nodes]
    column = np.array(tops, np.int64)[entries.col]
    known = column >= 0
    np.maximum.at(points, (entries.row[known], column[known]), entries.data[known])
    return points

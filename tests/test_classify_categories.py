"""Topics alone: the same verdict as a full classification gives."""

import pyarrow as pa

from hotline_tools.classify import CATEGORIES, Classifier, categories

TITLES = ["电梯坏了没人修", None, "公交车不准时", "路灯不亮", ""]
CONTENTS = ["小区电梯停了半个月", "工地夜间施工，噪声很大", None, "人民路路灯坏了三盏", ""]


def test_topics_are_those_of_a_full_classification() -> None:
    classifier = Classifier.default()
    found, full = categories(classifier, TITLES, CONTENTS), classifier.classify(TITLES, CONTENTS)
    said = pa.array([bool(t or c) for t, c in zip(TITLES, CONTENTS, strict=True)])
    assert found.filter(said).equals(full.select(CATEGORIES.names).filter(said))
    assert found["confidence"].to_pylist()[-1] == 0.0


def test_no_messages_have_no_topics() -> None:
    assert categories(Classifier.default(), [], []).equals(CATEGORIES.empty_table())

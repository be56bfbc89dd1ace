"""Classification of work orders: lexicon, fitted model, zero-shot, training, evaluation (rank 4)."""

from hotline_tools.classify.classifier import Classifier
from hotline_tools.classify.results import RESULT
from hotline_tools.classify.topics import TOPICS, topics

__all__ = ["RESULT", "TOPICS", "Classifier", "topics"]

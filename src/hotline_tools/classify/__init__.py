"""Classification of work orders: lexicon, fitted model, zero-shot, training, evaluation (rank 4)."""

from hotline_tools.classify.categories import CATEGORIES, categories
from hotline_tools.classify.classifier import Classifier
from hotline_tools.classify.results import RESULT

__all__ = ["CATEGORIES", "RESULT", "Classifier", "categories"]

"""How alike texts are: word vectors, groups of texts about one thing, names for such groups (rank 2)."""

from hotline_tools.similarity.groups import star_groups
from hotline_tools.similarity.naming import key_words
from hotline_tools.similarity.vectors import Vectors, vectors

__all__ = ["Vectors", "key_words", "star_groups", "vectors"]

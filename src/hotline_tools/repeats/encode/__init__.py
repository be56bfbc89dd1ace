"""Orders as ragged rows of weighted ids, with the metadata of their columns."""

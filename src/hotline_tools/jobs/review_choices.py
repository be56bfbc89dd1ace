"""What a reviewer may choose: the categories and subcategories of a taxonomy or of a trained model."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline_tools.classify import Classifier
from hotline_tools.schema import RequestType
from hotline_tools.suggestions import did_you_mean
from hotline_tools.taxonomy import Taxonomy
from hotline_tools.taxonomy.model import SEPARATOR

NEAR = 0.3
"""Likeness from which a choice is suggested: names are short, one other character is far."""
REQUEST_TYPES = tuple(item.value for item in RequestType)


@dataclass(frozen=True)
class Choices:
    """``below``: category → its subcategories (lower levels joined by ``/``), in their order."""

    taxonomy: str
    below: Mapping[str, tuple[str, ...]]

    @classmethod
    def of_taxonomy(cls, taxonomy: Taxonomy) -> "Choices":
        """All level-1 categories and the leaves below them."""
        leaves = [leaf.path for leaf in taxonomy.leaves()]
        below = {
            name: tuple(SEPARATOR.join(path[1:]) for path in leaves if path[0] == name and len(path) > 1)
            for name in taxonomy.names
        }
        return cls(taxonomy.label, below)

    @classmethod
    def of_model(cls, classifier: Classifier) -> "Choices":
        """The classes of a trained model and the leaves it knows below them."""
        below: dict[str, list[str]] = {name: [] for name in classifier.classes}
        if classifier.model.leaves is not None:
            tree = classifier.model.leaves.tree
            for name, parent in zip(tree.names, tree.parent.tolist(), strict=True):
                below[classifier.classes[parent]].append(name)
        return cls(classifier.taxonomy_label, {name: tuple(names) for name, names in below.items()})

    def mistake(self, category: str, subcategory: str | None) -> tuple[str, str] | None:
        """The wrong value and a hint when the pair is none of the choices; else ``None``."""
        if category not in self.below:
            return category, did_you_mean(category, self.below, cutoff=NEAR)
        if subcategory is None or subcategory in self.below[category]:
            return None
        owners = [name for name, names in self.below.items() if subcategory in names]
        hint = (
            f"它属于 {'、'.join(owners)}"
            if owners
            else did_you_mean(subcategory, self.below[category], cutoff=NEAR)
        )
        return subcategory, hint

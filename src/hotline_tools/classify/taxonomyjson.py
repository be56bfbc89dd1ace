"""A taxonomy and its rules as JSON, so that a model file carries the words it was fitted with."""

from typing import Any

from hotline_tools.classify.features import FeatureSpace
from hotline_tools.datafile import frozen
from hotline_tools.taxonomy import Category, LexiconRules, Pattern, Taxonomy

Json = dict[str, Any]


def taxonomy_to_json(space: FeatureSpace) -> tuple[Json, Json]:
    """The space's taxonomy and rules as plain objects."""
    taxonomy, rules = space.lexicon.taxonomy, space.lexicon.rules
    return tree_to_json(taxonomy), rules.model_dump()


def taxonomy_from_json(tree: Json, rules: Json) -> tuple[Taxonomy, LexiconRules]:
    """The reverse of ``taxonomy_to_json``."""
    return tree_from_json(tree), LexiconRules.model_validate(frozen(rules))


def tree_to_json(taxonomy: Taxonomy) -> Json:
    """A taxonomy as plain objects."""
    return {
        "name": taxonomy.name,
        "version": taxonomy.version,
        "categories": [_category_to_json(c) for c in taxonomy.categories],
    }


def tree_from_json(tree: Json) -> Taxonomy:
    """The reverse of ``tree_to_json``."""
    categories = tuple(_category_from_json(c, ()) for c in tree["categories"])
    return Taxonomy(tree["name"], tree["version"], categories)


def _category_to_json(category: Category) -> Json:
    return {
        "name": category.name,
        "code": category.code,
        "definition": category.definition,
        "terms": dict(category.terms),
        "patterns": [str(p) for p in category.patterns],
        "children": [_category_to_json(c) for c in category.children],
    }


def _category_from_json(item: Json, parent: tuple[str, ...]) -> Category:
    path = (*parent, str(item["name"]))
    return Category(
        path=path,
        code=item["code"],
        definition=item["definition"],
        terms=item["terms"],
        patterns=tuple(Pattern(tuple(p.split("+"))) for p in item["patterns"]),
        children=tuple(_category_from_json(c, path) for c in item["children"]),
    )

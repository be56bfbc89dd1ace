"""A city's own Word file as the base of a document: its head, page and styles, without foreign metadata."""

import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from hotline_tools.errors import DataFileError
from hotline_tools.render.docx.base import empty_document
from hotline_tools.render.docx.elements import element

_FOREIGN = {RT.COMMENTS, RT.CUSTOM_PROPERTIES, RT.CUSTOM_XML, RT.THUMBNAIL}
_FOREIGN_LAST = {
    "commentsExtended", "commentsIds", "commentsExtensible", "people", "attachedTemplate", "stylesWithEffects"
}  # fmt: skip
"""The last words of further types of relationships, which several namespaces share."""
_FOREIGN_ELEMENTS = tuple(
    qn(f"w:{name}")
    for name in (
        "commentRangeStart", "commentRangeEnd", "commentReference", "attachedTemplate", "rsids", "rsid",
        "docVars",
    )
)  # fmt: skip
_STYLED = tuple(qn(f"w:{name}") for name in ("pStyle", "rStyle", "tblStyle"))
_OWN_PREFIX = "Hotline"


class OwnBase:
    """A Word document opened from a city's file; what is added later is fitted to its styles."""

    def __init__(self, path: Path) -> None:
        try:
            self.word = docx.Document(io.BytesIO(path.read_bytes()))
        except (OSError, ValueError, KeyError) as error:
            raise DataFileError(
                "打不开这份红头文件", where=str(path), remedy="请用 Word 或 WPS 另存为 .docx。"
            ) from error
        self._present = set(self.word.element.body)
        self._styles = self.word.styles.element
        self._ours = {style.styleId: style for style in empty_document().styles.element.style_lst}
        self._names: dict[tuple[Any, str], str] = {}
        for style in self._styles.style_lst:
            self._names.setdefault((style.type, _name(style)), style.styleId)
        self._strip()

    def counts(self, style_id: str) -> bool:
        """Tell whether the file has a heading style of that name that counts by itself."""
        ours = self._ours[style_id]
        theirs = self._names.get((ours.type, _name(ours)))
        found = next((style for style in self._styles.style_lst if style.styleId == theirs), None)
        return found is not None and found.find(f".//{qn('w:numPr')}") is not None

    def fit_styles(self) -> None:
        """Give what was added the file's styles of the same names, and bring along those that it lacks."""
        fitted: dict[str, str] = {}
        for block in self.word.element.body:
            if block in self._present:
                continue
            for item in block.iter(*_STYLED):
                name = item.get(qn("w:val"))
                if name in self._ours:
                    item.set(qn("w:val"), fitted.setdefault(name, self._fitted(name)))

    def _fitted(self, style_id: str) -> str:
        """Return the id of the file's style of that name, else of a copy of ours in the file."""
        ours = self._ours[style_id]
        known = self._names.get((ours.type, _name(ours)))
        if known is not None:
            return known
        taken = {style.styleId for style in self._styles.style_lst}
        made = style_id if style_id not in taken else _OWN_PREFIX + style_id
        copy = self._flat(ours)
        copy.set(qn("w:styleId"), made)
        self._styles.append(copy)
        self._names[ours.type, _name(ours)] = made
        return made

    def _flat(self, style: Any) -> Any:
        """Return a copy that stands by itself: with what it has of the styles below it and of the defaults.

        The file's own Normal may be of another size than the one that ours are based on.
        """
        copy = deepcopy(style)
        below: list[Any] = []
        based = copy.find(qn("w:basedOn"))
        while based is not None:
            parent = self._ours[based.get(qn("w:val"))]
            below.append(parent)
            based = parent.find(qn("w:basedOn"))
        for tag in ("basedOn", "next", "link", "default"):
            for item in copy.findall(qn(f"w:{tag}")):
                copy.remove(item)
        if copy.get(qn("w:default")):
            del copy.attrib[qn("w:default")]
        for tag in ("pPr", "rPr"):
            chain = [copy, *below]
            if tag == "rPr" and style.type == _PARAGRAPH_TYPE:
                chain.append(empty_document().styles.element.find(f".//{qn('w:rPrDefault')}"))
            _complete(copy, tag, chain)
        for numbered in copy.findall(f".//{qn('w:numPr')}"):
            numbered.getparent().remove(numbered)
        return copy

    def _strip(self) -> None:
        """Take out who wrote the file, with what, from which template, and its comments."""
        package = self.word.part.package
        for part in (package, *package.iter_parts()):
            for key, relation in list(part.rels.items()):
                if {relation.reltype, relation.reltype.rpartition("/")[2]} & (_FOREIGN | _FOREIGN_LAST):
                    del part.rels[key]
                elif relation.reltype == RT.EXTENDED_PROPERTIES:
                    relation.target_part._blob = _app_properties()
        for part in package.iter_parts():
            tree = getattr(part, "element", None)
            if isinstance(tree, BaseOxmlElement):
                _anonymous(tree)
            elif part.content_type[-3:] == "xml" and part.blob:
                whole = parse_xml(part.blob)
                _anonymous(whole)
                part._blob = serialize_part_xml(whole)
        core = self.word.core_properties._element
        for item in list(core):
            core.remove(item)
        self.word.core_properties.language = "zh-CN"


_PARAGRAPH_TYPE = WD_STYLE_TYPE.PARAGRAPH


def _name(style: Any) -> str:
    return str(style.find(qn("w:name")).get(qn("w:val"))).lower()


def _complete(style: Any, tag: str, chain: list[Any]) -> None:
    """Give a style the properties that it lacks, the nearest first, in the order that the schema asks for."""
    merged: dict[str, Any] = {}
    for source in chain:
        found = source.find(f".//{qn(f'w:{tag}')}") if source is not style else source.find(qn(f"w:{tag}"))
        for item in found if found is not None else ():
            merged.setdefault(item.tag, deepcopy(item))
    old = style.find(qn(f"w:{tag}"))
    if old is not None:
        style.remove(old)
    if merged:
        order = {qn(f"w:{name}"): place for place, name in enumerate(_ORDER[tag])}
        made = element(tag, *sorted(merged.values(), key=lambda item: order.get(item.tag, len(order))))
        before = style.find(qn("w:rPr")) if tag == "pPr" else None
        behind = style.find(qn("w:tblPr"))
        anchor = before if before is not None else behind
        if anchor is not None:
            anchor.addprevious(made)
        else:
            style.append(made)


_PARAGRAPH_ORDER = """
keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
textboxTightWrap outlineLvl
"""
_RUN_ORDER = """
rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
"""
_ORDER = {"pPr": _PARAGRAPH_ORDER.split(), "rPr": _RUN_ORDER.split()}
"""The order of properties in CT_PPrBase and EG_RPrBase of wml.xsd (ECMA-376, transitional)."""


def _anonymous(tree: Any) -> None:
    """Take out comments, the template, marks of editing sessions and the names of who changed what."""
    for item in list(tree.iter(*_FOREIGN_ELEMENTS)):
        parent = item.getparent()
        parent.remove(item)
        if item.tag == qn("w:commentReference") and parent.tag == qn("w:r"):
            parent.getparent().remove(parent)  # the run holds nothing else, in a style of comments
    for item in tree.iter():
        for key in [key for key in item.attrib if _RSID in key]:
            del item.attrib[key]
        if item.get(qn("w:author")) is not None:
            item.set(qn("w:author"), "")


_RSID = qn("w:rsid")


def _app_properties() -> bytes:
    return bytes(
        next(
            relation.target_part.blob
            for relation in empty_document().part.package.rels.values()
            if relation.reltype == RT.EXTENDED_PROPERTIES
        )
    )

"""What a reader looks at first: where the book is, what it is called, what is in it and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from .book import Book

FOLDER = "EPUB"
CONTENTS = "nav.xhtml"
_CONTAINER = "urn:oasis:names:tc:opendocument:xmlns:container"
_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"
_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XHTML, _CSS, _NCX_TYPE = "application/xhtml+xml", "text/css", "application/x-dtbncx+xml"


def _root(tag: str, space: str, attributes: dict[str, str]) -> Element:
    spaces: Any = {None: space}
    return etree.Element(f"{{{space}}}{tag}", attributes, nsmap=spaces | ({"dc": _DC} if space == _OPF else {}))


def container() -> bytes:
    """Return `META-INF/container.xml` (EPUB 3.3, section 4.2.6.3.1)."""
    root = _root("container", _CONTAINER, {"version": "1.0"})
    files = etree.SubElement(root, f"{{{_CONTAINER}}}rootfiles")
    etree.SubElement(files, f"{{{_CONTAINER}}}rootfile", {
        "full-path": f"{FOLDER}/package.opf", "media-type": "application/oebps-package+xml",
    })  # fmt: skip
    return _written(root)


def package(book: Book) -> bytes:
    """Return `package.opf` (EPUB 3.3, section 5)."""
    root = _root("package", _OPF, {"version": "3.0", "unique-identifier": "id", _LANG: book.language})
    metadata = etree.SubElement(root, f"{{{_OPF}}}metadata")
    for name, text in (("identifier", book.identifier), ("title", book.title), ("language", book.language)):
        etree.SubElement(metadata, f"{{{_DC}}}{name}", {"id": "id"} if name == "identifier" else {}).text = text
    for author in book.authors:
        etree.SubElement(metadata, f"{{{_DC}}}creator").text = author
    etree.SubElement(metadata, f"{{{_OPF}}}meta", {"property": "dcterms:modified"}).text = book.modified
    manifest, spine = (etree.SubElement(root, f"{{{_OPF}}}{name}") for name in ("manifest", "spine"))
    spine.set("toc", "ncx")
    _add(manifest, "nav", CONTENTS, _XHTML, properties="nav")
    _add(manifest, "ncx", "toc.ncx", _NCX_TYPE)
    _add(manifest, "style", "style.css", _CSS)
    etree.SubElement(spine, f"{{{_OPF}}}itemref", {"idref": "nav"})
    for chapter in book.chapters:
        key = chapter.name.partition(".")[0]
        _add(manifest, key, chapter.name, _XHTML)
        etree.SubElement(spine, f"{{{_OPF}}}itemref", {"idref": key})
    return _written(root)


def ncx(book: Book) -> bytes:
    """Return `toc.ncx`, the table of contents for readers of EPUB 2."""
    root = _root("ncx", _NCX, {"version": "2005-1", _LANG: book.language})
    head = etree.SubElement(root, f"{{{_NCX}}}head")
    etree.SubElement(head, f"{{{_NCX}}}meta", {"name": "dtb:uid", "content": book.identifier})
    _text(etree.SubElement(root, f"{{{_NCX}}}docTitle"), book.title)
    places = etree.SubElement(root, f"{{{_NCX}}}navMap")
    for number, chapter in enumerate(book.chapters, start=1):
        key = chapter.name.partition(".")[0]
        point = etree.SubElement(places, f"{{{_NCX}}}navPoint", {"id": key, "playOrder": str(number)})
        _text(etree.SubElement(point, f"{{{_NCX}}}navLabel"), chapter.post.title)
        etree.SubElement(point, f"{{{_NCX}}}content", {"src": chapter.name})
    return _written(root)


def _add(manifest: Element, key: str, file: str, media_type: str, **more: str) -> None:
    etree.SubElement(manifest, f"{{{_OPF}}}item", {"id": key, "href": file, "media-type": media_type, **more})


def _text(parent: Element, text: str) -> None:
    etree.SubElement(parent, f"{{{_NCX}}}text").text = text


def _written(root: Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)

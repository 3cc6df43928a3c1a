"""A PDF as a program for people who do not see it reads it: its words, its tags, its language, the files within."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as raw


class Tag(NamedTuple):
    """An element of the structure: its kind, such as H1 or TH, and the words that stand for it."""

    kind: str
    alt: str


def words(data: bytes) -> str:
    """Every word, one space between them."""
    with pypdfium2.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "").replace("\u200b", "").split())


def pages_of(data: bytes) -> list[str]:
    """The words of each page."""
    with pypdfium2.PdfDocument(data) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def information(data: bytes) -> dict[str, str]:
    """Title, subject, dates."""
    with pypdfium2.PdfDocument(data) as document:
        found: dict[str, str] = document.get_metadata_dict()
    return found


def text_of(call: Any, *arguments: Any) -> str:
    """A text that the library writes into a buffer."""
    size = call(*arguments, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    call(*arguments, buffer, size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le")


def language(data: bytes) -> str:
    """The language that the document says it is in."""
    with pypdfium2.PdfDocument(data) as document:
        size = raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
        buffer = (ctypes.c_ushort * max(size, 1))()
        raw.FPDFCatalog_GetLanguage(document.raw, buffer, size)
        return bytes(buffer).decode("utf-16-le").rstrip("\0")


def tags(data: bytes) -> list[Tag]:
    """Every tag, page by page, parents before their children."""
    with pypdfium2.PdfDocument(data) as document:
        return [tag for page in document for tag in tags_of(page)]


def tags_of(page: pypdfium2.PdfPage) -> Iterator[Tag]:
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    for place in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield from walk(raw.FPDF_StructTree_GetChildAtIndex(tree, place))
    raw.FPDF_StructTree_Close(tree)


def walk(element: Any) -> Iterator[Tag]:
    if element:
        yield Tag(text_of(raw.FPDF_StructElement_GetType, element), text_of(raw.FPDF_StructElement_GetAltText, element))
        for place in range(raw.FPDF_StructElement_CountChildren(element)):
            yield from walk(raw.FPDF_StructElement_GetChildAtIndex(element, place))


def attached(data: bytes) -> dict[str, bytes]:
    """The files within, by their names."""
    with pypdfium2.PdfDocument(data) as document:
        found = [document.get_attachment(place) for place in range(document.count_attachments())]
        return {one.get_name(): bytes(one.get_data()) for one in found}

"""Text on slides: what a file may hold, how many lines a text takes, and the size in which it fits. Sizes in points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lib.charts.kit.theme import text_width
from lib.market.plain_text import plain

LANGUAGE = "en-GB"
EMU = 12_700  # of a point
LEAST, LEAST_IN_TABLE = 14, 12
LINE = 1.2  # heights of a letter from one line to the next
# How much wider than the app's own letters those of a council's template may be: Verdana is, its bold letters more so.
WIDER, WIDER_BOLD = 1.1, 1.2
# No file of XML may hold these.
FORBIDDEN = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def below(self, height: float, gap: float = 0.0) -> Box:
        """What is left of it under a strip of a height."""
        taken = min(height + gap, self.height)
        return Box(self.left, self.top + taken, self.width, self.height - taken)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its text, its size, and whether it is bold. colour: "#rrggbb"; "" for that of the template."""

    text: str
    size: float = LEAST
    bold: bool = False
    colour: str = ""
    align: str = "l"


def clean(text: object) -> str:
    """Text of data in one line, as a file of XML may hold it."""
    return FORBIDDEN.sub("\ufffd", plain(text))


def attribute(text: object) -> str:
    """Text of data as the quoted value of an attribute."""
    return quoteattr(clean(text))


def emu(points: float) -> int:
    """Points in the unit of the file."""
    return round(points * EMU)


def wide(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is; it errs on the wide side."""
    return text_width(text, 1, bold) * size * (WIDER_BOLD if bold else WIDER)


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """A text broken at its spaces into lines of at most a width; a word that is wider is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split():
        longer = f"{line} {word}" if line else word
        if wide(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while len(word) > 1 and wide(word, size, bold) > width:
            kept = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or wide(word[:n], size, bold) <= width)
            lines.append(word[:kept])
            word = word[kept:]
        line = word
    return [*lines, line] if line else lines


def height_of(paragraphs: Iterable[Paragraph], width: float, gap: float = 0.0) -> float:
    """How high paragraphs stand over each other in a width."""
    found = [len(wrapped(one.text, width, one.size, one.bold)) * one.size * LINE for one in paragraphs]
    return sum(found) + gap * max(0, len(found) - 1)


def fitting_size(
    text: str, sizes: Sequence[float], width: float, lines: int, height: float, bold: bool = True
) -> float:
    """The first of some sizes in which a text takes no more lines, and no more height; else the last."""

    def fits(size: float) -> bool:
        taken = len(wrapped(text, width, size, bold))
        return taken <= lines and taken * size * LINE <= height

    return next((size for size in sizes if fits(size)), sizes[-1])


def shortened(text: str, width: float, size: float, lines: int, bold: bool = True) -> str:
    """A text cut so that it takes no more lines: behind its last whole sentence, else at a word, with three dots."""
    found = wrapped(text, width, size, bold)
    if len(found) <= lines:
        return clean(text)
    words = " ".join(found[:lines]).split()
    while len(words) > 1 and len(wrapped(f"{' '.join(words)}…", width, size, bold)) > lines:
        words.pop()
    ends = [place for place, word in enumerate(words, 1) if word.endswith(".")]
    if ends:
        return " ".join(words[: ends[-1]])
    return f"{' '.join(words).rstrip(' ,;:')}…"


def properties_xml(one: Paragraph, name: str = "rPr") -> str:
    """How the letters of a paragraph look, in its language."""
    colour = f'<a:solidFill><a:srgbClr val="{one.colour.lstrip("#").upper()}"/></a:solidFill>' if one.colour else ""
    bold = ' b="1"' if one.bold else ""
    size = f' sz="{round(one.size * 100)}"' if one.size else ""
    return f'<a:{name} lang="{LANGUAGE}"{size}{bold} dirty="0">{colour}</a:{name}>'


def paragraph_xml(one: Paragraph, after: float = 0.0) -> str:
    """A paragraph as the file has it."""
    align = f' algn="{one.align}"' if one.align != "l" else ""
    spacing = f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>' if after else ""
    text = clean(one.text)
    run = f"<a:r>{properties_xml(one)}<a:t>{escape(text)}</a:t></a:r>" if text else ""
    return f"<a:p><a:pPr{align}>{spacing}</a:pPr>{run}{properties_xml(one, 'endParaRPr') if not text else ''}</a:p>"

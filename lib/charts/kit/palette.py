"""Named colours and ramps, and the arithmetic that keeps text on them readable.

Interface colours are GOV.UK's; categorical colours are the Government Analysis Function's accessible palette, in its
order and four at most. Nothing here pairs red with green, and no ramp relies on hue alone: each also runs light to
dark.
"""

from dataclasses import dataclass

TEXT = "#0b0c0c"
WHITE = "#ffffff"
LINK = "#1d70b8"
GREY_LIGHT = "#f3f2f1"
GREY_MID = "#b1b4b6"
GREY_DARK = "#505a5f"

CATEGORICAL = ("#12436d", "#28a197", "#801650", "#f46a25")
CATEGORICAL_DARK = ("#6bace6", "#28a197", "#d77fae", "#f46a25")
DUO = ("#12436d", "#f46a25")
DUO_DARK = ("#6bace6", "#f46a25")

# Five steps each, light to dark.
DEMAND = ("#dbe9f5", "#a9cdec", "#6bace6", "#2073bc", "#12436d")
SUPPLY = ("#d5efec", "#9dd8d1", "#5cbab0", "#1c7b72", "#0d4a45")
QUALITY = ("#ece2f3", "#cdb4df", "#a285d1", "#734a9c", "#40205f")

# Short to spare: six classes below the middle and three above it. Orange is short and blue is spare; each class is also
# lighter than the one below it, so that in grey too no class of one side passes for one of the other.
DIVERGING = (
    "#5d240e", "#8a310b", "#b04206", "#d05800", "#ea7404", "#fc9812",
    "#9cd1ff", "#c4e3ff", "#ecf5fe",
)  # fmt: skip
# The orange of a shortage beside a ramp of another hue.
SHORT = "#fbd0a6"

MISSING = "#d4d6d7"
MISSING_LINE = "#70777b"

# Ordered, best first and darkest first: the same direction as the quality ramp.
RATING_COLOURS: dict[str, str] = {
    "Outstanding": "#40205f",
    "Good": "#734a9c",
    "Requires improvement": "#b094d8",
    "Inadequate": "#ece2f3",
}
NOT_RATED = "#dfe1e2"


@dataclass(frozen=True)
class Ink:
    """Colours that depend on the background a chart stands on."""

    background: str
    text: str
    quiet: str
    edge: str
    highlight: str
    grid: str


LIGHT_INK = Ink(background="#ffffff", text=TEXT, quiet=GREY_DARK, edge="#6f777b", highlight="#ebeae8", grid="#dee0e2")
DARK_INK = Ink(
    background="#12161b", text=GREY_LIGHT, quiet=GREY_MID, edge="#a9adb0", highlight="#2b343e", grid="#39424b"
)


def ink(dark: bool) -> Ink:
    """The colours of text, edges and highlights on a light or a dark background."""
    return DARK_INK if dark else LIGHT_INK


def luminance(colour: str) -> float:
    """Relative luminance of a "#rrggbb" colour, 0 (black) to 1 (white), as WCAG 2.2 defines it.

    Raises ValueError where the text is not a six-digit hex colour.
    """
    digits = colour.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"expected a colour such as #1d70b8, found {colour!r}")
    linear = []
    for start in (0, 2, 4):
        channel = int(digits[start : start + 2], 16) / 255
        linear.append(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio of two "#rrggbb" colours, 1 (the same) to 21 (black and white)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(fill: str) -> str:
    """Near-black or white, whichever stands out more on the fill."""
    return TEXT if contrast(TEXT, fill) >= contrast(WHITE, fill) else WHITE

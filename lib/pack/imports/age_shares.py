"""How the bands of a pack are made of the bands of a file: whole ones, parts of one by a stated rule, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lib.pack.imports.ages import EVERYONE, Band, made_of, words_of

# Of so few single years, all of them below the second age, each is taken to be as large as the next.
_MOST_YEARS, _BELOW = 5, 65


@dataclass(frozen=True)
class Recipe:
    """How one band is made. whole: the file's bands that it has as they are, each with the part of it that counts.

    shared: a band of the file that several bands of the pack make up together: this one takes the part of it that it
    has among these, as the pack's own residents stand; None where there is no such part.
    """

    whole: tuple[tuple[Band, float], ...]
    shared: tuple[Band, tuple[Band, ...]] | None = None


@dataclass(frozen=True)
class Plan:
    """The recipe of each band of a pack, what was assumed for it, in sentences, and the bands that none can make.

    lacking: for each such band, the band of the file that stands in the way, None where the file has nothing there.
    """

    recipes: dict[Band, Recipe]
    rules: tuple[str, ...]
    lacking: dict[Band, Band | None]

    @property
    def is_modelled(self) -> bool:
        """Whether a band is shared out by figures that are not the file's own."""
        return any(recipe.shared for recipe in self.recipes.values())


def planned(bands: Sequence[Band], held: Collection[Band], can_share: bool) -> Plan:
    """How each band of a pack is made of those that a file has. can_share: whether the pack has residents for it."""
    recipes: dict[Band, Recipe] = {}
    rules: dict[str, None] = {}
    lacking: dict[Band, Band | None] = {}
    held = [one for one in held if one != EVERYONE] or list(held)
    for band in bands:
        exact = made_of(band, held)
        if exact is not None:
            recipes[band] = Recipe(tuple((one, 1.0) for one in exact))
            continue
        parts = _partly(band, held)
        if parts is not None:
            recipes[band] = Recipe(parts)
            for one, part in parts:
                if part < 1:
                    rules[_split_words(one, band)] = None
            continue
        around = _around(band, bands, held)
        if around is not None and can_share:
            recipes[band] = Recipe((), around)
            those = " and ".join(words_of(one) for one in around[1])
            rule = f"Ages {words_of(around[0])} are shared among {those}, district by district, as the residents of the"
            rules[f"{rule} pack stood before."] = None
            continue
        over = [one for one in held if one[0] <= band[1] and band[0] <= one[1] and not _within(one, band)]
        lacking[band] = min(over, key=lambda one: one[1] - one[0], default=None)
    return Plan(recipes, tuple(rules), lacking)


def _within(one: Band, other: Band) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _partly(band: Band, held: Collection[Band]) -> tuple[tuple[Band, float], ...] | None:
    """The file's bands that make up a band where the first and the last of them may be cut; None where none do."""
    narrow = [one for one in held if one[1] - one[0] < _MOST_YEARS and one[1] < _BELOW]
    starts = [(band[0], ())] + [(one[1] + 1, (one,)) for one in narrow if one[0] < band[0] <= one[1] < band[1]]
    ends = [(band[1], ())] + [(one[0] - 1, (one,)) for one in narrow if band[0] < one[0] <= band[1] < one[1]]
    for low, first in starts:
        for high, last in ends:
            between = made_of((low, high), held) if low <= high else []
            if between is not None and (first or last):
                cut = [(one, _part_of(one, band)) for one in (*first, *last)]
                return (*((one, 1.0) for one in between), *cut)
    return None


def _part_of(one: Band, band: Band) -> float:
    """The part of a band's single years that lie in another."""
    years = min(one[1], band[1]) - max(one[0], band[0]) + 1
    return years / (one[1] - one[0] + 1)


def _split_words(one: Band, band: Band) -> str:
    """What is assumed of a band that is cut."""
    at = band[0] if one[0] < band[0] else band[1] + 1
    return f"Ages {words_of(one)} are split at {at}, each single year taken to be as large as the next."


def _around(band: Band, bands: Sequence[Band], held: Collection[Band]) -> tuple[Band, tuple[Band, ...]] | None:
    """The narrowest band of the file that several of the pack make up, this one among them; None for none."""
    for one in sorted(held, key=lambda one: one[1] - one[0]):
        if _within(band, one):
            together = made_of(one, bands)
            if together is not None and band in together and one != EVERYONE:
                return one, tuple(together)
    return None

"""What a link says: its parameters stated once, read forgivingly, and what is not understood said in a sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

# What is chosen, parameter by parameter, as codes; a parameter that is not in it stands at its default.
View = Mapping[str, tuple[str, ...]]
Pairs = Sequence[tuple[str, str]]

# What mail clients, chats and typists leave around an address.
OPENING, CLOSING = " \t\r\n\"'“”‘’«»`*_([{<", " \t\r\n\"'“”‘’«»`*_)]}>.,;:!?…\\"
LONGEST = 300  # letters of a value: longer, it is no code and no label
LEAST_CUT = 3  # letters of a value that may count as the beginning of a longer one
MOST_LETTERS, MOST_SAID = 40, 3  # of a value that is quoted; sentences
NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?")
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a link, and the choice that it stands for.

    name: in the link. noun: what is chosen, in a sentence. labels: what people read, by code. default: the codes that
    hold where the link says nothing; worked out when it is asked for, where it rests on figures. many: whether several
    may be chosen. nothing: what the link says where none of many is chosen and that is not the default. instead: what
    is shown where the link is not understood. among: what the codes belong to. held_as: what its widget holds, the
    code, its label or yes and no.
    """

    name: str
    noun: str
    labels: Mapping[str, str]
    instead: str
    default: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    many: bool = False
    nothing: str = ""
    among: str = "of this pack"
    held_as: Literal["code", "label", "switch", "number"] = "code"

    @property
    def start(self) -> tuple[str, ...]:
        """The codes that hold where the link says nothing."""
        return self.default() if callable(self.default) else self.default

    def known(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes of some that there are, each once, in the order of the vocabulary."""
        wanted = set(codes)
        return tuple(code for code in self.labels if code in wanted)

    def chosen(self, view: View) -> tuple[str, ...]:
        """The codes that hold in a view: the default where it has none, or none that there is."""
        if self.name not in view:
            return self.start
        codes = self.known(view[self.name])
        return self.start if view[self.name] and not codes else codes


@dataclass(frozen=True)
class NumberParameter(Parameter):
    """A number of a link, from low to high: whole, or in pounds with two digits behind the point."""

    low: float = 0.0
    high: float = 0.0
    whole: bool = True
    held_as: Literal["code", "label", "switch", "number"] = "number"

    def code(self, text: str) -> str | None:
        """A number as the link writes it; None for what is none, or is beyond the limits."""
        if not NUMBER.fullmatch(text):
            return None
        number = float(text)
        # As people see it: half a penny beyond a limit is that limit.
        written = f"{number:.0f}" if self.whole else f"{number:.2f}"
        whole = not self.whole or number == int(number)
        return written if whole and self.low <= float(written) <= self.high else None

    def known(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The numbers of some texts."""
        found = (self.code(code) for code in codes)
        return tuple(dict.fromkeys(code for code in found if code is not None))


@dataclass(frozen=True)
class Understood:
    """What was understood of a link: the codes of each parameter that it names, and a sentence for each doubt."""

    view: dict[str, tuple[str, ...]]
    doubts: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All that was not understood, in one line of plain text; "" where everything was."""
        more = len(self.doubts) - MOST_SAID
        rest = [f"{more} more of its parts {'is' if more == 1 else 'are'} not understood."] if more > 0 else []
        return " ".join([*self.doubts[:MOST_SAID], *rest])


def to_query(parameters: Iterable[Parameter], view: View) -> dict[str, list[str]]:
    """The link of a view: the codes of each parameter that is not at its default."""
    query = {}
    for one in parameters:
        if one.name in view:
            codes = one.chosen(view)
            if set(codes) != set(one.start):
                query[one.name] = list(codes) or [one.nothing]
    return query


def plain_pairs(pairs: Pairs) -> list[tuple[str, str]]:
    """The names and values of a link without what mail clients do to whole links.

    An ampersand may have been escaped for HTML, and the whole query may have been percent-encoded once too often, so
    that it stands in one name or one value.
    """
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        whole = f"{name}={value}" if value or "=" not in name else name
        once = html.unescape(INVISIBLE.sub("", whole))
        if "%" in name or "=" in name or re.search(r"&\w+=", html.unescape(value)):
            found += parse_qsl(unquote_plus(once) if "%" in name else once, keep_blank_values=True)
        else:
            found.append((name, value))
    return [(re.sub(r"^(?:[?&\s]|amp;)+", "", name, flags=re.IGNORECASE).strip(), value) for name, value in found]


def understood(parameters: Iterable[Parameter], pairs: Pairs) -> Understood:
    """Read a link. Names that are no parameter's are not ours, and nothing is said of them."""
    by_name: dict[str, Parameter] = {one.name.casefold(): one for one in parameters}
    view: dict[str, tuple[str, ...]] = {}
    doubts: list[str] = []
    plain = plain_pairs(pairs)
    for name, value in plain:
        one = by_name.get(name.casefold())
        if one is None:
            continue
        if not value.strip(OPENING + CLOSING):
            if one.many:
                view.setdefault(one.name, ())
            elif one.name not in view:
                doubts.append(f"The link's {one.noun} is empty: {one.instead}.")
            continue
        code, doubt = meaning(one, value)
        if doubt:
            doubts.append(doubt)
        if code is not None:
            said = (code,) if code != one.nothing or not one.nothing else ()
            view[one.name] = tuple(dict.fromkeys([*view.get(one.name, ()), *said])) if one.many else said
    if plain and not plain[-1][1]:
        doubts += cut_short(plain[-1][0], by_name)
    return Understood(view, tuple(dict.fromkeys(doubts)))


def cut_short(name: str, by_name: Mapping[str, Parameter]) -> list[str]:
    """A sentence where a link ends within the name of a parameter."""
    start = name.casefold()
    fits = [one for known, one in by_name.items() if known.startswith(start) and known != start]
    if len(start) < LEAST_CUT or not fits:
        return []
    return [f"The link is cut short: it ends with “{quoted(name)}”."]


def meaning(one: Parameter, value: str) -> tuple[str | None, str]:
    """The code that a value stands for, or None, and a sentence where it is not understood or only guessed."""
    if isinstance(one, NumberParameter):
        codes = [code for text in readings(value) if (code := one.code(bare(text).lstrip("£"))) is not None]
        limits = f"{one.low:g} to {one.high:g}" if one.whole else f"{one.low:.2f} to {one.high:.2f}"
        doubt = f"The link's {one.noun} “{quoted(value)}” is no {'whole ' if one.whole else ''}number from {limits}"
        return (codes[0], "") if codes else (None, f"{doubt}: {one.instead}.")
    words: dict[str, tuple[str, ...]] = {code: (code, label) for code, label in one.labels.items()}
    if one.nothing:
        words[one.nothing] = (one.nothing,)
    for read in (as_it_is, folded, bare):
        for text in readings(value):
            fits = [code for code, names in words.items() if read(text) in {read(name) for name in names}]
            # A code comes before a label: a pack may call one thing by the code of another.
            exact = [code for code in fits if read(text) == read(code)]
            if len(exact or fits) == 1:
                return (exact or fits)[0], ""
            if fits:
                return None, f"The link's {one.noun} “{quoted(value)}” may be {either(one, fits)}: {one.instead}."
    for text in readings(value):
        start = bare(text)
        fits = [code for code, names in words.items() if any(bare(name).startswith(start) for name in names)]
        if len(start) >= LEAST_CUT and len(fits) == 1:
            label = one.labels.get(fits[0], fits[0])
            return fits[0], f"The link's {one.noun} “{quoted(value)}” is cut short: it is taken as {label}."
        if len(start) >= LEAST_CUT and fits:
            return None, f"The link's {one.noun} “{quoted(value)}” may be {either(one, fits)}: {one.instead}."
    left = "it is left out" if one.many else one.instead
    return None, f"The link's {one.noun} “{quoted(value)}” is not one {one.among}: {left}."


def either(one: Parameter, codes: Sequence[str]) -> str:
    """Two things that a value may mean, or how many."""
    names = [one.labels.get(code, code) for code in codes]
    return " or ".join(names) if len(names) == 2 else f"any of {len(names)}"


def readings(value: str) -> list[str]:
    """A value as it stands, and as it was before it was escaped or encoded once or twice too often."""
    found = [INVISIBLE.sub("", value)]
    for _ in range(2):
        text = found[-1]
        found += [re.sub(r"\\(.)", r"\1", text), html.unescape(text), unquote_plus(html.unescape(text))]
    return [text for text in dict.fromkeys(found) if len(text) <= LONGEST]


def as_it_is(text: str) -> str:
    """A value letter by letter."""
    return text


def folded(text: str) -> str:
    """A value without the difference of capitals and spaces."""
    return " ".join(text.casefold().split())


def bare(text: str) -> str:
    """A value without what stands around it: quotation marks, brackets, the sentence's own full stop."""
    return folded(text.lstrip(OPENING).rstrip(CLOSING))


def quoted(value: str) -> str:
    """A value for a sentence of one line: printable, and cut short."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"

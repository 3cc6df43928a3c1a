"""The CQC's words for services, key questions and ratings, however a file of it spells them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lib.pack.manifest import Manifest

# The domains that the register has, in the pack's codes, and what the CQC calls them.
OVERALL = "overall"
DOMAINS = (OVERALL, "safe", "effective", "caring", "responsive", "well_led")
KEY_QUESTIONS = DOMAINS[1:]
_BRACKETS, _YEAR = re.compile(r"\([^()]*\)"), re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# One service under its several names: the ratings file's, the directory's, the active locations' and the API's.
_HOME_CARE = re.compile(r"(?:homecare|domiciliarycare)(?:service|agency|agencie)?s?(?:foradults)?")
_NOT_RATED = (
    *("notrated", "norating", "nopublishedrating", "notyetrated", "unrated", "inspectedbutnotrated", "notassessed"),
    *("insufficientevidencetorate", "notformallyrated", "notapplicable", "ratingsuspended"),
)
NOTHING = frozenset({"", "-", "–", "n/a", "na", "null", "none", "nan"})
COMMUNITY = "communitybasedadultsocialcareservices"


def bare(text: str) -> str:
    """A text for comparison: its letters and digits alone, without what stands in brackets and without a year."""
    return "".join(letter for letter in _YEAR.sub("", _BRACKETS.sub("", text)).casefold() if letter.isalnum())


def is_home_care(service: str) -> bool:
    """Whether a service's name is one of home care: Homecare, Homecare agencies, Domiciliary care service."""
    return _HOME_CARE.fullmatch(bare(service)) is not None


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing, by being empty or by a word for it."""
    return text.strip().casefold() in NOTHING


def domain_of(name: str) -> str | None:
    """The code of a domain by the CQC's name for it; None for no domain."""
    found = bare(name)
    return next((code for code in DOMAINS if bare(code) == found), None)


def rating_words(manifest: Manifest) -> Mapping[str, str]:
    """The pack's name of a rating by the CQC's, as `bare` has it: every way to say "not rated" is the pack's one."""
    found = {bare(rating.name): rating.name for rating in manifest.ratings}
    unrated = next((rating.name for rating in manifest.ratings if not rating.rated), None)
    return {**dict.fromkeys(_NOT_RATED, unrated), **found} if unrated else found

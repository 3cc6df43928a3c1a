"""Locations as the CQC's public API gives them: the JSON of GET /locations/{id}, one or many.

Beside them may lie the JSON of GET /providers/{id}, which alone says a provider's name. Ratings stand in two places:
`currentRatings`, of inspections, and `assessment`, of the framework that came after; what was published last counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from lib.pack import strict_json
from lib.pack.faults import Fault, PackError, limited, quoted
from lib.pack.imports.change import Upload
from lib.pack.imports.cqc.area import within
from lib.pack.imports.cqc.locations import CHILDREN, DATES, ID, Locations, rated_names, tidy_postcode
from lib.pack.imports.cqc.words import DOMAINS, OVERALL, bare, domain_of, is_home_care, is_nothing, rating_words
from lib.pack.load import Pack
from lib.pack.saved import BYTE_ORDER_MARK, MARKS_OF_TWO_BYTES, encoding_of
from lib.pack.written_dates import day

API = "the CQC's API"
HOME_CARE = "home care"
A_LOCATION = "the JSON of a location, as the CQC's API gives it for /locations/ and its id"
_PAST = frozenset({"historic", "archived", "superseded", "closed", "inactive"})


class Rating(NamedTuple):
    """A rating and its key questions, of home care, of a location as a whole, or of another service (""): words."""

    of: str
    on: str  # ISO, "" where it is not told
    domains: Mapping[str, tuple[str, str]]  # the word and the date by domain


def is_json(upload: Upload) -> bool:
    """Whether the bytes of a file begin as JSON does."""
    if upload.content.startswith(MARKS_OF_TWO_BYTES):
        return upload.content[:6].decode("utf-16", errors="ignore").lstrip().startswith(("{", "["))
    return upload.content.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"[")


def read(uploads: Sequence[Upload], pack: Pack) -> Locations:
    """The locations of JSON files that lie in the pack's area."""
    faults: list[Fault] = []
    providers: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    gone: set[str] = set()
    number = repeated = 0
    for upload in uploads:
        for place, one in _documents(upload, faults):
            number += 1
            if "locationId" not in one and _text(one, "providerId") and "locationIds" in one:
                providers[_text(one, "providerId")] = _text(one, "name")
                continue
            identity = _text(one, "locationId")
            if not identity or not _text(one, "name") or "registrationStatus" not in one:
                faults.append(Fault(upload.name, None, place, _what(one), A_LOCATION))
            elif bare(_text(one, "registrationStatus")) == "deregistered":
                gone.add(identity)
            else:
                repeated += identity in found
                found[identity] = _record(one, Fault(upload.name, None, identity, "", ""), pack, faults)
    if faults:
        raise PackError(limited(faults))
    file = uploads[0].name if len(uploads) == 1 else f"{len(uploads):,} files of {API}"
    if not found:
        what = f"{len(gone):,} locations, all of them deregistered" if gone else "no location"
        raise PackError([Fault(file, None, "", what, A_LOCATION)])
    frame = pd.DataFrame(list(found.values()))
    names = frame["cqc_provider_id"].map(providers).astype(object)
    frame["provider_name"] = names.where(names.notna() & (names != ""), None)
    for column in DATES.values():
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ns]")
    frame = within(pack, frame, file)
    notes = []
    if gone:
        notes.append(f"{len(gone):,} location{'s' if len(gone) > 1 else ''} no longer registered left out.")
    if repeated:
        notes.append(f"{repeated:,} location{'s stand' if repeated > 1 else ' stands'} there again: the last counts.")
    counts = (
        ("locations read", len(found) + len(gone)),
        ("locations in the area", len(frame)),
        ("of them home care offices", int(frame["home_care"].sum())),
        ("of them with home care as their only service", int((frame["home_care"] & frame["alone"]).sum())),
    )
    frame = frame.drop(columns="alone")
    return Locations(API, file, frame, counts, tuple(notes), gone=frozenset(gone - found.keys()))


def _documents(upload: Upload, faults: list[Fault]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file, each with its place in it: the file's own, those of its list, or of its "locations"."""
    try:
        text = upload.content.decode(encoding_of(upload.content) or "utf-8-sig")
        document, flaws = strict_json.parsed(text.removeprefix("\ufeff"))
    except UnicodeDecodeError:
        faults.append(Fault(upload.name, None, "", "bytes that are not text in UTF-8", A_LOCATION))
        return
    except json.JSONDecodeError as error:
        found = f"text that is not JSON ({error.msg}, column {error.colno})"
        faults.append(Fault(upload.name, error.lineno, "", found, A_LOCATION))
        return
    except RecursionError:
        faults.append(Fault(upload.name, None, "", "lists within lists without end", A_LOCATION))
        return
    if flaws:
        place = ".".join(map(str, flaws[0].steps))
        faults.append(Fault(upload.name, None, place, flaws[0].found, flaws[0].expected))
        return
    if isinstance(document, dict) and isinstance(document.get("locations"), list):
        document = document["locations"]
    every = document if isinstance(document, list) else [document]
    if not every:
        faults.append(Fault(upload.name, None, "", "an empty list", A_LOCATION))
    for number, one in enumerate(every):
        place = f"item {number + 1}" if len(every) > 1 else ""
        if isinstance(one, dict):
            yield place, one
        else:
            faults.append(Fault(upload.name, None, place, "something that is no location", A_LOCATION))


def _what(one: Mapping[str, Any]) -> str:
    """What was found in place of a location, in words."""
    if {"locationId", "locationName"} <= {*one}:
        return "an entry of the API's list of locations, which says nothing of services and ratings"
    return f"an object with {', '.join(quoted(name, 30) for name in list(one)[:4])}" if one else "an empty object"


def _text(one: Mapping[str, Any], name: str) -> str:
    """A text of an object; "" where there is none."""
    value = one.get(name)
    return " ".join(value.split()) if isinstance(value, str) and not is_nothing(value) else ""


def _list(one: Any, *names: str) -> list[Mapping[str, Any]]:
    """The objects of a list within an object; none without one. A lone object counts as a list of one."""
    for name in names:
        one = one.get(name) if isinstance(one, dict) else None
    every = [one] if isinstance(one, dict) else one if isinstance(one, list) else []
    return [item for item in every if isinstance(item, dict)]


def _record(one: Mapping[str, Any], place: Fault, pack: Pack, faults: list[Fault]) -> dict[str, Any]:
    """A location as a row of lib.pack.imports.cqc.locations.Locations, and whether home care is its only service."""
    services = [_text(item, "name") or _text(item, "description") for item in _list(one, "gacServiceTypes")]
    specialisms = [_text(item, "name") for item in _list(one, "specialisms")]
    ratings = ratings_of(one)
    home = any(map(is_home_care, services)) or any(rating.of == HOME_CARE for rating in ratings)
    alone = len({bare(name) for name in services if not is_home_care(name)}) + home == 1
    record: dict[str, Any] = {
        ID: _text(one, "locationId"),
        "location_name": _text(one, "name"),
        "cqc_provider_id": _text(one, "providerId") or None,
        "postcode": tidy_postcode(_text(one, "postalCode")),
        "authority": _text(one, "localAuthority") or None,
        "home_care": home,
        "inferred": False,
        "children": any(CHILDREN in name.casefold() for name in specialisms) if "specialisms" in one else None,
        "alone": alone,
    }
    words, rated = rating_words(pack.manifest), rated_names(pack.manifest)
    told = best(ratings, home, alone)
    for domain in DOMAINS:
        word, on = told.domains.get(domain, ("", "")) if told else ("", "")
        name = None if is_nothing(word) else words.get(bare(word), "")
        if name == "":
            names = ", ".join(rating.name for rating in pack.manifest.ratings)
            faults.append(Fault(place.file, None, place.column, f"the rating {quoted(word)}", f"one of {names}"))
        record[domain] = name or None
        record[DATES[domain]] = _date(on) if name in rated else None
    return record


def ratings_of(one: Mapping[str, Any]) -> list[Rating]:
    """Every current rating of a location."""
    found = []
    current = one.get("currentRatings")
    for item in _list(current, "overall"):
        found.append(_rating(OVERALL, item, _text(item, "reportDate") or _text(one["currentRatings"], "reportDate")))
    for item in _list(current, "serviceRatings"):
        found.append(_rating(_of(item), item, _text(item, "reportDate")))
    for assessment in _list(one, "assessment"):
        published = _text(assessment, "assessmentPlanPublishedDateTime")
        for item in _list(assessment, "ratings", "overall"):
            if bare(_text(item, "status")) not in _PAST:
                found.append(_rating(OVERALL, item, published))
        for item in _list(assessment, "ratings", "asgRatings"):
            if not {bare(_text(item, "status")), bare(_text(item, "assessmentPlanStatus"))} & _PAST:
                found.append(_rating(_of(item), item, published or _text(item, "assessmentDate")))
    return found


def _of(item: Mapping[str, Any]) -> str:
    """Which service a rating is of."""
    names = (_text(item, "name"), _text(item, "title"))
    return HOME_CARE if any(map(is_home_care, names)) else ""


def _rating(of: str, item: Mapping[str, Any], on: str) -> Rating:
    domains = {OVERALL: (_text(item, "rating"), on)}
    for question in _list(item, "keyQuestionRatings"):
        domain = domain_of(_text(question, "name"))
        if domain:
            domains[domain] = (_text(question, "rating"), _text(question, "reportDate") or on)
    return Rating(of, on[:10], domains)


def best(ratings: Iterable[Rating], home: bool, alone: bool) -> Rating | None:
    """The rating of a location's home care that was published last.

    Of the service itself where one is, as in the ratings file; else of the location as a whole, or, where it gives one
    service alone, of whichever service was rated.
    """
    told = [rating for rating in ratings if rating.domains[OVERALL][0]]
    own = [rating for rating in told if home and rating.of == HOME_CARE]
    whole = [rating for rating in told if rating.of == OVERALL or (alone and not rating.of)]
    return max(own or whole, key=lambda rating: rating.on, default=None)


def _date(text: str) -> pd.Timestamp | None:
    """The day of a time as the API writes it, 2025-03-31T00:00:00Z; None for none."""
    parts = text[:10].split("-")
    found = day(*map(int, parts)) if len(parts) == 3 and all(map(str.isdigit, parts)) else None
    return None if found is None else pd.Timestamp(found)

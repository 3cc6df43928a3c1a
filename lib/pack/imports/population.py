"""Residents by district, year and age, as the ONS and Nomis publish them, as the table of residents of a pack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.pack.faults import Fault, PackError, faults_at
from lib.pack.imports.age_shares import Plan, planned
from lib.pack.imports.ages import EVERYONE, OLDEST, Band, band_of_code, code_of, made_of, words_of
from lib.pack.imports.change import Change, Progress, Upload, no_progress
from lib.pack.imports.districts_held import left_out, named
from lib.pack.imports.ons import OPEN_LICENCE
from lib.pack.imports.population_sheets import Figures, figures_of
from lib.pack.imports.sheet import read_sheets
from lib.pack.load import Pack
from lib.pack.manifest import weakest
from lib.pack.models import path_of
from lib.pack.spells import spells

COLUMNS = ["district_code", "year", "age_band", "persons"]
# The bands of a pack that has none yet: those that care is planned by.
STANDARD_BANDS = ("0-17", "18-64", "65-74", "75-84", "85-89", "90+")
_DECIMALS = 3
_FEWEST = 1_000  # residents of a district: fewer are figures in thousands
_CREDIT = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: Office for National Statistics."
)
_ONS = "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration"
_KEY: list[str] = ["district_code", "year", "low", "high"]
# Where the ages of a file end at one of these, without an open band, its last is that age and over.
_LAST_AGES = (85, 90, 100, 105)


@dataclass(frozen=True, eq=False)
class Residents:
    """Residents of some districts, fit for a pack.

    table: columns district_code, year, age_band (such as 0-17 and 90+) and persons, in the order of the districts.
    title, source, rule: in words; is_ons: whether the file says that the ONS published it. is_modelled: whether a band
    was shared out by other figures than the file's own. notes: what was put up with.
    """

    table: pd.DataFrame
    title: str
    source: str
    rule: str
    is_ons: bool
    is_modelled: bool
    notes: tuple[str, ...]

    @property
    def resource(self) -> dict[str, Any]:
        """What the manifest says of the table."""
        return {
            "title": self.title,
            "status": "modelled" if self.is_modelled else "supplied",
            "rule": self.rule,
            "credit": _CREDIT if self.is_ons else None,
            "sources": [{"title": self.source, **({"path": _ONS} if self.is_ons else {})}],
            "licenses": [OPEN_LICENCE] if self.is_ons else None,
        }

    @property
    def content(self) -> bytes:
        """The table as the file of a pack."""
        return written(self.table)


def read_population(pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress) -> Change:
    """The residents of a pack's districts from projections, estimates or a Census table.

    A file that reaches the first base year takes the place of the whole table; one of earlier years only is put beside
    the years that the pack has. PackError says everything that is wrong with the files.
    """
    bands = list(dict.fromkeys([*pack.table("population")["age_band"], *pack.table("service_rates")["age_band"]]))
    residents = population_table(uploads, pack.district_names(), bands or STANDARD_BANDS, progress, pack)
    table, resource, notes = residents.table, residents.resource, list(residents.notes)
    before = pack.table("population")[COLUMNS]
    base = min(service.base_year for service in pack.manifest.services.values())
    others = before[~before["year"].isin(table["year"])]
    if len(others) and int(table["year"].max()) < base:
        stay = _span(others["year"])
        notes.append(f"The file ends before {base}, the first base year: the years {stay} of the pack stay beside it.")
        order = list(pack.district_names())
        table = pd.concat([table, others])
        table = table.sort_values(
            ["district_code", "year"],
            key=lambda one: one.map(order.index) if one.name == "district_code" else one,
            kind="stable",
        )
        known = pack.manifest.resource("population")
        kept_sources = [{key: text for key, text in one.model_dump().items() if text} for one in known.sources]
        resource |= {
            "title": f"Residents by age, {_span(table['year'])}",
            "status": weakest([known.status, "modelled" if residents.is_modelled else "supplied"]),
            "rule": f"{_span(residents.table['year'])}: {residents.rule} {stay}: {known.rule}".strip(),
            "sources": [*resource["sources"], *kept_sources],
        }
        credits = list(dict.fromkeys(one for one in (resource["credit"], known.credit) if one))
        resource["credit"] = " ".join(credits) or None
        resource["licenses"] = resource["licenses"] or [
            {key: text for key, text in one.model_dump().items() if text} for one in known.licenses
        ]
    elif base not in set(table["year"]):
        notes.append(f"The file has no figures for {base}, the first base year: what rests on them stays unknown.")
    return Change(
        title=f"{residents.source}, from {_files(uploads)}",
        files={path_of("population"): written(table)},
        resources={"population": resource},
        counts=(
            ("districts", int(residents.table["district_code"].nunique())),
            ("years", int(residents.table["year"].nunique())),
            ("age bands", int(residents.table["age_band"].nunique())),
        ),
        notes=tuple(notes),
    )


def population_table(
    uploads: Sequence[Upload],
    districts: Mapping[str, str],
    bands: Sequence[str] = STANDARD_BANDS,
    progress: Progress = no_progress,
    pack: Pack | None = None,
) -> Residents:
    """The residents of some districts by age bands, for every year that the files have.

    districts: their names by code. bands: as the table writes them. pack: its residents tell how to share a band that
    is too wide, such as 85 and over; without one such a band is a fault. PackError says everything that is wrong.
    """
    if not uploads:
        raise PackError([Fault("population", None, "", "no file", "a file of residents by district, age and year")])
    read: list[Figures] = []
    for number, upload in enumerate(uploads):
        progress(number / len(uploads), f"Reading {upload.name}")
        read.append(figures_of(read_sheets(upload, progress), districts))
    file = _files(uploads)
    held: dict[str, str] = {}
    for one in read:
        held |= one.held
    faults = left_out(file, districts, held, "figure")
    if faults:
        raise PackError(faults)
    progress(0.8, "Putting the age bands together")
    figures, open_ended = _with_open_end(_each_once(file, read))
    wanted = [band_of_code(band) for band in bands]
    reference = None if pack is None else pack.table("population")
    plan = planned(wanted, _bands_of(figures), reference is not None and len(reference) > 0)
    if plan.lacking:
        raise PackError(list(dict.fromkeys(_lacking(file, plan.lacking, over) for over in plan.lacking.values())))
    faults = [*_holes(file, figures, plan, districts), *_unlike_totals(file, figures, read, districts)]
    if faults:
        raise PackError(faults)
    table = _made(file, figures, plan, bands, list(districts), reference)
    progress(1.0, "Residents read")
    return _described(read, table, plan, open_ended)


def _files(uploads: Sequence[Upload]) -> str:
    return " and ".join(one.name for one in uploads)


def _span(years: pd.Series[int]) -> str:
    first, last = int(years.min()), int(years.max())
    return f"{first}" if first == last else f"{first} to {last}"


def written(table: pd.DataFrame) -> bytes:
    """A table of residents as the file of a pack: no more decimals than a figure has."""
    persons = table["persons"].map(lambda number: f"{number:.{_DECIMALS}f}".rstrip("0").rstrip("."))
    return table.assign(persons=persons)[COLUMNS].to_csv(index=False, lineterminator="\n").encode()


def _each_once(file: str, read: Sequence[Figures]) -> pd.Series[float]:
    """The figures by district, year and ages, males and females added up; PackError where one is there twice."""
    table = pd.concat([one.table.assign(file=one.file) for one in read], ignore_index=True)
    if (table["sex"] == "persons").any():
        table = table[table["sex"] == "persons"]
    table = table.drop_duplicates([*_KEY, "sex", "persons"])
    key: list[str] = [*_KEY, "sex"]
    twice = table[table.duplicated(key, keep=False)]
    if len(twice):
        first = twice.iloc[0]
        again = twice[(twice[key] == first[key]).all(axis=1)]
        ages = words_of((int(first["low"]), int(first["high"]))) if first["high"] >= 0 else ""
        rows = " and ".join(f"{int(row):,}" for row in again["row"].head(3))
        found = f"more than one figure for {first['district_code']}, {first['year']}, ages {ages}, in rows {rows}"
        raise PackError([Fault(str(first["file"]), None, "", found, "one: take out those of another variant or group")])
    sexes = set(table["sex"])
    if len(sexes) == 1 and sexes != {"persons"}:
        raise PackError([Fault(file, None, "", f"figures of {min(sexes)}s only", "persons, or males and females")])
    alone = table[~table.duplicated(_KEY, keep=False)]
    if sexes != {"persons"} and len(alone):
        found = f"figures of one sex only for {alone['district_code'].iloc[0]}, {alone['year'].iloc[0]}"
        raise PackError([Fault(file, None, "", found, "those of males and of females")])
    summed: pd.Series[float] = table.groupby(_KEY)["persons"].sum()
    return summed


def _bands_of(figures: pd.Series[float]) -> list[Band]:
    return list(dict.fromkeys((int(low), int(high)) for _, _, low, high in figures.index))


def _lacking(file: str, lacking: Mapping[Band, Band | None], over: Band | None) -> Fault:
    """What to say of the bands of the pack that cannot be made: one of the file stands in the way, or none is there."""
    bands = ", ".join(words_of(band) for band, one in lacking.items() if one == over)
    if over is None or over == EVERYONE:
        return Fault(file, None, "", f"no figures for ages {bands}", "every age, in single years or bands")
    found = f"ages {words_of(over)} together"
    return Fault(file, None, "", found, f"figures for ages {bands} by themselves: a table with narrower bands")


def _holes(file: str, figures: pd.Series[float], plan: Plan, districts: Mapping[str, str]) -> list[Fault]:
    """A fault for each district that has some of the bands and years that are needed, and not others."""
    needed = list(dict.fromkeys(band for one in plan.recipes.values() for band in _used(one)))
    table = figures.unstack(["low", "high"]).reindex(columns=pd.MultiIndex.from_tuples(needed))
    years = figures.index.get_level_values("year").unique()
    whole = pd.MultiIndex.from_product([list(districts), years], names=["district_code", "year"])
    lacking = table.reindex(whole).isna()
    some: list[bool] = lacking.any(axis=1).tolist()
    places = [place for place, one in zip(whole, some, strict=True) if one]

    alike: dict[tuple[str, str], list[int]] = {}
    for place in places:
        bare = lacking.to_numpy()[whole.get_loc(place)]
        bands = [band for band, is_bare in zip(needed, bare, strict=True) if is_bare]
        ages = "figures" if len(bands) == len(needed) else f"figure for ages {words_of(bands[0])}"
        alike.setdefault((place[0], ages), []).append(int(place[1]))

    def fault(place: tuple[str, str]) -> Fault:
        told = [f"{first}" if first == last else f"{first} to {last}" for first, last in spells(alike[place])]
        found = f"no {place[1]} of {named(place[0], districts)} in {', '.join(told)}"
        return Fault(file, None, "", found, "every age in each year")

    return faults_at(list(alike), fault)


def _used(recipe: Any) -> list[Band]:
    return [band for band, _ in recipe.whole] + ([recipe.shared[0]] if recipe.shared else [])


def _unlike_totals(
    file: str, figures: pd.Series[float], read: Sequence[Figures], districts: Mapping[str, str]
) -> list[Fault]:
    """A fault for each district and year whose ages do not add up to its total, or whose total is too small."""
    table = figures.unstack(["low", "high"])
    ages = [band for band in _bands_of(figures) if band != EVERYONE]
    parts = made_of(EVERYONE, ages)
    if parts is None:
        return []
    summed = table[parts].sum(axis=1)
    small = summed[summed < _FEWEST]
    faults = faults_at(
        [(str(code), int(year)) for code, year in small.index],
        lambda place: Fault(
            file, None, "", f"{small[place]:,.0f} residents of {named(place[0], districts)} in {place[1]}",
            f"{_FEWEST:,} or more, in persons and not in thousands",
        ),
    )  # fmt: skip
    if EVERYONE not in table.columns or faults:
        return faults
    total = table[EVERYONE]
    # Each figure is rounded by itself; the Census changes its own by a few more.
    rounding = (len(parts) + 1) * 0.5 * 10.0 ** -max(one.decimals for one in read)
    wrong = (summed - total).abs() > np.maximum(rounding, 0.001 * total)
    return faults_at(
        [(str(code), int(year)) for code, year in summed[wrong].index],
        lambda place: Fault(
            file, None, "",
            f"ages of {named(place[0], districts)} in {place[1]} that add up to {summed[place]:,.0f}",
            f"{total[place]:,.0f}, the total beside them",
        ),
    )  # fmt: skip


def _made(
    file: str,
    figures: pd.Series[float],
    plan: Plan,
    bands: Sequence[str],
    codes: Sequence[str],
    reference: pd.DataFrame | None,
) -> pd.DataFrame:
    """The table of a pack: district_code, year, age_band, persons."""
    source = figures.unstack(["low", "high"])
    columns = {}
    for band in bands:
        recipe = plan.recipes[band_of_code(band)]
        if recipe.shared is None:
            columns[band] = sum(source[one] * part for one, part in recipe.whole)
        elif reference is not None:
            columns[band] = source[recipe.shared[0]] * _parts(file, source.index, band, recipe.shared[1], reference)
    table = pd.DataFrame(columns, index=source.index).round(_DECIMALS)
    years = sorted({int(year) for _, year in table.index})
    table = table.reindex(pd.MultiIndex.from_product([codes, years], names=["district_code", "year"]))
    long = table.reset_index().melt(["district_code", "year"], var_name="age_band", value_name="persons")
    places = long["district_code"].map(list(codes).index) * 10_000 + long["year"]
    return long.iloc[np.argsort(places.to_numpy(), kind="stable")].reset_index(drop=True)[COLUMNS]


def _parts(
    file: str, index: pd.Index[Any], band: str, among: Sequence[Band], reference: pd.DataFrame
) -> pd.Series[float]:
    """The part that a band has among some, by district and year, as the pack's residents stand in the nearest year."""
    grid = reference.pivot(index=["district_code", "year"], columns="age_band", values="persons")
    names = [code_of(one) for one in among]
    whole = grid.reindex(columns=names).dropna()
    parts = {}
    for code, year in index:
        years = [int(one) for held, one in whole.index if held == code]
        if not years:
            found = f"no residents of {code} in the pack to share ages {', '.join(names)} by"
            raise PackError([Fault(file, None, "", found, "a table with narrower bands")])
        nearest = min(years, key=lambda one: abs(one - int(year)))
        row = whole.loc[(code, nearest)]
        parts[code, year] = float(row[band] / row.sum()) if row.sum() else 1 / len(names)
    return pd.Series(parts)


def _with_open_end(figures: pd.Series[float]) -> tuple[pd.Series[float], list[str]]:
    """The figures with the last of single ages taken as that age and over, as the ONS writes it; and a note of it."""
    singles = sorted(low for low, high in _bands_of(figures) if low == high)
    last = singles[-1] if singles else -1
    ends = [high for low, high in _bands_of(figures) if (low, high) != EVERYONE]
    if last not in _LAST_AGES or singles != list(range(last + 1)) or max(ends) > last:
        return figures, []
    table = figures.rename("persons").reset_index()
    table.loc[(table["low"] == last) & (table["high"] == last), "high"] = OLDEST
    summed: pd.Series[float] = table.set_index(_KEY)["persons"]
    return summed, [f"Age {last}, the last of the file, is taken as {last} and over."]


def _described(read: Sequence[Figures], table: pd.DataFrame, plan: Plan, open_ended: Sequence[str]) -> Residents:
    """The residents, with what the files say of themselves in words."""
    words = " ".join(one.words for one in read)
    file = " and ".join(one.file for one in read)
    years = _span(table["year"])
    base = re.search(r"(?i)(20\d\d)[ _-]*based", words)
    is_ons = True
    if base:
        source = f"ONS subnational population projections, {base[1]}-based"
        title = f"Residents by age, {years}: {base[1]}-based projections"
    elif re.search(r"(?i)census|ts00\d", words):
        source, title = "ONS Census 2021 through Nomis", f"Residents by age, {years}: Census"
    elif re.search(r"(?i)\bmye|mid-?(year|20\d\d)|population[ _]estimates", words):
        source, title = "ONS mid-year population estimates", f"Residents by age, {years}: mid-year estimates"
    else:
        is_ons = re.search(r"(?i)nomis|\bons\b|office for national statistics", words) is not None
        source = "ONS population figures" if is_ons else f"Residents by age, {years}"
        title = f"Residents by age, {years}"
    rule = " ".join([f"{source}, from {file}: years {years}.", *open_ended, *plan.rules])
    notes = [*(note for one in read for note in one.notes), *open_ended, *plan.rules]
    return Residents(table, title, source, rule, is_ons, plan.is_modelled, tuple(dict.fromkeys(notes)))

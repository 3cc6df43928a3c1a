"""Figures of residents by district, age and year, in whatever form their publisher gives them.

Years in columns (projections), ages in columns (the Census through Nomis, estimates), or one row a figure. What each
column is follows from its heading and from what stands in it; where the districts stand, from their codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.pack.faults import Fault, PackError, faults_at, limited, quoted
from lib.pack.imports.ages import Band, band_of, is_date_of_ages
from lib.pack.imports.sheet import Sheet
from lib.pack.saved import letter
from lib.pack.unread import is_error
from lib.pack.written_numbers import POINT, number_as_written

AREA_CODE = r"[EWSNK]\d{8}"
# How Nomis may write an area in one cell: its code, a colon and its name, or "lad2023:" and its name.
_CODE_AND_NAME = re.compile(rf"({AREA_CODE})\s*[:–-]\s*\S.*")
_KIND_AND_NAME = re.compile(r"[A-Za-z]+\d{2,4}\s*:\s*")
_YEAR = re.compile(r"(?:(?:population|persons|pop|mid|year)[ _-]*)*((?:19|20)\d\d)(?:-(?:0[1-9]|1[0-2])-\d\d)?")
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SEXES = {
    "persons": ("persons", "person", "people", "all", "total", "both", "t", "p", "0", "allpersons", "bothsexes"),
    "male": ("male", "males", "m", "1", "men"),
    "female": ("female", "females", "f", "2", "women"),
}
_SEX = {word: sex for sex, words in _SEXES.items() for word in words}
_VALUES = ("obsvalue", "observation", "value", "persons", "population", "residents", "people", "count", "number")
_YEARS = ("year", "date", "time", "datename", "calendaryears", "midyear", "period", "projectionyear", "timeperiod")
_SEX_HEADS = ("sex", "gender", "csex", "csexname", "gendername", "sexname", "sexlabel")
_EXPECTED = "residents by district, age and year, as the ONS or Nomis publishes them"
_LEAST = 3  # ages or years in columns, to be taken for such
FIGURES = ["district_code", "year", "low", "high", "sex", "persons", "row", "column"]


@dataclass(frozen=True, eq=False)
class Figures:
    """What the files say of the districts that are wanted.

    table: one row a figure, columns district_code, year, low and high (the ages), sex (persons, male, female), persons,
    row (as a spreadsheet counts it), column (its letter). held: the names of all areas of the file by their code.
    words: what the file says of itself above its table, and its names. decimals: the most that a figure has.
    """

    file: str
    table: pd.DataFrame
    held: Mapping[str, str]
    words: str
    decimals: int
    notes: tuple[str, ...]


def figures_of(sheets: Sequence[Sheet], districts: Mapping[str, str]) -> Figures:
    """The figures of one file; PackError where no sheet of it has any, or a cell cannot be read.

    Of several sheets that have figures, one that is named for all persons counts, else they are put together.
    """
    file = sheets[0].file
    found = [(sheet, laid) for sheet in sheets if (laid := _laid_out(sheet, districts)) is not None]
    if not found:
        whole = [sheet for sheet in sheets if (sheet.cells != "").to_numpy().any()]
        if not whole:
            raise PackError([Fault(file, None, "", "an empty file", _EXPECTED)])
        raise PackError([Fault(file, None, "", "no column with codes of districts, such as E07000066", _EXPECTED)])
    persons = [one for one in found if re.search(r"(?i)persons|people", one[0].name)]
    chosen = persons or found
    read = [_figures(sheet, laid, districts) for sheet, laid in chosen]
    tables = [one.table for one in read]
    held: dict[str, str] = {}
    for one in read:
        held |= one.held
    return Figures(
        file,
        pd.concat(tables, ignore_index=True),
        held,
        " ".join(dict.fromkeys(one.words for one in read)),
        max(one.decimals for one in read),
        tuple(dict.fromkeys(note for one in read for note in one.notes)),
    )


@dataclass(frozen=True, eq=False)
class _Laid:
    """How a sheet is laid out: the column with the codes of areas, and the rows in which they stand."""

    code: int
    rows: pd.Index
    codes: pd.Series[str]  # of every row below the header, by the district's code where its name stands there
    named: bool


def _laid_out(sheet: Sheet, districts: Mapping[str, str]) -> _Laid | None:
    """Where the codes of areas stand in a sheet, or else the names of the districts; None where neither does."""
    best: tuple[tuple[int, int], int, pd.Series[str]] | None = None
    for place in range(sheet.cells.shape[1]):
        texts = sheet.cells[place].str.strip().str.replace(_CODE_AND_NAME, r"\1", regex=True)
        area = texts.str.fullmatch(AREA_CODE).fillna(False).astype(bool)
        if not area.any():
            continue
        score = (int(texts.isin(list(districts)).sum()), int(area.sum()))
        if best is None or score > best[0]:
            best = score, place, texts.where(area, "")
    if best is not None:
        codes = best[2]
        return _Laid(best[1], codes.index[codes != ""], codes, False)
    known = {name.casefold(): code for code, name in districts.items()}
    for place in range(sheet.cells.shape[1]):
        texts = sheet.cells[place].str.strip().str.replace(_KIND_AND_NAME, "", regex=True)
        codes = texts.str.casefold().map(known).fillna("").astype("str")
        if (codes != "").any():
            return _Laid(place, codes.index[codes != ""], codes, True)
    return None


def _figures(sheet: Sheet, laid: _Laid, districts: Mapping[str, str]) -> Figures:
    """The figures of a sheet."""
    first = int(laid.rows[0])
    above = sheet.cells.iloc[:first]
    filled = [place for place in range(first) if int((above.iloc[place].str.strip() != "").sum()) > 1]
    if not filled:
        raise PackError([Fault(sheet.file, None, "", "no row with the names of the columns", _EXPECTED)])
    head = [" ".join(str(cell).split()) for cell in above.iloc[filled[-1]]]
    over = _spread([str(cell).strip() for cell in above.iloc[filled[-1] - 1]]) if filled[-1] else []
    stated = [cell.strip() for row in above.iloc[: filled[-1]].itertuples(index=False) for cell in row if cell.strip()]
    words = " ".join([sheet.file, sheet.name, *stated])
    roles = _roles(head, sheet.cells.loc[laid.rows], laid)
    names = sheet.cells[roles.name].str.strip() if roles.name is not None else laid.codes
    held = dict(zip(laid.codes.loc[laid.rows], names.loc[laid.rows], strict=True))
    wanted = laid.codes.loc[laid.rows].isin(list(districts))
    rows = laid.rows[wanted.to_numpy()]
    if not len(rows):
        return Figures(sheet.file, pd.DataFrame(columns=FIGURES), held, words, 0, sheet.notes)
    cells = sheet.cells.loc[rows]
    table = _melted(sheet, head, over, roles, cells, laid.codes.loc[rows], words)
    table, notes = _of_all_residents(table)
    numbers, decimals, faults = _numbers(sheet, head, table)
    if faults:
        raise PackError(faults)
    if re.search(r"(?i)\bthousands?\b|\(000s?\)|'000", " ".join([*stated, *head])):
        numbers = numbers * 1000
        notes.append(f"{sheet.file} gives thousands: its figures are taken times 1,000.")
    table["persons"] = numbers
    every = (*sheet.notes, *notes, *(["Districts are known by their names in the file."] if laid.named else []))
    return Figures(sheet.file, table[FIGURES], held, words, decimals, every)


@dataclass(frozen=True)
class _Roles:
    """Which columns hold what, by their places; None for none. years, ages: those that have one for a heading."""

    name: int | None
    years: Mapping[int, int]
    ages: Mapping[int, Band]
    year: int | None
    age: int | None
    sex: int | None
    value: int | None
    kind: int | None
    measure: int | None


def _roles(head: Sequence[str], cells: pd.DataFrame, laid: _Laid) -> _Roles:
    """What each column of a sheet holds."""
    bare = [_plain(text) for text in head]
    others = [place for place in range(len(head)) if place != laid.code and head[place]]

    def one_of(words: Sequence[str], *, labels: bool = True) -> int | None:
        """The column headed by the first of some words that any is headed by: with the label, if there is one."""
        for word in words:
            for form in [f"{word}name", word] if labels else [word]:
                if form in [bare[place] for place in others]:
                    return next(place for place in others if bare[place] == form)
        return None

    years = {place: int(found[1]) for place in others if (found := _YEAR.fullmatch(head[place].casefold()))}
    ages = {place: band for place in others if place not in years and (band := band_of(head[place])) is not None}
    by_age = [
        place
        for place in others
        if bare[place].startswith(("age", "cage", "singleyearofage", "fiveyearage", "broadage"))
        and place not in ages
        and cells[place].drop_duplicates().head(200).map(lambda text: band_of(text) is not None).mean() > 0.5
    ]
    labelled = [place for place in by_age if bare[place].endswith("name") or not bare[place].endswith("code")]
    named = [place for place in labelled if bare[place].endswith("name")]
    age = next(iter(named or labelled or by_age), None)
    value = one_of(_VALUES, labels=False)
    if value is None:
        value = next((place for place in others if re.fullmatch(r"v4\d*|obs", bare[place])), None)
    around = [place for place in (laid.code + 1, laid.code - 1) if 0 <= place < len(head)]
    name = next(
        (
            place
            for place in [*[one for one in others if re.search(r"name|nm$|^area$|^geography$", bare[one])], *around]
            if place not in (age, value, *years, *ages)
            and (cells[place].str.contains(r"[A-Za-z]{3}") & ~cells[place].str.fullmatch(AREA_CODE)).mean() > 0.5
        ),
        None,
    )
    year = one_of(_YEARS)
    if year is not None and not cells[year].str.contains(_ANY_YEAR.pattern).all():
        year = one_of(_YEARS, labels=False)
    return _Roles(
        name,
        years if len(years) >= _LEAST or (years and age is not None) else {},
        ages if len(ages) >= _LEAST else {},
        year,
        age,
        one_of(_SEX_HEADS),
        value,
        one_of(("component",)),
        one_of(("measures", "measure")),
    )


def _melted(
    sheet: Sheet,
    head: Sequence[str],
    over: Sequence[str],
    roles: _Roles,
    cells: pd.DataFrame,
    codes: pd.Series[str],
    words: str,
) -> pd.DataFrame:
    """One row a figure, as text: district_code, year, low, high, sex, text, row, column, place.

    over: what stands above each heading, such as the year or the sex of several columns of ages.
    """
    for place, kept in ((roles.kind, r"(?i)\s*population\s*"), (roles.measure, r"(?i)\s*(values?|20100)\s*")):
        if place is not None and cells[place].str.fullmatch(kept).any():
            cells = cells[cells[place].str.fullmatch(kept)]
    codes = codes.loc[cells.index]
    columns: Sequence[int]
    if roles.years and roles.age is not None:
        columns = list(roles.years)
    elif roles.ages and roles.age is None:
        columns = list(roles.ages)
    elif roles.age is not None and roles.value is not None:
        columns = [roles.value]
    else:
        found = ", ".join(text for text in head if text)[:200]
        raise PackError([Fault(sheet.file, None, "", f"the columns {found}", _EXPECTED)])
    years_over = {place: year[1] for place in columns if over and (year := _YEAR.fullmatch(over[place].casefold()))}
    sexes_over = {place: over[place] for place in columns if over and _plain(over[place]) in _SEX}
    is_over = [not roles.years and {*known} == {*columns} for known in (years_over, sexes_over)]
    parts = []
    for place in columns:
        part = pd.DataFrame({"district_code": codes, "text": cells[place].str.strip()})
        part["place"], part["column"] = place, letter(place)
        part["row"] = cells.index + sheet.first_row
        part["year_text"] = (
            years_over[place] if is_over[0]
            else str(roles.years[place]) if roles.years
            else cells[roles.year] if roles.year is not None else ""
        )  # fmt: skip
        part["age_text"] = head[place] if roles.age is None else cells[roles.age]
        part["sex"] = sexes_over[place] if is_over[1] else cells[roles.sex] if roles.sex is not None else "persons"
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table["year"] = _years(sheet, is_over[0] or bool(roles.years) or roles.year is not None, table["year_text"], words)
    bands = {text: band_of(text) for text in table["age_text"].unique()}
    unread = table[table["age_text"].map(lambda text: bands[text] is None)]
    faults = limited(
        [
            Fault(sheet.file, int(row), head[roles.age or 0], quoted(text), _age_words(text), letter(roles.age or 0))
            for text, row in unread.drop_duplicates("age_text")[["age_text", "row"]].itertuples(index=False)
        ]
    )
    if faults:
        raise PackError(faults)
    pairs = [bands[text] or (0, 0) for text in table["age_text"]]
    table["low"], table["high"] = [low for low, _ in pairs], [high for _, high in pairs]
    sexes = {text: _SEX.get(_plain(str(text))) for text in table["sex"].unique()}
    strange = [text for text, sex in sexes.items() if sex is None]
    if strange:
        raise PackError([Fault(sheet.file, None, "sex", quoted(strange[0]), "persons, males or females")])
    return table.assign(sex=table["sex"].map(sexes))


def _age_words(text: str) -> str:
    """What to expect in place of an age that is none."""
    if is_date_of_ages(text):
        return "an age band such as 5-9: the spreadsheet has made a date of it, so take the publisher's own file"
    return "an age or an age band, such as 7, 15-19 or 90+"


def _spread(row: Sequence[str]) -> list[str]:
    """A row of headings that each stand over several columns, written over each of these."""
    spread, last = [], ""
    for text in row:
        last = text or last
        spread.append(last)
    return spread


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _years(sheet: Sheet, is_told: bool, texts: pd.Series[str], words: str) -> pd.Series[int]:
    """The year of each figure: its column's, its row's, or the only one that the file tells of above its table."""
    if not is_told:
        above = [text for text in words.split(sheet.file, 1)[-1:] for text in _ANY_YEAR.findall(text)]
        told = sorted({*above}) or sorted({*_ANY_YEAR.findall(sheet.file)})
        if len(told) > 1:  # "2023" beside "as of April 2022": a line that says date or mid-year decides
            stated = re.findall(r"(?i)(?:\bdate|mid-?(?:year)?|\bcensus)\D{0,12}((?:19|20)\d\d)", words)
            told = sorted({*stated}) or told
        if len(told) != 1:
            found = f"the years {', '.join(told)} above the table" if told else "no year"
            expected = "the year that the figures are of, in a column or in the name of the file"
            raise PackError([Fault(sheet.file, None, "", found, expected)])
        return pd.Series(int(told[0]), index=texts.index)
    read = {text: _ANY_YEAR.findall(str(text)) for text in texts.unique()}
    bad = [text for text, years in read.items() if len({*years}) != 1]
    if bad:
        raise PackError([Fault(sheet.file, None, "year", quoted(bad[0]), "one year, such as 2024")])
    return texts.map({text: int(years[0]) for text, years in read.items()})


def _of_all_residents(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The figures of all persons, or else of males and of females, which are added up later."""
    sexes = set(table["sex"])
    if "persons" in sexes:
        return table[table["sex"] == "persons"].reset_index(drop=True), []
    return table, ["Persons are the sum of males and females."] if sexes else []


def _numbers(sheet: Sheet, head: Sequence[str], table: pd.DataFrame) -> tuple[pd.Series[float], int, list[Fault]]:
    """The figures as numbers, the most decimals that one has, and a fault for each that is none."""
    texts = table["text"]
    plain = texts.str.fullmatch(r"\d+(\.\d+)?").fillna(False).astype(bool)
    numbers = pd.to_numeric(texts.where(plain), errors="coerce").astype("float64")
    for text in texts[~plain].unique():
        read = number_as_written(text, POINT, "people", False) if text and not is_error(text) else None
        if isinstance(read, float) and np.isfinite(read) and read >= 0:
            numbers = numbers.where(texts != text, read)
    bad = numbers[numbers.isna() | (numbers > 1e8)].index.tolist()

    def fault(place: int) -> Fault:
        row, text = int(table["row"][place]), quoted(table["text"][place])
        column, named = str(table["column"][place]), head[int(table["place"][place])]
        return Fault(sheet.file, row, named, text, "a number of residents, 0 or more", column)

    decimals = (
        int(texts[plain].str.extract(r"\.(\d*?)0*$", expand=False).str.len().fillna(0).max()) if plain.any() else 0
    )
    return numbers, decimals, faults_at(bad, fault)

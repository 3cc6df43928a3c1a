"""Boundaries of districts, as the ONS and others publish them, as the outlines of a pack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from lib.pack.faults import Fault, PackError
from lib.pack.geography import checked_degrees, geography_faults
from lib.pack.imports.change import Change, Progress, Upload, no_progress
from lib.pack.imports.coverage import covered, document_of
from lib.pack.imports.districts_held import left_out
from lib.pack.imports.ons import boundary_resource, edition_of, supplied_resource
from lib.pack.imports.outline_files import Layer, headed, opened_layers, shapes_of
from lib.pack.imports.wards import read_wards
from lib.pack.load import OUTLINES_NAME, Pack
from lib.pack.outline_checks import misplaced
from lib.pack.outline_features import OUTLINES

__all__ = ["Outlined", "outlines_of", "read_boundaries", "read_wards"]

GSS_CODE = r"[EWSN]\d{8}"
# Unitary authorities, districts, metropolitan and London boroughs have these codes, and their like elsewhere.
_DISTRICT_CODE = r"(?:E0[6-9]|W06|S12|N09)\d{6}"
_DISTRICT_STEMS = ("LAD", "LTLA", "CTYUA", "UTLA")


@dataclass(frozen=True)
class Outlined:
    """Outlines of districts, fit for a pack.

    content: the file of the pack (GeoJSON, WGS84). names: of the districts by their code, in the order of the file.
    area_km2: of each. resource: what the manifest says of the file. notes: what was put up with. edition: of the
    source, as "2022" or "December 2022", "" where it does not say.
    """

    content: bytes
    names: Mapping[str, str]
    area_km2: Mapping[str, float]
    resource: Mapping[str, Any]
    notes: tuple[str, ...]
    edition: str


@dataclass(frozen=True)
class _Found:
    """The layer and the column of a file in which the districts are known: their codes and names by the row."""

    layer: Layer
    heading: str
    codes: Mapping[int, str]
    held: Mapping[str, str]


def read_boundaries(pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress) -> Change:
    """The outlines of a pack's districts from files of boundaries: GeoJSON, GeoPackage, or a shapefile.

    PackError where a district is missing, where they are of another place, or cannot be drawn side by side.
    """
    names = pack.district_names()
    outlined = outlines_of(uploads, names, progress)
    file = " and ".join(one.name for one in uploads)
    elsewhere = misplaced(checked_degrees(outlined.content), pack.tables["wards"], names)
    if elsewhere:
        raise PackError([replace(fault, file=file) for fault in elsewhere])
    return Change(
        title=f"District boundaries from {file}",
        files={OUTLINES: outlined.content},
        resources={OUTLINES_NAME: outlined.resource},
        counts=(("districts", len(outlined.names)),),
        notes=outlined.notes,
    )


def outlines_of(
    uploads: Sequence[Upload], districts: Mapping[str, str] | None = None, progress: Progress = no_progress
) -> Outlined:
    """The outlines of districts from files of boundaries.

    districts: the names by the code of those that must be there; None takes every district of the file, under the
    names that it has. PackError says everything that is wrong with the file.
    """
    file = " and ".join(one.name for one in uploads)
    progress(0.0, "Reading the boundaries")
    with opened_layers(uploads) as layers:
        found = _districts_in(file, layers, districts)
        names = districts if districts is not None else found.held
        faults = left_out(file, names, found.held, "outline")
        if faults:
            raise PackError(faults)
        rows = {row: code for row, code in found.codes.items() if code in names}
        shapes, notes = shapes_of(found.layer, list(rows))
    shapes.index = pd.Index([rows[row] for row in shapes.index])
    progress(0.5, "Fitting the outlines together")
    ready = covered(file, shapes, names)
    content = document_of(ready.shapes, names)
    faults = geography_faults(content, list(names))
    try:
        if not faults:
            checked_degrees(content)
    except PackError as error:
        faults = list(error.faults)
    if faults:
        raise PackError([replace(fault, file=file) for fault in faults])
    progress(1.0, "Outlines read")
    others = len(found.held) - len(names)
    if others > 0:
        notes.append("1 other area" if others == 1 else f"{others:,} other areas")
        notes[-1] += " of the file is left out." if others == 1 else " of the file are left out."
    every = (*notes, *ready.notes)
    edition = edition_of(found.heading, found.layer.file, found.layer.name)
    return Outlined(content, dict(names), ready.area_km2, _resource(file, found, ready.rule, edition), every, edition)


def _districts_in(file: str, layers: Sequence[Layer], districts: Mapping[str, str] | None) -> _Found:
    """The layer and column that know most of the districts; PackError where none knows of districts at all."""
    best: tuple[tuple[int, int], _Found] | None = None
    for layer in layers:
        if "Point" in layer.kind or "Line" in layer.kind:
            continue
        for column in layer.texts.columns:
            texts = layer.texts[column].str.strip()
            if districts is None:
                codes = texts[texts.str.fullmatch(_DISTRICT_CODE)]
                score = (len(codes) if headed(str(column), *_DISTRICT_STEMS) or _is_own(str(column)) else 0, len(codes))
            else:
                codes = texts[texts.str.fullmatch(GSS_CODE) | texts.isin(list(districts))]
                score = (int(codes.isin(list(districts)).sum()), len(codes))
            if not len(codes) or (best is not None and score <= best[0]):
                continue
            held = _names_beside(layer.texts, str(column), codes)
            best = score, _Found(layer, str(column), _by_row(codes), held)
    if best is None and districts is not None:
        best = _by_name(layers, districts)
    if best is None:
        kinds = {layer.kind for layer in layers}
        if all("Point" in kind or "Line" in kind for kind in kinds):
            raise PackError(
                [Fault(file, None, "", "points or lines", "boundaries: polygons with the districts' codes")]
            )
        columns = list(dict.fromkeys(str(one) for layer in layers for one in layer.texts.columns))
        found = (
            f"no column with codes of districts among {', '.join(columns[:8])}" if columns else "shapes without codes"
        )
        raise PackError(
            [Fault(file, None, "", found, "a column such as LAD24CD or district_code, with codes like E07000066")]
        )
    return best[1]


def _by_name(layers: Sequence[Layer], districts: Mapping[str, str]) -> tuple[tuple[int, int], _Found] | None:
    """The layer and column that hold the districts' names, where no column has codes."""
    known = {name.casefold(): code for code, name in districts.items()}
    best: tuple[tuple[int, int], _Found] | None = None
    for layer in layers:
        for column in layer.texts.columns:
            codes = layer.texts[column].str.strip().str.casefold().map(known).dropna()
            if len(codes) and (best is None or len(codes) > best[0][0]):
                held = {str(code): districts[code] for code in codes}
                best = (len(codes), 0), _Found(layer, str(column), _by_row(codes), held)
    return best


def _by_row(codes: pd.Series[str]) -> dict[int, str]:
    return {int(row): str(code) for row, code in zip(codes.index, codes, strict=True)}


def _is_own(column: str) -> bool:
    return re.sub(r"[^a-z]", "", column.casefold()) in ("districtcode", "ladcode", "lacode")


def _names_beside(texts: pd.DataFrame, column: str, codes: pd.Series[str]) -> dict[str, str]:
    """The names of areas by their code, from the column that is headed like the one with the codes."""
    bare = re.sub(r"(?i)(cd|code)$", "", column)
    twins = {f"{bare}{ending}".casefold() for ending in ("nm", "name")} | {"name"}
    beside = [name for name in texts.columns if str(name).casefold() in twins and name != column]
    names = texts[beside[0]].str.strip().loc[codes.index] if beside else pd.Series("", index=codes.index)
    return dict(zip(codes, names, strict=True))


def _resource(file: str, found: _Found, rule: str, edition: str) -> dict[str, Any]:
    """What the manifest says of outlines that were read from a file."""
    title = {"title": "Outlines of the districts"}
    if not headed(found.heading, *_DISTRICT_STEMS):
        return title | supplied_resource(file, rule)
    published = boundary_resource("local authority district boundaries", file, rule, edition)
    return title | {"status": "published"} | published

"""What the generator reads and how it writes: the pack's published and reference tables in, market tables out."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.pack.illustrative.settings import Curve, Settings, Supply, read_settings

LOT = ["service", "district_code", "service_type", "cohort"]
_KILOMETRES_A_DEGREE = 111.2


@dataclass(frozen=True)
class Inputs:
    """The frozen tables of a pack that bind the demonstration market; columns as in the data dictionary."""

    settings: Settings
    facts: Mapping[str, str]
    districts: pd.DataFrame
    population: pd.DataFrame
    rates: pd.DataFrame
    lots: pd.DataFrame
    wards: pd.DataFrame
    stream: str = ""
    """Names the random numbers of a service that is drawn by itself; "" where all are drawn together."""

    def fact(self, fact_id: str) -> float:
        """Return a published figure.

        Raises:
            ValueError: no such fact, or its value is text.
        """
        if fact_id not in self.facts:
            raise ValueError(f"published/facts.csv, {fact_id}: no such fact, but illustrative.json refers to it")
        try:
            return float(self.facts[fact_id])
        except ValueError as error:
            raise ValueError(f"published/facts.csv, {fact_id}: {self.facts[fact_id]} is not a number") from error

    def random(self, name: str) -> np.random.Generator:
        """Return the random numbers of one table: seeded by its name, so that one table's change shuffles no other."""
        return np.random.default_rng([self.settings.seed, zlib.crc32(f"{name}{self.stream}".encode())])

    def by_itself(self, service: str) -> "Inputs":
        """Return the same for one service alone, at its own date and with random numbers of its own."""
        plan = self.settings.services[service]
        changes = {"as_of": plan.as_of or self.settings.as_of, "services": {service: plan}}
        return replace(self, settings=self.settings.model_copy(update=changes), stream=f".{service}")


def read_inputs(pack: Path) -> Inputs:
    """Read the settings, facts and reference tables of a pack's folder.

    Raises:
        FileNotFoundError: a table is missing.
        ValueError: the settings do not hold, or a service of theirs has no lot.
    """
    settings = read_settings(pack)
    facts = pd.read_csv(pack / "published" / "facts.csv", dtype=str, keep_default_na=False)
    lots = pd.read_csv(pack / "reference" / "lots.csv", keep_default_na=False)
    for service in settings.services:
        if service not in set(lots["service"]):
            raise ValueError(f"reference/lots.csv: no lot of service {service}, but illustrative.json has one")
    districts = pd.read_csv(pack / "reference" / "districts.csv")
    return Inputs(
        settings=settings,
        facts=dict(zip(facts["id"], facts["value"], strict=True)),
        districts=districts.sort_values("district_code", ignore_index=True),
        population=pd.read_csv(pack / "reference" / "population.csv"),
        rates=pd.read_csv(pack / "reference" / "service_rates.csv"),
        lots=lots,
        wards=pd.read_csv(pack / "reference" / "wards.csv"),
    )


def write_tables(tables: Mapping[str, pd.DataFrame], pack: Path) -> None:
    """Write each frame to market/NAME.csv of a pack's folder: UTF-8, line feeds, no index."""
    (pack / "market").mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(pack / "market" / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def in_its_places(table: pd.DataFrame, rows: pd.DataFrame, service: str, *kept: str) -> pd.DataFrame:
    """Return a table with a service's rows replaced by as many others, in their order; `kept` columns stay."""
    columns, places = [name for name in rows if name not in kept], table["service"] == service
    changed = table.astype(object)
    changed.loc[places, columns] = rows[columns].astype(object).to_numpy()
    return changed.astype(table.dtypes)


def along(curve: Curve, rural_share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read values off a curve, flat beyond its ends."""
    return np.interp(rural_share, [point[0] for point in curve], [point[1] for point in curve])


def district_targets(
    districts: pd.DataFrame, supply: Supply, jitter: float, random: np.random.Generator
) -> pd.DataFrame:
    """State how each district's market should look: the settings' curves with a little chance.

    Returns:
        Index district_code; columns rural_share, coverage, spot_share, waiting_share, median_days, tier_1, tier_2,
        spot (numbers of places on the lists).

    Raises:
        ValueError: it is not known how rural a district is.
    """
    unknown = districts.loc[districts["rural_share_65"].isna(), "district_name"]
    if len(unknown):
        raise ValueError(f"reference/districts.csv: found no rural_share_65 for {', '.join(unknown)}, expected a share "
                         "for each district, as the made-up market follows from it")  # fmt: skip
    rural = districts["rural_share_65"].to_numpy(dtype=np.float64)

    def varied(curve: Curve, times: float) -> NDArray[np.float64]:
        return along(curve, rural) * np.exp(random.normal(0.0, jitter * times, len(rural)))

    return pd.DataFrame(
        {
            "rural_share": rural,
            # Coverage is a ratio near 1: the same chance would drown the difference between town and country.
            "coverage": varied(supply.coverage, 0.05),
            "spot_share": np.minimum(varied(supply.spot_share, 0.7), 1.0),
            "waiting_share": varied(supply.waiting_share, 0.5),
            "median_days": varied(supply.median_days, 0.5),
            "tier_1": np.rint(along(supply.tier_1_places, rural)).astype(int),
            "tier_2": np.rint(along(supply.tier_2_places, rural)).astype(int),
            "spot": np.rint(along(supply.spot_places, rural)).astype(int),
        },
        index=pd.Index(districts["district_code"], name="district_code"),
    )


def of_district(targets: Mapping[str, pd.DataFrame], table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Look up one target for each row of a table with columns service and district_code."""
    pairs = zip(table["service"], table["district_code"], strict=True)
    return np.array([targets[service].at[code, column] for service, code in pairs], dtype=np.float64)


def distances(wards: pd.DataFrame, district_codes: list[str]) -> pd.DataFrame:
    """Return kilometres between districts' centres, each the mean of its wards' points (flat earth: fair to 100 km)."""
    centre = wards.groupby("district_code")[["latitude", "longitude"]].mean().loc[district_codes]
    latitude = centre["latitude"].to_numpy(dtype=np.float64)
    longitude = centre["longitude"].to_numpy(dtype=np.float64) * np.cos(np.radians(latitude.mean()))
    apart = np.hypot(latitude[:, None] - latitude, longitude[:, None] - longitude) * _KILOMETRES_A_DEGREE
    return pd.DataFrame(apart, index=district_codes, columns=district_codes)

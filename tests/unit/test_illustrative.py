"""The default pack's market tables: every promise made about them, checked on the files as they stand."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.pack.illustrative import make_market, read_inputs
from lib.pack.illustrative.__main__ import main
from lib.pack.illustrative.demand import district_weights, whole_packages
from lib.pack.illustrative.settings import read_settings
from lib.pack.ranking import rank_list
from lib.pack.rounding import largest_remainder

pytestmark = pytest.mark.slow

PACK = Path(__file__).parents[2] / "data"
LOT = ["service", "district_code", "service_type", "cohort"]
SIZES = {"live_in_24h": 168, "night_awake": 70, "night_sleeping": 63}
RATED_WELL = ["Good", "Outstanding"]
TABLES = ["demand", "providers", "ratings", "capacity", "requests", "history"]
HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"


def table(name: str, folder: str = "market") -> pd.DataFrame:
    return pd.read_csv(PACK / folder / f"{name}.csv")


@pytest.fixture(scope="module")
def demand() -> pd.DataFrame:
    return table("demand")


@pytest.fixture(scope="module")
def capacity() -> pd.DataFrame:
    return table("capacity")


@pytest.fixture(scope="module")
def ratings() -> pd.DataFrame:
    return table("ratings")


@pytest.fixture(scope="module")
def requests() -> pd.DataFrame:
    return pd.read_csv(PACK / "market" / "requests.csv", parse_dates=["requested_on", "placed_on"])


@pytest.fixture(scope="module")
def lots(demand: pd.DataFrame, capacity: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """Each lot of the demand table with its capacity, its open requests' hours and its shortfall."""
    result = demand.set_index(LOT)
    result = result.join(capacity.groupby(LOT)[["capacity_hours", "delivered_hours"]].sum())
    result["providers"] = capacity.groupby(LOT)["provider_id"].nunique()
    result["waiting"] = requests.loc[requests["placed_on"].isna()].groupby(LOT)["hours_per_week"].sum()
    result = result.fillna(0)
    result["short"] = (result["hours_per_week"] + result["waiting"] - result["capacity_hours"]).clip(lower=0)
    return result


@pytest.fixture(scope="module")
def areas(lots: pd.DataFrame) -> pd.DataFrame:
    """Each district of domiciliary care: coverage, share of hours that wait, rural share."""
    result = lots.loc[HOME_CARE].groupby("district_code")[["hours_per_week", "capacity_hours", "waiting"]].sum()
    result["coverage"] = result["capacity_hours"] / (result["hours_per_week"] + result["waiting"])
    result["waits"] = result["waiting"] / result["hours_per_week"]
    return result.join(table("districts", "reference").set_index("district_code")["rural_share_65"])


def passing(ratings: pd.DataFrame) -> set[str]:
    gate = ratings.loc[ratings["domain"].isin(["overall", "safe", "well_led"])]
    good = gate["rating"].isin(RATED_WELL).groupby(gate["provider_id"]).all()
    return set(good.index[good])


# The files themselves


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pack = tmp_path_factory.mktemp("again") / "pack"
    shutil.copytree(PACK, pack)
    shutil.rmtree(pack / "market")
    assert main(["--pack", str(pack)]) == 0
    return pack


@pytest.mark.parametrize("name", TABLES)
def test_generating_again_gives_the_same_bytes(again: Path, name: str) -> None:
    assert (again / "market" / f"{name}.csv").read_bytes() == (PACK / "market" / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_files_are_plain_utf_8_with_line_feeds(name: str) -> None:
    content = (PACK / "market" / f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert "\ufeff" not in content.decode("utf-8")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("demand", "service,district_code,service_type,cohort,people,hours_per_week,annual_cost"),
        ("providers", "provider_id,provider_name,office_postcode,regulated,also_childrens"),
        ("ratings", "provider_id,domain,rating,rated_on"),
        (
            "capacity",
            "provider_id,service,district_code,service_type,cohort,route,rank,capacity_hours,delivered_hours,"
            "hourly_rate,performance_score",
        ),
        (
            "requests",
            "request_id,service,district_code,ward_code,service_type,cohort,hours_per_week,requested_on,placed_on,route,"
            "provider_id",
        ),
        ("history", "month,service,district_code,cohort,hours_per_week,people,new_requests,median_days_to_source"),
    ],
)
def test_columns_are_the_contract(name: str, columns: str) -> None:
    header = (PACK / "market" / f"{name}.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    assert header == columns


def test_settings_and_manifest_agree() -> None:
    manifest = json.loads((PACK / "datapackage.json").read_text(encoding="utf-8"))
    settings = read_settings(PACK)
    assert settings.as_of.isoformat() == manifest["as_of"]
    for service, plan in settings.services.items():
        assert plan.base_year == manifest["services"][service]["base_year"]
        dates = (plan.as_of and plan.as_of.isoformat(), manifest["services"][service].get("as_of"))
        assert dates == {HOME_CARE: (None, None), SHORT_BREAKS: ("2024-01-31", "2024-01-31")}[service]


def test_a_change_of_one_tables_chance_leaves_the_others_alone() -> None:
    inputs = read_inputs(PACK)
    first = inputs.random("capacity").random(3)
    inputs.random("requests").random(100)
    assert np.array_equal(inputs.random("capacity").random(3), first)
    assert not np.array_equal(inputs.random("ratings").random(3), first)


# Demand


def test_every_district_has_every_lot(demand: pd.DataFrame) -> None:
    assert len(demand) == 12 * len(table("lots", "reference"))
    assert not demand.duplicated(LOT).any()
    assert all(demand[name].dtype == np.int64 for name in ("people", "hours_per_week", "annual_cost"))
    support = demand.loc[demand["service_type"] == "carer_support", ["people", "hours_per_week", "annual_cost"]]
    assert len(support) == 24
    assert (support == 0).all(axis=None)


@pytest.mark.parametrize(
    ("service_types", "cohort", "hours"),
    [
        (["personal_care"], "older_people", 79_000),
        (["personal_care"], "working_age_adults", 36_000),
        (list(SIZES), "older_people", 1_950),
        (list(SIZES), "working_age_adults", 11_050),
        (["home_based_care"], "children", 1_664),  # 2,163,000 / 52 / 25.00
    ],
)
def test_hours_equal_the_published_totals(
    demand: pd.DataFrame, service_types: list[str], cohort: str, hours: int
) -> None:
    here = demand["service_type"].isin(service_types) & (demand["cohort"] == cohort)
    assert demand.loc[here, "hours_per_week"].sum() == hours


def test_people_and_cost_equal_the_published_totals(demand: pd.DataFrame) -> None:
    assert demand.groupby("service")["people"].sum().to_dict() == {HOME_CARE: 7_465, SHORT_BREAKS: 168}
    assert demand.groupby("cohort")["annual_cost"].sum().to_dict() == {
        "older_people": 105_500_000,
        "working_age_adults": 55_000_000,
        "children": 2_163_000,
    }
    busy = demand["hours_per_week"] > 0
    assert (demand.loc[busy, "people"] >= 1).all()
    assert (demand.loc[~busy, ["people", "annual_cost"]] == 0).all(axis=None)


def test_personal_care_follows_need_by_age(demand: pd.DataFrame) -> None:
    people = table("population", "reference")
    people = people.loc[people["year"] == 2024].pivot(index="district_code", columns="age_band", values="persons")
    need = 1.1 * people["65-74"] + 3 * people["75-84"] + 8 * people["85-89"] + 16 * people["90+"]
    here = (demand["service_type"] == "personal_care") & (demand["cohort"] == "older_people")
    exact = 79_000 * need / need.sum()
    assert (demand.loc[here].set_index("district_code")["hours_per_week"] - exact).abs().max() < 1


def test_night_hours_are_thirds_in_whole_packages(demand: pd.DataFrame) -> None:
    for cohort, thirds in {"older_people": [650, 650, 650], "working_age_adults": [3684, 3683, 3683]}.items():
        for (service_type, size), total in zip(SIZES.items(), thirds, strict=True):
            lot = demand.loc[(demand["service_type"] == service_type) & (demand["cohort"] == cohort)]
            assert lot["hours_per_week"].sum() == total
            assert lot["people"].sum() == -(-total // size)
            assert ((lot["people"] * size - lot["hours_per_week"]) > 0).sum() <= 1


def test_whole_packages_by_hand() -> None:
    # 250 hours in packages of 100: three packages, the last of 50 hours in the last district that has one.
    packages, hours = whole_packages(250, 100, np.array([3.0, 1.0, 2.0, 0.0]))
    assert packages.tolist() == [2, 0, 1, 0]
    assert hours.tolist() == [200, 0, 50, 0]
    assert whole_packages(0, 100, np.array([1.0]))[1].tolist() == [0]


def test_short_breaks_follow_children(demand: pd.DataFrame) -> None:
    children = demand.loc[demand["service"] == SHORT_BREAKS]
    weights = district_weights(read_inputs(PACK), SHORT_BREAKS, "children")
    assert children["people"].tolist() == largest_remainder(weights, 168).tolist()
    assert children["annual_cost"].tolist() == largest_remainder(children["people"].to_numpy(), 2_163_000).tolist()


# Providers and ratings


def test_providers_are_nobody_real(capacity: pd.DataFrame) -> None:
    providers = table("providers")
    assert providers["provider_id"].is_unique
    assert providers["provider_name"].str.fullmatch(r"Provider \d{3}").all()
    assert providers["office_postcode"].str.fullmatch(r"ZZ\d{1,2} \d[A-Z]{2}").all()
    assert providers["office_postcode"].is_unique
    assert set(capacity["provider_id"]) == set(providers["provider_id"])


def test_numbers_of_providers(capacity: pd.DataFrame) -> None:
    providers = table("providers").set_index("provider_id")
    serving = capacity.groupby("service")["provider_id"].agg(set)
    assert len(serving[HOME_CARE]) == 130
    assert 25 <= len(serving[SHORT_BREAKS]) <= 30
    assert set(providers.index[providers["also_childrens"]]) == serving[HOME_CARE] & serving[SHORT_BREAKS]
    assert providers["also_childrens"].sum() == 9
    assert providers.loc[sorted(serving[HOME_CARE]), "regulated"].all()
    assert (~providers["regulated"]).any()


def test_every_regulated_provider_has_six_ratings(ratings: pd.DataFrame) -> None:
    providers = table("providers")
    assert set(ratings["provider_id"]) == set(providers.loc[providers["regulated"], "provider_id"])
    domains = ratings.groupby("provider_id")["domain"].agg(list)
    assert all(
        names == ["overall", "safe", "effective", "caring", "responsive", "well_led"] for names in domains.to_list()
    )
    unrated = ratings["rating"] == "Not rated"
    assert (ratings["rated_on"].isna() == unrated).all()
    assert unrated.groupby(ratings["provider_id"]).sum().isin([0, 6]).all()
    assert unrated.any()


def test_84_per_cent_are_good_or_outstanding(ratings: pd.DataFrame) -> None:
    overall = ratings.loc[ratings["domain"] == "overall", "rating"]
    assert overall.isin(RATED_WELL).mean() == pytest.approx(0.84, abs=0.005)


def test_overall_follows_from_the_key_questions(ratings: pd.DataFrame) -> None:
    wide = ratings.pivot(index="provider_id", columns="domain", values="rating")
    questions = wide.drop(columns="overall")
    bad, poor, best = (
        (questions == rating).sum(axis="columns") for rating in ("Inadequate", "Requires improvement", "Outstanding")
    )
    overall = wide["overall"]
    assert ((bad == 0) & (poor <= 1))[overall.isin(RATED_WELL)].all()
    assert ((bad == 0) & (poor == 0) & (best >= 2))[overall == "Outstanding"].all()
    assert (best < 2)[overall == "Good"].all()
    assert (poor + bad >= 2)[overall.isin(["Requires improvement", "Inadequate"])].all()
    assert (bad >= 2)[overall == "Inadequate"].all()
    assert (bad < 2)[overall == "Requires improvement"].all()


def test_ratings_are_weeks_to_years_old(ratings: pd.DataFrame) -> None:
    age = (pd.Timestamp("2025-03-31") - pd.to_datetime(ratings["rated_on"])).dt.days.dropna()
    assert 0 < age.min() < 60
    assert 7 * 365 < age.max() < 8 * 365
    assert age.median() < 4 * 365


# Capacity


def test_delivered_hours_equal_demand_lot_by_lot(lots: pd.DataFrame) -> None:
    assert (lots["delivered_hours"] == lots["hours_per_week"]).all()


def test_capacity_is_whole_and_never_below_delivered(capacity: pd.DataFrame) -> None:
    assert capacity["capacity_hours"].dtype == capacity["delivered_hours"].dtype == np.int64
    assert (capacity["capacity_hours"] >= capacity["delivered_hours"]).all()
    assert (capacity["delivered_hours"] >= 0).all()


def test_a_provider_stands_once_in_a_lot(capacity: pd.DataFrame) -> None:
    assert not capacity.duplicated(["provider_id", *LOT]).any()


def test_packages_stay_whole(capacity: pd.DataFrame) -> None:
    for service_type, size in SIZES.items():
        rows = capacity.loc[capacity["service_type"] == service_type]
        assert ((rows["capacity_hours"] - rows["delivered_hours"]) % size == 0).all()
        # One remainder a cohort in the whole county.
        assert (rows["delivered_hours"] % size != 0).sum() <= 2


def test_tier_1_holds_at_most_ten_providers_a_district(capacity: pd.DataFrame) -> None:
    tier_1 = capacity.loc[capacity["route"] == "tier_1"].groupby("district_code")["provider_id"].nunique()
    assert len(tier_1) == 12
    assert tier_1.max() == 10
    assert tier_1.min() < 8


def test_ranks_follow_half_performance_half_price(capacity: pd.DataFrame) -> None:
    assert capacity["rank"].isna().equals(capacity["route"] == "spot")
    assert rank_list(capacity).equals(capacity["rank"].astype("Int64"))
    lists = capacity.loc[capacity["route"] != "spot"].groupby([*LOT, "route"])["rank"].agg(sorted)
    assert all(ranks == list(range(1, len(ranks) + 1)) for ranks in lists.to_list())


def test_performance_goes_with_ratings(capacity: pd.DataFrame, ratings: pd.DataFrame) -> None:
    assert capacity["performance_score"].between(0, 100).all()
    overall = ratings.loc[ratings["domain"] == "overall"].set_index("provider_id")["rating"]
    mean = capacity.groupby(capacity["provider_id"].map(overall))["performance_score"].mean()
    assert mean["Outstanding"] > mean["Good"] > mean["Requires improvement"]


def test_rates_cost_what_the_council_pays(capacity: pd.DataFrame, demand: pd.DataFrame) -> None:
    busy = demand.loc[demand["hours_per_week"] > 0].set_index(LOT)
    paid = (capacity["delivered_hours"] * capacity["hourly_rate"]).groupby([capacity[name] for name in LOT]).sum()
    ratio = paid.reindex(busy.index) / (busy["annual_cost"] / 52)
    assert (ratio - 1).abs().max() < 0.001
    assert (capacity["hourly_rate"] * 100 - (capacity["hourly_rate"] * 100).round()).abs().max() < 1e-6


def test_carer_support_has_no_capacity(capacity: pd.DataFrame) -> None:
    assert set(capacity["service_type"]) == {"personal_care", *SIZES, "home_based_care"}


def test_most_hours_are_on_the_framework_and_short_breaks_on_none(capacity: pd.DataFrame) -> None:
    assert set(capacity.loc[capacity["service"] == SHORT_BREAKS, "route"]) == {"spot"}
    care = capacity.loc[capacity["service"] == HOME_CARE]
    spot = care.loc[care["route"] == "spot", "delivered_hours"].sum() / care["delivered_hours"].sum()
    assert 0.09 < spot < 0.12


def test_sizes_are_skewed(capacity: pd.DataFrame) -> None:
    care = capacity.loc[capacity["service"] == HOME_CARE]
    share = care.groupby("provider_id")["delivered_hours"].sum() / care["delivered_hours"].sum()
    assert 0.035 < share.max() < 0.055
    assert share.median() < share.mean()
    spare = care.groupby("provider_id")["capacity_hours"].sum() - care.groupby("provider_id")["delivered_hours"].sum()
    assert share[spare == 0].between(0.013, 0.017).any(), "no provider of 1.5% of the market is full"


def test_some_tier_1_providers_fail_the_gate(capacity: pd.DataFrame, ratings: pd.DataFrame) -> None:
    good = passing(ratings)
    tier_1, tier_2 = (set(capacity.loc[capacity["route"] == route, "provider_id"]) for route in ("tier_1", "tier_2"))
    assert 3 <= len(tier_1 - good) <= 6
    assert (tier_2 - tier_1) & good


def test_a_handful_of_lots_have_one_provider(lots: pd.DataFrame) -> None:
    assert (lots["providers"] == 1).sum() == 5
    assert (lots.loc[lots["providers"] == 1, "hours_per_week"] > 0).all()


def test_empty_lots_have_spare_capacity_or_no_list(lots: pd.DataFrame) -> None:
    empty = lots.loc[lots["hours_per_week"] == 0]
    assert (empty.loc[empty["providers"] > 0, "capacity_hours"] > 0).all()
    assert (empty["providers"] > 0).any()
    assert (lots.loc[lots["hours_per_week"] > 0, "providers"] > 0).all()


# Town and country


def test_three_rural_districts_are_short(areas: pd.DataFrame) -> None:
    short = areas.loc[areas["coverage"] < 1]
    assert set(short.index) == set(areas.index[areas["rural_share_65"] > 0.4])
    assert len(short) == 3
    assert areas["coverage"].between(0.94, 1.105).all()
    county = areas["capacity_hours"].sum() / (areas["hours_per_week"] + areas["waiting"]).sum()
    assert 1.03 <= county <= 1.05


def test_nights_are_short_in_more_districts_than_days(lots: pd.DataFrame, areas: pd.DataFrame) -> None:
    nights = lots.reset_index().query("service_type in @SIZES and short > 0")["district_code"].nunique()
    assert (areas["coverage"] < 1).sum() < nights < 12


def test_the_country_waits_more_and_longer(areas: pd.DataFrame, requests: pd.DataFrame) -> None:
    rural, urban = areas["rural_share_65"] > 0.6, areas["rural_share_65"] < 0.3
    assert areas.loc[urban, "waits"].between(0.0095, 0.016).all()
    assert areas.loc[rural, "waits"].between(0.04, 0.06).all()
    days = (requests["placed_on"] - requests["requested_on"]).dt.days
    median = days[requests["service"] == HOME_CARE].groupby(requests["district_code"]).median()
    assert median[urban].between(3, 6).all()
    assert median[rural].between(8, 12).all()
    by_service = days.groupby(requests["service"]).median()
    assert by_service[SHORT_BREAKS] > by_service[HOME_CARE]


def test_the_country_has_thinner_lists_and_more_spot(capacity: pd.DataFrame, areas: pd.DataFrame) -> None:
    care = capacity.loc[capacity["service"] == HOME_CARE]
    rural, urban = areas["rural_share_65"] > 0.6, areas["rural_share_65"] < 0.3
    providers = care.groupby("district_code")["provider_id"].nunique()
    assert providers[rural].max() < providers[urban].min()
    hours = care.groupby("district_code")["delivered_hours"].sum()
    spot = care.loc[care["route"] == "spot"].groupby("district_code")["delivered_hours"].sum() / hours
    assert spot[urban].between(0.04, 0.08).all()
    assert spot[rural].between(0.23, 0.32).all()


# Requests and history


@pytest.mark.parametrize(
    ("service", "first", "last"), [(HOME_CARE, "2024-04-01", "2025-03-31"), (SHORT_BREAKS, "2023-02-01", "2024-01-31")]
)
def test_requests_are_the_last_years_or_open(requests: pd.DataFrame, service: str, first: str, last: str) -> None:
    assert requests["request_id"].tolist() == [f"R{number:05d}" for number in range(1, len(requests) + 1)]
    requests = requests.loc[requests["service"] == service]
    assert requests["requested_on"].is_monotonic_increasing
    waiting = requests["placed_on"].isna()
    assert waiting.any()
    assert (requests["requested_on"] <= last).all()
    assert (requests.loc[~waiting, "requested_on"] >= first).all()
    assert (requests.loc[~waiting, "placed_on"] <= last).all()
    assert (requests["placed_on"] >= requests["requested_on"])[~waiting].all()
    assert requests["route"].isna().equals(waiting)


def test_a_date_of_its_own_changes_nothing_of_the_other_service() -> None:
    inputs = read_inputs(PACK)
    own = inputs.settings.services[SHORT_BREAKS].model_copy(update={"as_of": None})
    services = {**inputs.settings.services, SHORT_BREAKS: own}
    together = make_market(replace(inputs, settings=inputs.settings.model_copy(update={"services": services})))
    apart = make_market(inputs)
    for name in ("demand", "providers", "ratings", "capacity"):
        pd.testing.assert_frame_equal(together[name], apart[name])
    for name in ("requests", "history"):
        one, other = (tables[name].loc[tables[name]["service"] == HOME_CARE] for tables in (together, apart))
        pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))
        # No row is lost or won, whoever's date it is.
        assert together[name]["service"].value_counts().to_dict() == apart[name]["service"].value_counts().to_dict()
    assert together["history"].groupby("service")["month"].max().to_dict() == dict.fromkeys(
        [HOME_CARE, SHORT_BREAKS], "2025-03"
    )
    open_hours = [
        tables["requests"].query("service == @SHORT_BREAKS and placed_on == ''")["hours_per_week"].sum()
        for tables in (together, apart)
    ]
    assert open_hours[0] == open_hours[1] > 0


def test_requests_stand_in_wards_of_their_district(requests: pd.DataFrame) -> None:
    wards = table("wards", "reference").set_index("ward_code")["district_code"]
    assert (requests["ward_code"].map(wards) == requests["district_code"]).all()


def test_requests_have_sensible_hours_and_routes(requests: pd.DataFrame, capacity: pd.DataFrame) -> None:
    for service_type, size in SIZES.items():
        assert set(requests.loc[requests["service_type"] == service_type, "hours_per_week"]) == {size}
    assert requests.loc[requests["service_type"] == "personal_care", "hours_per_week"].between(7, 25).all()
    placed = requests.loc[requests["placed_on"].notna(), [*LOT, "route"]].drop_duplicates()
    assert placed.merge(capacity[[*LOT, "route"]].drop_duplicates()).shape[0] == len(placed)


def test_requests_were_placed_with_providers_that_deliver_in_the_lot_by_that_route(
    requests: pd.DataFrame, capacity: pd.DataFrame
) -> None:
    assert requests["provider_id"].isna().equals(requests["placed_on"].isna())
    key = [*LOT, "route", "provider_id"]
    placed = requests.loc[requests["placed_on"].notna(), key].drop_duplicates()
    delivers = capacity.loc[capacity["delivered_hours"] > 0, key].drop_duplicates()
    assert len(placed.merge(delivers)) == len(placed)


def test_a_year_of_short_breaks_is_the_published_number(requests: pd.DataFrame) -> None:
    assert (requests["service"] == SHORT_BREAKS).sum() == 168


def test_history_ends_at_todays_demand(demand: pd.DataFrame) -> None:
    history = table("history")
    ends = {HOME_CARE: ("2023-04", "2025-03"), SHORT_BREAKS: ("2022-02", "2024-01")}
    for service, (first, last) in ends.items():
        months = history.loc[history["service"] == service, "month"]
        assert list(months.unique()) == list(pd.period_range(first, last, freq="M").astype(str))
        assert months.nunique() == 24
    key = ["service", "district_code", "cohort"]
    assert not history.duplicated(["month", *key]).any()
    last = history.loc[history["month"] == history["service"].map({code: end for code, (_, end) in ends.items()})]
    assert last.groupby("service")["people"].sum()[SHORT_BREAKS] == 168
    last = last.set_index(key)[["hours_per_week", "people"]]
    today = demand.groupby(key)[["hours_per_week", "people"]].sum()
    assert last.sort_index().equals(today[["hours_per_week", "people"]].sort_index())


def test_history_grows_as_published() -> None:
    hours = table("history").groupby(["service", "month"])["hours_per_week"].sum()
    assert hours[HOME_CARE]["2025-03"] / hours[HOME_CARE]["2024-03"] == pytest.approx(1.045, abs=0.003)
    assert hours[SHORT_BREAKS]["2024-01"] / hours[SHORT_BREAKS]["2023-01"] == pytest.approx(1.10, abs=0.01)


def test_history_counts_the_same_requests(requests: pd.DataFrame) -> None:
    key = ["month", "service", "district_code", "cohort"]
    history = table("history")
    first = history["service"].map({HOME_CARE: "2024-04", SHORT_BREAKS: "2023-02"})
    history = history.loc[history["month"] >= first].set_index(key)
    made = requests.assign(
        month=requests["requested_on"].dt.strftime("%Y-%m"),
        days=(requests["placed_on"] - requests["requested_on"]).dt.days,
    ).groupby(key)
    assert history["new_requests"].eq(made.size().reindex(history.index, fill_value=0)).all()
    median = made["days"].median().reindex(history.index).astype(float)
    assert history["median_days_to_source"].astype(float).rename(None).equals(median.rename(None))
    assert history["median_days_to_source"].isna().any()


# What goes wrong


def broken(tmp_path: Path, change: dict[str, object]) -> Path:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    settings = json.loads((pack / "illustrative.json").read_text(encoding="utf-8"))
    (pack / "illustrative.json").write_text(json.dumps(settings | change), encoding="utf-8")
    return pack


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": -1}, "illustrative.json, seed"),
        ({"colour": "blue"}, "illustrative.json, colour"),
        ({"seed": None}, "illustrative.json, seed"),
        ({"cohort_offer_share": {}}, "cohort_offer_share has no older_people"),
        ({"package_hours": {"live_in_24h": 168}}, "have no night_"),
        ({"as_of": "2024-01-30"}, "services.short_breaks.as_of is 2024-01-31, later than as_of, 2024-01-30"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], message: str
) -> None:
    assert main(["--pack", str(broken(tmp_path, change))]) == 1
    assert message in capsys.readouterr().err


def with_service(**change: object) -> dict[str, object]:
    services = json.loads((PACK / "illustrative.json").read_text(encoding="utf-8"))["services"]
    return {"services": {HOME_CARE: services[HOME_CARE] | change, SHORT_BREAKS: services[SHORT_BREAKS]}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_service(people_fact="no_such_fact"), "no_such_fact: no such fact"),
        (with_service(people_fact="dom_framework"), r"Live at Home \(2021\) is not a number"),
        (with_service(base_year=1900), "no need for domiciliary_care, older_people in 1900"),
        (with_service(assumed_hourly_rate=20.0), "either hours or assumed_hourly_rate"),
        (with_service(hours=[], assumed_hourly_rate=20.0), "hours from spend need a rate, one cost and one lot"),
        ({"services": {"dog_walking": with_service()["services"][HOME_CARE]}}, "no lot of service dog_walking"),  # type: ignore[index]
    ],
)
def test_settings_that_contradict_the_pack_are_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_market(read_inputs(broken(tmp_path, change)))


def test_settings_that_are_not_json_are_refused(tmp_path: Path) -> None:
    pack = broken(tmp_path, {})
    (pack / "illustrative.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON"):
        read_settings(pack)


def test_a_pack_without_settings_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pack", str(tmp_path)]) == 1
    assert "illustrative.json" in capsys.readouterr().err

"""The large pack that speed is measured on: its size, and that its figures add up like any other's."""

from __future__ import annotations

from pathlib import Path

import pack_copies
import pytest

from lib.market.ranked_lists.call_off import call_off_order
from lib.pack.load import LOT, Pack, load_pack
from lib.pack.reconcile import differences, reconcile


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack(pack_copies.large_pack(tmp_path_factory.mktemp("packs") / "large"))


def test_the_large_pack_has_its_size(large: Pack) -> None:
    providers, capacity, ratings = (large.table(name) for name in ("providers", "capacity", "ratings"))
    assert (len(providers), len(capacity)) == (2000, 40_000)
    assert set(capacity["provider_id"]) == set(providers["provider_id"])
    assert set(capacity["service"]) == {"domiciliary_care", "short_breaks"}
    assert set(capacity["route"]) == {"tier_1", "tier_2", "spot"}
    registered = providers.loc[providers["regulated"], "provider_id"]
    assert set(registered) <= set(ratings["provider_id"])
    assert ratings["rated_on"].nunique() > 1000
    assert set(large.manifest.vocabulary("ratings")) - {"Not rated"} <= set(ratings["rating"])


def test_the_large_pack_reconciles(large: Pack) -> None:
    assert differences(reconcile(large)).empty


def test_the_large_packs_lists_are_ranked(large: Pack) -> None:
    listed = call_off_order(large)
    framework = listed[listed["route"] != "spot"]
    for _, ranks in framework.groupby([*LOT, "route"])["rank"]:
        assert ranks.tolist() == list(range(1, len(ranks) + 1))
    assert listed.loc[listed["route"] == "spot", "rank"].isna().all()
    first = listed[listed["route"] == "tier_1"].groupby(["service", "district_code"])["provider_id"].nunique()
    assert first.tolist() == [10] * 12
    assert (listed["headroom_hours"] >= 0).all()
    both = listed.groupby("provider_id")["service"].nunique() > 1
    providers = large.table("providers").set_index("provider_id")
    assert both.sort_index().equals(providers["also_childrens"].sort_index())


def test_a_large_pack_of_another_size(tmp_path: Path) -> None:
    pack = load_pack(pack_copies.large_pack(tmp_path / "small", providers=300, rows=5_000))
    assert (len(pack.table("providers")), len(pack.table("capacity"))) == (300, 5_000)
    assert differences(reconcile(pack)).empty


def test_the_same_pack_every_time(large: Pack, tmp_path: Path) -> None:
    again = pack_copies.large_pack(tmp_path / "again")
    for name in ("capacity", "providers", "ratings"):
        path = f"market/{name}.csv"
        assert (again / path).read_bytes() == (large.root / path).read_bytes()

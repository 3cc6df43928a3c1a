"""The ranked list: half performance, half price, with numbers worked out by hand."""

import pandas as pd
import pytest

from lib.pack.ranking import rank_list, ranking_score


def a_list(*rows: tuple[str, str, float, float], district: str = "D1") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["provider_id", "route", "performance_score", "hourly_rate"])
    return frame.assign(service="S", district_code=district, service_type="T", cohort="C")


def test_score_is_half_performance_and_half_price() -> None:
    # 0.5 x 80/100 + 0.5 x 20/25 = 0.40 + 0.40; 0.5 x 60/100 + 0.5 x 20/20 = 0.30 + 0.50.
    score = ranking_score(pd.Series([80.0, 60.0]), pd.Series([25.0, 20.0]), 20.0)
    assert score.tolist() == pytest.approx([0.80, 0.80])


def test_weight_moves_from_price_to_performance() -> None:
    performance, rate = pd.Series([80.0, 60.0]), pd.Series([25.0, 20.0])
    assert ranking_score(performance, rate, 20.0, 0.0).tolist() == pytest.approx([0.8, 1.0])
    assert ranking_score(performance, rate, 20.0, 1.0).tolist() == pytest.approx([0.8, 0.6])


def test_best_score_stands_first_and_spot_has_no_rank() -> None:
    # Scores: P1 0.45 + 0.5 x 20/25 = 0.85, P2 0.30 + 0.50 = 0.80, P3 0.40 + 0.5 x 20/40 = 0.65.
    listed = a_list(
        ("P3", "tier_1", 80, 40), ("P2", "tier_1", 60, 20), ("P1", "tier_1", 90, 25), ("P4", "spot", 99, 10)
    )
    ranks = rank_list(listed)
    assert ranks.astype(object).where(ranks.notna(), None).tolist() == [3, 2, 1, None]
    assert ranks.dtype == "Int64"


def test_equal_scores_stand_in_order_of_id() -> None:
    assert rank_list(a_list(("P2", "tier_1", 80, 25), ("P1", "tier_1", 60, 20))).tolist() == [2, 1]


def test_the_lowest_rate_is_the_lists_own() -> None:
    # In its own list P1 is the cheapest: 0.25 + 0.50 beats P2's 0.30 + 0.5 x 40/50 = 0.70. Against tier 2's
    # rate of 10 it would lose: 0.25 + 0.125 to 0.30 + 0.10, and against another district's rate likewise.
    listed = pd.concat(
        [
            a_list(("P1", "tier_1", 50, 40), ("P2", "tier_1", 60, 50), ("P3", "tier_2", 50, 10)),
            a_list(("P1", "tier_1", 50, 10), district="D2"),
        ],
        ignore_index=True,
    )
    assert rank_list(listed).tolist() == [1, 2, 1, 1]


def test_performance_alone_turns_the_list_round() -> None:
    listed = a_list(("P1", "tier_2", 50, 40), ("P2", "tier_2", 60, 50))
    assert rank_list(listed).tolist() == [1, 2]
    assert rank_list(listed, performance_weight=1.0).tolist() == [2, 1]


def test_a_list_of_spot_providers_keeps_every_rank_empty() -> None:
    assert rank_list(a_list(("P1", "spot", 50, 40))).isna().all()


@pytest.mark.parametrize(("rate", "weight", "message"), [(0.0, 0.5, "hourly_rate"), (20.0, 1.5, "performance_weight")])
def test_what_cannot_be_ranked_is_refused(rate: float, weight: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ranking_score(pd.Series([50.0]), pd.Series([rate]), 20.0, weight)

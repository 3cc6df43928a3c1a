"""The order of a ranked list: part performance, part price."""

from collections.abc import Sequence

import pandas as pd

LIST_KEY = ("service", "district_code", "service_type", "cohort", "route")


def ranking_score(
    performance_score: pd.Series,
    hourly_rate: pd.Series,
    lowest_rate: pd.Series | float,
    performance_weight: float = 0.5,
) -> pd.Series:
    """Score each provider of a list: higher is better, 1 is the best performance at the lowest price.

    score = w x performance_score / 100 + (1 - w) x lowest_rate / hourly_rate, with w the performance weight. The
    price part is the usual relative price mark of public tenders: the cheapest gets all of it, one twice as dear half.

    Args:
        performance_score: 0 to 100.
        hourly_rate: pounds an hour, above 0.
        lowest_rate: the lowest hourly rate of the same list (the same lot and the same tier).
        performance_weight: 0 (price alone) to 1 (performance alone).

    Raises:
        ValueError: a rate is not above 0, or the weight lies outside 0 to 1.
    """
    if not 0 <= performance_weight <= 1:
        raise ValueError(f"performance_weight: {performance_weight} is outside 0 to 1")
    if not bool((hourly_rate > 0).all()):
        raise ValueError("hourly_rate: every rate must be above 0")
    return performance_weight * performance_score / 100 + (1 - performance_weight) * lowest_rate / hourly_rate


def rank_list(
    capacity: pd.DataFrame, performance_weight: float = 0.5, unranked_routes: Sequence[str] = ("spot",)
) -> pd.Series:
    """Rank the providers of every list, 1 first, by `ranking_score`; equal scores stand in order of provider_id.

    A list is the providers of one lot in one tier, and the lowest rate is the lowest of that list.

    Args:
        capacity: columns service, district_code, service_type, cohort, route, provider_id, hourly_rate (pounds),
            performance_score (0-100).
        performance_weight: see `ranking_score`.
        unranked_routes: routes that keep no ranked list.

    Returns:
        Nullable integers on the index of `capacity`, empty for unranked routes.
    """
    ranks = pd.Series(pd.NA, index=capacity.index, dtype="Int64", name="rank")
    ranked = capacity.loc[~capacity["route"].isin(list(unranked_routes))]
    if ranked.empty:
        return ranks
    lowest = ranked.groupby(list(LIST_KEY))["hourly_rate"].transform("min")
    # Ten decimals: two equal scores must tie whatever the order in which a processor adds them.
    score = ranking_score(ranked["performance_score"], ranked["hourly_rate"], lowest, performance_weight).round(10)
    ordered = ranked.assign(score=score).sort_values(["score", "provider_id"], ascending=[False, True], kind="stable")
    ranks.loc[ordered.index] = (ordered.groupby(list(LIST_KEY)).cumcount() + 1).astype("Int64")
    return ranks

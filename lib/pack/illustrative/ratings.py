"""Made-up ratings that follow the regulator's own rules for putting key questions together."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.pack.illustrative.tables import Inputs

OVERALL = "overall"
KEY_QUESTIONS = ["safe", "effective", "caring", "responsive", "well_led"]
OUTSTANDING, GOOD, REQUIRES_IMPROVEMENT, INADEQUATE = "Outstanding", "Good", "Requires improvement", "Inadequate"
NOT_RATED = "Not rated"
_DAYS_A_YEAR = 365.25


def make_ratings(inputs: Inputs, providers: pd.DataFrame) -> pd.DataFrame:
    """Rate every regulated provider overall and for the five key questions; others have no rows.

    The overall rating follows from the key questions (CQC, aggregation of key question ratings): Good needs no
    Inadequate and at most one Requires improvement; Outstanding needs two Outstanding and nothing below Good;
    Inadequate needs two Inadequate.

    Returns:
        Columns provider_id, domain, rating, rated_on (ISO date, empty where not rated).
    """
    quality, random = inputs.settings.quality, inputs.random("ratings")
    regulated = providers.loc[providers["regulated"]].reset_index(drop=True)
    overall = _overall(inputs, regulated, random)
    ages = _ages(len(regulated), quality.oldest_years, random)
    oldest = pd.Timestamp(inputs.settings.as_of) - pd.Timedelta(days=int(ages.max()))
    rows = []
    for position, provider in regulated.iterrows():
        index = int(str(position))
        questions = _questions(overall[index], bool(provider["lost_gate"]), quality.gate_domains, random)
        latest = pd.Timestamp(inputs.settings.as_of) - pd.Timedelta(days=int(ages[index]))
        # A focused inspection looks again at some key questions; the others keep their older date.
        focused = set(KEY_QUESTIONS) if random.random() > 0.2 else {"safe", "well_led"}
        earlier = max(latest - pd.Timedelta(days=int(random.integers(300, 900))), oldest)
        for domain in [OVERALL, *KEY_QUESTIONS]:
            rating = overall[index] if domain == OVERALL else questions[domain]
            date = latest if domain == OVERALL or domain in focused else earlier
            rated_on = "" if rating == NOT_RATED else date.date().isoformat()
            rows.append((provider["provider_id"], domain, rating, rated_on))
    return pd.DataFrame(rows, columns=["provider_id", "domain", "rating", "rated_on"])


def passes_gate(ratings: pd.DataFrame, gate_domains: list[str]) -> set[str]:
    """Return provider_id of those rated Good or Outstanding in every domain of the tier 1 requirement."""
    good = ratings.loc[ratings["domain"].isin(gate_domains) & ratings["rating"].isin([GOOD, OUTSTANDING])]
    counts = good.groupby("provider_id")["domain"].nunique()
    return set(counts.index[counts == len(gate_domains)])


def _overall(inputs: Inputs, regulated: pd.DataFrame, random: np.random.Generator) -> list[str]:
    """Draw overall ratings in fixed numbers, so that the published share of Good and Outstanding is met."""
    quality, count = inputs.settings.quality, len(regulated)
    good = round(inputs.fact(quality.good_percent_fact) / 100 * count)
    outstanding = round(quality.outstanding_share * count)
    not_rated = round(quality.not_rated_share * count)
    inadequate = round(quality.inadequate_share * count)
    pot = [OUTSTANDING] * outstanding + [GOOD] * (good - outstanding) + [NOT_RATED] * not_rated
    pot += [INADEQUATE] * inadequate
    pot += [REQUIRES_IMPROVEMENT] * (count - len(pot))
    drawn = [str(rating) for rating in random.permutation(np.array(pot))]
    # Who lost the gate is Good or Requires improvement overall, in turn: swap with a provider that did not.
    lost = [position for position, flag in enumerate(regulated["lost_gate"]) if flag]
    for turn, position in enumerate(lost):
        wanted = REQUIRES_IMPROVEMENT if turn % 2 else GOOD
        other = next(at for at, rating in enumerate(drawn) if rating == wanted and (at not in lost or at == position))
        drawn[position], drawn[other] = drawn[other], drawn[position]
    return drawn


def _questions(overall: str, lost_gate: bool, gate_domains: list[str], random: np.random.Generator) -> dict[str, str]:
    """Draw the five key questions that lead to an overall rating."""
    questions = dict.fromkeys(KEY_QUESTIONS, GOOD)
    gate = [domain for domain in KEY_QUESTIONS if domain in gate_domains]

    def some(low: int, high: int) -> list[str]:
        # Safe and Well-led are where most providers fall short.
        weights = np.array([3.0 if domain in gate else 1.0 for domain in KEY_QUESTIONS])
        size = int(random.integers(low, high + 1))
        return [str(name) for name in random.choice(KEY_QUESTIONS, size=size, replace=False, p=weights / weights.sum())]

    if overall == NOT_RATED:
        return dict.fromkeys(KEY_QUESTIONS, NOT_RATED)
    if overall == OUTSTANDING:
        questions |= dict.fromkeys(random.choice(KEY_QUESTIONS, size=2, replace=False).tolist(), OUTSTANDING)
    elif overall == GOOD:
        if lost_gate:
            questions[str(random.choice(gate))] = REQUIRES_IMPROVEMENT
        elif random.random() < 0.15:
            questions |= dict.fromkeys(some(1, 1), REQUIRES_IMPROVEMENT)
        elif random.random() < 0.1:
            questions["caring"] = OUTSTANDING
    elif overall == REQUIRES_IMPROVEMENT:
        questions |= dict.fromkeys(some(2, 4), REQUIRES_IMPROVEMENT)
    else:
        questions |= dict.fromkeys(some(3, 5), REQUIRES_IMPROVEMENT)
        questions |= dict.fromkeys(gate[:2], INADEQUATE)
    return questions


def _ages(count: int, oldest_years: float, random: np.random.Generator) -> NDArray[np.int64]:
    """Spread the ages of ratings from three weeks to the oldest, most of them under four years (days)."""
    standing = np.linspace(0.0, 1.0, count)
    days = 21 + standing**1.6 * (oldest_years * _DAYS_A_YEAR - 21)
    return random.permutation(np.rint(days).astype(np.int64))

"""What must stand with everything that shows a scenario: who made it, why, and every assumption behind it."""

from __future__ import annotations

from lib.market.about import About, about
from lib.market.basis import Basis
from lib.pack.load import Pack
from lib.whatif.scenarios.presets import NO_REASON, assumptions_log
from lib.whatif.scenarios.scenario import Scenario


def about_scenario(
    pack: Pack, scenario: Scenario, title: str, inputs: Basis, *, internal: bool = True, author: str = ""
) -> About:
    """What is to be said of a scenario's figures. inputs: see lib.whatif.basis; author: in their own words."""
    log = assumptions_log(pack, scenario)
    assumptions = tuple(
        f"Assumption: {label}: {value} (default {default}; {status}{f': {source}' if source else ''})"
        for label, value, default, status, source in zip(
            log["label"], log["value"], log["default"], log["status"], log["source"], strict=True
        )
    )
    by = f" By: {author}." if author else ""
    reason = f"Rationale: {' '.join(scenario.rationale.split()) or NO_REASON}"
    return about(
        pack,
        title,
        inputs,
        internal=internal,
        service=scenario.service,
        further=(f"Scenario: {scenario.name}.{by}", reason),
        assumptions=assumptions,
    )

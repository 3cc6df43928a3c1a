"""What a lever is, and how a field of the scenario's model states one: lib.whatif.scenarios.scenario has them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

Kind = Literal["number", "whole", "switch", "by_district", "providers"]
LeverValue = bool | int | float | tuple[str, ...] | dict[str, float]
Group = Literal["Demand", "Supply", "Price and years", "What it would take"]
Needs = Literal["", "framework", "working_age", "older", "turning_18"]

A_YEAR = "% a year"
BY_LAST_YEAR = "% by the last year"
RATIO = "ratio"
NO_QUANTITY = "whole number"
# What is written without its unit behind it, and how.
WITHOUT_UNIT = {RATIO: ".2f", NO_QUANTITY: ".0f"}
OWN_BUDGETS = "Their own budgets are not included in the cost."
MOST_STEPS = 1000  # of a slider: nobody can hit one of more


@dataclass(frozen=True)
class Lever:
    """One lever.

    Attributes:
        id: its place in the scenario's JSON document, for example demand.need_growth_pct.
        label, unit, meaning: its words.
        group: where its control stands; `prominent` is the one of its group that stands open.
        kind: what a value is; it follows from the field's type.
        low, high: the limits; for `by_district` those of each district's number.
        step: that of its slider.
        neutral: the value that changes nothing, or the plain default where the pack gives none.
        swing: how far the sensitivity chart moves it each way; 0 leaves it out.
        waterfall: the step of the waterfall that it is part of. A lever of demand that names none is a step of its own.
        diverts: what takes over the care that it takes away, in words; "" where it takes none away.
        needs: what a service must have to have it: a framework that it is bought through, people of certain ages, or
            children who turn 18 and leave or join it; "" where any service can have it.
        caveat: what must stand beside it.
    """

    id: str
    label: str
    unit: str
    meaning: str
    group: Group
    prominent: bool = False
    kind: Kind = "number"
    low: float = 0.0
    high: float = 0.0
    step: float = 0.5
    neutral: LeverValue = 0.0
    swing: float = 0.0
    waterfall: str = ""
    diverts: str = ""
    needs: Needs = ""
    caveat: str = ""

    def __call__(self, schema: dict[str, Any]) -> None:
        """Write into the field's JSON Schema what the standard has no word for; pydantic calls this."""
        schema["unit"] = self.unit
        if self.counts:
            schema["step"] = self.step

    @property
    def counts(self) -> bool:
        """Whether its value is one number."""
        return not isinstance(self.neutral, bool | dict | tuple)

    @property
    def section(self) -> str:
        """The part of the document that it stands in; "" for the document itself."""
        return self.id.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its name in that part."""
        return self.id.rpartition(".")[2]

    @property
    def limits(self) -> str:
        """The limits in words; "" where it has none."""
        return f"{self.low:.10g} to {self.high:.10g}" if self.high > self.low else ""

    @property
    def slides(self) -> bool:
        """Whether it has a slider beside its box."""
        return (self.high - self.low) / self.step <= MOST_STEPS

    @property
    def expected(self) -> str:
        """What a value of the lever must be, in words."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "by_district":
            return "an object of district codes, each with a number"
        if self.kind == "providers":
            return "a list of provider ids"
        noun = "a whole number" if self.kind == "whole" else "a number"
        return f"{noun} from {self.limits}"


def lever(
    label: str, unit: str, meaning: str, *, group: Group, neutral: LeverValue = 0.0, required: bool = False, **more: Any
) -> Any:
    """A field of the scenario's model that is a lever; `more` are the further attributes of Lever.

    Its limits are checked and its default is neutral. With `required` a document must give it.
    """
    statement = Lever("", label, unit, meaning, group, neutral=neutral, **more)
    words: dict[str, Any] = {"title": label, "description": meaning, "json_schema_extra": statement}
    default = ... if required else neutral
    if statement.counts:
        return Field(default, ge=statement.low, le=statement.high, strict=True, allow_inf_nan=False, **words)
    # What a list or an object holds has a type, and limits, of its own.
    return Field(default, strict=True if isinstance(neutral, bool) else None, **words)


def show_value(lever: Lever, value: LeverValue) -> str:
    """A lever's value as people read it, with its unit."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) if value else "none"
    if isinstance(value, dict):
        return ", ".join(f"{code} {number:g}%" for code, number in value.items()) if value else "none"
    if lever.unit in WITHOUT_UNIT:
        return format(value, WITHOUT_UNIT[lever.unit])
    join = "" if lever.unit.startswith("%") else " "
    return f"{value:,g}{join}{lever.unit}" if abs(value) < 1e6 else f"{value:,.0f}{join}{lever.unit}"

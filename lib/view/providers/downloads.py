"""What must stand under every download of the Providers page."""

from __future__ import annotations

from lib.pack.load import Pack


def provider_notes(pack: Pack, service: str, title: str) -> list[str]:
    """The title, the date, the demonstration line, and the statuses and credits of the tables."""
    chosen = pack.service(service)
    notes = [f"{title}. {chosen.label}, {chosen.period}; data to {pack.manifest.as_of:%d %B %Y}."]
    if pack.is_demonstration:
        notes.append(pack.manifest.demonstration)
    for name in ("providers", "capacity", "ratings", "demand"):
        resource = pack.manifest.resource(name)
        notes.append(f"{resource.title}: {resource.status}. {resource.rule} {resource.credit}".strip())
    return [*notes, *chosen.caveats]

// A part of the live screen. Streamlit calls this each time the page draws one; the parts of a what-if share one bus.
// The part that leads carries the picture, the settings and where the bus stands.
const PARTS = {
  levers: ["div", leversPart], levers_needed: ["div", neededPart], say: ["div", sayPart], tiles: ["div", tilesPart],
  year: ["div", yearPart], newly: ["section", newlyPart], map: ["div", mapPart],
  lines: ["figure", chartPart], drivers: ["figure", chartPart], effects: ["figure", chartPart], costs: ["figure", chartPart],
  placement: ["div", placementPart],
  choose: ["div", choosePart], market_map: ["div", marketMapPart], legend: ["div", legendPart], bars: ["figure", barsPart],
  meaning: ["div", meaningPart],
};
const BUSES = { placement: "careMarketPlacement" };

export default function ({ data, parentElement, setStateValue }) {
  const name = data.part, bus = (window[BUSES[name] ?? "careMarketLive"] ??= createBus());
  let part = bus.parts.get(name);
  if (part?.parent !== parentElement) {
    part?.leave();
    const [tag, makePart] = PARTS[name];
    const root = make(tag, { "data-live": name });
    part = makePart(root, name);
    part.parent = parentElement;
    part.leave = () => {
      part.end?.();
      root.remove();
      if (bus.parts.get(name) === part) bus.parts.delete(name);
    };
    part.wire?.(bus);
    root.toggleAttribute("data-behind", bus.behind);
    bus.parts.set(name, part);
    parentElement.append(root);
  }
  part.bus = data.picture?.years ? null : data.bus;
  part.take?.(data);
  if (part.leads) {
    shareColours(parentElement);
    setState(bus, bus.state);
    takeData(bus, data, setStateValue);
  } else {
    draw(bus);
  }
  return part.leave;
}

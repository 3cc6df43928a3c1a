// A part of the live screen. Streamlit calls this each time the page draws one; the parts share one bus a page.
const PARTS = {
  levers: ["div", leversPart], levers_needed: ["div", neededPart], say: ["div", sayPart], tiles: ["div", tilesPart],
  year: ["div", yearPart], newly: ["section", newlyPart], map: ["div", mapPart],
  lines: ["figure", chartPart], drivers: ["figure", chartPart], effects: ["figure", chartPart], costs: ["figure", chartPart],
  choose: ["div", choosePart], market_map: ["div", marketMapPart], legend: ["div", legendPart], bars: ["figure", barsPart],
  meaning: ["div", meaningPart],
};

export default function ({ data, parentElement, setStateValue }) {
  window.careMarketLive ??= createBus();
  const bus = window.careMarketLive, name = data.part;
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
  if (data.picture) {
    bus.carrier = name;
    shareColours(parentElement);
    setState(bus, bus.state);
    takeData(bus, data, setStateValue);
  } else {
    draw(bus);
  }
  return part.leave;
}

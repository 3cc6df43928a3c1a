// The map of the year shown: its title, what its colours mean, and the scene that its frame paints.
const LOOK_AGAIN = 100; // milliseconds until the frame is looked at again, where it is still loading

function mapPart(root) {
  const title = make("h3");
  const legend = make("ul", { class: "live-legend" });
  const measures = make("div", { role: "radiogroup", class: "live-radios" });
  const when = make("div", { role: "radiogroup", class: "live-radios" });
  root.append(make("div", { class: "live-map-head" }, title, measures, when), legend);
  const part = { root, painted: null, frame: null, looking: null, place: ".st-key-live_map_side" };
  const names = [newId("measure"), newId("when")];
  part.draw = (bus) => {
    const { map, years, year_labels: labels } = bus.picture, { words } = bus;
    const at = bus.today ? 0 : yearAt(bus);
    setHeading(title, map.titles[at], map.statuses[at]);
    const hatched = [...map.classes[at]].includes("-") ? [{ label: words.unknown }] : [];
    const outlined = map.changed[at].length ? [{ outlined: true, label: fillIn(words.changed, { year: labels[0] }) }] : [];
    fillList(legend, [...map.palette, ...hatched, ...outlined], () => make("li", {}, make("span", { class: "live-swatch" }), make("span")),
      (item, { fill, outlined: dashes = false, label }) => {
        item.firstElementChild.style.background = fill ?? "";
        item.firstElementChild.classList.toggle("live-hatch", !fill && !dashes);
        item.firstElementChild.classList.toggle("live-dashes", dashes);
        setText(item.lastElementChild, label);
      });
    drawRadios(measures, names[0], words.measure, Object.entries(words.measures ?? {}), bus.measure ?? map.measure,
      (measure) => chooseMeasure(bus, measure));
    const then = bus.year === years[0] ? years.at(-1) : bus.year;
    const choices = [["today", fillIn(words.today, { year: labels[0] })],
      ["then", fillIn(words.then, { year: labels[years.indexOf(then)] })]];
    drawRadios(when, names[1], words.when, choices, at === 0 ? "today" : "then", (chosen) => {
      bus.today = chosen === "today";
      if (chosen === "then" && bus.year !== then) showYear(bus, then);
      draw(bus);
    });
    part.scene = scene(bus, at);
    paint(part);
  };
  part.end = () => clearTimeout(part.looking);
  return part;
}

function drawRadios(group, name, label, choices, chosen, choose) {
  setAttribute(group, "aria-label", label ?? "");
  fillList(group, choices, () => make("label", {}, make("input", { type: "radio", name }), make("span")), (item, [code, text]) => {
    const [input, words] = item.children;
    input.value = code;
    input.checked = code === chosen;
    input.onchange = () => choose(code);
    setText(words, text);
  });
}

function scene(bus, at) {
  const { map, districts } = bus.picture;
  const signs = map.classes[at], changed = new Set(map.changed[at]);
  const areas = {};
  districts.codes.forEach((code, number) => {
    const entry = map.palette[parseInt(signs[number], 36)];
    areas[code] = {
      label: districts.names[number],
      tooltip: `${districts.names[number]}\n${map.head}: ${map.shown[at][number]}\n${map.lines[at][number]}`,
      ...(entry && { fill: entry.fill }),
      ...(code === bus.settings.request.area && { selected: true }),
      ...(changed.has(code) && { changed: true }),
    };
  });
  return {
    title: fillIn(bus.words.map_title, { title: map.titles[at] }), dark: Boolean(bus.settings.request.dark), areas,
  };
}

// The frame is of this server, and so can be painted in; it is loaded long after the page.
function paint(part) {
  clearTimeout(part.looking);
  const frame = document.querySelector(`${part.place} iframe`);
  const districts = frame?.contentWindow?.districtMap;
  if (!districts?.show || !districts.ready) {
    part.painted = null;
    part.looking = setTimeout(() => paint(part), LOOK_AGAIN);
    return;
  }
  if (part.frame !== districts) {
    part.frame = districts;
    part.painted = null;
    // A rerun's scene may be older than what stands here.
    districts.onPaint = () => {
      part.painted = null;
      paint(part);
    };
  }
  const scene = JSON.stringify(part.scene);
  if (scene === part.painted) return;
  part.painted = scene;
  districts.show(part.scene);
}

// The map of the year shown: its title, what its colours mean, and the scene that its frame paints.
const LOOK_AGAIN = 100; // milliseconds until the frame is looked at again, where it is still loading

function mapPart(root) {
  const title = make("h3");
  const legend = make("ul", { class: "live-legend" });
  const measures = make("div", { role: "radiogroup", class: "live-radios" });
  const when = make("div", { role: "radiogroup", class: "live-radios" });
  root.append(make("div", { class: "live-map-head" }, title, measures, when), legend);
  const maps = [".st-key-live_map_after iframe", ".st-key-live_map_before iframe"].map((place) =>
    ({ place, scene: null, painted: null, frame: null, looking: null }));
  const part = { root, maps };
  const names = [newId("measure"), newId("when")];
  part.draw = (bus) => {
    const { map, years, year_labels: labels } = bus.picture, { words } = bus;
    const shown = bus.beside && bus.year === years[0] ? years.length - 1 : yearAt(bus);
    const at = bus.today && !bus.beside ? 0 : shown;
    setHeading(title, map.titles[at], map.statuses[at], words.badges);
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
      ["then", fillIn(words.then, { year: labels[years.indexOf(then)] })], ["beside", words.beside]];
    drawRadios(when, names[1], words.when, choices, bus.beside ? "beside" : at === 0 ? "today" : "then", (chosen) => {
      bus.today = chosen === "today";
      if (bus.beside !== (chosen === "beside")) setBeside(bus, chosen === "beside");
      if (chosen !== "today" && bus.year !== then) showYear(bus, then);
      draw(bus);
    });
    // What stands over each of two maps: see live.css.
    document.documentElement.style.setProperty("--live-map-before", JSON.stringify(choices[0][1]));
    document.documentElement.style.setProperty("--live-map-after", JSON.stringify(choices[1][1]));
    part.maps[0].scene = scene(bus, at);
    part.maps[1].scene = bus.beside ? scene(bus, 0) : null;
    part.maps.forEach(paint);
  };
  part.end = () => maps.forEach((map) => clearTimeout(map.looking));
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

// A frame is of this server, and so can be painted in; it is loaded long after the page.
function paint(map) {
  clearTimeout(map.looking);
  if (!map.scene) return;
  const districts = document.querySelector(map.place)?.contentWindow?.districtMap;
  if (!districts?.show || !districts.ready) {
    map.painted = null;
    map.looking = setTimeout(() => paint(map), LOOK_AGAIN);
    return;
  }
  if (map.frame !== districts) {
    map.frame = districts;
    map.painted = null;
    // A rerun's scene may be older than what stands here.
    districts.onPaint = () => {
      map.painted = null;
      paint(map);
    };
  }
  const scene = JSON.stringify(map.scene);
  if (scene === map.painted) return;
  map.painted = scene;
  districts.show(map.scene);
}

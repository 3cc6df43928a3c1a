// The year that the map and the lines show: all years are in the picture, so that none is asked for.
const A_YEAR = 900; // milliseconds that a year stays while the years are played

function yearPart(root) {
  const id = newId("year");
  const label = make("label", { for: id });
  const range = make("input", { type: "range", id, min: 0, step: 1 });
  const first = make("span", { "aria-hidden": "true" }), last = make("span", { "aria-hidden": "true" });
  const box = make("select");
  const play = make("button", { type: "button", "data-do": "play" });
  root.append(
    label, make("div", { class: "live-year-range" }, range, make("div", { class: "live-ends" }, first, last)), box, play,
  );
  const part = { root };
  part.wire = (bus) => {
    const choose = (at) => {
      stopPlaying(bus);
      showYear(bus, bus.picture.years[at]);
    };
    range.oninput = () => choose(Number(range.value));
    box.onchange = () => choose(box.selectedIndex);
    play.onclick = () => (bus.playing ? endPlaying(bus) : startPlaying(bus));
  };
  part.draw = (bus) => {
    const { years, year_labels: labels } = bus.picture, at = yearAt(bus);
    setText(label, bus.words.year);
    setAttribute(range, "max", String(years.length - 1));
    if (Number(range.value) !== at) range.value = at;
    setAttribute(range, "aria-label", bus.words.year ?? "");
    setAttribute(range, "aria-valuetext", labels[at]);
    setText(first, labels[0]);
    setText(last, labels.at(-1));
    setAttribute(box, "aria-label", bus.words.year_box ?? "");
    if ([...box.options].map((each) => each.text).join() !== labels.join()) {
      box.replaceChildren(...labels.map((text) => make("option", {}, text)));
    }
    if (box.selectedIndex !== at) box.selectedIndex = at;
    setText(play, bus.playing ? bus.words.stop : bus.words.play);
  };
  return part;
}

function startPlaying(bus) {
  bus.today = false;
  const next = () => {
    const { years } = bus.picture, at = yearAt(bus);
    if (at === years.length - 1) return endPlaying(bus);
    bus.playing = setTimeout(next, A_YEAR);
    return showYear(bus, years[at + 1]);
  };
  bus.playing = setTimeout(next, A_YEAR);
  showYear(bus, bus.picture.years[0]);
}

function stopPlaying(bus) {
  clearTimeout(bus.playing);
  bus.playing = null;
}

function endPlaying(bus) {
  stopPlaying(bus);
  touch(bus);
  draw(bus);
}

// A market page: the choice of what is shown, and the map, legend and words that follow it.

// A native select: the keyboard moves it, and each move is drawn.
function choosePart(root) {
  const id = newId("show"), about = newId("meaning");
  const label = make("label", { for: id });
  const box = make("select", { id, "aria-describedby": about });
  const help = make("span", { class: "live-unseen", id: about });
  const refusal = make("p", { class: "live-refusal", role: "alert" });
  root.append(label, box, help, refusal);
  const part = { root, leads: true, options: [], listed: "" };
  part.take = (data) => Object.assign(part, { options: data.options ?? [] });
  part.wire = (bus) => {
    box.onchange = () => moveLever(bus, "indicator", box.value);
  };
  part.draw = (bus) => {
    const { meaning, meaning: { meaning: text } } = bus.picture;
    const listed = JSON.stringify(part.options);
    if (listed !== part.listed) {
      box.replaceChildren(...part.options.map(({ code, label: words }) => make("option", { value: code }, words)));
      part.listed = listed;
    }
    const chosen = leverValue(bus, "indicator");
    if (box.value !== chosen) box.value = chosen;
    setText(label, bus.words.show);
    setText(help, `${text} ${meaning.more}`);
    box.title = text;
    setText(refusal, bus.refused?.problem);
  };
  part.end = () => leave(window.careMarketLive);
  return part;
}

function marketMapPart(root) {
  const title = make("h3");
  root.append(title);
  const part = { root, scene: null, painted: null, frame: null, looking: null, place: ".st-key-market_map iframe" };
  part.draw = (bus) => {
    const { title: text, status, scene: shown } = bus.picture.map;
    setHeading(title, text, status, bus.words.badges);
    part.scene = shown;
    paint(part);
  };
  part.end = () => clearTimeout(part.looking);
  return part;
}

function legendPart(root) {
  const head = make("p"), list = make("ul", { class: "live-classes" });
  root.append(head, list);
  return {
    root,
    draw(bus) {
      const { head: text, legend, some_missing: missing } = bus.picture.map;
      setText(head, text);
      const classes = [...legend, ...(missing ? [{ label: bus.words.unknown }] : [])];
      fillList(list, classes, () => make("li", {}, make("span", { class: "live-swatch" }), make("span")), drawClass);
    },
  };
}

function drawClass(item, { fill, label }) {
  item.firstElementChild.style.background = fill ?? "";
  item.firstElementChild.classList.toggle("live-hatch", !fill);
  setText(item.lastElementChild, label);
}

function meaningPart(root) {
  const name = make("strong"), words = make("span"), more = make("span");
  root.append(make("p", {}, name, ": ", words, " ", more));
  return {
    root,
    draw(bus) {
      const { label, meaning, more: rest } = bus.picture.meaning;
      setText(name, label);
      setText(words, meaning);
      setText(more, rest);
    },
  };
}

// ---- Bars: a click on one, or Enter, chooses its area ---------------------------------------------------------------

const BAR = ".rows_marks path";
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function barsPart(root, name) {
  const part = chartPart(root, name);
  const areaOf = (item) => item?.datum?.area_code;
  part.wire = (bus) => {
    part.plot.addEventListener("keydown", (event) => {
      const bars = [...part.plot.querySelectorAll(BAR)], at = bars.indexOf(event.target);
      if (at < 0) return;
      const to = event.key in STEPS ? at + STEPS[event.key] : { Home: 0, End: bars.length - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        stopAt(bars, bars[to] ?? event.target).focus();
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        chooseArea(bus, areaOf(event.target.__data__));
      }
    });
    part.made = (view) => view.addEventListener("click", (event, item) => chooseArea(bus, areaOf(item)));
  };
  // One stop in the order of the page, arrows within.
  part.shown = () => {
    const bars = [...part.plot.querySelectorAll(BAR)];
    for (const bar of bars) {
      bar.setAttribute("role", "button");
      setAttribute(bar, "aria-pressed", String(Boolean(bar.__data__?.datum?.chosen)));
    }
    if (bars.length) stopAt(bars, bars.find((bar) => bar.getAttribute("tabindex") === "0") ?? bars[0]);
  };
  return part;
}

function stopAt(bars, stop) {
  for (const bar of bars) setAttribute(bar, "tabindex", bar === stop ? "0" : "-1");
  return stop;
}

// Told to the page as soon as it is drawn: the area's story is the page's.
function chooseArea(bus, area) {
  if (!area || area === leverValue(bus, "area")) return;
  moveLever(bus, "area", area);
  clearTimeout(bus.restless);
  bus.due = true;
  commitIfDue(bus);
}

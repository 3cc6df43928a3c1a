// New hours played down a list: the slider, where they go and what they cost, and a line for each provider with a bar.
// What of the list stays is in the settings; a step brings what changes.

function placementPart(root) {
  const lever = make("div", { class: "live-placement-lever" });
  const sentence = make("strong"), more = make("span"), words = make("p", { class: "live-placement-words" }, sentence, " ", more);
  const region = make("div", { class: "live-unseen", "data-live-region": true, "aria-live": "polite", "aria-atomic": "true" });
  const box = make("div", { class: "live-placement-list", role: "region", tabindex: 0 });
  const caption = make("p", { class: "live-placement-caption" });
  root.append(lever, words, region, box, caption);
  const part = { root, leads: true, region, telling: null, told: null, lever: null, given: null, list: null };
  part.wire = (bus) => {
    part.end = () => {
      clearTimeout(part.telling);
      leave(bus);
    };
  };
  part.draw = (bus) => {
    const { settings, picture } = bus;
    if (settings !== part.given) {
      part.given = settings;
      takeSettings(part, bus, { lever, box, caption });
    }
    part.lever.show(leverValue(bus, settings.lever.id), bus);
    setText(sentence, picture.sentence);
    setText(more, picture.more);
    part.list?.show(picture);
    if (part.of !== bus.name) Object.assign(part, { of: bus.name, told: null, coming: null }); // another lot, chosen by hand
    tellLater(part, `${picture.sentence} ${picture.more}`.trim());
  };
  return part;
}

// Slider and lines are made again only where they are others: the focus stays, and where the list is scrolled to.
function takeSettings(part, bus, { lever, box, caption }) {
  const { settings } = bus;
  const slider = JSON.stringify([bus.name, settings.lever, bus.words]), list = JSON.stringify([settings.list, bus.words]);
  if (slider !== part.slider) {
    part.lever = makeLever(settings.lever, bus);
    lever.replaceChildren(part.lever.root);
    part.slider = slider;
  }
  if (list !== part.listed) {
    const { title, heads, left_out: leftOut } = settings.list;
    box.hidden = !heads;
    part.list = heads ? makePlaced(settings.list, bus.words) : null;
    box.replaceChildren(...(heads ? [part.list.table] : []));
    setAttribute(box, "aria-label", title ?? "");
    setText(caption, leftOut);
    caption.hidden = !leftOut;
    part.listed = list;
  }
}

function makePlaced({ title, heads, gated, lines }, words) {
  const body = make("tbody"), bars = [];
  for (const line of lines) {
    if (line.above) body.append(make("tr", {}, make("th", { scope: "rowgroup", colspan: heads.length, class: "live-band" }, line.above)));
    const bar = line.words ? null : makeBar(line);
    body.append(make("tr", {},
      make("td", { class: "live-number" }, line.rank),
      make("th", { scope: "row" }, line.name),
      make("td", {}, makeChip(line)),
      ...(gated ? [make("td", { class: line.passes ? false : "live-failing" }, line.gate)] : []),
      make("td", { class: "live-number" }, line.rate),
      make("td", { class: "live-number" }, ...(bar ? [bar.place, bar.words] : [line.words])),
    ));
    bars.push(bar);
  }
  const unplaced = make("td", { class: "live-number" });
  const last = make("tr", {}, make("th", { scope: "row", colspan: heads.length - 1 }, words.nobody_has_room ?? ""), unplaced);
  body.append(last);
  const head = heads.map((text, at) => make("th", { scope: "col", class: at < heads.length - 2 ? false : "live-number" }, text));
  const table = make("table", { "aria-label": title }, make("thead", {}, make("tr", {}, ...head)), body);
  return {
    table,
    show({ rows, unplaced: text, left_over: leftOver }) {
      rows.forEach((row, at) => {
        if (row && bars[at]) bars[at].show(...row);
      });
      setText(unplaced, text);
      if (last.classList.contains("live-left-over") !== leftOver) last.classList.toggle("live-left-over", leftOver);
    },
  };
}

// A provider's room, as long as it is beside the most that anybody has, filled as far as new hours take it.
function makeBar({ width, colour }) {
  const fill = make("span"), place = make("span", { class: "room-bar", "aria-hidden": "true" }, fill);
  const words = make("span", { class: "live-room" });
  fill.style.width = `${width}%`;
  fill.style.setProperty("--colour", colour);
  let taken = null;
  const show = (text, share) => {
    setText(words, text);
    if (share === taken) return;
    taken = share;
    fill.style.setProperty("--taken", `${share}%`);
  };
  return { place, words, show };
}

// A colour that is not known, such as of not rated, is hatched.
function makeChip({ rated, chip: [colour, ink] }) {
  const chip = make("span", { class: colour ? "live-chip" : "live-chip live-hatch" }, rated);
  if (colour) Object.assign(chip.style, { background: colour, color: ink });
  return chip;
}

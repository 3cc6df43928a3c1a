// The sentence, the four figures and the districts newly short, in words.
const SAY_AFTER = 800; // milliseconds of rest before a screen reader is told

function sayPart(root) {
  const lead = make("h2"), beneath = make("p", { class: "live-beneath" }), more = make("p", { class: "live-more" }), name = make("p", { class: "live-name" });
  const notes = make("ul", { class: "live-notes" }), warnings = make("ul", { class: "live-warnings", role: "status" });
  const region = make("div", { class: "live-unseen", "data-live-region": true, "aria-live": "polite", "aria-atomic": "true" });
  const buttons = {
    undo: make("button", { type: "button", "data-do": "undo" }), redo: make("button", { type: "button", "data-do": "redo" }),
    reset: make("button", { type: "button", "data-do": "reset" }),
  };
  // What follows is long: the sentence stays in sight above everything, and must leave room.
  const follows = make("summary"), fold = make("details", { class: "live-follows" }, follows, more);
  const steps = make("div", { class: "live-steps" }, ...Object.values(buttons));
  const from = make("div", { class: "live-from" }, name, steps);
  root.append(
    make("div", { class: "live-words" }, lead, beneath, fold), from, notes, warnings, region,
  );
  const part = { root, region, telling: null, told: null };
  part.wire = (bus) => {
    buttons.undo.onclick = () => undo(bus);
    buttons.redo.onclick = () => redo(bus);
    buttons.reset.onclick = () => reset(bus);
  };
  part.draw = (bus) => {
    const { say, name: called, started_from: start, problem } = bus.picture;
    const { words } = bus;
    setHeading(lead, say.lead, say.status, words.badges);
    setText(more, say.more);
    setText(follows, words.follows);
    fold.hidden = !say.more;
    setHeading(beneath, say.beneath, say.status, words.badges);
    beneath.hidden = !say.beneath;
    from.hidden = !called; // a market has no scenario
    const since = start && start !== called ? `, ${fillIn(words.started_from, { name: start })}` : "";
    setText(name, `${fillIn(words.scenario, { name: called })}${since}`);
    fillList(notes, say.notes ?? [], () => make("li"), setText);
    fillList(warnings, [...(say.warnings ?? []), ...(problem ? [problem] : [])], () => make("li"), setText);
    drawStep(buttons.undo, words.undo, words.undo_keys, canUndo(bus));
    drawStep(buttons.redo, words.redo, words.redo_keys, canRedo(bus));
    drawStep(buttons.reset, words.reset, "", canReset(bus));
    tellLater(part, wordsToTell(bus));
  };
  // The rail stays below the sentence, however many lines that has.
  const sized = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--live-say-height", `${Math.ceil(root.getBoundingClientRect().height)}px`);
  });
  sized.observe(root);
  part.end = () => {
    clearTimeout(part.telling);
    sized.disconnect();
  };
  return part;
}

// A button that has just done the last that it could keeps the focus: it is off for whoever listens too, not gone.
function drawStep(button, text, keys, works) {
  setText(button, text);
  button.title = keys ?? "";
  setAttribute(button, "aria-disabled", String(!works));
  button.disabled = !works && document.activeElement !== button;
}

function wordsToTell(bus) {
  const { say, newly_short: newly } = bus.picture;
  const names = newly?.names[yearAt(bus)] ?? [];
  const also = names.length
    ? ` ${fillIn(bus.words.said_newly_short, { head: newly.heads[yearAt(bus)], names: names.join(", ") })}` : "";
  return `${say.lead}${also}`;
}

function tellLater(part, words) {
  if (part.told === null) part.told = words; // the page itself has just been read out
  if (words === part.coming) return;
  part.coming = words;
  clearTimeout(part.telling);
  part.telling = setTimeout(() => {
    if (part.told !== part.coming) setText(part.region, part.coming);
    part.told = part.coming;
  }, SAY_AFTER);
}

function tilesPart(root) {
  const list = make("dl", { class: "live-tiles" });
  root.append(list);
  const makeTile = () => make("div", { class: "live-tile" },
    make("dt", {}, make("span", { class: "live-tile-label" }), " ", badge()),
    make("dd", { class: "live-tile-value" }),
    make("dd", { class: "live-tile-context" }, make("span"), " ", badge()));
  const drawTile = (tile, { label, value, unit, context, status, context_status: other }, colours) => {
    const [head, figure, beside] = tile.children;
    setText(head.firstElementChild, label);
    setBadge(head.lastElementChild, status, colours);
    setText(figure, unit ? `${value} ${unit}` : value);
    figure.classList.toggle("live-in-words", figure.textContent.length > 10);
    setText(beside.firstElementChild, context);
    setBadge(beside.lastElementChild, other === status ? "" : other, colours);
    beside.hidden = !context;
  };
  return {
    root, draw: (bus) => fillList(list, bus.picture.tiles, makeTile, (tile, words) => drawTile(tile, words, bus.words.badges)),
  };
}

function newlyPart(root) {
  const head = make("h3"), list = make("ul"), none = make("p");
  root.append(head, list, none);
  return {
    root,
    draw(bus) {
      const { heads, names } = bus.picture.newly_short;
      const here = names[yearAt(bus)] ?? [];
      setText(head, heads[yearAt(bus)]);
      fillList(list, here, () => make("li"), setText);
      list.hidden = !here.length;
      setText(none, here.length ? "" : bus.words.nobody);
      none.hidden = Boolean(here.length);
    },
  };
}

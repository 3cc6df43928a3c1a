// The levers: each a native range with a number box beside it, or a switch; in groups, of which some are folded.

function leversPart(root) {
  const part = { root, leads: true, signature: "", levers: new Map() };
  part.draw = (bus) => drawLevers(part, bus, bus.settings.groups ?? [], true);
  part.end = () => leave(window.careMarketLive);
  return part;
}

// The levers of what it would take stand on a tab of their own, with groups of their own.
function neededPart(root) {
  const part = { root, signature: "", levers: new Map(), groups: [] };
  part.take = (data) => Object.assign(part, { groups: data.groups ?? [] });
  part.draw = (bus) => drawLevers(part, bus, part.groups, false);
  return part;
}

function drawLevers(part, bus, groups, sheet) {
  // The levers themselves are made again only where they are others: an open group stays open, the focus where it is.
  if (groups !== part.given) {
    part.given = groups;
    const signature = JSON.stringify([groups, bus.words]);
    if (signature !== part.signature) makeLevers(part, bus, groups, sheet);
    part.signature = signature;
  }
  for (const [id, lever] of part.levers) lever.show(leverValue(bus, id), bus);
  const general = bus.refused && !bus.refused.levers.some((id) => part.levers.has(id));
  setText(part.refusal, general && sheet ? bus.refused.problem : "");
}

function makeLevers(part, bus, groups, sheet) {
  const open = new Set([...part.root.querySelectorAll("details[open]")].map((each) => each.dataset.title));
  const focused = part.root.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [focused.closest("[data-lever]")?.dataset.lever, focused.type];
  part.levers.clear();
  part.refusal = make("p", { class: "live-refusal", role: "alert" });
  const fields = make("fieldset", {}, make("legend", { class: "live-unseen" }, bus.words.levers ?? ""), part.refusal);
  for (const group of groups) {
    const levers = group.levers.map((lever) => {
      const made = makeLever(lever, bus);
      part.levers.set(lever.id, made);
      return made.root;
    });
    if (group.folded) {
      const details = make("details", { "data-title": group.title, open: open.has(group.title) });
      details.append(make("summary", {}, group.title), ...levers);
      fields.append(details);
    } else {
      const head = group.title ? [make("p", { class: "live-group" }, group.title)] : [];
      fields.append(make("div", { class: "live-levers" }, ...head, ...levers));
    }
  }
  part.root.replaceChildren(...(sheet ? [handle(part.root, bus)] : []), fields);
  if (!place?.[0]) return;
  const again = part.root.querySelector(`[data-lever="${CSS.escape(place[0])}"] input[type=${place[1]}]`);
  if (again) again.focus({ preventScroll: true });
}

// On a phone the levers are a sheet at the foot, of which one is in sight.
function handle(root, bus) {
  const button = make("button", { type: "button", class: "live-handle" });
  const show = () => {
    const open = root.hasAttribute("data-open");
    setText(button, open ? bus.words.fewer_levers : bus.words.more_levers);
    setAttribute(button, "aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    root.toggleAttribute("data-open");
    show();
  });
  show();
  return button;
}

function makeLever(lever, bus) {
  const root = make("div", { class: "live-lever", "data-lever": lever.id });
  const refusal = make("p", { class: "live-refusal", role: "alert", id: newId("refusal") });
  const show = (lever.kind === "switch" ? makeSwitch : makeNumber)(lever, bus, root, refusal);
  root.append(refusal);
  if (lever.caption || lever.meaning) addMeaning(root, lever, bus);
  return {
    root,
    show(value) {
      show(value);
      setText(refusal, bus.refused?.levers.includes(lever.id) ? bus.refused.problem : "");
    },
  };
}

function addMeaning(root, lever, bus) {
  const id = newId("meaning");
  const words = make("div", { class: "live-meaning", id, hidden: true });
  for (const text of [lever.meaning, lever.caption]) if (text) words.append(make("p", {}, text));
  const button = make("button", {
    type: "button", class: "live-about", "aria-expanded": "false", "aria-controls": id,
    "aria-label": fillIn(bus.words.about, { label: lever.label }), title: lever.meaning,
  }, "?");
  button.addEventListener("click", () => {
    words.hidden = !words.hidden;
    setAttribute(button, "aria-expanded", String(!words.hidden));
  });
  root.firstElementChild.append(button);
  root.append(words);
}

function makeSwitch(lever, bus, root) {
  const input = make("input", { type: "checkbox", role: "switch", "aria-label": lever.label });
  const label = make("label", { class: "live-switch" }, input, make("span", {}, lever.label));
  root.append(make("div", { class: "live-lever-head" }, label));
  input.addEventListener("change", () => moveLever(bus, lever.id, input.checked));
  return (value) => {
    input.checked = Boolean(value);
  };
}

function makeNumber(lever, bus, root, refusal) {
  const label = lever.unit ? `${lever.label} (${lever.unit})` : lever.label;
  const limits = { min: lever.low, max: lever.high, step: lever.step };
  const id = newId("lever");
  const name = make("label", { for: id }, lever.label, " ");
  if (lever.unit) name.append(make("span", { class: "live-unit" }, `(${lever.unit})`));
  const range = make("input", { type: "range", id, ...limits, "aria-label": label });
  const box = make("input", {
    type: "number", ...limits, inputmode: "decimal", "aria-label": fillIn(bus.words.as_number, { label }),
    "aria-errormessage": refusal.id,
  });
  const slides = lever.slides !== false && lever.low < lever.high;
  if (!slides) {
    setAttribute(box, "id", id);
    range.removeAttribute("id");
  }
  root.append(
    make("div", { class: "live-lever-head" }, name), make("div", { class: "live-lever-row" }, ...(slides ? [range] : []), box),
  );

  const take = (text) => moveLever(bus, lever.id, lever.kind === "whole" ? Math.round(Number(text)) : Number(text));
  range.addEventListener("pointerdown", () => hold(bus, lever.id));
  range.addEventListener("keydown", (event) => {
    if (event.repeat) hold(bus, lever.id);
  });
  range.addEventListener("keyup", () => release(bus));
  range.addEventListener("blur", () => release(bus));
  range.addEventListener("input", () => {
    write(box, range.value);
    take(range.value);
  });
  let typing = false; // what is being typed is the reader's
  box.addEventListener("input", () => {
    typing = true;
  });
  box.addEventListener("blur", () => {
    typing = false;
    draw(bus);
  });
  box.addEventListener("change", () => {
    typing = false;
    // Text leaves a number box empty.
    if (box.value === "" || box.validity.badInput || !Number.isFinite(Number(box.value))) {
      bus.refused = { problem: bus.words.not_a_number, levers: [lever.id] };
      box.value = ""; // text that is no number is there, and cannot be read
      draw(bus);
    } else if (Number(box.value) !== leverValue(bus, lever.id)) {
      take(box.value);
    }
  });
  const places = Number.isInteger(lever.places) ? lever.places : null;
  const write = (input, value) => {
    const text = places === null ? String(value) : Number(value).toFixed(places);
    if (input.value !== text) input.value = text;
  };
  return (value) => {
    if (value === null || value === undefined) return;
    if (bus.held !== lever.id && Number(range.value) !== value) range.value = value;
    setAttribute(range, "aria-valuetext", `${places === null ? value : value.toFixed(places)} ${lever.unit ?? ""}`.trim());
    if (!typing) write(box, value);
    setAttribute(box, "aria-invalid", String(Boolean(bus.refused?.levers.includes(lever.id))));
  };
}

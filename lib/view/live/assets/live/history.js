// Undo, redo and reset: the scenarios that were shown at rest, whatever brought them: levers, a preset, a file.

function sameScenario(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// again: the page sent back what was recorded when it was committed.
function record(bus, again) {
  const { history, shown } = bus;
  if (!shown || sameScenario(shown, history.stack[history.at])) return;
  // A lever that is still held is on one way, however often it rests.
  const drawn = bus.held !== null && history.hold === bus.hold;
  if (history.at >= 0 && (again || drawn)) {
    history.stack[history.at] = shown;
  } else {
    history.stack = [...history.stack.slice(0, history.at + 1), shown].slice(-MOST_KEPT);
    history.at = history.stack.length - 1;
  }
  history.hold = bus.held === null ? 0 : bus.hold;
}

// The answer to a step of the history stands in its place: what is past may have had to be shortened.
function keepStep(bus, flight) {
  if (flight.at !== null && bus.history.stack[flight.at]) bus.history.stack[flight.at] = bus.shown;
}

// A step of the history that came to nothing leaves it where the screen stands.
function stayInHistory(bus) {
  const { history, shown } = bus;
  if (bus.historyStep !== null || !sameScenario(shown, history.stack[history.at])) {
    const at = history.stack.findLastIndex((each) => sameScenario(each, shown));
    if (at >= 0) history.at = at;
  }
  bus.historyStep = null;
}

// On the way back or forth: what is shown is not yet where the history stands.
function stepping(bus) {
  return bus.historyStep !== null || (bus.flight && !bus.flight.void && bus.flight.at !== null);
}

function canUndo(bus) {
  const { history } = bus;
  return history.at > 0 || (history.at === 0 && !stepping(bus) && !sameScenario(bus.shown, history.stack[0]));
}

function canRedo(bus) {
  return bus.history.at < bus.history.stack.length - 1;
}

function startOf(bus) {
  return bus.settings.start ?? bus.settings.request.named ?? bus.history.stack[0];
}

function canReset(bus) {
  return Boolean(startOf(bus)) && !sameScenario(bus.shown, startOf(bus));
}

function undo(bus) {
  if (!canUndo(bus)) return;
  if (!stepping(bus)) record(bus, false);
  step(bus, bus.history.at - 1);
}

function redo(bus) {
  if (canRedo(bus)) step(bus, bus.history.at + 1);
}

function step(bus, at) {
  if (at < 0 || at >= bus.history.stack.length) return;
  bus.history.at = at;
  bus.historyStep = at;
  goTo(bus, bus.history.stack[at]);
}

function reset(bus) {
  if (!canReset(bus)) return;
  if (!stepping(bus)) record(bus, false);
  goTo(bus, startOf(bus));
}

function goTo(bus, scenario) {
  if (bus.flight) bus.flight.void = true;
  bus.moved = {};
  bus.whole = scenario;
  touch(bus);
  ask(bus);
  draw(bus);
}

const TEXT_BOXES = "textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio], [type=button])";

function takeKeys(bus, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !bus.parts.has("levers") || !bus.picture) return;
  if (event.target.closest?.(TEXT_BOXES)) return;
  const key = event.key.toLowerCase();
  const back = key === "z" && !event.shiftKey;
  if (!back && key !== "y" && key !== "z") return;
  event.preventDefault();
  if (back) undo(bus);
  else redo(bus);
}

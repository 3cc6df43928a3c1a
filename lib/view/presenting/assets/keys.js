// The keys of a presented page: what a clicker sends (Page Down, Page Up), arrows where nothing else takes them, N for the
// speaker's note, Escape for the end. They press the links that the page draws, so a view is reached as by any link.
//
// The map's frame passes on the keys that it has no use for: see lib/view/map/assets/district_keys.js.
const ROOM = ".st-key-room";
const AHEAD = ["PageDown", "ArrowRight"], BACK = ["PageUp", "ArrowLeft"];
const YEARS = { ArrowUp: 1, ArrowDown: -1 };
const WRITING = "input, textarea, select, [contenteditable], [role=dialog] *";

const state = { end: null, turn: null, step: null, view: null, waiting: null };

// A view is drawn from above, its links last: a key that comes before them waits for them.
function press(name, by) {
  state.waiting = null;
  const said = document.querySelector(`${ROOM} .room-said`);
  if (said && said.dataset.view !== state.view) {
    state.waiting = [name, by];
    return;
  }
  const link = document.querySelector(`.st-key-room_${name} a`);
  if (link) link.click();
  else state.step?.(by);
}

function leave() {
  window.careMarketPresented = true;
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  state.end?.();
}

function toggleNote() {
  const note = document.querySelector(`${ROOM} .room-note`);
  if (note) note.hidden = !note.hidden;
}

function onKey(event) {
  if (!document.querySelector(ROOM) || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (key !== "Escape" && (event.defaultPrevented || event.target.matches?.(WRITING))) return;
  if (AHEAD.includes(key)) press("ahead", 1);
  else if (BACK.includes(key)) press("back", -1);
  else if (key in YEARS) state.turn?.(YEARS[key]);
  else if (key === "n" || key === "N") toggleNote();
  else if (key === "Escape") leave();
  else return;
  event.preventDefault();
}

// In full screen the browser keeps Escape for itself: leaving it is the end too.
function onScreen() {
  if (!document.fullscreenElement && document.querySelector(ROOM)) leave();
}

let listening = false;
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = leave;
  state.end = () => setTriggerValue("end", true);
  state.turn = (years) => setTriggerValue("year", years);
  state.step = (by) => setTriggerValue("step", by);
  if (!listening) {
    listening = true;
    document.addEventListener("keydown", onKey);
    document.addEventListener("fullscreenchange", onScreen);
  }
  // A screen reader begins with the view's title.
  if (state.view !== data.view) {
    state.view = data.view;
    document.querySelector(`${ROOM} h1`)?.focus({ preventScroll: true });
  }
  if (state.waiting) requestAnimationFrame(() => state.waiting && press(...state.waiting));
}

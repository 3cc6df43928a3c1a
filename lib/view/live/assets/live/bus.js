// What the parts of the live screen share: the picture that stands, what the reader has moved since, and where that is
// on its way. One a page.
//
// A move goes to the route at once (ask.js), and 0.4 s after the last one to the page, as an ordinary rerun. The page
// sends back the number `n` of the moves that it has taken: data from before is older than what stands here.
const REST = 400; // milliseconds
const OVERDUE = 15_000; // milliseconds after which a rerun that has not come is waited for no longer
const HEARD = 2_000; // milliseconds that a change of page waits for the page to hear of the moves
const MOST_KEPT = 100; // scenarios to go back to

function createBus() {
  const bus = {
    name: null, settings: null, words: {}, picture: null, year: null, measure: null, today: false, beside: false, playing: null,
    parts: new Map(), definitions: new Map(), vega: null,
    made: 0, committed: 0, acknowledged: 0, committedAt: 0, told: false,
    shown: null, moved: {}, whole: null, follow: false, withRange: true, flight: null, restless: null, due: false,
    held: null, hold: 0, refused: null, state: "still", behind: false, routeDown: 0, send: () => {}, next: null,
    leaving: false,
    history: { stack: [], at: -1, hold: 0 }, historyStep: null, recorded: false, waiting: null, drawing: 0,
  };
  for (const begin of ["pointerdown", "keydown"]) {
    document.addEventListener(begin, (event) => {
      // Another control's rerun must not overtake the move.
      const acts = event.type === "pointerdown" || event.key === "Enter" || event.key === " ";
      if (acts && bus.made > bus.committed && !event.target.closest?.("[data-live]")) commit(bus);
    }, true);
  }
  document.addEventListener("click", (event) => leaveInOrder(bus, event), true);
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => release(bus), true);
  document.addEventListener("keydown", (event) => takeKeys(bus, event));
  return bus;
}

// ---- Data of the page ----------------------------------------------------------------------------------------------

function takeData(bus, data, send) {
  if (data.bus !== bus.name) forget(bus, data.bus);
  Object.assign(bus, { settings: data, words: data.words ?? {}, send, leaving: false });
  const n = data.n ?? 0;
  // A number below one that came before is of another session: the server was started again, and knows no moves.
  const older = bus.told && n < bus.committed && n >= bus.acknowledged && Date.now() - bus.committedAt < OVERDUE;
  const owed = bus.made > bus.committed || older;
  if (!bus.picture || !owed) accept(bus, data, n);
  else if (bus.state === "cut") commit(bus); // the connection is back, and the page knows nothing of the move yet
  draw(bus);
}

// The page hears of the moves before it changes, and of none after: of two things told at once Streamlit takes the second
// alone, and a rerun of a part of the old page would empty the new one.
function leaveInOrder(bus, event) {
  const link = event.target.closest?.("a[href]");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || link?.target === "_blank" || link?.hasAttribute("download");
  if (!link || elsewhere || link.origin !== location.origin || link.pathname === location.pathname) return;
  if (bus.made > bus.committed) commit(bus);
  if (bus.state === "waiting") {
    event.preventDefault();
    event.stopImmediatePropagation();
    bus.next = link;
    setTimeout(() => follow(bus), HEARD);
  } else {
    bus.leaving = true;
  }
}

// Go where the reader wanted to go; the menu may have been drawn again meanwhile.
function follow(bus) {
  const { next } = bus;
  if (!next) return;
  const link = next.isConnected ? next : [...document.querySelectorAll("nav a[href]")].find((one) => one.pathname === next.pathname);
  bus.next = null;
  if (bus.state === "waiting") setState(bus, "still");
  link?.click();
}

// The levers are off the page: what was not told to it is not told any more.
function leave(bus) {
  clearTimeout(bus.restless);
  clearInterval(bus.waiting);
  stopPlaying(bus);
  if (bus.flight) bus.flight.void = true;
  Object.assign(bus, { moved: {}, whole: null, historyStep: null, follow: false, due: false, held: null, committed: bus.made, told: false, state: "still" });
}

function forget(bus, name) {
  leave(bus);
  Object.assign(bus, {
    name, picture: null, year: null, measure: null, today: false, shown: null, flight: null, refused: null,
    acknowledged: 0, told: false, history: { stack: [], at: -1, hold: 0 },
  });
}

function accept(bus, data, n) {
  const own = bus.told && n === bus.committed;
  if (bus.flight) bus.flight.void = true;
  clearTimeout(bus.restless);
  Object.assign(bus, {
    made: Math.max(bus.made, n), committed: Math.max(bus.made, n), acknowledged: n, told: false,
    moved: {}, whole: null, historyStep: null, follow: false, withRange: true, due: false, refused: null,
    measure: data.request.measure, year: data.year ?? bus.year, beside: Boolean(data.beside),
  });
  takePicture(bus, data.picture);
  showBehind(bus, false);
  record(bus, own && bus.recorded);
  setState(bus, "still");
  setTimeout(() => follow(bus)); // once the page has drawn its menu again
}

function takePicture(bus, picture) {
  for (const [key, definition] of Object.entries(picture.definitions ?? {})) bus.definitions.set(key, definition);
  bus.picture = picture;
  bus.shown = picture.scenario ?? picture.chosen;
  const { years } = picture;
  if (years && !years.includes(bus.year)) bus.year = bus.year === null || bus.year > years[0] ? years.at(-1) : years[0];
}

// ---- Moves ---------------------------------------------------------------------------------------------------------

function moveLever(bus, id, value) {
  bus.moved = { ...bus.moved, [id]: value };
  touch(bus);
  ask(bus);
}

function chooseMeasure(bus, measure) {
  bus.measure = measure;
  bus.follow = true;
  touch(bus);
  ask(bus);
}

// The page draws the second map, or takes it away; what it shows is here.
function setBeside(bus, beside) {
  bus.beside = beside;
  touch(bus);
}

// No question: every year is here. The page is told after a rest, or when the years have been played to the end.
function showYear(bus, year) {
  bus.year = year;
  touch(bus);
  if (bus.playing) clearTimeout(bus.restless);
  draw(bus);
}

// A move has been made: it is committed when nothing has moved for a while.
function touch(bus) {
  bus.made += 1;
  bus.refused = null;
  setState(bus, "moving");
  clearTimeout(bus.restless);
  bus.due = false;
  bus.restless = setTimeout(() => {
    bus.due = true;
    commitIfDue(bus);
  }, REST);
}

function commitIfDue(bus) {
  const asking = bus.flight || (hasQuestion(bus) && Date.now() >= bus.routeDown);
  if (bus.due && !asking && !bus.playing && bus.made > bus.committed) commit(bus);
}

function commit(bus) {
  clearTimeout(bus.restless);
  if (bus.leaving) return;
  const changes = { ...(bus.flight?.void ? {} : bus.flight?.changes), ...bus.moved };
  const whole = bus.whole ?? (bus.flight?.void ? null : bus.flight?.whole);
  Object.assign(bus, { committed: bus.made, committedAt: Date.now(), due: false, told: true });
  bus.recorded = !Object.keys(changes).length && !whole;
  if (bus.recorded) record(bus, false);
  setState(bus, "waiting");
  bus.send("commit", { ...request(bus, whole ?? bus.shown, changes, true), n: bus.made, year: bus.year, beside: bus.beside });
  clearInterval(bus.waiting);
  bus.waiting = setInterval(() => {
    if (bus.state !== "waiting") clearInterval(bus.waiting);
    else if (!connected() || (hasQuestion(bus) && Date.now() - bus.committedAt > OVERDUE)) giveUp(bus);
  }, 250);
}

// Nothing came of what was moved: no figure stands beside a lever that moved on.
function giveUp(bus) {
  clearInterval(bus.waiting);
  clearTimeout(bus.restless);
  if (bus.flight) bus.flight.void = true;
  if (hasQuestion(bus)) bus.refused = { problem: bus.words.unreachable, levers: Object.keys(bus.moved) };
  Object.assign(bus, { moved: {}, whole: null, follow: false, due: false, measure: bus.picture.map?.measure ?? bus.measure });
  stayInHistory(bus);
  showBehind(bus, false);
  setState(bus, "cut");
  draw(bus);
}

function hold(bus, id) {
  bus.held = id;
  bus.hold += 1;
}

function release(bus) {
  if (bus.held === null) return;
  bus.held = null;
  if (!bus.withRange || bus.flight) {
    bus.follow = true;
    ask(bus);
  }
  draw(bus);
}

// ---- What a lever shows, and where the screen stands -----------------------------------------------------------------

function leverValue(bus, id) {
  for (const changes of [bus.moved, bus.flight?.void ? null : bus.flight?.changes]) {
    if (changes && id in changes) return changes[id];
  }
  return (bus.picture.levers ?? bus.picture.chosen)[id];
}

function setState(bus, state) {
  bus.state = state;
  for (const part of bus.parts.values()) if (part.leads) part.root.dataset.state = state;
}

function yearAt(bus) {
  return Math.max(0, bus.picture.years?.indexOf(bus.year) ?? 0);
}

// Every part in one go, from one picture, before the browser next paints.
function draw(bus) {
  bus.drawing ||= requestAnimationFrame(() => {
    bus.drawing = 0;
    if (!bus.picture) return;
    // A part of the page that is being left has nothing to draw of the next one's picture, nor that of this one's.
    for (const part of bus.parts.values()) if (part.bus ? part.bus === bus.name : bus.picture.years) part.draw(bus);
  });
}

// The question to the route: one under way, and of what was moved meanwhile the last value wins.
const PATIENCE = 5_000; // milliseconds that an answer may take
const SLOW = 700; // milliseconds after which the figures are shown to be behind
const ROUTE_AGAIN = 30_000; // milliseconds after which a route that could not be reached is tried again
const BUSY_AGAIN = 400; // milliseconds after which a server that was busy is asked again

// scenario: the whole of what is chosen, which the changes then change. A market page's request is flat.
function request(bus, scenario, changes, range) {
  if (!scenario) return { ...bus.settings.request, ...bus.picture.levers, ...changes };
  if (bus.picture.chosen) {
    return { ...bus.settings.request, ...scenario, ...changes, known: [...bus.definitions.keys()] };
  }
  const { tab, area, service, pack, named, dark } = bus.settings.request;
  return {
    service, pack, scenario, named: named ?? null, changes, area, measure: bus.measure, tab, range, dark: dark ?? false,
    known: [...bus.definitions.keys()],
  };
}

function hasQuestion(bus) {
  return bus.follow || bus.whole !== null || Object.keys(bus.moved).length > 0;
}

async function ask(bus) {
  if (bus.flight || !hasQuestion(bus)) return;
  if (Date.now() < bus.routeDown) {
    showBehind(bus, true);
    return; // the rerun after the rest answers
  }
  const flight = { changes: bus.moved, whole: bus.whole, at: bus.historyStep, range: bus.held === null, void: false };
  Object.assign(bus, { flight, moved: {}, whole: null, follow: false, historyStep: null });
  const late = setTimeout(() => showBehind(bus, true), SLOW);
  const answer = await fetchStep(bus, flight);
  clearTimeout(late);
  if (bus.flight === flight) bus.flight = null;
  if (!flight.void) takeAnswer(bus, flight, answer);
  if (hasQuestion(bus) && (flight.void || answer.status !== 429)) ask(bus);
  commitIfDue(bus);
}

// {status, body}: status 0 where nothing could be reached, or nothing that is an answer came.
async function fetchStep(bus, flight) {
  const body = request(bus, flight.whole ?? bus.shown, flight.changes, flight.range);
  try {
    const answer = await fetch(new URL(bus.settings.url, location.href), {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: 0, body: {} };
  }
}

function takeAnswer(bus, flight, { status, body }) {
  if (status === 200 && (body.levers || body.chosen)) {
    bus.routeDown = 0;
    bus.withRange = flight.range;
    takePicture(bus, body);
    keepStep(bus, flight);
    showBehind(bus, false);
  } else if (status === 400 || status === 413) {
    refuse(bus, flight, body.problem);
  } else {
    bus.moved = { ...flight.changes, ...bus.moved };
    bus.whole ??= flight.whole;
    bus.historyStep ??= flight.at;
    bus.follow ||= !Object.keys(bus.moved).length && !bus.whole;
    if (status === 429) setTimeout(() => ask(bus), BUSY_AGAIN);
    else if (status === 409 || status === 403) commit(bus); // another pack, or no longer admitted: the page says so
    else unreachable(bus);
  }
  draw(bus);
}

// What the scenario's limits refuse changes nothing, and is said beside the lever.
function refuse(bus, flight, problem) {
  bus.refused = { problem: problem ?? "", levers: Object.keys(flight.changes) };
  bus.measure = bus.picture.map?.measure ?? bus.measure;
  stayInHistory(bus);
  showBehind(bus, false);
  if (!hasQuestion(bus) && sameScenario(bus.shown, bus.history.stack[bus.history.at])) {
    clearTimeout(bus.restless);
    Object.assign(bus, { committed: bus.made, due: false });
    setState(bus, "still");
  }
}

// Where the page's own connection lives, an ordinary rerun answers instead; where it does not, the levers go back.
function unreachable(bus) {
  if (!connected()) {
    giveUp(bus);
    return;
  }
  bus.routeDown = Date.now() + ROUTE_AGAIN;
  showBehind(bus, true);
  if (bus.due) commit(bus);
}

function connected() {
  const app = document.querySelector("[data-testid=stApp]");
  return app?.dataset.testConnectionState === "CONNECTED" && !window.careMarketConnection?.lost && navigator.onLine;
}

function showBehind(bus, behind) {
  bus.behind = behind;
  for (const part of bus.parts.values()) part.root.toggleAttribute("data-behind", behind);
}

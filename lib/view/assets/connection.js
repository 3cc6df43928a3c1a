// What Streamlit's page lacks when the connection goes: a line in words, and every control disabled, not only its own
// widgets; and one entry of the browser's history for a lever, however far it is drawn.
//
// A component without a frame: Streamlit calls the function below each time the page draws it.
const EVERY = 5_000, PATIENCE = 8_000; // milliseconds: between two questions to the server, and for its answer
const CONTROLS = "a[href], button, input, textarea, select, summary, iframe, [tabindex='0'], [role=slider], [role=tab], " +
  "[data-testid=stVegaLiteChart]";

const app = () => document.querySelector("[data-testid=stApp]");

function watchConnection() {
  const watch = { words: "", health: "", onReturn: () => {}, lost: false, reachable: true, unanswered: 0 };
  const line = document.createElement("div");
  line.dataset.testid = "connection-lost";
  line.setAttribute("role", "alert");
  line.hidden = true;
  Object.assign(line.style, {
    position: "fixed", insetInline: "0", bottom: "0", zIndex: "2000000", padding: "0.75rem 1rem", textAlign: "center",
    font: "600 1rem sans-serif", background: "#ffdd00", color: "#0b0c0c", borderTop: "2px solid #0b0c0c",
  });
  document.body.append(line);

  const disabled = new Set();
  const disable = () => {
    for (const control of document.querySelectorAll(`[data-testid=stMain] :is(${CONTROLS})`)) {
      if (control.inert) continue;
      control.inert = true;
      disabled.add(control);
    }
  };
  const enable = () => {
    for (const control of disabled) control.inert = false;
    disabled.clear();
  };
  // Streamlit draws while it is cut off too: what it last received.
  const redrawn = new MutationObserver(disable);

  function look() {
    const connected = app()?.dataset.testConnectionState === "CONNECTED";
    const lost = !connected || !watch.reachable;
    if (lost === watch.lost) return;
    watch.lost = lost;
    line.textContent = lost ? watch.words : "";
    line.hidden = !lost;
    if (lost) {
      disable();
      redrawn.observe(document.querySelector("[data-testid=stMain]"), { childList: true, subtree: true });
    } else {
      redrawn.disconnect();
      enable();
      watch.onReturn();
    }
  }

  // A cable that is pulled closes no connection: only questions that nobody answers show it. One alone may have met a
  // server that was busy.
  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(watch.health, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      watch.reachable = answer.ok;
      watch.unanswered = 0;
    } catch (error) {
      watch.unanswered += 1;
      if (error.name !== "TimeoutError" || watch.unanswered > 1) watch.reachable = false;
    }
    look();
  }

  new MutationObserver(look).observe(app(), { attributeFilter: ["data-test-connection-state"] });
  window.addEventListener("offline", ask);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
  watch.look = look;
  return watch;
}

// Streamlit makes an entry of each change of the address. The steps of one lever are one: while it has the focus, and
// nothing but the scenario and the year shown changes, the entry is written again.
function oneEntryPerLever() {
  const push = history.pushState.bind(history);
  const besides = (address) => {
    const query = new URLSearchParams(address.search);
    for (const name of ["scenario", "year"]) query.delete(name);
    return `${address.pathname}?${query}`;
  };
  let held = null;
  history.pushState = (state, unused, url) => {
    const lever = besides(new URL(url, location.href)) === besides(location) ? document.activeElement : null;
    if (lever && lever !== document.body && lever === held) history.replaceState(state, unused, url);
    else push(state, unused, url);
    held = lever;
  };
  window.addEventListener("popstate", () => {
    held = null;
  });
}

export default function ({ data, setTriggerValue }) {
  if (!window.careMarketConnection) {
    oneEntryPerLever();
    window.careMarketConnection = watchConnection();
  }
  const watch = window.careMarketConnection;
  Object.assign(watch, { words: data.words, health: data.health, onReturn: () => setTriggerValue("returned", true) });
  watch.look();
}

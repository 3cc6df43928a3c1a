// What vega.js adds to Vega: a chart that stays, and takes new rows. Written into it by scripts/vega_bundle.py.
//
// `vegaEmbed` is the name that the bundle gives to vega-embed.

// Pixels below a chart, as Streamlit leaves them below its own.
const BOTTOM = 20;
// The width of a chart in an element that is not on the page yet.
const UNSEEN = 300;

const nothingElse = (address) => Promise.reject(new Error(`a chart loads nothing: ${address}`));
const LOADER = { load: nothingElse, sanitize: nothingElse, http: nothingElse, file: nothingElse };

const TOOLTIP = "live-chart-tooltip";
const TOOLTIP_STYLE = `
#${TOOLTIP} { position: fixed; visibility: hidden; z-index: 1000000; max-width: 24rem; padding: .25rem .75rem;
  border: 1px solid #b1b4b6; border-radius: .25rem; font-size: .75rem; background: #ffffff; color: #0b0c0c;
  box-shadow: 0 2px 6px rgba(0, 0, 0, .2); pointer-events: none; }
#${TOOLTIP}.dark-theme { background: #1f262e; color: #f3f2f1; border-color: #505a5f; }
#${TOOLTIP}.visible { visibility: visible; }
#${TOOLTIP} td { border: none; padding: .1rem 0; vertical-align: top; white-space: pre-line; }
#${TOOLTIP} td.key { padding-right: .5rem; text-align: right; opacity: .8; }
@media (forced-colors: active) { #${TOOLTIP} { border: 1px solid CanvasText; } }`;

function styleTooltip(font) {
  if (document.getElementById(`${TOOLTIP}-style`)) return;
  const style = document.createElement("style");
  style.id = `${TOOLTIP}-style`;
  style.textContent = `${TOOLTIP_STYLE}\n#${TOOLTIP} { font-family: ${font}; }`;
  document.head.appendChild(style);
}

// What Streamlit's theme says of what a definition leaves open. The grid's grey does for a light page and a dark one.
const LOOK = {
  background: "transparent",
  axis: {
    gridColor: "#8f9499", gridOpacity: 0.24, labelFlush: true, labelFlushOffset: 1, labelBound: false,
    labelSeparation: 4, labelOverlap: true,
  },
  legend: { symbolStrokeWidth: 4 },
  view: { strokeWidth: 0, stroke: "transparent" },
};

// Only errors go to the console: a column may well be empty at one step, such as a band while a lever moves.
const ERRORS = 1;

// vega-embed without code made from text, which the page's policy forbids, and without a menu or anything to load.
function safely(element, definition, options = {}) {
  const font = getComputedStyle(element).fontFamily, config = { font, ...LOOK, ...options.config };
  for (const part of ["axis", "legend", "view"]) config[part] = { ...LOOK[part], ...options.config?.[part] };
  return vegaEmbed(element, definition, {
    ...options, config, mode: "vega-lite", ast: true, renderer: "svg", actions: false, defaultStyle: false,
    loader: LOADER, logLevel: ERRORS,
  });
}

// A chart as wide as the element, which becomes its home. Options: rows (of the data set that `name` names), name,
// dark, alt (the chart's name for screen readers).
//
// Gives back {view, show, finalize}: show(rows) draws other rows in the same svg and is done when they are seen;
// finalize() ends the chart and empties the element.
async function draw(element, definition, { rows = [], name = "drawn", dark = false, alt = "" } = {}) {
  const home = document.createElement("div");
  home.style.width = "100%";
  element.replaceChildren(home);
  styleTooltip(getComputedStyle(element).fontFamily);
  const width = () => Math.floor(home.getBoundingClientRect().width);
  let drawn = width() || UNSEEN;
  const specification = {
    ...definition,
    ...(alt ? { description: alt } : {}),
    width: drawn,
    padding: { bottom: BOTTOM },
    datasets: { ...definition.datasets, [name]: rows },
  };
  const { view, finalize } = await safely(home, specification, {
    tooltip: { id: TOOLTIP, disableDefaultStyle: true, theme: dark ? "dark" : "light" },
  });
  const watch = new ResizeObserver(() => {
    const now = width();
    if (now > 0 && now !== drawn) view.width((drawn = now)).runAsync();
  });
  watch.observe(home);
  return {
    view,
    show: (others) => view.data(name, others).runAsync(),
    finalize() {
      watch.disconnect();
      finalize();
      element.replaceChildren();
    },
  };
}

export { draw, safely as vegaEmbed };

// A chart: the app's own definition, drawn once by Vega; from then on only its rows change.
const ROWS = "drawn";

function chartPart(root, name) {
  const id = newId(name), title = make("h3", { id });
  const words = make("p", { class: "live-unseen" }), plot = make("div", { class: "live-plot" });
  const caption = make("figcaption");
  root.append(title, words, plot, caption);
  setAttribute(root, "aria-labelledby", id);
  const part = { root, plot, words, key: null, drawn: null, chart: null, wanted: null, busy: false, inSight: true };
  // While something moves, only what is in sight is drawn: what is not follows as soon as it is, or at rest.
  const sight = new IntersectionObserver((seen) => {
    part.inSight = seen.at(-1).isIntersecting;
    if (part.inSight && part.wanted) drawPlot(part);
  }, { rootMargin: "100px" });
  sight.observe(root);
  part.draw = (bus) => {
    const chart = bus.picture.charts?.[name];
    root.hidden = !chart;
    if (!chart) return;
    setHeading(title, chart.title, chart.status, bus.words.badges);
    setText(words, chart.words);
    setText(caption, chart.caption);
    caption.hidden = !chart.caption;
    // The year shown is known here alone.
    const rows = (chart.rows ?? []).map((row) =>
      ("chosen" in row && "year" in row ? { ...row, chosen: row.year === bus.year ? row.year : null } : { ...row }));
    part.wanted = { bus, key: chart.definition, rows, title: chart.title };
    if (part.inSight || bus.state === "still") drawPlot(part);
  };
  part.end = () => {
    sight.disconnect();
    part.chart?.finalize();
  };
  return part;
}

// One drawing at a time: what came meanwhile is drawn after it.
async function drawPlot(part) {
  if (part.busy) return;
  part.busy = true;
  try {
    for (let wanted = null; wanted !== part.wanted;) {
      wanted = part.wanted;
      await drawWanted(part, wanted);
    }
  } catch (error) {
    console.error(error);
    Object.assign(part, { key: null, wanted: null });
    inWordsAlone(part, true);
  } finally {
    part.busy = false;
  }
}

async function drawWanted(part, { bus, key, rows, title }) {
  const definition = bus.definitions.get(key);
  inWordsAlone(part, !definition);
  if (!definition) return;
  const now = JSON.stringify(rows);
  if (part.key !== key) {
    part.chart?.finalize();
    const { draw: drawChart } = await vegaOf(bus);
    part.chart = await drawChart(part.plot, definition, {
      rows, name: ROWS, dark: Boolean(bus.settings.request.dark), alt: title,
    });
    Object.assign(part, { key, title });
    part.made?.(part.chart.view);
  } else if (now !== part.drawn) {
    await part.chart.show(rows);
  }
  if (part.title !== title) part.chart.view.description(title);
  Object.assign(part, { drawn: now, title });
  part.shown?.();
}

// The words stand for screen readers; where there is no chart, for everybody.
function inWordsAlone(part, alone) {
  part.plot.hidden = alone;
  part.words.classList.toggle("live-unseen", !alone);
}

function vegaOf(bus) {
  bus.vega ??= import(new URL(bus.settings.vega, location.href).href).catch((error) => {
    bus.vega = null; // asked for again with the next picture
    throw error;
  });
  return bus.vega;
}

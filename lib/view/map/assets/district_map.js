// The district map in the browser: outlines fetched once, then painted again whenever Python sends other colours.
//
// Needs Leaflet, district_labels.js, district_keys.js and district_points.js. streamlit-folium's frame calls `create` and `outlines` once, and `paint` with
// every change. Every text that comes from data is set with textContent or as an attribute, never as HTML.
//
// A script of the page around the frame may paint too, between two runs of Python: `show` draws a scene at once, `ready`
// says whether the outlines are there, and its own function in `onPaint` is called after every scene that Python sent,
// so that it may show what is newer. A scene: {title, dark, areas: {code: {fill, tooltip, label, selected, changed}},
// points, room}, of which fill, selected, changed, points and room may be missing: no fill is hatched. Points:
// district_points.js. room: read from afar, see `setRoom`.
"use strict";

window.districtMap = (function () {
  const LIGHT = {
    background: "#ffffff", border: "#ffffff", coast: "#b1b4b6", ink: "#0b0c0c", hatch: ["#f3f2f1", "#8b9195"],
  };
  const DARK = {
    background: "#12161b", border: "#12161b", coast: "#626a73", ink: "#ffffff", hatch: ["#232a31", "#6f7882"],
  };
  const FOCUS = "#ffdd00";
  const { inkOn, placeLabels, inkLabel } = window.districtLabels;
  const { addKeys, setStop, press, arrive, leave, passOn } = window.districtKeys;
  const MARGIN = 10;
  const LEAST_HEIGHT = 160;
  // Pixels from one line of hatching to the next, about: the outlines come with lines at one distance, of which every
  // second, fourth and so on are drawn on a smaller map.
  const HATCH = 6;
  const PAPER_WIDTH = 640; // pixels between the margins of a sheet of A4 upright, and a little less
  // What the page around calls; a frame has one map.
  const face = { create, outlines, paint, show, ready: false, onPaint: null };
  let theMap = null;

  function svgElement(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    return element;
  }

  // ---- The map ----------------------------------------------------------------------------------------------------

  function create({ element, bounds, font }) {
    const container = document.getElementById(element);
    const renderer = L.svg({ padding: 0.5 });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(container, {
      renderer, attributionControl: false, zoomControl: false, scrollWheelZoom: false, doubleClickZoom: false,
      dragging: false, keyboard: false, zoomSnap: 0, zoomDelta: 0.75,
      zoomAnimation: !still, fadeAnimation: !still, inertia: !still,
    });
    const state = {
      container, renderer, bounds: L.latLngBounds(bounds), moved: false, fitting: false, width: 0, height: 0,
      scene: null, shown: null, districts: [], outlines: null, active: null, paint: L.layerGroup(),
    };
    map.district = state;
    theMap = map;
    container.setAttribute("role", "region");
    // The frame compares what it would send with what Python already has, and Python has no clicks yet: without this
    // every page load would run the script a second time.
    if (window.__GLOBAL_DATA__) window.__GLOBAL_DATA__.last_object_clicked_count = null;

    map.setView(state.bounds.getCenter(), 8, { animate: false });
    map.zoomControl = L.control.zoom({ position: "bottomright" }).addTo(map);
    fit(map);
    keepFrameLow(map);
    renderer.addTo(map);
    state.tooltip = addTooltip(map);
    addWholeMapButton(map);

    map.on("zoomend", () => {
      if (state.fitting) return;
      state.moved = map.getZoom() > map.getMinZoom();
      if (state.moved) map.dragging.enable();
      else fit(map);
    });
    map.on("moveend", () => {
      if (!state.fitting) redraw(map);
    });
    map.on("zoomstart movestart", () => hideTooltip(map));
    new ResizeObserver(() => resize(map)).observe(container);
    addEventListener("beforeprint", () => fitPaper(map, true));
    addEventListener("afterprint", () => fitPaper(map, false));
    if (font) {
      new FontFace("Source Sans", `url("${font}")`, { weight: "200 900" }).load().then((face) => {
        document.fonts.add(face);
        placeLabels(map);
      }, () => {}); // the names are then written in the next typeface of the list
    }
    // Paints that arrived while Leaflet was still loading were dropped by the frame: ask for the latest once more.
    setTimeout(() => window.Streamlit && window.Streamlit.setComponentReady());
    return map;
  }

  // Show the whole area, and let one finger scroll the page, not the map, for as long as there is nothing to drag to.
  function fit(map) {
    const state = map.district;
    const { clientWidth, clientHeight } = state.container;
    if (Math.min(clientWidth, clientHeight) <= 2 * MARGIN) return; // hidden, or not laid out yet: there is no size to fit
    state.fitting = true;
    map.invalidateSize({ animate: false, pan: false });
    map.options.minZoom = 0;
    map.options.maxZoom = Infinity;
    map.fitBounds(state.bounds, { padding: [MARGIN, MARGIN], animate: false });
    map.setMaxZoom(map.getZoom() + 4);
    map.setMinZoom(map.getZoom());
    map.dragging.disable();
    state.moved = false;
    state.fitting = false;
  }

  // Python cannot know how wide the page is: where the whole area needs less height than it asked for, take less.
  function keepFrameLow(map) {
    if (!window.Streamlit || !window.__GLOBAL_DATA__) return;
    const { bounds, container } = map.district;
    const [high, low] = [map.project(bounds.getNorthEast(), 0), map.project(bounds.getSouthWest(), 0)];
    const shape = (low.y - high.y) / (high.x - low.x);
    const setFrameHeight = window.Streamlit.setFrameHeight;
    window.Streamlit.setFrameHeight = (height) => {
      const needed = Math.ceil((container.clientWidth - 2 * MARGIN) * shape) + 2 * MARGIN;
      setFrameHeight(container.clientWidth ? Math.min(height, Math.max(needed, LEAST_HEIGHT)) : height);
    };
  }

  function resize(map) {
    const state = map.district;
    const { clientWidth, clientHeight } = state.container;
    if (clientWidth === state.width && clientHeight === state.height) return;
    if (clientWidth !== state.width && window.__GLOBAL_DATA__) {
      window.Streamlit.setFrameHeight(window.__GLOBAL_DATA__.height);
    }
    Object.assign(state, { width: clientWidth, height: clientHeight, pointsShown: null });
    if (state.scene) setRoom(state.scene);
    if (state.moved) map.invalidateSize({ animate: false });
    else fit(map);
    redraw(map);
  }

  // For a room: type that follows the window around the frame as assets/room.css of lib/view/presenting has it.
  function setRoom({ room }) {
    const { innerWidth, innerHeight } = around();
    const size = room ? Math.max(18, Math.min(0.015625 * innerWidth, 0.027778 * innerHeight)) : 0;
    document.documentElement.classList.toggle("room", Boolean(room));
    document.documentElement.style.setProperty("--room", `${size}px`);
    window.districtLabels.setSizes(size);
    passOn(Boolean(room));
  }

  function around() {
    try {
      return window.parent.innerWidth ? window.parent : window;
    } catch {
      return window; // the frame of another site
    }
  }

  // A sheet of paper is narrower than most screens, and nothing of a frame runs between the sizes of the two.
  function fitPaper(map, printing) {
    const { style, clientWidth } = map.district.container;
    const wide = printing && clientWidth > PAPER_WIDTH;
    Object.assign(style, wide
      ? { width: `${clientWidth}px`, transform: `scale(${PAPER_WIDTH / clientWidth})`, transformOrigin: "0 0" }
      : { width: "", transform: "", transformOrigin: "" });
  }

  function addWholeMapButton(map) {
    const button = L.DomUtil.create("button", "district-whole-map");
    button.type = "button";
    button.title = "Show the whole map";
    button.setAttribute("aria-label", button.title);
    const icon = svgElement("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" });
    icon.append(svgElement("path", {
      d: "M1 5V1h4M11 1h4v4M15 11v4h-4M5 15H1v-4", fill: "none", stroke: "currentColor", "stroke-width": 2,
    }));
    button.append(icon);
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => showWhole(map));
    map.zoomControl.getContainer().append(button);
  }

  function showWhole(map) {
    fit(map);
    redraw(map);
  }

  // ---- Outlines ---------------------------------------------------------------------------------------------------

  function outlines(map, address) {
    const state = map.district;
    state.outlines = L.geoJSON(null, {
      style: { weight: 1, fillOpacity: 1, smoothFactor: 0, lineJoin: "round" },
      onEachFeature: (feature, layer) => addDistrict(map, feature, layer),
    }).addTo(map);
    fetch(address)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
      .then((geography) => {
        // Drawn first, below the districts, so that only its outer half shows: the line around the whole area.
        state.coast = L.geoJSON(geography, {
          interactive: false, style: { weight: 3, fill: false, smoothFactor: 0, lineJoin: "round" },
        }).addTo(map);
        state.outlines.addData(geography);
        Object.assign(state, {
          flatness: geography.flatness, slack: geography.slack, hatchSpacing: geography.hatch_spacing,
        });
        const hatching = { interactive: false, weight: 1.5, smoothFactor: 0, className: "district-hatching" };
        state.hatching = L.polyline([], hatching).addTo(map);
        for (const [number, district] of state.districts.entries()) addChangedRing(map, district, number);
        state.rings = { hover: addRing(map), selected: addRing(map), focus: addRing(map) };
        addKeys(map, state.container.querySelector(".leaflet-overlay-pane svg"));
        for (const district of state.districts) finishDistrict(map, district);
        if (state.districts.length) setStop(map, state.districts[0]);
        face.ready = true;
        repaint(map);
        if (state.shown) tellPainted();
      })
      .catch(() => {
        const message = L.DomUtil.create("p", "district-message", state.container);
        message.setAttribute("role", "alert");
        message.textContent = "The outlines of the districts could not be loaded. The table has the same figures.";
      });
    return state.outlines;
  }

  function addDistrict(map, feature, layer) {
    const properties = feature.properties || {};
    const district = {
      layer, code: String(properties.district_code), name: String(properties.district_name),
      labels: properties.labels, hatching: properties.hatching, tooltip: "",
    };
    // What a click sends to Python: the code, not the outline.
    layer.toGeoJSON = () => ({ type: "Feature", properties: { district_code: district.code }, geometry: null });
    layer.on("click", () => sendClick(map, district));
    layer.on("mouseover", () => setActive(map, district));
    layer.on("mousemove", (event) => showTooltip(map, district, event.containerPoint));
    layer.on("mouseout", () => setActive(map, null));
    map.district.districts.push(district);
  }

  // A ring is drawn twice, a wide line below a narrow one, so that it stands out from any fill.
  function addRing(map, smoothFactor = 1) {
    const options = { interactive: false, fill: false, smoothFactor, lineJoin: "round", opacity: 0 };
    return [L.polygon([], options).addTo(map), L.polygon([], options).addTo(map)];
  }

  function setRing(ring, district, styles) {
    ring.forEach((line, at) => {
      line.setLatLngs(district ? district.layer.getLatLngs() : []);
      line.setStyle({ ...styles[at], opacity: district ? 1 : 0 });
    });
  }

  // A district that changed: a dashed ring inside its own border, so that two neighbours that changed have one each, and
  // one between them that did not has none.
  function addChangedRing(map, district, number) {
    const outline = district.layer.getElement();
    outline.id = `district-${number}`;
    const clip = svgElement("clipPath", { id: `district-${number}-inside` });
    clip.append(svgElement("use", { href: `#${outline.id}` }));
    outline.parentNode.prepend(clip);
    district.ring = addRing(map, 3); // without the creeks of a coast, in which dashes run into one another
    for (const line of district.ring) {
      line.getElement().setAttribute("clip-path", `url(#${clip.id})`);
      line.getElement().classList.add("district-changed");
    }
  }

  function ringChanged(district, ink) {
    const beyond = district.selected ? 6 : 0; // the ring of the selected one covers as much, half of it on this side
    setRing(district.ring, district.changed ? district : null, [
      { color: ink.background, weight: 5 + beyond, lineCap: "butt" },
      { color: ink.ink, weight: 3 + beyond, dashArray: "4 3", lineCap: "butt" },
    ]);
  }

  function finishDistrict(map, district) {
    const path = district.layer.getElement();
    path.dataset.code = district.code;
    path.setAttribute("tabindex", "-1");
    path.setAttribute("role", "button");
    path.addEventListener("focus", () => {
      setStop(map, district);
      if (!path.matches(":focus-visible")) return;
      arrive(map, district);
      setRing(map.district.rings.focus, district, [{ color: "#0b0c0c", weight: 8 }, { color: FOCUS, weight: 4 }]);
      showTooltip(map, district, map.latLngToContainerPoint(district.labels.inside[0]));
    });
    path.addEventListener("blur", () => {
      setRing(map.district.rings.focus, null, [{}, {}]);
      leave(map);
      hideTooltip(map);
    });
    const choose = () => district.layer.fire("click", { latlng: L.latLng(district.labels.inside[0]) }, true);
    const act = {
      "Enter": choose, " ": choose, "Escape": () => hideTooltip(map),
      "+": () => map.zoomIn(), "=": () => map.zoomIn(), "-": () => map.zoomOut(), "0": () => showWhole(map),
    };
    path.addEventListener("keydown", (event) => press(map, district, event, act));
    const element = L.DomUtil.create("div", "");
    const icon = L.divIcon({ html: element, className: "district-label", iconSize: [0, 0] });
    district.text = element;
    district.leader = L.polyline([], { interactive: false, weight: 1, smoothFactor: 0, className: "district-leader" }).addTo(map);
    district.marker = L.marker(district.labels.inside[0], { icon, interactive: false, keyboard: false }).addTo(map);
    district.marker.getElement().setAttribute("aria-hidden", "true"); // the outline carries the accessible name
  }

  // streamlit-folium waits a quarter of a second before it sends a click. Its own handlers run first; then this sends
  // the very same value, and the frame, finding nothing new, does not send it again.
  function sendClick(map, district) {
    const shared = window.__GLOBAL_DATA__;
    if (!shared) return;
    // Counting from the clock, a frame that was loaded again cannot repeat a count that Python has already seen.
    if (shared.last_object_clicked_count === null) shared.last_object_clicked_count = Date.now();
    setTimeout(() => {
      const value = {
        last_object_clicked_count: shared.last_object_clicked_count,
        last_active_drawing: district.layer.toGeoJSON(),
      };
      if (JSON.stringify(value.last_active_drawing) !== JSON.stringify(shared.last_active_drawing)) return;
      shared.previous_data = value;
      window.Streamlit.setComponentValue(value);
    });
  }

  // ---- Tooltip and pointer ----------------------------------------------------------------------------------------

  function setActive(map, district) {
    const { rings, scene } = map.district;
    const ink = scene && scene.dark ? DARK : LIGHT;
    setRing(rings.hover, district, [{ color: ink.background, weight: 4 }, { color: ink.ink, weight: 1.5 }]);
    if (!district) hideTooltip(map);
  }

  function addTooltip(map) {
    const tooltip = L.DomUtil.create("div", "district-tooltip", map.getContainer());
    tooltip.setAttribute("aria-hidden", "true"); // it repeats the outline's accessible name
    tooltip.hidden = true;
    return tooltip;
  }

  function fillTooltip(tooltip, text) {
    tooltip.replaceChildren(...text.split("\n").map((line) => {
      const element = document.createElement("div");
      element.textContent = line;
      return element;
    }));
  }

  function showTooltip(map, district, point) {
    const state = map.district;
    const { tooltip, container } = state;
    if (state.active !== district) fillTooltip(tooltip, district.tooltip);
    state.active = district;
    tooltip.hidden = false;
    const [width, height] = [tooltip.offsetWidth, tooltip.offsetHeight];
    const right = point.x + 16 + width <= container.clientWidth;
    const left = right ? point.x + 16 : Math.max(4, point.x - 16 - width);
    const below = point.y + 16 + height <= container.clientHeight;
    const top = below ? point.y + 16 : Math.max(4, point.y - 12 - height);
    tooltip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  function hideTooltip(map) {
    map.district.active = null;
    map.district.tooltip.hidden = true;
  }

  // ---- Painting ---------------------------------------------------------------------------------------------------

  function paint(map, scene) {
    map.district.scene = scene;
    dropLeftovers();
    repaint(map);
    if (map.district.shown) tellPainted();
    return map.district.paint;
  }

  function show(scene) {
    theMap.district.scene = scene;
    repaint(theMap);
  }

  function tellPainted() {
    if (face.onPaint) face.onPaint();
  }

  // What the frame adds with every change and never takes away: layers already off the map, and the app's theme.
  function dropLeftovers() {
    if (window.feature_group) window.feature_group.length = 0;
    const themes = [...document.head.querySelectorAll("style")].filter((style) =>
      style.textContent.includes("--secondary-background-color:"));
    for (const style of themes.slice(0, -1)) style.remove();
  }

  // Only what differs from the scene that is shown: a lever that moves paints many times a second.
  function repaint(map) {
    const state = map.district;
    const { scene, container } = state;
    if (!scene) return;
    if (document.title !== scene.title) {
      document.title = scene.title;
      container.setAttribute("aria-label", scene.title);
      if (window.frameElement) window.frameElement.title = scene.title;
    }
    document.documentElement.classList.toggle("dark", scene.dark);
    setRoom(scene);
    if (!state.rings) return; // the outlines are still on their way, and will ask for this again
    const before = state.shown;
    const ink = scene.dark ? DARK : LIGHT;
    const otherInk = !before || before.dark !== scene.dark;
    state.shown = scene;
    if (otherInk) {
      state.hatching.setStyle({ color: ink.hatch[1] });
      state.beside = { ink: ink.ink, ground: ink.background };
      state.coast.setStyle({ color: ink.coast });
    }
    let selected = null, otherPlaces = !before, otherHatching = !before;
    for (const district of state.districts) {
      const area = scene.areas[district.code] || { tooltip: `${district.name}\nNo figure`, label: "" };
      if (area.selected) selected = district;
      if (district.label !== area.label || district.selected !== Boolean(area.selected)) otherPlaces = true;
      if (district.hatched !== !area.fill) otherHatching = true;
      paintDistrict(map, district, area, ink, otherInk);
    }
    if (otherInk || state.selected !== selected) {
      state.selected = selected;
      if (selected && !state.container.contains(document.activeElement)) setStop(map, selected);
      setRing(state.rings.selected, selected, [{ color: ink.background, weight: 6 }, { color: ink.ink, weight: 3 }]);
    }
    if (otherHatching) hatch(map);
    if (otherInk) state.pointsShown = null;
    drawPoints(map);
    if (otherPlaces) placeLabels(map);
  }

  function paintDistrict(map, district, area, ink, otherInk) {
    const path = district.layer.getElement();
    const ground = area.fill || ink.hatch[0];
    const hatched = !area.fill, changed = Boolean(area.changed), selected = Boolean(area.selected);
    if (otherInk || district.ground !== ground || district.hatched !== hatched) {
      district.layer.setStyle({ color: hatched ? ink.coast : ink.border, fillColor: ground });
      Object.assign(district, { ground, hatched, ink: inkOn(ground) });
      inkLabel(map, district);
    }
    if (district.tooltip !== area.tooltip) {
      district.tooltip = area.tooltip;
      path.setAttribute("aria-label", area.tooltip.split("\n").join(", "));
      if (map.district.active === district) fillTooltip(map.district.tooltip, area.tooltip);
    }
    if (otherInk || district.changed !== changed || district.selected !== selected) {
      Object.assign(district, { changed, selected });
      ringChanged(district, ink);
      path.setAttribute("aria-pressed", String(selected));
    }
    district.label = area.label;
  }

  // What depends on the scale: which lines of the hatching are drawn, and where the names stand; the points' size on
  // the map's own.
  function redraw(map) {
    if (!map.district.shown) return; // the outlines are still on their way
    hatch(map);
    drawPoints(map);
    placeLabels(map);
  }

  function drawPoints(map) {
    const { points = null, dark } = map.district.shown;
    const written = JSON.stringify(points);
    if (map.district.pointsShown === written) return;
    map.district.pointsShown = written;
    window.districtPoints.draw(map, points, dark ? DARK : LIGHT);
  }

  function hatch(map) {
    const state = map.district;
    const apart = (state.hatchSpacing / 360) * map.options.crs.scale(map.getZoom());
    const every = 2 ** Math.max(0, Math.round(Math.log2(HATCH / apart)));
    const hatched = state.districts.filter((district) => district.hatched);
    state.hatching.setLatLngs(hatched.flatMap((district) => district.hatching
      .filter(([number]) => number % every === 0)
      .map(([, fromLat, fromLng, toLat, toLng]) => [[fromLat, fromLng], [toLat, toLng]])));
  }

  return face;
})();

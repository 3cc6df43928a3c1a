// Points on the district map: places by size, numbered middles, and lines from each place to its middle.
//
// Nothing of it takes a click or the keyboard, which are the districts': the page's tables have the same. A scene's
// points: {fill, dots: [[latitude, longitude, radius in pixels]], middles: [[latitude, longitude, text]], lines:
// [[latitude, longitude, latitude, longitude]]}. Texts are set with textContent.
"use strict";

window.districtPoints = (function () {
  // The width of a map, in pixels, on which dots have their size; on smaller ones they shrink with it, to half at most.
  const FULL = 600, LEAST = 2.5;
  const still = { interactive: false, bubblingMouseEvents: false };

  function add(layer, className) {
    layer.getElement().classList.add(className);
    layer.getElement().setAttribute("aria-hidden", "true");
  }

  function draw(map, points, ink) {
    const state = map.district;
    if (state.points) state.points.remove();
    state.points = null;
    if (!points) return;
    const share = Math.max(0.5, Math.min(1, state.container.clientWidth / FULL));
    const group = L.layerGroup().addTo(map);
    state.points = group;
    for (const [fromLat, fromLng, toLat, toLng] of points.lines) {
      const way = [[fromLat, fromLng], [toLat, toLng]];
      add(L.polyline(way, { ...still, color: ink.background, weight: 4.5, opacity: 0.9 }).addTo(group), "district-way");
      add(L.polyline(way, { ...still, color: points.fill, weight: 2 }).addTo(group), "district-way");
    }
    for (const [lat, lng, radius] of points.dots) {
      const dot = L.circleMarker([lat, lng], {
        ...still, radius: Math.max(LEAST, share * radius), color: ink.background, weight: 1, fillColor: points.fill, fillOpacity: 0.85,
      });
      add(dot.addTo(group), "district-dot");
    }
    for (const [lat, lng, text] of points.middles) {
      const element = L.DomUtil.create("div", "");
      element.textContent = text;
      const icon = L.divIcon({ html: element, className: "district-middle", iconSize: [0, 0] });
      const marker = L.marker([lat, lng], { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(group);
      marker.getElement().setAttribute("aria-hidden", "true");
    }
  }

  return { draw };
})();

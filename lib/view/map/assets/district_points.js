// Points on the district map: places by size, numbered middles, and lines from each place to its middle.
//
// Nothing of it takes a click or the keyboard, which are the districts': the page's tables have the same. A scene's
// points: {fill, dots: [[latitude, longitude, radius in pixels]], middles: [[latitude, longitude, text]], lines:
// [[latitude, longitude, latitude, longitude]]}. Texts are set with textContent.
"use strict";

window.districtPoints = (function () {
  // The width of a map, in pixels, on which dots have their size; on smaller ones they shrink with it, to half at most.
  const FULL = 600, LEAST = 2.5;
  // Pixels between the middle of a round and its number, and between a number and a name.
  const GAP = 3, CLEAR = 2;
  const still = { interactive: false, bubblingMouseEvents: false };

  function add(layer, className) {
    layer.getElement().classList.add(className);
    layer.getElement().setAttribute("aria-hidden", "true");
  }

  function draw(map, points, ink) {
    const state = map.district;
    if (state.points) state.points.remove();
    state.points = null;
    state.middles = [];
    if (!points) return;
    const most = state.scene && state.scene.room ? 2 : 1;
    const share = Math.max(0.5, Math.min(most, state.container.clientWidth / FULL));
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
      state.middles.push({ marker, element });
    }
    keepOffNames(map);
  }

  // Each number beside its place where it covers neither the name of a district nor a number before it: above, right,
  // left, below or at a corner; above where all are taken.
  function keepOffNames(map) {
    const { districts, middles = [] } = map.district;
    const taken = districts.filter((district) => district.written).map(({ written: { place, width, height } }) =>
      ({ ...map.latLngToContainerPoint(place), width, height }));
    const boxes = middles.map(({ marker, element }) => ({
      element, at: map.latLngToContainerPoint(marker.getLatLng()), width: element.offsetWidth, height: element.offsetHeight,
    }));
    for (const { element, at, width, height } of boxes) {
      const [x, y] = [width / 2 + GAP, height / 2 + GAP];
      const places = [[0, -y], [x, 0], [-x, 0], [0, y], [x, -y], [-x, -y], [x, y], [-x, y]].map(([right, down]) =>
        ({ right, down, x: at.x + right, y: at.y + down, width, height }));
      const free = places.find((place) => taken.every((other) =>
        Math.abs(other.x - place.x) > (other.width + width) / 2 + CLEAR ||
        Math.abs(other.y - place.y) > (other.height + height) / 2 + CLEAR));
      const chosen = free || places[0];
      element.style.transform = `translate(calc(-50% + ${chosen.right}px), calc(-50% + ${chosen.down}px))`;
      taken.push(chosen);
    }
  }

  return { draw, keepOffNames };
})();

// The names on the district map: where a name stands, whether there is room for it, and in which ink.
"use strict";

window.districtLabels = (function () {
  const LABEL_INKS = ["#0b0c0c", "#ffffff"];
  const FONT = '"Source Sans", "Segoe UI", system-ui, -apple-system, Arial, sans-serif';
  const LABEL_SIZES = [14, 13, 12, 11];
  const LINE_HEIGHT = 1.15;
  // Words are wider than they are tall: how much a point's room above and below counts against that at its sides.
  const FLATTEN = 2.4;

  // ---- Geometry ---------------------------------------------------------------------------------------------------

  function ringArea(ring) {
    let sum = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      sum += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
    }
    return Math.abs(sum) / 2;
  }

  // Distance from a point to the nearest edge; negative outside.
  function room(x, y, rings) {
    let inside = false;
    let nearest = Infinity;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ax, ay] = ring[i];
        const [bx, by] = ring[j];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
        const dx = bx - ax;
        const dy = by - ay;
        const along = dx || dy ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
        nearest = Math.min(nearest, (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2);
      }
    }
    return (inside ? 1 : -1) * Math.sqrt(nearest);
  }

  // The place for a name: the point of the largest part with most room around it. Returns the point and that room
  // (half a width, as a share of the world's width).
  function labelPlace(map, feature) {
    const { type, coordinates } = feature.geometry;
    const parts = type === "Polygon" ? [coordinates] : coordinates;
    const projected = parts.map((rings) =>
      rings.map((ring) => ring.map(([lng, lat]) => {
        const point = map.project([lat, lng], 0);
        return [point.x, point.y * FLATTEN];
      })));
    const rings = projected.reduce((best, part) => (ringArea(part[0]) > ringArea(best[0]) ? part : best));
    const xs = rings[0].map((point) => point[0]);
    const ys = rings[0].map((point) => point[1]);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    let best = { x: (left + right) / 2, y: (top + bottom) / 2, room: -Infinity };
    let [stepX, stepY] = [(right - left) / 20, (bottom - top) / 20];
    let [fromX, fromY, count] = [left, top, 20];
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i <= count; i++) {
        for (let j = 0; j <= count; j++) {
          const [x, y] = [fromX + i * stepX, fromY + j * stepY];
          const found = room(x, y, rings);
          if (found > best.room) best = { x, y, room: found };
        }
      }
      [fromX, fromY, count] = [best.x - stepX, best.y - stepY, 4];
      [stepX, stepY] = [stepX / 2, stepY / 2];
    }
    return { latlng: map.unproject([best.x, best.y / FLATTEN], 0), room: best.room };
  }

  // ---- Colours ----------------------------------------------------------------------------------------------------

  function luminance(hex) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2, relative luminance
  }

  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function inkOn(fill) {
    return LABEL_INKS.reduce((best, ink) => (contrast(ink, fill) > contrast(best, fill) ? ink : best));
  }

  // ---- Labels -----------------------------------------------------------------------------------------------------

  const pen = document.createElement("canvas").getContext("2d");

  function measure(lines, size) {
    pen.font = `600 ${size}px ${FONT}`;
    return [Math.max(...lines.map((line) => pen.measureText(line).width)), lines.length * size * LINE_HEIGHT];
  }

  // The ways to write a label: as it stands, then broken at the space nearest its middle.
  function layouts(label) {
    const ways = [label.split("\n")];
    const breaks = [...label.matchAll(/ /g)].map((found) => found.index);
    if (ways[0].length === 1 && breaks.length) {
      const off = (at) => Math.abs(at - label.length / 2);
      const at = breaks.reduce((best, each) => (off(each) < off(best) ? each : best));
      ways.push([label.slice(0, at), label.slice(at + 1)]);
    }
    return ways;
  }

  // The first way in which a label fits into the room around its place; the selected district's is always written.
  function layOut(district, radius) {
    let written = null;
    for (const size of LABEL_SIZES) {
      for (const lines of layouts(district.label)) {
        const [width, height] = measure(lines, size);
        written = { lines, size, width, height, fits: Math.hypot(width / 2, (height / 2) * FLATTEN) <= radius * 1.2 };
        if (written.fits) return written;
      }
    }
    return district.selected ? written : null;
  }

  function placeLabels(map) {
    const scale = map.options.crs.scale(map.getZoom()) / map.options.crs.scale(0);
    const taken = [];
    const bySelection = [...map.district.districts].sort((a, b) => b.selected - a.selected);
    for (const district of bySelection) {
      if (!district.text) continue;
      const written = district.label ? layOut(district, district.place.room * scale) : null;
      const centre = map.latLngToLayerPoint(district.place.latlng);
      const clear = written && taken.every((other) =>
        Math.abs(other.x - centre.x) > (other.width + written.width) / 2 + 2 ||
        Math.abs(other.y - centre.y) > (other.height + written.height) / 2);
      district.text.hidden = !clear;
      if (!clear) continue;
      taken.push({ x: centre.x, y: centre.y, width: written.width, height: written.height });
      district.text.style.font = `600 ${written.size}px/${LINE_HEIGHT} ${FONT}`;
      district.text.replaceChildren(...written.lines.map((line) => {
        const element = document.createElement("div");
        element.textContent = line;
        return element;
      }));
    }
  }

  return { labelPlace, inkOn, placeLabels };
})();

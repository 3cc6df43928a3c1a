// The names on the district map: at which of its places a name stands, whether there is room for it, and in which ink.
// The places and the room around each come with the outlines, from lib/pack/outline_shapes.py.
"use strict";

window.districtLabels = (function () {
  const LABEL_INKS = ["#0b0c0c", "#ffffff"];
  const FONT = '"Source Sans", "Segoe UI", system-ui, -apple-system, Arial, sans-serif';
  const LABEL_SIZES = [14, 13, 12, 11];
  // Of its size in a room, how small a name may be to fit: 28 pixels of 30.
  const LEAST_IN_ROOM = 0.9334;
  let sizes = LABEL_SIZES;
  const LINE_HEIGHT = 1.15;
  // How far a line from a district to its name keeps away from the name.
  const LEADER_GAP = 2;
  // Pixels: around a name off every district, and from one place that is tried for it to the next. Beyond such a share of
  // the map's longer side a line no longer tells whose name it is.
  const CLEAR = 2, STEP = 3, FARTHEST = 0.22;

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
    const width = Math.max(...lines.map((line) => pen.measureText(line).width));
    return { width, height: lines.length * size * LINE_HEIGHT };
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

  // The sizes of names: of a room, where it has one, else those of a page.
  function setSizes(ofRoom) {
    sizes = ofRoom ? [ofRoom, Math.max(18, LEAST_IN_ROOM * ofRoom)] : LABEL_SIZES;
  }

  // Every way to write a label in every size, the largest first.
  function writings(label) {
    return sizes.flatMap((size) => layouts(label).map((lines) => ({ lines, size, ...measure(lines, size) })));
  }

  // A place has room for a name if the ellipse around it holds the name's box, its corners left aside.
  function fits(map, [, , room], { width, height }, flatness) {
    const pixels = (room / 360) * map.options.crs.scale(map.getZoom());
    return Math.hypot(width / 2, (height / 2) * flatness) <= pixels * map.district.slack;
  }

  // Where a name of one line stands on its district, or one of more.
  function inside(district, lines) {
    return district.labels.inside[Math.min(lines.length, 2) - 1];
  }

  // The first way in which a label fits on its district.
  function onDistrict(map, district, isClear) {
    for (const writing of district.writings) {
      const place = inside(district, writing.lines);
      const written = { ...writing, place, centre: map.latLngToContainerPoint(place) };
      const flatness = map.district.flatness[Math.min(writing.lines.length, 2) - 1];
      if (fits(map, place, writing, flatness) && isClear(written)) return written;
    }
    return null;
  }

  // The nearest place beside a district that is in sight and has room.
  function besideDistrict(map, district, isClear) {
    const size = map.getSize();
    for (const place of district.labels.beside) {
      const centre = map.latLngToContainerPoint(place);
      for (const writing of district.writings) {
        const written = { ...writing, place, centre, beside: true };
        const inSight =
          centre.x >= writing.width / 2 && centre.x <= size.x - writing.width / 2 &&
          centre.y >= writing.height / 2 && centre.y <= size.y - writing.height / 2;
        if (inSight && fits(map, place, writing, map.district.flatness[0]) && isClear(written)) return written;
      }
    }
    return null;
  }

  // ---- The last free places ---------------------------------------------------------------------------------------

  // Which pixels of the map hold land, and how many of them lie above and to the left of each: the land in any box is
  // then four of these numbers.
  function landOn(map) {
    const { x: width, y: height } = map.getSize();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const land = canvas.getContext("2d", { willReadFrequently: true });
    const origin = map.layerPointToContainerPoint([0, 0]);
    land.translate(origin.x, origin.y);
    for (const { layer } of map.district.districts) land.fill(new Path2D(layer.getElement().getAttribute("d")));
    land.lineWidth = 3; // of a district's own border, which the line to its name may cross
    const { data } = land.getImageData(0, 0, width, height);
    const sums = new Uint32Array((width + 1) * (height + 1));
    for (let y = 0; y < height; y++) {
      for (let x = 0, row = 0; x < width; x++) {
        row += data[4 * (y * width + x) + 3] ? 1 : 0;
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
      }
    }
    const at = (x, y) => sums[y * (width + 1) + x];
    return {
      width, height, origin, pen: land,
      isFree: (left, top, right, foot) => at(right, foot) - at(left, foot) - at(right, top) + at(left, top) === 0,
      isLand: (x, y) => data[4 * (Math.floor(y) * width + Math.floor(x)) + 3] > 0,
    };
  }

  // The nearest place of a small map that is off every district, where the room that came with the outlines is too
  // little: it is an ellipse, and a name is a box. Seen from home without another district or a name between.
  function freePlace(map, district, isClear, taken) {
    const land = (map.district.land ||= landOn(map));
    const own = new Path2D(district.layer.getElement().getAttribute("d"));
    for (const writing of district.writings) {
      const home = map.latLngToContainerPoint(inside(district, writing.lines));
      const half = { x: Math.ceil(writing.width / 2) + CLEAR, y: Math.ceil(writing.height / 2) + 1 };
      const farthest = FARTHEST * Math.max(land.width, land.height);
      let best = null, reach = farthest;
      for (let y = half.y; y <= land.height - half.y; y += STEP) {
        for (let x = half.x; x <= land.width - half.x; x += STEP) {
          const centre = L.point(x, y);
          const to = leaderEnd(centre, writing, home);
          const far = Math.hypot(to[0] - home.x, to[1] - home.y);
          if (far >= reach || !land.isFree(x - half.x, y - half.y, x + half.x, y + half.y)) continue;
          const written = { ...writing, centre, beside: true };
          if (!isClear(written) || !isSeen(land, own, home, to, taken)) continue;
          [best, reach] = [written, far];
        }
      }
      if (best) return { ...best, place: map.containerPointToLatLng(best.centre) };
    }
    return null;
  }

  function isSeen(land, own, home, [toX, toY], taken) {
    const steps = Math.ceil(Math.hypot(toX - home.x, toY - home.y) / 2);
    for (let step = 0; step <= steps; step++) {
      const x = home.x + ((toX - home.x) * step) / steps, y = home.y + ((toY - home.y) * step) / steps;
      const isOwn = land.pen.isPointInPath(own, x, y) || land.pen.isPointInStroke(own, x, y);
      if (!isOwn && land.isLand(x, y)) return false;
      if (taken.some(({ centre, width, height }) =>
        Math.abs(centre.x - x) < width / 2 && Math.abs(centre.y - y) < height / 2)) return false;
    }
    return true;
  }

  // The selected district's label is written all the same where it fits nowhere, over its neighbours' land.
  function overNeighbours(map, district, isClear) {
    if (!district.selected) return null;
    const writing = district.writings.at(-1);
    const place = inside(district, writing.lines);
    const written = { ...writing, place, centre: map.latLngToContainerPoint(place) };
    return isClear(written) ? written : null;
  }

  function placeLabels(map) {
    if (!map.getContainer().clientWidth) return; // on a tab that is closed: there is no room yet, and opening it asks again
    const bars = [...map.getContainer().querySelectorAll(".leaflet-bar")].filter((element) => element.offsetParent);
    const taken = bars.map((element) => ({
      centre: L.point(element.offsetLeft + element.offsetParent.offsetLeft + element.offsetWidth / 2,
        element.offsetTop + element.offsetParent.offsetTop + element.offsetHeight / 2),
      width: element.offsetWidth, height: element.offsetHeight,
    }));
    // Two names, or a name and the buttons.
    const isClear = (written) => taken.every((other) =>
      Math.abs(other.centre.x - written.centre.x) > (other.width + written.width) / 2 + 2 ||
      Math.abs(other.centre.y - written.centre.y) > (other.height + written.height) / 2);
    const bySelection = [...map.district.districts].sort((a, b) => b.selected - a.selected);
    for (const district of bySelection) {
      district.written = null;
      district.writings = district.label ? writings(district.label) : [];
    }
    map.district.land = null;
    for (const place of [onDistrict, besideDistrict, freePlace, overNeighbours]) {
      for (const district of bySelection.filter((each) => each.label && !each.written)) {
        district.written = place(map, district, isClear, taken);
        if (district.written) taken.push(district.written);
      }
    }
    for (const district of bySelection) write(map, district);
    window.districtPoints.keepOffNames(map);
  }

  // Where the line from a district's home to its name ends.
  function leaderEnd(centre, { width, height }, home) {
    return [["x", width], ["y", height]].map(([axis, size]) => {
      const half = size / 2 + LEADER_GAP;
      return Math.max(centre[axis] - half, Math.min(centre[axis] + half, home[axis]));
    });
  }

  function write(map, district) {
    const { written, text, leader } = district;
    text.classList.toggle("beside", Boolean(written && written.beside));
    text.hidden = !written;
    leader.setLatLngs([]);
    if (!written) return;
    district.marker.setLatLng(written.place);
    text.style.font = `600 ${written.size}px/${LINE_HEIGHT} ${FONT}`;
    text.replaceChildren(...written.lines.map((line) => {
      const element = document.createElement("div");
      element.textContent = line;
      return element;
    }));
    inkLabel(map, district);
    if (!written.beside) return;
    const home = map.latLngToContainerPoint(inside(district, written.lines));
    leader.setLatLngs([home, L.point(leaderEnd(written.centre, written, home))].map((point) => map.containerPointToLatLng(point)));
  }

  // The ink of a name that stands, also where only the colour beneath it has changed.
  function inkLabel(map, district) {
    const { written, text, leader } = district;
    if (!written) return;
    const { ink, ground } = written.beside ? map.district.beside : district;
    text.style.color = ink;
    text.style.setProperty("--ground", ground);
    if (written.beside) leader.setStyle({ color: ink });
  }

  return { inkOn, placeLabels, inkLabel, setSizes };
})();

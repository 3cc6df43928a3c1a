// The names on the district map: at which of its places a name stands, whether there is room for it, and in which ink.
// The places and the room around each come with the outlines, from lib/pack/outline_shapes.py.
"use strict";

window.districtLabels = (function () {
  const LABEL_INKS = ["#0b0c0c", "#ffffff"];
  const FONT = '"Source Sans", "Segoe UI", system-ui, -apple-system, Arial, sans-serif';
  const LABEL_SIZES = [14, 13, 12, 11];
  const LINE_HEIGHT = 1.15;
  // How far a line from a district to its name keeps away from the name.
  const LEADER_GAP = 2;

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

  // Every way to write a label in every size, the largest first.
  function writings(label) {
    return LABEL_SIZES.flatMap((size) => layouts(label).map((lines) => ({ lines, size, ...measure(lines, size) })));
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
    const taken = [...map.getContainer().querySelectorAll(".leaflet-bar")].map((element) => ({
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
    for (const place of [onDistrict, besideDistrict, overNeighbours]) {
      for (const district of bySelection.filter((each) => each.label && !each.written)) {
        district.written = place(map, district, isClear);
        if (district.written) taken.push(district.written);
      }
    }
    for (const district of bySelection) write(map, district);
  }

  function write(map, district) {
    const { written, text, leader } = district;
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
    const reach = ["x", "y"].map((axis) => {
      const half = written[axis === "x" ? "width" : "height"] / 2 + LEADER_GAP;
      return Math.max(written.centre[axis] - half, Math.min(written.centre[axis] + half, home[axis]));
    });
    leader.setLatLngs([home, L.point(reach)].map((point) => map.containerPointToLatLng(point)));
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

  return { inkOn, placeLabels, inkLabel };
})();

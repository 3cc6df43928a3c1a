// The keyboard on the district map: one tab stop, on the chosen district or else the first; arrow keys go from district
// to district, whatever can be pressed has a key, and a line says so while the keyboard is in use.
"use strict";

window.districtKeys = (function () {
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const WORDS =
    "Arrow keys, Home, End: go to a district. Enter: choose it. Escape: hide the figures. + and −: zoom. 0: whole map.";
  // Pixels between a district that the keyboard goes to and the edge of a map that is zoomed in.
  const CLEAR = 40;

  function addKeys(map, picture) {
    const words = L.DomUtil.create("p", "district-keys", map.getContainer());
    words.id = "district-keys";
    words.hidden = true;
    words.textContent = WORDS;
    picture.setAttribute("role", "application"); // a screen reader leaves the arrow keys to it
    picture.setAttribute("aria-label", "Districts");
    picture.setAttribute("aria-describedby", words.id);
    for (const button of map.getContainer().querySelectorAll(".leaflet-bar :is(a, button)")) button.tabIndex = -1;
    map.district.keys = { words, stop: null };
  }

  const pathOf = (district) => district.layer.getElement();
  const middleOf = (district) => L.latLng(district.labels.inside[0]);

  // The one district that Tab leads to.
  function setStop(map, district) {
    const { keys } = map.district;
    if (keys.stop === district) return;
    if (keys.stop) pathOf(keys.stop).setAttribute("tabindex", "-1");
    pathOf(district).setAttribute("tabindex", "0");
    keys.stop = district;
  }

  // The nearest of those that lie ahead twice as far as aside; where there are none, of all that lie ahead.
  function nearest(map, from, [right, down]) {
    const start = map.latLngToContainerPoint(middleOf(from));
    const ahead = map.district.districts
      .filter((district) => district !== from)
      .map((district) => {
        const { x, y } = map.latLngToContainerPoint(middleOf(district)).subtract(start);
        return { district, along: x * right + y * down, aside: Math.abs(x * down) + Math.abs(y * right) };
      })
      .filter(({ along }) => along > 0);
    const straight = ahead.filter(({ along, aside }) => 2 * aside <= along);
    const far = ({ along, aside }) => along + 2 * aside;
    const [first] = (straight.length ? straight : ahead).sort((one, other) => far(one) - far(other));
    return first ? first.district : null;
  }

  function destination(map, from, key) {
    if (WAYS[key]) return nearest(map, from, WAYS[key]);
    const byName = [...map.district.districts].sort((one, other) => one.name.localeCompare(other.name));
    return { Home: byName[0], End: byName.at(-1) }[key] || null;
  }

  // Called on the district with the focus; act: what else a key can do, by its name.
  function press(map, district, event, act) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key in WAYS || key === "Home" || key === "End") {
      event.preventDefault(); // the page would scroll
      const other = destination(map, district, key);
      if (other) pathOf(other).focus();
    } else if (act[key]) {
      event.preventDefault(); // the space bar would scroll
      if (key === "Escape") map.district.keys.words.hidden = true;
      if (!event.repeat || key === "+" || key === "-") act[key]();
    }
  }

  // Bring the district that has the focus into sight, and say what the keys do, at the end where it is not.
  function arrive(map, district) {
    const { keys, moved } = map.district;
    if (moved) map.panInside(middleOf(district), { padding: [CLEAR, CLEAR], animate: false });
    keys.words.hidden = false;
    keys.words.classList.toggle("above", map.latLngToContainerPoint(middleOf(district)).y > map.getSize().y / 2);
  }

  function leave(map) {
    map.district.keys.words.hidden = true;
  }

  // In a room the page around has keys of its own, and a click brings the focus in here: it is told of what has no use
  // here, and of Escape.
  let passing = false, listening = false;
  function passOn(room) {
    passing = room;
    if (!room || listening) return;
    listening = true;
    document.addEventListener("keydown", (event) => {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (!passing || ctrlKey || metaKey || altKey || (event.defaultPrevented && key !== "Escape")) return;
      const told = new window.parent.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      if (!window.parent.document.body.dispatchEvent(told)) event.preventDefault();
    });
  }

  return { addKeys, setStop, press, arrive, leave, passOn };
})();

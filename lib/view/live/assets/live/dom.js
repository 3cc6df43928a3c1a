// Elements, with text as text: nothing that comes from data is ever read as HTML.
//
// The files of this folder are one module, whatever their order: each has functions and constants alone, and the one
// thing that is run is the function that part.js exports.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Written only where it differs: what is written is drawn, and may be spoken, again.
function setText(element, text) {
  if (element.textContent !== (text ?? "")) element.textContent = text ?? "";
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function fillIn(words, values) {
  return (words ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// As many children as there are items, each made once and drawn again with what it now stands for.
function fillList(list, items, makeOne, drawOne) {
  while (list.children.length > items.length) list.lastElementChild.remove();
  while (list.children.length < items.length) list.append(makeOne());
  items.forEach((item, at) => drawOne(list.children[at], item));
}

function badge() {
  return make("span", { class: "live-badge status" });
}

// How a figure is known: "projected, illustrative (with: ...)". Its weakest input, the last word, gives the colour.
function setBadge(element, status, colours) {
  setText(element, status);
  element.hidden = !status;
  const word = (status ?? "").replace(/ \(.*/s, "").split(", ").at(-1);
  const own = `live-badge status status-${colours?.[word] ?? "gray"}`;
  if (element.className !== own) element.className = own;
}

// A heading's words and its badge, apart for whoever listens.
function setHeading(heading, text, status, colours) {
  if (!heading.firstChild) heading.append(make("span"), " ", badge());
  setText(heading.firstElementChild, text);
  setBadge(heading.lastElementChild, status, colours);
}

let nextId = 0;

function newId(name) {
  nextId += 1;
  return `live-${name}-${nextId}`;
}

// Streamlit gives the colours of the theme to components alone: what lies around them is told of them here.
const COLOURS = ["background-color", "secondary-background-color", "text-color", "border-color", "primary-color"];

function shareColours(element) {
  const style = getComputedStyle(element);
  for (const name of COLOURS) {
    const colour = style.getPropertyValue(`--st-${name}`).trim();
    if (colour) document.documentElement.style.setProperty(`--live-${name}`, colour);
  }
}

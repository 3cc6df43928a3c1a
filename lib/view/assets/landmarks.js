// What Streamlit leaves out for those who do not see the page: the menu as a landmark, its link to the open page marked,
// tables that scroll sideways within reach of the keyboard, and a box for files as a group of its own name.
//
// A component without a frame: Streamlit calls the function below each time the page draws it. What it marks is drawn
// again and again, so it looks after each change, once a frame at most.
const MENU = ".st-key-menu";
const AFTER_IT = 48; // pixels of the next entry, which show that there is one
// Streamlit marks every link to the page that is open; of services that share one, lib/view/shell.py names the others.
const OTHER = '[class*="st-key-menu_other_"]';

const settings = { base: "", pages: "", table: "" };

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// A page's name in its address: "" is the first page, at the app's own.
function pageOf(path) {
  return path.replace(/[?#].*$/, "").replace(/\/+$/, "").split("/").at(-1);
}

// On a narrow page the menu is one row that is pushed along.
function bringInSight(menu, link) {
  const [around, own] = [menu.getBoundingClientRect(), link.getBoundingClientRect()];
  if (own.right > around.right) menu.scrollLeft += own.right - around.right + AFTER_IT;
}

function markMenu() {
  const own = location.pathname.startsWith(settings.base) ? location.pathname.slice(settings.base.length) : location.pathname;
  for (const menu of document.querySelectorAll(MENU)) {
    set(menu, "role", "navigation");
    set(menu, "aria-label", settings.pages);
    for (const link of menu.querySelectorAll("a[href]")) {
      const open = pageOf(link.getAttribute("href")) === pageOf(own) && !link.closest(OTHER);
      if (open && !link.hasAttribute("aria-current")) bringInSight(menu, link);
      if (open) set(link, "aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}

function reachTables() {
  for (const around of document.querySelectorAll("main div:has(> table)")) {
    const scrolls = around.scrollWidth > around.clientWidth && !around.hasAttribute("role");
    if (!scrolls) continue;
    around.tabIndex = 0;
    set(around, "role", "group");
    set(around, "aria-label", settings.table);
  }
}

// It has a name and can be focused, and says that it is nothing.
function nameBoxes() {
  for (const box of document.querySelectorAll('main section[role="presentation"][aria-label]')) set(box, "role", "group");
}

let asked = 0;
function look() {
  asked = 0;
  markMenu();
  reachTables();
  nameBoxes();
}

function soon() {
  asked ||= requestAnimationFrame(look);
}

let watching = false;
export default function ({ data }) {
  Object.assign(settings, data);
  soon();
  if (watching) return;
  watching = true;
  const changes = { childList: true, subtree: true, attributeFilter: ["href"] };
  new MutationObserver(soon).observe(document.querySelector("[data-testid=stApp]"), changes);
  window.addEventListener("resize", () => {
    soon();
    for (const link of document.querySelectorAll(`${MENU} [aria-current]`)) bringInSight(link.closest(MENU), link);
  });
}

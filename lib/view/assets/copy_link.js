// A button that copies the page's address, which says all that is chosen. Where the browser lets nobody copy, as on a
// server without encryption, the address stands there, selected, for the reader's own keys.
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("[role=status]");
  const box = parentElement.querySelector("input");
  button.textContent = data.label;
  box.setAttribute("aria-label", data.box);
  let forget = 0;

  function say(text) {
    said.textContent = text;
    clearTimeout(forget);
    forget = setTimeout(() => { said.textContent = ""; }, 6_000);
  }

  button.onclick = async () => {
    box.hidden = true;
    try {
      await navigator.clipboard.writeText(location.href);
      say(data.copied);
    } catch {
      box.value = location.href;
      box.hidden = false;
      box.focus();
      box.select();
      say(data.select);
    }
  };
  box.onblur = () => { box.hidden = true; };
}

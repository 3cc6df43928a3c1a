// The button that presents a page. Only a press of somebody may ask the browser for its full screen, so it is asked here.
// Where presenting was ended, the button has the focus again.
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = () => {
    const whole = document.documentElement.requestFullscreen?.({ navigationUI: "hide" });
    whole?.catch?.(() => {}); // it is presented in the window then
    setTriggerValue("present", true);
  };
  if (window.careMarketPresented) {
    window.careMarketPresented = false;
    button.focus();
  }
}

// A typed password can be looked at: better than typing it twice.
for (const input of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link reveal";
  button.textContent = "Show";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
  });
  const frame = document.createElement("div");
  frame.className = "revealable";
  input.replaceWith(frame);
  frame.append(input, button);
  input.form?.addEventListener("submit", () => (input.type = "password"));
}

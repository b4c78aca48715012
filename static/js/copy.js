// <button data-copies="id">: what stands in that field goes to the clipboard. Without
// this script the button is not there, and the text can be selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  const icon = button.querySelector("svg");
  try {
    await navigator.clipboard.writeText(field.value);
    button.replaceChildren(icon, " Copied");
  } catch {
    // Without https there is no clipboard for scripts: it is selected, at least.
    button.replaceChildren(icon, " Selected: now copy it");
  }
});

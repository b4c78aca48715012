// Rows of a form (ways to reach someone, dates): added here at once; without this
// script the same button asks the server for one more row.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-adds-row]");
  if (!button) return;
  event.preventDefault();
  const rows = button.closest("[data-rows]");
  const total = rows.querySelector("[name$=TOTAL_FORMS]");
  const template = rows.querySelector("template");
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = holder.firstElementChild;
  template.before(row);
  total.value = Number(total.value) + 1;
  row.querySelector("select, input:not([type=hidden])").focus();
});

// A row ticked for removal steps back, and comes forth again when unticked.
document.addEventListener("change", (event) => {
  if (!event.target.closest(".removes")) return;
  event.target.closest("[data-row]").classList.toggle("leaving", event.target.checked);
});

// "this page" ticks every row; the rows tick it in turn.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  const all = form?.querySelector("[data-select-all]");
  if (!all) return;
  const rows = [...form.querySelectorAll(`[name="${all.dataset.selectAll}"]`)];
  if (event.target === all) for (const row of rows) row.checked = all.checked;
  const ticked = rows.filter((row) => row.checked).length;
  for (const count of form.querySelectorAll("[data-ticked-count]")) count.textContent = ticked;
  all.checked = ticked === rows.length;
  all.indeterminate = ticked > 0 && ticked < rows.length;
});

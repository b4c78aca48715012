// How much of a bounded text is used, said while one types. The server checks it too.

for (const field of document.querySelectorAll("[data-counts]")) {
  const most = Number(field.dataset.counts);
  const said = document.createElement("div");
  said.className = "tally";
  field.after(said);

  const count = () => {
    const used = [...field.value.trim().replace(/\s+/g, " ")].length;
    said.textContent = used > most ? `${used - most} too many` : `${used} of ${most}`;
    said.classList.toggle("over", used > most);
  };
  field.addEventListener("input", count);
  count();
}

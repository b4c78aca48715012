// <button data-prints>: the browser asks which printer. Without this script the button
// is not there, and the browser's own menu prints.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
});

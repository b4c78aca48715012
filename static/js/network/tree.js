// Who brought whom, drawn. The list after the picture says the same without this script.
/* global d3 */

const picture = document.getElementById("tree");
const SVG = "http://www.w3.org/2000/svg";
const ROW = 34;
const COLUMN = 240;
const LONGEST = 30;

let root;

if (picture) start();

async function start() {
  const answer = await fetch(picture.dataset.branch).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  root = await answer.json();
  if (!root.count) return;
  root.open = true;
  picture.hidden = false;
  draw();
  picture.addEventListener("click", act);
  picture.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    act(event);
  });
}

function act(event) {
  const node = event.target.closest("[data-path]");
  if (!node || event.target.closest("a")) return;
  event.preventDefault();
  turn(node.dataset.path);
}

// "0.3.1": the second of the fourth of the first.
const at = (path) => path.split(".").slice(1).reduce((branch, place) => shownOf(branch)[place], root);

// What stands below a branch: its children, and one more that asks for the next.
function shownOf(branch) {
  if (!branch.open || !branch.children) return [];
  const left = branch.size - branch.children.length;
  return left > 0 ? [...branch.children, { more: branch, label: `and ${left.toLocaleString()} more`, size: 0, count: 0 }] : branch.children;
}

async function turn(path) {
  const branch = at(path);
  if (branch.more) await fill(branch.more);
  else {
    branch.open = !branch.open;
    if (branch.open && !branch.children) await fill(branch);
  }
  draw();
  picture.querySelector(`[data-path="${path}"]`)?.focus();
}

async function fill(branch) {
  const asked = new URLSearchParams({ branch: branch.key, skip: branch.children?.length ?? 0 });
  const answer = await fetch(`${picture.dataset.more}?${asked}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const found = await answer.json();
  branch.children = [...(branch.children ?? []), ...(found.children ?? [])];
}

function element(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

function draw() {
  const laid = d3.tree().nodeSize([ROW, COLUMN])(d3.hierarchy(root, shownOf));
  const all = laid.descendants();
  const top = Math.min(...all.map((node) => node.x)) - ROW;
  const bottom = Math.max(...all.map((node) => node.x)) + ROW;
  const width = (laid.height + 1) * COLUMN + 60;
  const svg = element("svg", { width, height: bottom - top, viewBox: `-16 ${top} ${width} ${bottom - top}`, role: "group", "aria-label": "Who brought whom" });
  for (const { source, target } of laid.links()) {
    const middle = (source.y + target.y) / 2 + 40;
    svg.append(element("path", { d: `M${source.y},${source.x}C${middle},${source.x} ${middle},${target.x} ${target.y},${target.x}` }));
  }
  for (const node of all) svg.append(drawn(node));
  const { scrollLeft, scrollTop } = picture;
  picture.replaceChildren(svg);
  picture.scrollTo(scrollLeft, scrollTop);
}

const pathOf = (node) => (node.parent ? `${pathOf(node.parent)}.${node.parent.children.indexOf(node)}` : "0");

function drawn(node) {
  const { label, tone, count, url, size, open, more } = node.data;
  const opens = size > 0 || more;
  const group = element("g", { transform: `translate(${node.y},${node.x})`, class: `${tone ? `tone-${tone}` : ""}${size ? " full" : ""}` });
  group.append(element("title", {}, count ? `${label}: ${count.toLocaleString()} ${count === 1 ? "person" : "people"}` : label));
  if (opens) {
    group.dataset.path = pathOf(node);
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "0");
    group.setAttribute("aria-label", more ? label : `${label}, ${count} below`);
    if (!more) group.setAttribute("aria-expanded", String(Boolean(open)));
    // A thumb hits it too.
    group.append(element("rect", { x: -16, y: -ROW / 2, width: COLUMN - 16, height: ROW, fill: "transparent" }));
  }
  group.append(element("circle", { r: size ? 6 : 4.5 }));
  const short = label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
  const text = element("text", { x: 12 }, short);
  if (count) text.append(element("tspan", { class: "count", dx: 6 }, count.toLocaleString()));
  if (url && !size) {
    const link = element("a", { href: url });
    link.append(text);
    group.append(link);
  } else group.append(text);
  return group;
}

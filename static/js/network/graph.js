// The picture of the network. Without this script, or without WebGL, the table is all.
/* global graphology, Sigma */

const picture = document.getElementById("picture");
const status = document.getElementById("picture-status");
const canvas = document.getElementById("canvas");
const find = document.getElementById("find-node");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const BITS = [1, 4, 2, 8, 16];
const OFFERED = 12;

let data, graph, sigma, colours;
const shown = new Set(["1", "2", "4", "8", "16", "me"]);
let chosen = null;
let near = new Set();

if (picture) start();

async function start() {
  if (!document.createElement("canvas").getContext("webgl2")) {
    return leave("This browser cannot draw the picture, as it has no WebGL. The table holds the same.");
  }
  const { dataset } = picture;
  const scripts = [load(dataset.graphology), load(dataset.sigma)];
  const [answer] = await Promise.all([fetch(dataset.graph), ...scripts]).catch(() => []);
  if (!answer?.ok || answer.redirected) return leave("The picture could not be read. The table holds the same.");
  data = await answer.json();
  if (!data.ids.length) return leave("");
  colours = readColours();
  graph = build();
  sigma = draw();
  listen();
  say(data.leftOut ? `The ${data.ids.length.toLocaleString()} with most links are drawn; ${data.leftOut.toLocaleString()} more are left out. Narrow the network to see them.` : "");
  lay();
}

// Half a megabyte that a browser without WebGL is spared.
function load(src) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src, onload: done, onerror: failed });
    document.head.append(script);
  });
}

function leave(words) {
  say(words);
  if (words) picture.classList.add("without");
  else picture.hidden = true;
}

function say(words) {
  status.textContent = words;
}

// The tokens of the style sheet as the three numbers WebGL wants.
function readColours() {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (token) => {
    // A new element each time: one that changed its colour would still be on the way.
    const probe = document.createElement("span");
    probe.style.color = `var(--${token})`;
    picture.append(probe);
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = getComputedStyle(probe).color;
    pixel.fillRect(0, 0, 1, 1);
    probe.remove();
    const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
    return `#${[r, g, b].map((n) => n.toString(16).padStart(2, "0")).join("")}`;
  };
  const names = ["online", "person", "intro", "accent", "soft", "edge", "line", "ink", "card"];
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

function build() {
  const made = new graphology.Graph({ type: "undirected", multi: false });
  const count = data.ids.length;
  const scale = Math.min(1, Math.max(0.3, Math.sqrt(500 / count)));
  for (let place = 0; place < count; place += 1) {
    const kept = data.places[place];
    // A sunflower: everybody has room, the most linked are in the middle.
    const [x, y] = kept ?? [Math.sqrt(place) * 40 * Math.cos(place * 2.4), Math.sqrt(place) * 40 * Math.sin(place * 2.4)];
    made.addNode(data.ids[place], {
      label: place === data.me ? "You" : data.names[place],
      size: Math.min((4 + Math.sqrt(data.links[place]) * 1.1) * scale, 18),
      kind: data.kinds[place],
      place,
      x,
      y,
    });
  }
  for (let at = 0; at < data.edges.length; at += 3) {
    const [a, b] = [data.ids[data.edges[at]], data.ids[data.edges[at + 1]]];
    if (a !== b) made.mergeEdge(a, b, { bits: data.edges[at + 2], size: 1 });
  }
  settle(made);
  return made;
}

// Whoever is new begins beside the least busy of those they are linked to who have a
// place already: families are together before any force is at work.
function settle(made) {
  const placed = new Set(data.ids.filter((id, place) => data.places[place]));
  for (const [place, id] of data.ids.entries()) {
    if (!placed.has(id)) {
      const known = made.filterNeighbors(id, (other) => placed.has(other));
      const beside = known.sort((a, b) => made.degree(a) - made.degree(b))[0];
      if (beside) {
        const { x, y } = made.getNodeAttributes(beside);
        const away = 12 + Math.sqrt(made.degree(beside)) * 6 * ((place % 10) / 10);
        made.mergeNodeAttributes(id, { x: x + away * Math.cos(place * 2.4), y: y + away * Math.sin(place * 2.4) });
      }
    }
    placed.add(id);
  }
}

function toneOf(place) {
  if (place === data.me) return colours.accent;
  if (data.kinds[place] !== "p") return data.kinds[place] === "e" ? colours.soft : colours.edge;
  if (data.stages[place] >= 4) return colours.person;
  return data.stages[place] ? colours.online : colours.soft;
}

const edgeColour = (bit) =>
  ({ 1: colours.intro, 2: colours.online, 4: colours.person, 8: colours.edge, 16: colours.line })[bit];

function draw() {
  return new Sigma(graph, canvas, {
    allowInvalidContainer: true,
    defaultEdgeType: "line",
    labelFont: getComputedStyle(document.body).fontFamily,
    labelSize: 13,
    labelDensity: 0.6,
    labelRenderedSizeThreshold: graph.order > 1000 ? 3.5 : 7,
    labelColor: { color: colours.ink },
    hideEdgesOnMove: graph.size > 8000,
    zIndex: true,
    minCameraRatio: 0.02,
    maxCameraRatio: 3,
    defaultDrawNodeLabel: label,
    defaultDrawNodeHover: hover,
    nodeReducer: (id, node) => ({
      ...node,
      color: chosen && id !== chosen && !near.has(id) ? colours.line : toneOf(node.place),
      hidden: node.place === data.me && !shown.has("me"),
      forceLabel: id === chosen || (near.has(id) && near.size < 30),
      label: chosen && id !== chosen && !near.has(id) ? "" : node.label,
      zIndex: id === chosen || near.has(id) ? 1 : 0,
    }),
    edgeReducer: (id, edge) => {
      const bit = BITS.find((one) => edge.bits & one && shown.has(String(one)));
      const [a, b] = graph.extremities(id);
      const aside = chosen && a !== chosen && b !== chosen;
      const me = data.ids[data.me];
      const hidden = !bit || (!shown.has("me") && (a === me || b === me));
      return { ...edge, hidden: hidden || (aside && graph.size > 3000), color: aside ? colours.line : edgeColour(bit), size: chosen && !aside ? 2 : graph.size > 3000 ? 0.5 : 1 };
    },
  });
}

const initials = (name) => {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return [words[0], ...words.slice(1).slice(-1)].map((word) => [...(word ?? "")][0]).join("").toUpperCase();
};

// Initials in a person, a square in an event, a bar in an organization; the name beside.
function label(context, node, settings) {
  context.fillStyle = colours.card;
  if (node.size > 8) {
    const half = node.size * 0.4;
    if (node.kind === "p") {
      context.font = `600 ${Math.round(node.size * 0.9)}px ${settings.labelFont}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(initials(node.label ?? ""), node.x, node.y + 1);
    } else if (node.kind === "e") context.fillRect(node.x - half, node.y - half, half * 2, half * 2);
    else context.fillRect(node.x - half, node.y - half / 2, half * 2, half);
  }
  if (!node.label) return;
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
  context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
  context.lineWidth = 3;
  context.strokeStyle = colours.card;
  context.fillStyle = colours.ink;
  const name = node.label.length > 40 ? `${node.label.slice(0, 39)}…` : node.label;
  context.strokeText(name, node.x + node.size + 4, node.y + 4);
  context.fillText(name, node.x + node.size + 4, node.y + 4);
}

function hover(context, node, settings) {
  context.beginPath();
  context.arc(node.x, node.y, node.size + 3, 0, Math.PI * 2);
  context.lineWidth = 2;
  context.strokeStyle = colours.ink;
  context.stroke();
  label(context, node, settings);
}

function listen() {
  picture.addEventListener("change", ({ target }) => {
    if (!target.dataset.bit) return;
    if (target.checked) shown.add(target.dataset.bit);
    else shown.delete(target.dataset.bit);
    sigma.refresh();
  });
  picture.addEventListener("click", ({ target }) => {
    const way = target.closest("[data-zoom]")?.dataset.zoom;
    const camera = sigma.getCamera();
    const options = { duration: calm.matches ? 0 : 250 };
    if (way === "in") camera.animatedZoom(options);
    if (way === "out") camera.animatedUnzoom(options);
    if (way === "all") camera.animatedReset(options);
  });
  find.addEventListener("input", offer);
  find.addEventListener("change", () => fly(named(find.value)[0]));
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    fly(named(find.value)[0]);
  });
  sigma.on("clickNode", ({ node }) => choose(node));
  sigma.on("clickStage", () => choose(null));
  drag();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours = readColours();
    sigma.setSetting("labelColor", { color: colours.ink });
    sigma.refresh();
  });
}

// Without accents and case, as everywhere.
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();

function named(text) {
  const wanted = fold(text);
  if (!wanted) return [];
  const found = graph.filterNodes((id, { label: name }) => fold(name).includes(wanted));
  const rank = (id) => {
    const name = fold(graph.getNodeAttribute(id, "label"));
    return name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2;
  };
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, OFFERED);
}

function offer() {
  const options = named(find.value).map((id) => {
    const option = document.createElement("option");
    option.value = graph.getNodeAttribute(id, "label");
    return option;
  });
  document.getElementById("node-names").replaceChildren(...options);
}

function fly(id) {
  if (!id) {
    if (find.value.trim()) say("Nobody in the picture has this name.");
    return;
  }
  choose(id);
  const { x, y } = sigma.getNodeDisplayData(id);
  sigma.getCamera().animate({ x, y, ratio: 0.25 }, { duration: calm.matches ? 0 : 600 });
}

async function choose(id) {
  chosen = id;
  near = new Set(id ? graph.neighbors(id) : []);
  sigma.refresh();
  const box = document.getElementById("node");
  if (!id) return box.replaceChildren();
  const answer = await fetch(`${picture.dataset.card}?node=${id}`).catch(() => null);
  if (!answer?.ok || answer.redirected || chosen !== id) return;
  // Our own page, drawn and escaped by the server.
  box.innerHTML = await answer.text();
}

function drag() {
  let held = null;
  sigma.on("downNode", ({ node }) => {
    held = { node, moved: false };
    if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox());
  });
  sigma.on("moveBody", ({ event }) => {
    if (!held) return;
    held.moved = true;
    graph.mergeNodeAttributes(held.node, sigma.viewportToGraph(event));
    event.preventSigmaDefault();
    event.original.preventDefault();
  });
  const drop = () => {
    if (held?.moved) keep([held.node]);
    held = null;
  };
  sigma.on("upNode", drop);
  sigma.on("upStage", drop);
}

function lay() {
  const fresh = data.ids.filter((id, place) => !data.places[place]);
  if (!fresh.length) return;
  const before = status.textContent;
  const worker = new Worker(picture.dataset.worker);
  worker.onmessage = ({ data: news }) => {
    graph.updateEachNodeAttributes(
      (id, node) => (data.places[node.place] ? node : { ...node, x: news.x[node.place], y: news.y[node.place] }),
      { attributes: ["x", "y"] },
    );
    if (!news.done) return say(`Finding a place for everybody: ${Math.round(news.share * 100)} %`);
    worker.terminate();
    say(before);
    keep(fresh);
  };
  worker.postMessage({
    edges: Int32Array.from(graph.mapEdges((id, edge, a, b, from, to) => [from.place, to.place]).flat()),
    x: Float32Array.from(data.ids, (id) => graph.getNodeAttribute(id, "x")),
    y: Float32Array.from(data.ids, (id) => graph.getNodeAttribute(id, "y")),
    fixed: Uint8Array.from(data.places, (place) => (place ? 1 : 0)),
  });
}

// So that it looks the same tomorrow.
async function keep(ids) {
  const round = (number) => Math.round(number * 100) / 100;
  const positions = Object.fromEntries(
    ids.map((id) => {
      const { x, y } = graph.getNodeAttributes(id);
      return [id, [round(x), round(y)]];
    }),
  );
  const body = new FormData();
  body.set("positions", JSON.stringify(positions));
  body.set("csrfmiddlewaretoken", picture.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(picture.dataset.positions, { method: "POST", body }).catch(() => null);
  picture.dataset.kept = answer?.ok ? "yes" : "no";
}

// Where the nodes go: those that are linked draw near, all others keep their distance.
//
// Forces as in ForceAtlas2 (Jacomy et al. 2014): repulsion by mass, linear attraction,
// gravity, and a speed for each node that falls when it swings. Far away crowds are
// taken as one body (Barnes and Hut 1986). Nodes that have a place keep it.
//
// In:  {edges: Int32Array of pairs, x, y: Float32Array, fixed: Uint8Array}
// Out: {x, y, share} every few rounds, and once more with {done: true}

const ROUNDS = 320;
const ROUNDS_BETWEEN_NEWS = 16;
const REPULSION = 12;
const GRAVITY = 0.6;
const THETA2 = 1.1 * 1.1;
const DEEPEST = 24;

self.onmessage = ({ data }) => {
  const { edges, fixed } = data;
  const x = Float64Array.from(data.x);
  const y = Float64Array.from(data.y);
  const mass = new Float64Array(x.length).fill(1);
  for (const node of edges) mass[node] += 1;
  const rounds = fixed.includes(0) ? ROUNDS : 0;
  const last = { x: new Float64Array(x.length), y: new Float64Array(x.length) };
  const state = { x, y, mass, edges, fixed, last, speed: 1 };
  for (let round = 1; round <= rounds; round += 1) {
    step(state);
    if (round % ROUNDS_BETWEEN_NEWS === 0) tell(state, { share: round / rounds });
  }
  tell(state, { share: 1, done: true });
};

function tell({ x, y }, news) {
  self.postMessage({ x: Float32Array.from(x), y: Float32Array.from(y), ...news });
}

function step(state) {
  const { x, y, mass, edges, fixed, last } = state;
  const count = x.length;
  const force = { x: new Float64Array(count), y: new Float64Array(count) };
  const tree = quadtree(x, y, mass);
  for (let node = 0; node < count; node += 1) {
    if (fixed[node]) continue;
    repel(tree, node, state, force);
    const away = Math.hypot(x[node], y[node]) || 1;
    force.x[node] -= (GRAVITY * mass[node] * x[node]) / Math.sqrt(away);
    force.y[node] -= (GRAVITY * mass[node] * y[node]) / Math.sqrt(away);
  }
  for (let place = 0; place < edges.length; place += 2) {
    const [a, b] = [edges[place], edges[place + 1]];
    // A hub with a thousand links does not pull a thousand times as hard.
    const pull = 4 / Math.sqrt(Math.max(mass[a], mass[b]));
    const dx = (x[b] - x[a]) * pull;
    const dy = (y[b] - y[a]) * pull;
    force.x[a] += dx;
    force.y[a] += dy;
    force.x[b] -= dx;
    force.y[b] -= dy;
  }
  let swinging = 0;
  let going = 0;
  for (let node = 0; node < count; node += 1) {
    if (fixed[node]) continue;
    swinging += mass[node] * swing(force, last, node);
    going += (mass[node] * Math.hypot(force.x[node] + last.x[node], force.y[node] + last.y[node])) / 2;
  }
  const wished = swinging ? going / swinging : 1;
  state.speed = Math.min(wished, state.speed * 1.5, 10);
  for (let node = 0; node < count; node += 1) {
    if (fixed[node]) continue;
    const own = (0.1 * state.speed) / (1 + state.speed * Math.sqrt(swing(force, last, node)));
    x[node] += force.x[node] * own;
    y[node] += force.y[node] * own;
  }
  state.last = force;
}

function swing(force, last, node) {
  return Math.hypot(force.x[node] - last.x[node], force.y[node] - last.y[node]);
}

// A cell: {left, top, size, mass, cx, cy, node, parts}; parts are four cells or none.
function quadtree(x, y, mass) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let node = 0; node < x.length; node += 1) {
    left = Math.min(left, x[node]);
    right = Math.max(right, x[node]);
    top = Math.min(top, y[node]);
    bottom = Math.max(bottom, y[node]);
  }
  const root = cell(left, top, Math.max(right - left, bottom - top, 1));
  for (let node = 0; node < x.length; node += 1) put(root, node, x, y, mass, 0);
  return root;
}

function cell(left, top, size) {
  return { left, top, size, mass: 0, cx: 0, cy: 0, node: -1, parts: null };
}

function put(into, node, x, y, mass, depth) {
  const all = into.mass + mass[node];
  into.cx = (into.cx * into.mass + x[node] * mass[node]) / all;
  into.cy = (into.cy * into.mass + y[node] * mass[node]) / all;
  into.mass = all;
  if (!into.parts && into.node < 0 && all === mass[node]) {
    into.node = node;
    return;
  }
  if (depth >= DEEPEST) return;
  if (!into.parts) {
    const half = into.size / 2;
    into.parts = [0, 1, 2, 3].map((quarter) =>
      cell(into.left + (quarter % 2) * half, into.top + (quarter >> 1) * half, half),
    );
    const first = into.node;
    into.node = -1;
    put(quarterOf(into, x[first], y[first]), first, x, y, mass, depth + 1);
  }
  put(quarterOf(into, x[node], y[node]), node, x, y, mass, depth + 1);
}

function quarterOf(of, px, py) {
  const half = of.size / 2;
  return of.parts[(px >= of.left + half ? 1 : 0) + (py >= of.top + half ? 2 : 0)];
}

function repel(from, node, { x, y, mass }, force) {
  if (!from.mass || from.node === node) return;
  const dx = x[node] - from.cx;
  const dy = y[node] - from.cy;
  const far2 = dx * dx + dy * dy;
  if (from.parts && from.size * from.size > THETA2 * far2) {
    for (const part of from.parts) repel(part, node, { x, y, mass }, force);
    return;
  }
  const push = (REPULSION * mass[node] * from.mass) / (far2 + 0.01);
  force.x[node] += dx * push;
  force.y[node] += dy * push;
}

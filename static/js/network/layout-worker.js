// Where the nodes go: those that are linked draw near, all others keep their distance.
//
// Forces as in ForceAtlas2 (Jacomy et al. 2014): repulsion by mass, linear attraction,
// gravity, and a speed for each node that falls when it swings. Far away crowds are
// taken as one body (Barnes and Hut 1986). Nodes that have a place keep it.
//
// In:  {edges: Int32Array of pairs, x, y: Float32Array, fixed: Uint8Array}
// Out: {x, y, share} every few rounds, and once more with {done: true}

// Rounds times nodes: what a worker does in a few seconds.
const WORK = 500_000;
const REPULSION = 12;
const GRAVITY = 0.6;
const THETA2 = 1.4 * 1.4;
const DEEPEST = 24;

self.onmessage = ({ data }) => {
  const { edges, fixed } = data;
  const x = Float64Array.from(data.x);
  const y = Float64Array.from(data.y);
  const mass = new Float64Array(x.length).fill(1);
  for (const node of edges) mass[node] += 1;
  const rounds = fixed.includes(0) ? Math.min(400, Math.max(100, Math.round(WORK / x.length))) : 0;
  const news = Math.ceil(rounds / 12);
  const last = { x: new Float64Array(x.length), y: new Float64Array(x.length) };
  const tree = makeTree(x.length);
  const state = { x, y, mass, edges, fixed, last, tree, speed: 1 };
  for (let round = 1; round <= rounds; round += 1) {
    step(state);
    if (round % news === 0) tell(state, { share: round / rounds });
  }
  tell(state, { share: 1, done: true });
};

function tell({ x, y }, news) {
  self.postMessage({ x: Float32Array.from(x), y: Float32Array.from(y), ...news });
}

function step(state) {
  const { x, y, mass, edges, fixed, last, tree } = state;
  const count = x.length;
  const force = { x: new Float64Array(count), y: new Float64Array(count) };
  grow(tree, x, y, mass);
  for (let node = 0; node < count; node += 1) {
    if (fixed[node]) continue;
    repel(tree, node, x, y, mass, force);
    const away = Math.sqrt(Math.hypot(x[node], y[node])) || 1;
    force.x[node] -= (GRAVITY * mass[node] * x[node]) / away;
    force.y[node] -= (GRAVITY * mass[node] * y[node]) / away;
  }
  for (let place = 0; place < edges.length; place += 2) {
    const a = edges[place];
    const b = edges[place + 1];
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

// A quadtree in flat arrays, made once and grown anew each round. Cell c has its four
// parts at first[c] to first[c] + 3, or first[c] = 0 and at most one node.
function makeTree(count) {
  const room = Math.max(64, count * 12);
  const numbers = () => new Float64Array(room);
  return {
    room,
    used: 0,
    first: new Int32Array(room),
    node: new Int32Array(room),
    size: numbers(),
    left: numbers(),
    top: numbers(),
    mass: numbers(),
    cx: numbers(),
    cy: numbers(),
    stack: new Int32Array(4 * DEEPEST + 8),
  };
}

function cell(tree, left, top, size) {
  const c = tree.used;
  tree.used += 1;
  tree.first[c] = 0;
  tree.node[c] = -1;
  tree.left[c] = left;
  tree.top[c] = top;
  tree.size[c] = size;
  tree.mass[c] = 0;
  tree.cx[c] = 0;
  tree.cy[c] = 0;
}

function grow(tree, x, y, mass) {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let node = 0; node < x.length; node += 1) {
    left = Math.min(left, x[node]);
    right = Math.max(right, x[node]);
    top = Math.min(top, y[node]);
    bottom = Math.max(bottom, y[node]);
  }
  tree.used = 0;
  cell(tree, left, top, Math.max(right - left, bottom - top, 1));
  for (let node = 0; node < x.length; node += 1) put(tree, node, x[node], y[node], mass[node], x, y);
}

function put(tree, node, px, py, m, x, y) {
  let c = 0;
  for (let depth = 0; ; depth += 1) {
    const before = tree.mass[c];
    const all = before + m;
    tree.cx[c] = (tree.cx[c] * before + px * m) / all;
    tree.cy[c] = (tree.cy[c] * before + py * m) / all;
    tree.mass[c] = all;
    if (!tree.first[c]) {
      if (!before) {
        tree.node[c] = node;
        return;
      }
      // Two in one spot, or no more room: they are one body.
      if (depth >= DEEPEST || tree.used + 4 > tree.room) {
        tree.node[c] = -1;
        return;
      }
      split(tree, c, before, x, y);
    }
    c = quarter(tree, c, px, py);
  }
}

function split(tree, c, before, x, y) {
  const half = tree.size[c] / 2;
  const first = tree.used;
  for (let part = 0; part < 4; part += 1) {
    cell(tree, tree.left[c] + (part & 1) * half, tree.top[c] + (part >> 1) * half, half);
  }
  tree.first[c] = first;
  const there = tree.node[c];
  tree.node[c] = -1;
  if (there < 0) return;
  const into = quarter(tree, c, x[there], y[there]);
  tree.node[into] = there;
  tree.mass[into] = before;
  tree.cx[into] = x[there];
  tree.cy[into] = y[there];
}

function quarter(tree, c, px, py) {
  const half = tree.size[c] / 2;
  return tree.first[c] + (px >= tree.left[c] + half ? 1 : 0) + (py >= tree.top[c] + half ? 2 : 0);
}

function repel(tree, node, x, y, mass, force) {
  const { first, size, cx, cy, stack } = tree;
  let depth = 1;
  stack[0] = 0;
  while (depth) {
    depth -= 1;
    const c = stack[depth];
    if (!tree.mass[c] || tree.node[c] === node) continue;
    const dx = x[node] - cx[c];
    const dy = y[node] - cy[c];
    const far2 = dx * dx + dy * dy;
    if (first[c] && size[c] * size[c] > THETA2 * far2) {
      for (let part = 0; part < 4; part += 1) stack[depth + part] = first[c] + part;
      depth += 4;
    } else {
      const push = (REPULSION * mass[node] * tree.mass[c]) / (far2 + 0.01);
      force.x[node] += dx * push;
      force.y[node] += dy * push;
    }
  }
}

// The few ways in which the page is changed. Text from the daemon becomes text nodes, and nothing else.

/** An element with attributes, and with children that are elements or text. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const svgSpace = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}) {
  const node = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** One of the signs that stand in index.html. They are decoration: words stand beside them. */
export function sign(name) {
  const node = svg("svg", { class: `sign sign-${name}`, "aria-hidden": "true" });
  node.append(svg("use", { href: `#sign-${name}` }));
  return node;
}

/** Gives a sign another shape. */
export function setSign(node, name) {
  put(node, "class", `sign sign-${name}`);
  put(node.firstChild, "href", `#sign-${name}`);
}

/** Sets an attribute that is not so already; without a value, takes it away. */
export function put(node, name, value) {
  if (value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** Sets the text of an element that has nothing else in it, where it is another one. */
export function write(node, text) {
  const child = node.firstChild;
  if (child === null) {
    if (text !== "") node.append(text);
  } else if (child.data !== text) {
    child.data = text;
  }
}

/** Writes a number of the status document: `path` is where it stands there, and the attribute has it exactly; without one, it is no number of that document. */
export function writeExact(node, path, value, text) {
  write(node, text);
  put(node, "data-path", path);
  put(node, "data-exact", value);
}

/** Shows or hides; hidden elements keep their place in the document. */
export function show(node, isShown) {
  put(node, "hidden", isShown ? undefined : "");
}

/**
 * Children made once and used again: the n-th shows the n-th item, so nothing is made or thrown away while values change.
 *
 * `make` returns an object whose `node` is the child, and `update(child, item, index)` shows an item in it.
 */
export class Pool {
  constructor(parent, make, update) {
    Object.assign(this, { parent, make, update, children: [] });
  }

  show(items) {
    while (this.children.length < items.length) {
      const child = this.make(this.children.length);
      this.children.push(child);
      this.parent.append(child.node);
    }
    // A table that was long once does not stay so.
    while (this.children.length > items.length) this.children.pop().node.remove();
    items.forEach((item, index) => this.update(this.children[index], item, index));
  }
}

/** The most interesting items first, with a button for the others. */
export class Limited {
  constructor(button, limit, noun) {
    Object.assign(this, { button, limit, noun, isOpen: false });
    button.addEventListener("click", () => {
      this.isOpen = !this.isOpen;
      this.changed?.();
    });
  }

  /** The items to show now; at most `bound` of them when all are asked for. */
  pick(items, bound = Infinity, total = items.length) {
    const rest = total - Math.min(items.length, this.limit);
    show(this.button, rest > 0);
    put(this.button, "aria-expanded", String(this.isOpen));
    write(this.button, this.isOpen ? `only the first ${this.limit}` : `${rest} more`);
    put(this.button, "aria-label", this.isOpen ? `only the first ${this.limit} ${this.noun}` : `${rest} more ${this.noun}`);
    return items.slice(0, this.isOpen ? bound : this.limit);
  }
}

/** A drawing whose parts are kept by name: only what is different is touched, and what is gone is removed. */
export class Scene {
  constructor(parent, layers) {
    this.layers = Object.fromEntries(layers.map((name) => [name, parent.appendChild(svg("g", { class: name }))]));
    this.parts = new Map();
  }

  begin() {
    this.seen = new Set();
  }

  part(layer, kind, name, attributes, text) {
    const key = `${layer} ${name}`;
    let node = this.parts.get(key);
    if (node === undefined) {
      node = this.layers[layer].appendChild(svg(kind));
      this.parts.set(key, node);
    }
    this.seen.add(key);
    for (const [attribute, value] of Object.entries(attributes)) put(node, attribute, value);
    if (text !== undefined) write(node, text);
    return node;
  }

  end() {
    for (const [key, node] of this.parts) {
      if (this.seen.has(key)) continue;
      node.remove();
      this.parts.delete(key);
    }
  }
}

/**
 * Calls back with the width of an element whenever it changes, and when the element comes into being.
 *
 * It is in pixels of text that is 15 of them high: a drawing with a `viewBox` of it grows with the text around it.
 */
export function onWidth(node, callback) {
  let width = 0;
  new ResizeObserver(([entry]) => {
    const next = Math.floor((entry.contentRect.width * 15) / parseFloat(getComputedStyle(document.documentElement).fontSize));
    if (next !== width && next > 0) callback((width = next));
  }).observe(node);
}

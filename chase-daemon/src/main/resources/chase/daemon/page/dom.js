// Elements of the page. All text goes in as text: a job may be called "<script>".

/**
 * Makes an element: make("p.note", {id: "x"}, "text", child).
 * "p.note.small" is a tag with classes; an attribute of null or false is left away; children that
 * are null or false are left away too.
 */
export function make(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length > 0) {
    node.className = classes.join(" ");
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The element with that id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Shows a text, and touches nothing where it is shown already: a selection survives. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Shows a node or hides it. */
export function setShown(node, shown) {
  if (node.hidden === shown) {
    node.hidden = !shown;
  }
}

/** Replaces the children where what they are made of has changed since the last call. */
export function rebuild(node, source, build) {
  const text = JSON.stringify(source);
  if (node.chaseSource === text) {
    return false;
  }
  node.chaseSource = text;
  node.replaceChildren(...build());
  return true;
}

/** A row of a table: the first cell heads it. Cells that are numbers in words stand right. */
export function row(cells, className = "") {
  const tr = make("tr", { class: className || null });
  cells.forEach((cell, i) => {
    const node = i === 0 ? make("th", { scope: "row" }) : make("td");
    node.append(cell instanceof Node ? cell : String(cell));
    tr.append(node);
  });
  return tr;
}

/** A table with its caption, which says what it is about and in which units. */
export function table(caption, heads, rows, className = "") {
  return make(
    "table",
    { class: className || null },
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows),
  );
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing. */
export function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

"use strict";

// Light or dark: the system's choice until the button is pressed.
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

function node(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Numbers under the pointer: a line at the nearest epoch, and the value of every curve there.
function showNumbers(chart) {
  const data = JSON.parse(chart.dataset.hover);
  const [left, top, right, bottom] = data.box;
  const [low, high] = data.limits;
  const epochs = Math.max(...Object.values(data.series).map((values) => values.length));
  const line = node("div", undefined, "line");
  const tip = node("div", undefined, "tip");
  const hide = () => { line.remove(); tip.remove(); };
  chart.addEventListener("pointerleave", hide);
  chart.addEventListener("pointermove", (event) => {
    const area = chart.getBoundingClientRect();
    const across = ((event.clientX - area.left) / area.width - left) / (right - left);
    const epoch = Math.round(low + across * (high - low));
    if (epoch < 1 || epoch > epochs) return hide();
    const place = left + (right - left) * (epoch - low) / (high - low);
    Object.assign(line.style, { left: `${100 * place}%`, top: `${100 * top}%`, height: `${100 * (bottom - top)}%` });
    tip.replaceChildren(node("div", `${data.unit} ${epoch}`, "quiet"));
    for (const [name, values] of Object.entries(data.series)) {
      const row = node("div");
      const dot = node("i");
      dot.style.background = data.colors[name];
      row.append(dot, name, node("b", values[epoch - 1] === null ? "–" : String(values[epoch - 1] ?? "–")));
      tip.append(row);
    }
    const side = place > 0.6 ? { right: `${100 * (1 - place) + 2}%`, left: "auto" } : { left: `${100 * place + 2}%`, right: "auto" };
    Object.assign(tip.style, side, { top: `${100 * top + 4}%` });
    chart.append(line, tip);
  });
}
document.querySelectorAll("[data-hover]").forEach(showNumbers);

// The row and column of the cell under the pointer.
document.querySelectorAll("table.confusion").forEach((table) => {
  const heads = table.tHead.rows[1].cells;
  const mark = (cell, on) => {
    if (!cell) return;
    cell.parentElement.cells[0].classList.toggle("here", on);
    heads[cell.cellIndex].classList.toggle("here", on);
  };
  table.addEventListener("pointerover", (event) => mark(event.target.closest("td"), true));
  table.addEventListener("pointerout", (event) => mark(event.target.closest("td"), false));
});

// A press on the head of a column sorts by it; the averages stay at the bottom.
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const fixed = rows.filter((row) => row.cells[0].classList.contains("average"));
  [...table.tHead.rows[0].cells].forEach((head, column) => head.addEventListener("click", () => {
    const ascending = head.getAttribute("aria-sort") === "descending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const key = (row) => row.cells[column].textContent.replace(/\u202f/g, "");
    const compare = (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true }) * (ascending ? 1 : -1);
    body.append(...rows.filter((row) => !fixed.includes(row)).sort(compare), ...fixed);
  }));
});

// The section that is being read, in the contents.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) links.forEach((link, id) => link.classList.toggle("here", id === entry.target.id));
  }
}, { rootMargin: "-20% 0px -70% 0px" });
document.querySelectorAll("section").forEach((section) => watcher.observe(section));

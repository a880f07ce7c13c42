// The loss ledger as a drawing: a stream from level to level, with a branch for everything that leaves it.

import { onWidth, put, Scene, svg, write, writeExact } from "./dom.js";
import { count } from "./words.js";

/** Width of so many units: with their logarithm, so that 2 beside 10 million are still seen. */
const thickness = (value) => (value > 0 ? 3 + 4.6 * Math.log10(value) : 0);

const marks = { next: "", done: "✓ ", idle: "○ ", held: "… ", lost: "✕ " };

/** Draws levels into an `svg` that is as wide as what it stands in: from left to right, or downwards where that is narrow. */
export class LedgerFlow {
  constructor(drawing) {
    this.drawing = drawing;
    this.scene = new Scene(drawing, ["ribbons", "bars", "labels"]);
    this.width = 0;
    onWidth(drawing.parentNode, (width) => {
      this.width = width;
      if (this.levels) this.show(this.levels);
    });
  }

  show(all) {
    this.levels = all;
    if (this.width === 0) return;
    this.scene.begin();
    const height = this.width / all.length >= 138 ? this.across(all) : this.downwards(all);
    this.scene.end();
    put(this.drawing, "viewBox", `0 0 ${this.width} ${height}`);
  }

  // From left to right

  across(all) {
    const column = this.width / all.length;
    const [top, row, bar] = [64, 36, 10];
    const run = column < 190 ? 14 : 26;
    let bottom = 0;
    all.forEach((level, index) => {
      const x = Math.round(index * column) + 2;
      this.heading(level, x, 15);
      const [ahead, ...others] = inOrder(level.branches);
      const widths = [ahead, ...others].map(({ value }) => thickness(value));
      const height = Math.max(2, widths.reduce((sum, width) => sum + width, 0));
      this.bar(level, x, top, bar, height);
      let y = top + widths[0];
      this.ahead(level, ahead, all[index + 1], x + bar, top, widths[0], Math.round((index + 1) * column) + 2, column);
      // The branches leave the bar one below the other, and end in rows that have room for their words.
      // A thin trunk has both its number and its words below it.
      const below = this.hasRoom(ahead, widths[0], column) ? 12 : widths[0] >= 19 ? 28 : 36;
      let rowTop = top + Math.max(widths[0] + below, 30);
      others.forEach((branch, number) => {
        const width = widths[number + 1];
        const end = rowTop + (row - 6 - width) / 2;
        this.ribbon(level, branch, x + bar, y, x + bar + run, end, width);
        this.label(level, branch, x + bar + run + 6, rowTop + 13);
        y += width;
        rowTop += Math.max(row, width + 6);
      });
      for (const branch of level.beside) {
        this.beside(level, branch, x + bar + 3, rowTop, run - 3);
        this.label(level, branch, x + bar + run + 6, rowTop + 13);
        rowTop += row;
      }
      bottom = Math.max(bottom, rowTop, top + height + 8);
    });
    return Math.ceil(bottom + 2);
  }

  /** What goes on to the next level, or is delivered. */
  ahead(level, branch, next, x, y, width, end, column) {
    if (!branch) return;
    const name = `${level.name} ${branch.label}`;
    const goesOn = branch.kind === "next" && next !== undefined && !next.isApart;
    if (width > 0) {
      const total = goesOn ? Math.max(2, next.branches.reduce((sum, { value }) => sum + thickness(value), 0)) : width;
      const into = goesOn ? Math.min(total, Math.max(width, thickness(next.received))) : width;
      const [from, to] = [x, goesOn ? end : end - 14];
      const middle = (from + to) / 2;
      const shape = `M${from} ${y}H${to}V${y + into}C${middle} ${y + into} ${middle} ${y + width} ${from} ${y + width}Z`;
      this.scene.part("ribbons", "path", name, { d: shape, class: `ribbon ${branch.kind}` });
    }
    const count = this.label(level, branch, x + 9, y + (width >= 19 ? width / 2 + 5.5 : width + 15));
    put(count.reason, "class", `reason ${branch.kind} ahead`);
    // Beside the number where there is room, below it where there is not.
    if (this.hasRoom(branch, width, column)) {
      put(count.reason, "x", x + 15 + digitWidth * count.number.textContent.length);
      put(count.reason, "y", count.number.getAttribute("y"));
    } else if (width >= 19) {
      put(count.reason, "y", y + width + 14);
    }
  }

  /** Whether the words about what goes on fit into its ribbon. */
  hasRoom(branch, width, column) {
    return width >= 19 && 24 + digitWidth * count(branch.value).length + 7 * (branch.label.length + 2) < column;
  }

  ribbon(level, branch, x, y, end, endY, width) {
    if (width <= 0) return;
    const middle = (x + end) / 2;
    const shape =
      `M${x} ${r(y)}C${middle} ${r(y)} ${middle} ${r(endY)} ${end} ${r(endY)}V${r(endY + width)}` +
      `C${middle} ${r(endY + width)} ${middle} ${r(y + width)} ${x} ${r(y + width)}Z`;
    this.scene.part("ribbons", "path", `${level.name} ${branch.label}`, { d: shape, class: `ribbon ${branch.kind}` });
  }

  /** What never came in has no part of the bar. */
  beside(level, branch, x, y, length) {
    const width = thickness(branch.value);
    const middle = y + 15 - width / 2;
    this.scene.part("ribbons", "rect", `${level.name} beside ${branch.label}`, { x, y: r(middle), width: length, height: r(width), class: "ribbon beside" });
  }

  // Downwards

  downwards(all) {
    const [left, row, bar] = [2, 26, 8];
    let y = 0;
    all.forEach((level, index) => {
      const [ahead, ...others] = inOrder(level.branches);
      const trunk = ahead ? thickness(ahead.value) : 0;
      this.heading(level, 62, y + 15, true);
      const barTop = y + 26;
      const widths = others.map(({ value }) => thickness(value));
      const total = Math.max(2, trunk + widths.reduce((sum, width) => sum + width, 0));
      const scale = Math.min(1, 54 / total);
      this.bar(level, left, barTop, total * scale, bar);
      let rowTop = barTop + bar + 2;
      // The first row belongs to the branch at the far end, so that none crosses another.
      let x = left + total * scale;
      const aheadRow = rowTop;
      if (ahead) {
        this.label(level, ahead, 70, rowTop + 17, true);
        rowTop += row;
      }
      others.forEach((branch, number) => {
        const width = widths[number] * scale;
        const end = rowTop + (row - width) / 2;
        x -= width;
        if (width > 0) {
          const shape = `M${r(x + width)} ${barTop + bar}V${r(end - 4)}Q${r(x + width)} ${r(end)} ${r(x + width + 4)} ${r(end)}H64V${r(end + width)}` +
            `H${r(x + 4)}Q${r(x)} ${r(end + width)} ${r(x)} ${r(end + width - 4)}V${barTop + bar}Z`;
          this.scene.part("ribbons", "path", `${level.name} ${branch.label}`, { d: shape, class: `ribbon ${branch.kind}` });
        }
        this.label(level, branch, 70, rowTop + 17, true);
        rowTop += row;
      });
      for (const branch of level.beside) {
        const width = thickness(branch.value) * scale;
        this.scene.part("ribbons", "rect", `${level.name} beside ${branch.label}`,
          { x: 46, y: r(rowTop + (row - width) / 2), width: 16, height: r(width), class: "ribbon beside" });
        this.label(level, branch, 70, rowTop + 17, true);
        rowTop += row;
      }
      y = rowTop + 14;
      const goesOn = ahead?.kind === "next" && all[index + 1] !== undefined && !all[index + 1].isApart;
      if (trunk > 0) {
        const end = goesOn ? y + 26 : aheadRow + row - 6;
        this.scene.part("ribbons", "path", `${level.name} trunk`,
          { d: `M${left} ${barTop + bar}H${r(left + trunk * scale)}V${end}H${left}Z`, class: `ribbon ${ahead.kind}` });
      }
    });
    return Math.ceil(y);
  }

  // Parts of both

  /** Where numbers end that stand in a column: near their words, however wide it is. */
  get end() {
    return Math.min(this.width - 2, 480);
  }

  heading(level, x, y, isOneLine = false) {
    const agrees = level.received === level.sum;
    this.scene.part("labels", "text", `${level.name} title`, { x, y, class: "title" }, level.title);
    const number = this.scene.part("labels", "text", `${level.name} received`,
      { x: isOneLine ? this.end : x, y: isOneLine ? y : y + 22, class: "received", "text-anchor": isOneLine ? "end" : undefined });
    writeExact(number, level.path, level.received, count(level.received));
    this.scene.part("labels", "text", `${level.name} sum`,
      isOneLine ? { x: x + 100, y, class: agrees ? "sum" : "sum wrong" } : { x, y: y + 39, class: agrees ? "sum" : "sum wrong" },
      agrees ? "= all below" : `✕ ${count(Math.abs(level.received - level.sum))} unaccounted`);
  }

  bar(level, x, y, width, height) {
    this.scene.part("bars", "rect", `${level.name} bar`, { x, y, width: r(width), height: r(height), class: "bar" });
  }

  label(level, branch, x, y, isOneLine = false) {
    const name = `${level.name} ${level.beside.includes(branch) ? "beside " : ""}${branch.label}`;
    const kind = level.beside.includes(branch) ? "beside" : branch.kind;
    const number = this.scene.part("labels", "text", `${name} count`,
      { x: isOneLine ? this.end : x, y, class: `count ${kind}`, "text-anchor": isOneLine ? "end" : undefined });
    if (branch.path) writeExact(number, branch.path, branch.value, count(branch.value));
    else write(number, count(branch.value));
    const text = this.scene.part("labels", "text", `${name} reason`,
      { x, y: isOneLine ? y : y + 15, class: `reason ${kind}` }, (kind === "beside" ? "⌀ " : marks[branch.kind]) + branch.label);
    if (branch.meaning && text.childNodes.length < 2) {
      const hint = svg("title");
      hint.append(branch.meaning);
      text.append(hint);
    }
    return { number, reason: text };
  }
}

/** A digit of the number of a branch, with what is between digits. */
const digitWidth = 8.8;

const r = (value) => Math.round(value * 10) / 10;

/** The way on first, then fill, what is held, and the losses. */
function inOrder(branches) {
  const place = { next: 0, done: 0, idle: 1, held: 2, lost: 3 };
  return [...branches].sort((one, other) => place[one.kind] - place[other.kind]);
}

// The limits of a parameter: which values are how bad, in words and as bands behind its line.

import { measured } from "./words.js";

const order = ["normal", "watch", "warning", "distress", "critical", "severe"];

/** The ranges that are worth alarm, of a row of the daemon: from, to, and how bad values in between are. */
function ranges(limits) {
  return limits.flatMap(({ level, outside, inside }) => {
    const range = outside ?? inside ?? {};
    const low = range.min_inclusive ?? range.min_exclusive ?? -Infinity;
    const high = range.max_inclusive ?? range.max_exclusive ?? Infinity;
    if (inside) return [{ from: low, to: high, level }];
    return [{ from: -Infinity, to: low, level }, { from: high, to: Infinity, level }].filter(({ from, to }) => from < to);
  });
}

/** How bad a value between the ends of ranges is. */
function levelAt(value, all) {
  const levels = all.filter(({ from, to }) => from < value && value < to).map(({ level }) => order.indexOf(level));
  return order[Math.max(0, ...levels)];
}

/**
 * What a drawing of values shows, and the bands in it: the values, with the nearest limit above and below where that
 * leaves the values visible.
 *
 * @returns `low` and `high`, and `bands` with `from`, `to` and `level`, those of the normal left out, the lowest first.
 */
export function bands(limits, least, most) {
  const all = ranges(limits ?? []);
  const ends = [...new Set(all.flatMap(({ from, to }) => [from, to]))].filter(Number.isFinite).sort((one, other) => one - other);
  let [low, high] = [least, most];
  const below = ends.findLast((end) => end <= least);
  const above = ends.find((end) => end >= most);
  const spread = Math.max(most - least, Math.abs(most) * 1e-6, Number.MIN_VALUE);
  for (const end of [below, above]) {
    if (end === undefined) continue;
    const isNear = most === least || Math.max(high, end) - Math.min(low, end) <= 20 * spread;
    if (isNear) [low, high] = [Math.min(low, end), Math.max(high, end)];
  }
  if (high === low) [low, high] = [low - 1, high + 1];
  // A limit at the very edge of a drawing would have no band beside it.
  const margin = 0.12 * (high - low);
  [low, high] = [low - margin, high + margin];
  const edges = [low, ...ends.filter((end) => end > low && end < high), high];
  const found = [];
  edges.slice(1).forEach((to, index) => {
    const from = edges[index];
    const level = levelAt((from + to) / 2, all);
    if (found.at(-1)?.level === level) found.at(-1).to = to;
    else found.push({ from, to, level });
  });
  return { low, high, bands: found.filter(({ level }) => level !== "normal") };
}

/** Limits in a line: "watch below 10 or above 40, critical above 50". */
export function limitWords(limits) {
  return (limits ?? []).map(({ level, outside, inside }) => `${level} ${outside ? outsideWords(outside) : insideWords(inside ?? {})}`).join(", ");
}

function outsideWords(range) {
  const low = range.min_inclusive !== undefined ? `below ${measured(range.min_inclusive)}`
    : range.min_exclusive !== undefined ? `up to ${measured(range.min_exclusive)}` : "";
  const high = range.max_inclusive !== undefined ? `above ${measured(range.max_inclusive)}`
    : range.max_exclusive !== undefined ? `from ${measured(range.max_exclusive)} on` : "";
  return [low, high].filter(Boolean).join(" or ") || "never";
}

function insideWords(range) {
  const low = range.min_inclusive ?? range.min_exclusive;
  const high = range.max_inclusive ?? range.max_exclusive;
  if (low === undefined && high === undefined) return "always";
  if (high === undefined) return `from ${measured(low)} on`;
  return low === undefined ? `up to ${measured(high)}` : `from ${measured(low)} to ${measured(high)}`;
}

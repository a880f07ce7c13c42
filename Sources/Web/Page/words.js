// Numbers, times and the daemon's terms, as a person reads them.

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** An exact count, with its thousands apart. */
export const count = (value) => grouped.format(value);

/** A measured value, with as many digits as mean something. */
export const measured = (value) => (Number.isInteger(value) ? count(value) : String(+value.toPrecision(6)));

/** "1 frame", "2 frames". */
export const counted = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Three digits that matter, and a prefix: "3.54 Mbit/s". */
export function scaled(value, unit) {
  if (!Number.isFinite(value)) return "–";
  let [number, prefix] = [Math.abs(value), ""];
  for (const next of ["k", "M", "G", "T"]) {
    if (number < 999.5) break;
    number /= 1000;
    prefix = next;
  }
  const digits = number >= 99.95 || (prefix === "" && Number.isInteger(number)) ? 0 : number >= 9.995 ? 1 : 2;
  return `${value < 0 ? "−" : ""}${number.toFixed(digits)}${unit || prefix ? " " : ""}${prefix}${unit}`;
}

/** The same without digits that say nothing, for an axis. */
export const rounded = (value) => scaled(value, "").replace(/\.?0+(?=\D|$)/g, (zeros, at, text) => (text.lastIndexOf(".", at) >= 0 ? "" : zeros));

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/** A span of time with the two units that matter: "12 s", "3 min 20 s", "2 d 4 h". */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const at = Math.max(0, units.findIndex(([, size]) => whole >= size));
  if (whole < 60) return `${whole} s`;
  const [[unit, size], [nextUnit, nextSize]] = [units[at], units[at + 1]];
  const rest = Math.floor((whole % size) / nextSize);
  return `${Math.floor(whole / size)} ${unit}${rest > 0 ? ` ${rest} ${nextUnit}` : ""}`;
}

/** A short time: "0.25 ms", "12 ms", "1.2 s". */
export function delay(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${+(seconds * 1000).toPrecision(3)} ms`;
  return `${+seconds.toPrecision(3)} s`;
}

/** A share, never rounded up to all or down to nothing lost. */
export function share(part, whole) {
  if (whole <= 0) return "–";
  const lost = (100 * (whole - part)) / whole;
  if (lost === 0) return "100 %";
  const digits = lost >= 10 ? 0 : lost >= 1 ? 1 : Math.min(7, Math.max(2, Math.ceil(-Math.log10(lost))));
  // Rounded up, but for what is only the way numbers are kept.
  return `${(100 - Math.ceil(lost * 10 ** digits - 1e-6) / 10 ** digits).toFixed(digits)} %`;
}

/** Milliseconds since 1970 of a time of the daemon. */
export const instant = (text) => (text ? Date.parse(text) : NaN);

/** "03:05:50" of milliseconds since 1970; times are UTC, always. */
export const clock = (time) => (Number.isFinite(time) ? new Date(time).toISOString().slice(11, 19) : "–");

/** "2026-11-22 03:05:50", the day left out when it is that of `now`. */
export function moment(time, now) {
  if (!Number.isFinite(time)) return "–";
  const text = new Date(time).toISOString();
  return text.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? text.slice(11, 19) : text.slice(0, 19).replace("T", " ");
}

/** What the daemon calls things, in words: "duration_seconds" is "duration seconds". */
export const words = (term) => String(term).replaceAll("_", " ");

/** Why something was lost, in words: "first_header_pointer" is "header pointer". For reasons alone: others are called as some of them are. */
export const reasonWords = (reason) => (Object.hasOwn(reasons, reason) ? reasons[reason] : words(reason));

const reasons = {
  fecf: "error control",
  header_ec: "header check",
  scid: "other spacecraft",
  vcid: "other channel",
  length: "wrong length",
  version: "wrong version",
  quarantined: "quarantined",
  source_not_allowed: "foreign sender",
  rate_limited: "sender too fast",
  unlisted: "unlisted channel",
  gap: "cut by a gap",
  first_header_pointer: "header pointer",
  crc: "packet CRC",
  checksum: "packet checksum",
  secondary_header: "secondary header",
  out_of_order: "out of order",
};

/** What a reason means, for whoever points at it; with the level before it where it means something else there. */
export const meanings = {
  kernel_dropped: "The kernel had no room for them: raise the receive buffer, or look at the load of this machine.",
  missing: "Inferred from the frame counters: they never came, or came damaged and are among the rejected ones.",
  missing_packets: "Inferred from the sequence counts of the application processes.",
  abandoned: "They began, and their end never came.",
  source_not_allowed: "Their sender is not in allow_from.",
  rate_limited: "Their sender sent more than max_datagrams_per_second.",
  oversize: "Longer than any datagram that the link can carry.",
  fecf: "Their error control field says that they are damaged.",
  header_ec: "The error control of their header does not fit.",
  scid: "They are of a spacecraft that this link is not for.",
  quarantined: "One alone speaks for its spacecraft, its channel or its count; noise does, too.",
  length: "Longer or shorter than they have to be.",
  version: "They are of another protocol, or still coded.",
  "zone_bytes.version": "They begin neither a Space Packet nor an Encapsulation Packet.",
  "zone_bytes.length": "A length that no packet has, or one longer than the configuration allows.",
  "zone_bytes.unlisted": "Of access points that have no room of their own.",
  data_field: "The data field has no room for what it should hold, or says what cannot be.",
  segment_order: "A segment came where another one had to come first.",
  secondary_header: "Packets too short for the secondary header that they say they have.",
  crc: "Packets that their cyclic redundancy check says are damaged.",
  checksum: "Packets that their checksum says are damaged.",
  uncorrectable: "More symbols are wrong than the code can correct.",
  refused: "Not as long as a codeblock is.",
  skipped: "Bytes in no unit, between a loss of lock and the next marker.",
  gap: "The rest of packets of which a part is missing.",
  unsynchronized: "Before the first header of a packet that can be found.",
  first_header_pointer: "The pointer to the first header contradicts the packets.",
  duplicate: "Of frames that came before.",
  out_of_order: "Of frames that came too late.",
  idle: "Fill: nothing is lost with it.",
  idle_packets: "Fill: nothing is lost with it.",
  fill: "Fill: nothing is lost with it.",
  pending: "Not decided yet: waits for what comes next.",
  unlisted: "Of channels that the configuration does not name.",
};

/** What the trust in a counter means. */
export const trusts = {
  trusted: "It counts, so a gap is a loss.",
  ambiguous: "It may have gone round unseen: the losses are a range.",
  frozen: "It never moves: it says nothing about losses.",
  uncounted: "The frames carry no count: nothing shows what was lost.",
  discontinuous: "It was set back or jumped: what was lost there is not known.",
};

// The loss ledger: what came in at every level, and where each unit of it ended.

import { count, meanings, reasonWords } from "./words.js";

/**
 * The levels of a link's ledger: what came in, the one way on, and every branch.
 *
 * A branch is `next` (goes on), `done` (delivered), `idle` (fill, nothing lost), `held` (not decided yet) or `lost`.
 * What stands in `beside` is not of the sum: it never came in.
 *
 * @param applicationProcesses Those of the link, where they do not fit into its document.
 */
export function levels(link, applicationProcesses = link.apids) {
  const { ledger, totals } = link;
  const { datagrams, stream_bytes: stream, codeblocks, frames, packets, service_data_units: units } = ledger;
  return [
    (datagrams.received + datagrams.kernel_dropped > 0 || link.transport !== "tcp") && ofDatagrams(datagrams),
    (stream.received > 0 || link.coding?.lock_state) && ofStream(stream),
    codeblocks.received > 0 && ofCodeblocks(codeblocks),
    (frames.received > 0 || packets.completed === 0) && ofFrames(frames, totals),
    ofZones(ledger.zone_bytes),
    ofPackets(packets, applicationProcesses),
    units.bytes.received > 0 && ofUnits(units.bytes),
  ].filter(Boolean);
}

/** The sums of a ledger in words, and whether they all agree. */
export function balance(all) {
  const wrong = all.filter(({ received, sum }) => received !== sum);
  if (wrong.length === 0) return { isBalanced: true, text: "It balances: everything that came in is in exactly one place." };
  const parts = wrong.map(({ title, received, sum }) => `${title.toLowerCase()}: ${count(received)} came in, ${count(sum)} are accounted for`);
  return { isBalanced: false, text: `It does not balance. ${parts.join("; ")}.` };
}

const ofDatagrams = (datagrams) =>
  level("datagrams", "Datagrams", datagrams.received, [
    branch("next", datagrams.accepted, "accepted", "datagrams.accepted"),
    ...losses(datagrams.rejected, "datagrams.rejected"),
  ], [branch("lost", datagrams.kernel_dropped, "dropped by the kernel", "datagrams.kernel_dropped")]);

const ofStream = (stream) =>
  level("stream_bytes", "Stream bytes", stream.received, [
    branch("next", stream.framed, "in units", "stream_bytes.framed"),
    branch("lost", stream.skipped, "skipped", "stream_bytes.skipped"),
    branch("held", stream.pending, "pending", "stream_bytes.pending"),
  ]);

const ofCodeblocks = (codeblocks) =>
  level("codeblocks", "Codeblocks", codeblocks.received, [
    branch("next", codeblocks.decoded, "decoded", "codeblocks.decoded"),
    branch("lost", codeblocks.uncorrectable, "uncorrectable", "codeblocks.uncorrectable"),
    branch("lost", codeblocks.refused, "refused", "codeblocks.refused"),
  ]);

const ofFrames = (frames, totals) =>
  level("frames", "Frames", frames.received, [
    branch("next", frames.delivered, "delivered", "frames.delivered"),
    branch("idle", frames.idle, "idle", "frames.idle"),
    branch("held", frames.pending, "pending", "frames.pending"),
    branch("lost", frames.unlisted, "unlisted", "frames.unlisted"),
    ...losses(frames.rejected, "frames.rejected"),
  ], [{ kind: "lost", value: totals.missing, label: "missing by count", path: "totals.missing", meaning: meanings.missing }]);

const ofZones = (zones) =>
  level("zone_bytes", "Packet bytes", zones.received, [
    branch("next", zones.packets, "in packets", "zone_bytes.packets"),
    branch("idle", zones.idle_packets, "idle packets", "zone_bytes.idle_packets"),
    branch("held", zones.pending, "pending", "zone_bytes.pending"),
    ...losses(zones.discarded, "zone_bytes.discarded"),
  ]);

const ofPackets = (packets, applicationProcesses) =>
  level("packets", "Packets", packets.completed, [
    branch("done", packets.delivered, "delivered", "packets.delivered"),
    branch("idle", packets.idle, "idle", "packets.idle"),
    ...losses(packets.rejected, "packets.rejected"),
  ], [
    { kind: "lost", value: sum(Object.values(packets.abandoned)), label: "unfinished", meaning: meanings.abandoned },
    { kind: "lost", value: sum(applicationProcesses.map(({ missing }) => missing)), label: "missing by count", meaning: meanings.missing_packets },
  ], "completed");

const ofUnits = (bytes) => ({
  ...level("service_data_units.bytes", "Service data", bytes.received, [
    branch("done", bytes.delivered, "delivered", "service_data_units.bytes.delivered"),
    branch("idle", bytes.fill, "fill", "service_data_units.bytes.fill"),
    branch("held", bytes.pending, "pending", "service_data_units.bytes.pending"),
    ...losses(bytes.discarded, "service_data_units.bytes.discarded"),
  ]),
  isApart: true,
});

/** One level: all of its branches make the sum, and those that have something, or are the way on, are shown. */
function level(name, title, received, branches, beside = [], member = "received") {
  return {
    name, title, received, path: `ledger.${name}.${member}`, sum: sum(branches.map(({ value }) => value)),
    branches: branches.filter(({ value, kind }) => value > 0 || kind === "next" || kind === "done"),
    beside: beside.filter(({ value }) => value > 0),
  };
}

const branch = (kind, value, label, path, meaning = meaningOf(path)) => ({ kind, value, label, path: `ledger.${path}`, meaning });

/** What the reason at the end of a path means at its level. */
function meaningOf(path) {
  const [level, reason] = [path.split(".")[0], path.split(".").pop()];
  return meanings[`${level}.${reason}`] ?? meanings[reason];
}

/** A branch for every reason, the commonest first. */
const losses = (tally, path) =>
  Object.entries(tally)
    .sort((one, other) => other[1] - one[1])
    .map(([reason, value]) => branch("lost", value, reasonWords(reason), `${path}.${reason}`));

const sum = (values) => values.reduce((total, value) => total + value, 0);

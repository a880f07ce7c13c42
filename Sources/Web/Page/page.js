// The live page: what the daemon says goes to the panels, and the reader's wishes to the daemon.

import { AlarmList } from "./alarms.js";
import { applicationProcesses, seedFromPasses, virtualChannels } from "./channels.js";
import { put, setSign, show, sign, write } from "./dom.js";
import { EventList } from "./events.js";
import { Feed } from "./feed.js";
import { HourFigures } from "./figures.js";
import { LedgerFlow } from "./flow.js";
import { History } from "./history.js";
import { balance, levels } from "./ledger.js";
import { LinkList } from "./links.js";
import { ParameterTable } from "./parameters.js";
import { PassTable } from "./passes.js";
import { ProblemList } from "./problems.js";
import { clock, count, instant, span } from "./words.js";

const find = (name) => document.getElementById(name);

// What is known

let links = [];
let problems = [];
let chosen = new URLSearchParams(location.hash.slice(1)).get("link") ?? undefined;
let detail;
const histories = new Map();
let recalled = new Map();
let pagesDue = 0;
let passesDue = 0;

// Panels

const linkList = new LinkList(find("links"), choose);
const problemList = new ProblemList(find("problems"));
const flow = new LedgerFlow(find("ledger").querySelector("svg"));
const channels = virtualChannels(find("channels"));
const processes = applicationProcesses(find("apids"));
const alarms = new AlarmList(find("alarms"));
const parameters = new ParameterTable(find("parameters"), alarms);
const passes = new PassTable(find("passes"));
const events = new EventList(find("events"));
const overall = sign("unknown");
find("overall").prepend(overall);

const figures = new HourFigures(find("charts"));

function drawFigures() {
  figures.show(histories.get(chosen), links.find(({ name }) => name === chosen));
}

// What the daemon says

const feed = new Feed({
  version(version) {
    write(find("version"), `downlinkd ${version.version}, run ${version.run_id}`);
  },

  async began() {
    const config = await feed.ask("config", { limit: 1 });
    write(find("station"), config?.station ?? "");
    put(find("station"), "data-run", feed.runID);
    recalled = new Map();
  },

  restarted() {
    forgetLink();
    events.forget();
    histories.clear();
  },

  links(news) {
    links = news;
    const names = new Set(news.map(({ name }) => name));
    for (const name of histories.keys()) if (!names.has(name)) histories.delete(name);
    for (const link of news) {
      if (!histories.has(link.name)) histories.set(link.name, new History());
      histories.get(link.name).observe(link);
    }
    if (!names.has(chosen)) choose(news[0]?.name);
    else feed.choose(chosen);
    linkList.show(links, histories, chosen, problems);
    drawFigures();
  },

  health(health) {
    problems = health.problems;
    problemList.show(problems, problems.length + (health.problems_omitted ?? 0), feed.now);
    const receiving = health.links.receiving ?? 0;
    setSign(overall, health.state);
    put(find("overall"), "data-state", health.state);
    write(find("overall").querySelector(".words"), `${health.state} · ${receiving} of ${links.length} links receiving`);
    put(find("accounting"), "data-balanced", String(health.balanced));
    write(find("accounting"), health.balanced ? "✓ ledger balances" : "✕ ledger does not balance");
    document.title = `${health.state === "ok" ? "" : `${health.state}: `}downlinkd`;
  },

  link(link) {
    detail = link;
    const all = levels(link, link.apids_omitted > 0 ? processes.rows : link.apids);
    const sums = balance(all);
    flow.show(all);
    write(find("ledger-balance"), sums.text);
    put(find("ledger-balance"), "data-balanced", String(sums.isBalanced));
    put(find("ledger"), "data-as-of", link.as_of);
    for (const of of document.querySelectorAll("#ledger .of, #charts .of")) write(of, `of ${link.name}`);
    write(find("ledger").querySelector(".about"), about(link));
    const time = instant(link.as_of);
    // Packets that come without frames have no channels.
    show(find("channels"), link.totals.frames > 0 || link.totals.packets === 0);
    channels.show(link.virtual_channels, time, { omitted: link.virtual_channels_omitted, seed: seedFromPasses(link.passes) });
    if (link.apids_omitted === undefined) processes.show(link.apids, time);
    passes.show(link, time);
  },

  async round(turn) {
    if (turn % 2 === 0) {
      await events.ask(feed, (event) => {
        if (event.event_type === "parameter") alarms.note(event);
      });
    }
    await recall(turn);
    const link = links.find(({ name }) => name === chosen);
    if (turn % 2 === 1) await parameters.ask(feed, link, turn - 1);
    if (link && feed.commands.has("passes") && performance.now() > passesDue) {
      passesDue = performance.now() + 10000;
      passes.recall(link.name, await feed.ask("passes", { link: link.name, limit: 8 }));
    }
    // As many as do not fit into what comes every second.
    if (detail?.apids_omitted > 0 && performance.now() > pagesDue) {
      pagesDue = performance.now() + 10000;
      const rows = await feed.pages("apids", "apids", { link: chosen }, 2048);
      processes.show(rows, feed.now, { omitted: Math.max(0, detail.apids_omitted - rows.length) });
    }
  },

  lost: tick,
});

/** Asks what came in the last hour: at once of the chosen link, then of the others, one in a round; again now and then. */
async function recall(turn) {
  const now = performance.now();
  const isDue = (name) => !(now - recalled.get(name) < (name === chosen ? 60000 : Infinity));
  const name = [chosen, ...(turn > 2 ? links.map(({ name }) => name) : [])].find(isDue);
  if (name === undefined || !feed.commands.has("history")) return;
  recalled.set(name, now);
  const answer = await feed.ask("history", { link: name });
  for (const document of answer?.links ?? []) histories.get(document.link)?.recall(document);
  drawFigures();
}

/** A link in one line. */
function about(link) {
  const place = link.listen ?? link.endpoint ?? "";
  const lock = link.coding?.lock_state ? `, ${link.coding.lock_state === "lock" ? "in lock" : `sync: ${link.coding.lock_state}`}` : "";
  const words = link.ledger.codewords;
  const codewords = words.received === 0 ? ""
    : `; codewords ${count(words.received)} = ${count(words.clean)} clean + ${count(words.corrected)} corrected + ${count(words.uncorrectable)} uncorrectable`;
  const restarts = link.restarts > 0 ? `, ${link.restarts} restarts survived` : "";
  return `${link.state}, ${link.transport} ${place}${lock}; counted since ${link.since.slice(0, 19).replace("T", " ")} UTC${restarts}${codewords}`;
}

// What the reader wants

function choose(name) {
  if (name === chosen && detail?.name === name) return;
  chosen = name;
  forgetLink();
  if (name === undefined) return;
  history.replaceState(null, "", `#${new URLSearchParams({ link: name })}`);
  feed.choose(name);
  linkList.show(links, histories, chosen, problems);
  drawFigures();
}

function forgetLink() {
  detail = undefined;
  channels.forget();
  processes.forget();
  parameters.forget();
  pagesDue = 0;
  passesDue = 0;
}

parameters.filterChanged = () => parameters.ask(feed, links.find(({ name }) => name === chosen), 0).catch(() => {});
events.changed = () => events.ask(feed, () => {}).catch(() => {});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
  if (event.key === "/") find("filter").focus();
  else if (event.key === "j" || event.key === "k") choose(linkList.beside(event.key === "j" ? 1 : -1));
  else return;
  event.preventDefault();
});

// Time, age and colours

function tick() {
  const age = feed.age;
  if (!Number.isFinite(age)) {
    if (feed.failures > 0) {
      show(find("stale"), true);
      write(find("stale").querySelector(".what"), "The daemon does not answer.");
      write(find("stale").querySelector(".next"), `Next try in ${span(Math.ceil(feed.retryIn))}.`);
    }
    return;
  }
  write(find("clock"), clock(feed.now));
  const isStale = age > 5 || feed.failures > 1;
  write(find("age"), age < 2.5 ? "live" : `data ${span(age)} old`);
  put(document.body, "data-stale", isStale ? "true" : undefined);
  show(find("stale"), isStale);
  if (!isStale) return;
  // What changes every second is not read out every second.
  const why = feed.isConnected ? "The daemon answers, but its links say nothing new." : "No connection to the daemon.";
  write(find("stale").querySelector(".what"), `${why} Everything here is from ${clock(instant(feed.asOf))} UTC.`);
  const next = feed.isConnected ? "" : feed.retryIn > 0 ? ` Next try in ${span(Math.ceil(feed.retryIn))}.` : " Trying again.";
  write(find("stale").querySelector(".next"), `That is ${span(age)} old.${next}`);
  write(find("overall").querySelector(".words"), "not known");
  setSign(overall, "unknown");
  put(find("overall"), "data-state", "unknown");
}

setInterval(() => {
  if (!document.hidden) tick();
}, 1000);

const colours = ["system", "light", "dark"];
let colour = "system";
try {
  colour = localStorage.getItem("downlinkd-colours") ?? "system";
} catch {
  // A browser that keeps nothing shows the colours of the system.
}

function showColours() {
  put(document.documentElement, "data-theme", colour === "system" ? undefined : colour);
  write(find("theme").querySelector("span"), colour);
}

find("theme").addEventListener("click", () => {
  colour = colours[(colours.indexOf(colour) + 1) % colours.length];
  try {
    localStorage.setItem("downlinkd-colours", colour);
  } catch {
    // As above.
  }
  showColours();
});

showColours();
feed.start();

// An hour in a minute and a half, for a page that does not know: its clock is quick, and what the daemon has answered
// once is answered again and again, a little later and a little more of it each time.
(() => {
  const quickness = 40;
  const [now, fetchReally, later, again] = [performance.now.bind(performance), fetch, setTimeout, setInterval];
  const began = now();
  performance.now = () => began + (now() - began) * quickness;
  window.setTimeout = (what, wait, ...rest) => later(what, wait / quickness, ...rest);
  window.setInterval = (what, wait, ...rest) => again(what, wait / quickness, ...rest);
  window.hour = { seconds: () => (performance.now() - began) / 1000, answers: 0 };

  const known = new Map();
  const fixed = new Set([
    "scid", "vcid", "apid", "correctable", "margin_symbols", "restarts", "crashes", "parameters", "monitored",
    "le_seconds",
  ]);
  const kept = new Set(["since", "start", "first_frame", "first", "loaded"]);
  let number = 0;

  // Everything counted has become so many times as much, so that all sums agree.
  function advance(value, seconds, name) {
    if (Array.isArray(value)) return value.map((item) => advance(item, seconds, name));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, key === "seq" ? (number += 1) : advance(item, seconds, key)]));
    }
    if (name === "value" && typeof value === "number") return value + Math.sin(seconds / 60);
    if (Number.isInteger(value) && !fixed.has(name)) return value * (1 + Math.floor(seconds));
    if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !kept.has(name)) {
      return new Date(Date.parse(value) + seconds * 1000).toISOString().replace("Z", "000Z");
    }
    return value;
  }

  window.fetch = async (address) => {
    const command = String(address).split("/").pop();
    if (!known.has(command)) known.set(command, await (await fetchReally(address)).json());
    hour.answers += 1;
    const isSteady = /^(version|schema|config|history)/.test(command);
    const document = isSteady ? known.get(command) : advance(known.get(command), hour.seconds());
    return new Response(JSON.stringify(document), { headers: { "Content-Type": "application/json" } });
  };

  window.EventSource = class extends EventTarget {
    constructor(address) {
      super();
      fetchReally("/api/v1/status").then((answer) => answer.json()).then((status) => {
        const chosen = new URL(address, location).searchParams.get("links");
        const link = status.links.find(({ name }) => name === chosen);
        this.timer = setInterval(() => {
          hour.answers += 1;
          const data = JSON.stringify({ link: chosen, ...advance(link, hour.seconds()) });
          this.dispatchEvent(new MessageEvent("stats", { data }));
        }, 1000);
      });
    }

    close() {
      clearInterval(this.timer);
    }
  };
})();

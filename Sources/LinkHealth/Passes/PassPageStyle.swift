/// How the page of a report looks: light and dark as the reader's system is, and on paper.
enum PassPageStyle {
  static let text = """
    :root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1b1e23;--dim:#5c6570;--line:#d9dde2;--card:#fff;--good:#2f6fb3;
    --bad:#b3261e;--warn:#b26a00;--soft:#e8eef5;--grid:#e6e8eb}
    @media(prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e6e9ed;--dim:#9aa4af;--line:#333a42;--card:#1b1f25;
    --good:#6ea8e6;--bad:#ff8a80;--warn:#f0b354;--soft:#232b35;--grid:#2a3037}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
    "Noto Sans",sans-serif}
    main{max-width:1080px;margin:0 auto;padding:28px 24px 40px}
    h1{font-size:28px;line-height:1.2;margin:2px 0 14px;overflow-wrap:anywhere}
    h2{font-size:17px;margin:34px 0 4px}
    .kicker{margin:0;color:var(--dim);font-size:13px;letter-spacing:.06em;text-transform:uppercase}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:0}
    dt{color:var(--dim)}dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px;margin-top:24px}
    .tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px;display:flex;
    flex-direction:column}
    .tile strong{font-size:25px;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
    .tile .name,.note{color:var(--dim);font-size:13px}
    .tile.bad{border-color:var(--bad)}.tile.bad strong{color:var(--bad)}
    .note{margin:0 0 8px}
    .verdict{font-size:17px;border-left:4px solid var(--bad);padding:8px 14px;background:var(--card)}
    svg{display:block;width:100%;height:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
    svg text{fill:var(--dim);font:11px system-ui,sans-serif;font-variant-numeric:tabular-nums}
    svg text.fg{fill:var(--fg)}
    .grid{stroke:var(--grid);stroke-width:1}.good{fill:var(--good)}.miss{fill:url(#h);stroke:var(--bad);
    stroke-width:.7}.sym{fill:var(--warn)}
    .soft{fill:var(--soft)}.hatch{stroke:var(--bad);stroke-width:2}
    .scroll{overflow-x:auto}.scroll svg{min-width:640px}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
    th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);white-space:nowrap}
    th{color:var(--dim);font-weight:500}.n{text-align:right}
    th.n:last-child,td.n:last-child{padding-right:0}
    footer{margin-top:40px;color:var(--dim);font-size:12px}
    @media(max-width:560px){main{padding:18px 14px}h1{font-size:22px}dl{grid-template-columns:1fr;gap:0}
    dd{margin-bottom:6px}}
    @media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--card:#fff;--good:#2f6fb3;--bad:#b3261e;
    --warn:#b26a00;--soft:#eef2f7;--grid:#ddd}body{font-size:11px}main{max-width:none;padding:0}h2{margin-top:16px}
    section{break-inside:avoid}.scroll{overflow:visible}.scroll svg{min-width:0}
    svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    """
}

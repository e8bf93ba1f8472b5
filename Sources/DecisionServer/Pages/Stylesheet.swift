/// The one style sheet of all pages: light and dark, for screens and for paper.
enum Stylesheet {
  /// Its text.
  static let text = """
    :root {
      color-scheme: light dark;
      --back: #fbfbf9; --panel: #ffffff; --text: #1d2320; --soft: #55605a; --line: #d4dad6;
      --accent: #14603f; --on-accent: #ffffff; --good: #14603f; --good-back: #e4f3ea;
      --bad: #9c1c1c; --bad-back: #fbe9e7; --warn: #6b4e00; --warn-back: #fdf3d7;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --back: #131715; --panel: #1b211e; --text: #e6ebe8; --soft: #a3b0a9; --line: #38423d;
        --accent: #7fd3a8; --on-accent: #0c1410; --good: #8fdcb3; --good-back: #163024;
        --bad: #ff9d94; --bad-back: #3a1a18; --warn: #f0cf7a; --warn-back: #342a10;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--back); color: var(--text);
      font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
    body > header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem;
      padding: .6rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--panel); }
    .brand { font-weight: 700; color: var(--accent); text-decoration: none; font-size: 1.1rem; }
    nav ul { display: flex; gap: 1.25rem; list-style: none; margin: 0; padding: 0; }
    nav a[aria-current] { font-weight: 700; color: var(--text); text-decoration: none; }
    .sign-out { margin-left: auto; }
    main { max-width: 66rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
    footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem 2rem; color: var(--soft); }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: .75rem 0 1rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; margin: 2rem 0 .6rem; }
    h3 { font-size: 1.05rem; margin: 1rem 0 .4rem; }
    p { margin: .4rem 0; }
    a { color: var(--accent); }
    small { color: var(--soft); font-size: .875rem; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
    code, bdi, td, dd, li { overflow-wrap: break-word; }
    .digest { overflow-wrap: anywhere; }
    pre { overflow: auto; max-height: 40rem; padding: .75rem; border: 1px solid var(--line);
      border-radius: .4rem; background: var(--panel); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: .5rem; top: .5rem; padding: .5rem; background: var(--panel); z-index: 1; }
    .panel { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem;
      padding: 1rem 1.25rem; margin: 0 0 1.25rem; }
    .narrow { max-width: 28rem; }
    .fields { display: grid; gap: .75rem 1.25rem;
      grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); align-items: start; }
    .field { display: flex; flex-direction: column; gap: .2rem; }
    .field + button { margin-top: 1rem; }
    .field label { font-weight: 600; font-size: .925rem; }
    input, select, textarea, button, .button { font: inherit; color: var(--text); padding: .4rem .6rem;
      border: 1px solid #7b8780; border-radius: .35rem; background: var(--back); width: 100%; min-height: 2.5rem; }
    textarea { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9rem; }
    button, .button { width: auto; cursor: pointer; background: var(--accent);
      color: var(--on-accent); border-color: var(--accent); font-weight: 600; padding: .45rem 1.1rem;
      text-decoration: none; display: inline-block; }
    button.quiet { background: none; color: var(--accent); padding: .25rem .7rem; min-height: 0; }
    .actions { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem; margin: 1rem 0 0; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    caption { text-align: left; color: var(--soft); padding: .3rem 0; }
    th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0;
      border-bottom: 1px solid var(--line); }
    th { font-weight: 600; }
    tbody th { font-weight: 500; }
    time { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .outcome { font-weight: 700; color: var(--good); }
    .outcome.adverse, .outcome.refused { color: var(--bad); }
    .outcome small { font-weight: 400; color: inherit; }
    .quiet { color: var(--soft); }
    .cards { display: grid; gap: 1rem; margin: 1rem 0;
      grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
    .cards section { background: var(--panel); border: 1px solid var(--line);
      border-radius: .5rem; padding: .8rem 1.1rem; }
    .cards h2 { font-size: 1rem; margin: 0 0 .3rem; }
    .cards ol, .cards ul { margin: .3rem 0; padding-left: 1.4rem; }
    p.outcome { font-size: 1.4rem; margin: 0; }
    .remark { color: var(--warn); background: var(--warn-back); border-radius: .4rem;
      padding: .5rem 1rem; margin: .75rem 0; }
    dl.facts { display: grid; gap: .5rem 1.5rem; margin: .5rem 0;
      grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
    dt { color: var(--soft); font-size: .875rem; }
    dd { margin: 0; }
    .digest { font-size: .8rem; }
    .error { color: var(--bad); background: var(--bad-back); border-radius: .4rem;
      padding: .6rem 1rem; }
    .path { margin: .5rem 0; padding-left: 1.75rem; }
    .path > li { padding: 0 0 .75rem .35rem; }
    .path > li p { margin: 0; }
    .explanation code { overflow-wrap: anywhere; }
    .taken { border-left: .25rem solid var(--text); padding-left: .6rem; font-weight: 600; }
    .other { border-left: .25rem dotted var(--soft); padding-left: .6rem; color: var(--soft); }
    .missing { font-style: italic; color: var(--soft); }
    .result { border-left: 4px solid var(--accent); background: var(--panel); padding: .5rem 1rem;
      margin: 1rem 0; }
    .result h3 { margin-top: .25rem; }
    .downloads ul { padding-left: 1.25rem; }
     figure { margin: .75rem 0; }
     figure svg { display: block; max-width: 100%; height: auto; }
    summary { cursor: pointer; color: var(--accent); }
    @media print {
      :root { --back: #fff; --panel: #fff; --text: #000; --soft: #333; --line: #999; --accent: #000;
        --good: #000; --bad: #000; --good-back: #fff; --bad-back: #fff; --warn: #000;
        --warn-back: #fff; }
      body { font-size: 10.5pt; }
      body > header, .skip, form, .downloads, #what-if { display: none; }
      main { max-width: none; padding: 0; }
      .panel { border: 1px solid #999; }
      h2, h3 { break-after: avoid; }
      .path > li, tr, figure, .cards section { break-inside: avoid; }
      details > :not(summary) { display: block; }
    }

    """
}

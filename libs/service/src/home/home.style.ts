/** The styles of the page: light or dark by the reader's setting, one column on a phone. */
export const homeStyle = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14171c);
  --sheet: light-dark(#ffffff, #1d2229);
  --ink: light-dark(#1b2330, #e7eaef);
  --quiet: light-dark(#5a6576, #9aa5b5);
  --line: light-dark(#dfe3e9, #323a45);
  --accent: light-dark(#0b5cad, #7db8f5);
  --on-accent: light-dark(#ffffff, #10151b);
  --wrong: light-dark(#a3241b, #ff9a90);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 4rem) 1.25rem; }
header p, section p, .choice span, .links span, footer { color: var(--quiet); }
h1 { margin: 0; font-size: clamp(1.9rem, 6vw, 2.6rem); letter-spacing: -0.02em; }
h2 { margin: 0 0 0.25rem; font-size: 1.25rem; }
header p { margin: 0.25rem 0 2rem; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: 0.75rem; padding: clamp(1rem, 4vw, 2rem); }
section p { margin: 0 0 1.25rem; }
.choices, .links { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.75rem; margin: 0; padding: 0; list-style: none; }
.choice, .links a { display: flex; flex-direction: column; gap: 0.15rem; width: 100%; height: 100%; padding: 0.9rem 1rem; text-align: left; border: 1px solid var(--line); border-radius: 0.5rem; background: transparent; color: inherit; font: inherit; text-decoration: none; cursor: pointer; }
.choice:hover, .links a:hover { border-color: var(--accent); }
.choice span, .links span { font-size: 0.9rem; }
.links { margin-bottom: 1.5rem; }
.fields { display: grid; gap: 0.9rem; max-width: 22rem; }
label { display: grid; gap: 0.25rem; color: var(--quiet); font-size: 0.9rem; }
input { padding: 0.6rem 0.7rem; border: 1px solid var(--line); border-radius: 0.4rem; background: var(--ground); color: var(--ink); font: inherit; }
button:not(.choice) { justify-self: start; padding: 0.6rem 1.1rem; border: 0; border-radius: 0.4rem; background: var(--accent); color: var(--on-accent); font: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
code { overflow-wrap: anywhere; }
.failed { color: var(--wrong); }
footer { display: flex; gap: 1.25rem; margin-top: 1.5rem; font-size: 0.9rem; }
`;

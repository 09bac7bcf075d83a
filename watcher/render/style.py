"""The style sheet of the HTML rendering."""

from __future__ import annotations

# Colours keep a contrast of at least 4.5 to 1 in both schemes, and no meaning hangs on colour:
# ins is underlined, del struck through. Screen readers mostly pass over ins and del, so hidden
# words say where a change begins and ends. The links from change to change show when the keyboard
# comes to them. A pile of combining marks stays in its paragraph.
CSS = """
:root { color-scheme: light dark; --page: #fff; --text: #1a1a1a; --quiet: #595959;
  --line: #d0d0d0; --new: #e2f5e5; --new-text: #0b4f1c; --gone: #fde7e7; --gone-text: #8c1515;
  --moved: #e5edfb; --moved-text: #123f85; --link: #0b4fa8; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e8e8e8; --quiet: #a8adb5; --line: #3a3f47; --new: #12331c;
    --new-text: #a6e8b6; --gone: #401a1c; --gone-text: #ffb8b8; --moved: #1b2d4d;
    --moved-text: #b9d2ff; --link: #8db9ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; background: var(--page);
  color: var(--text); font: 1.0625rem/1.6 Georgia, "Noto Serif", serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
header { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; padding-bottom: 1rem; }
.about, .onward, h2, summary, dt, nav { font-family: system-ui, sans-serif; font-size: .875rem;
  color: var(--quiet); margin: .25rem 0; }
.summary, .meaning { font-weight: bold; margin: .75rem 0; }
.findings { margin: .25rem 0; padding-inline-start: 1.25rem; font-family: system-ui, sans-serif;
  font-size: .875rem; }
dl { margin: .75rem 0 0; } dd { margin: 0 0 .5rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h2 { font-weight: normal; line-height: inherit; }
nav ol { margin: .25rem 0; padding-inline-start: 1.75rem; }
article { border-inline-start: 4px solid var(--line); padding-inline-start: .9rem;
  margin: 1.25rem 0; position: relative; }
article:target { outline: 2px solid var(--link); outline-offset: .4rem; }
article p { margin: .25rem 0; white-space: pre-wrap; }
.onward { position: absolute; inset-block-start: 0; inset-inline-end: 0; padding: 0 .4rem;
  background: var(--page); }
.onward:not(:focus-within) { clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
h1, dd, article p, details p { overflow: clip; overflow-clip-margin: .35em; }
article.insert { border-color: var(--new-text); } article.delete { border-color: var(--gone-text); }
details { border: 1px dashed var(--line); border-radius: .3rem; padding: .25rem .9rem;
  margin: 1.25rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
ins { background: var(--new); color: var(--new-text); text-decoration: underline; }
del { background: var(--gone); color: var(--gone-text); text-decoration: line-through; }
ins, del { padding-inline: .12em; border-radius: .15em; }
mark { background: var(--moved); color: var(--moved-text); padding: .1em .3em;
  border-radius: .2em; }
ins::before, ins::after, del::before, del::after { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(100%); white-space: nowrap; }
ins::before { content: " [added: "; } del::before { content: " [removed: "; }
ins::after, del::after { content: " end] "; }
@media print { :root { color-scheme: light; --page: #fff; --text: #000; --quiet: #444; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav, .onward { display: none; }
  h2 { break-after: avoid; } article { break-inside: avoid; }
  details::details-content { content-visibility: visible; }
  ins, del, mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

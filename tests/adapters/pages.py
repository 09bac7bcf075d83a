"""Pages of three plausible publishers, in our own words, for the extraction tests."""

from __future__ import annotations

HARBOUR = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Harbour bridge shut after barge strike | The Quay Courier</title>
<meta property="og:title" content="Bridge shut after barge strike">
<meta property="article:published_time" content="2026-11-20T09:30:00+01:00">
<meta property="article:modified_time" content="2026-11-20T11:05:00+01:00">
<meta name="author" content="Mira Holt"><meta name="csrf-token" content="c5f1a90e7b">
<style>.lead{font-weight:700}</style>
<script nonce="r4nd0m">window.ads={"slot":"8812","seen":41};</script>
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
 {"@type":"WebSite","name":"The Quay Courier"},
 {"@type":"NewsArticle","headline":"Harbour bridge shut after barge strike",
  "datePublished":"2026-11-20T09:30:12+01:00","dateModified":"2026-11-20T11:05:40+01:00",
  "author":[{"@type":"Person","name":"Mira Holt"},{"@type":"Person","name":"Jon Aske"}],
  "image":{"@type":"ImageObject","url":"/i/771.jpg"}}]}</script>
</head><body class="page" data-build="20261120.4">
<!-- served by web-07 -->
<header><a href="/">The Quay Courier</a><nav><ul><li><a href="/town">Town</a></li>
<li><a href="/sea">Sea</a></li></ul></nav></header>
<div class="ad" id="slot-8812" data-key="ab12cd"></div>
<main><article><header><h1>Harbour bridge shut after barge strike</h1>
<p class="standfirst">Ferries are running extra trips while divers look at the second pier.</p>
<div class="when"><time datetime="2026-11-20T09:30:12+01:00">41 minutes ago</time></div></header>
<div class="article-body">
<p>The harbour bridge was closed to all traffic on Friday morning after a gravel barge ran into
its second pier, the port authority said.</p>
<p>Nobody was hurt. The barge's crew of four stayed on board, and <b>two tugs</b> held the vessel
in place until the tide turned at <time datetime="2026-11-20T10:10">10.10</time>.</p>
<figure><img src="/i/771.jpg" alt=""><figcaption>The barge beside the pier at dawn. Picture: Ola
Berg</figcaption></figure>
<h2>What is known so far</h2>
<ul><li>The bridge carries about 31,000 vehicles a day.</li>
<li>Divers will look at the pier at low water, around 16.40.</li></ul>
<blockquote><p>We would rather lose a day of traffic than guess, said the bridge master, Tove
Lind.</p></blockquote>
<p>Buses on lines 4 and 9 turn round at the fish market.<br><br>Cyclists are sent over the lock
gates, where wardens let through ten at a time.</p>
<p>This is a developing story. Check back for updates.</p>
</div></article>
<aside class="related"><h2>More from the quay</h2><ul><li><a href="/a/1">Dredging starts in
spring</a></li><li><a href="/a/2">Fish prices fall again</a></li></ul></aside></main>
<footer><p>Read by 1,204 people today</p><p>(c) 2026 The Quay Courier</p></footer>
<script>track("v1", 99120);</script></body></html>"""

MINISTRY = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>Travel notice: Verran valley</title>
<meta name="dcterms.modified" content="2026-11-19">
<meta name="date" content="2026-11-02"></head>
<body><form id="aspnetForm" action="/x" method="post"><input type="hidden" name="__STATE"
value="dDw0NTY3"><div id="top"><a href="#c">Skip to content</a></div>
<div id="content" class="content"><h1>Travel notice: Verran valley</h1>
<p>Roads into the upper valley remain closed above the village of Sund because of rock falls.</p>
<p>Visitors already there should stay near their lodgings and keep a telephone charged.</p>
<table><tr><th>Road</th><th>State</th></tr><tr><td>Sund to Ferla</td><td>closed</td></tr>
<tr><td>Ferla to the pass</td><td>open to residents</td></tr></table>
<h3>Who to call</h3><ol><li>Valley wardens: 0550 113</li><li>Consular desk: 0550 224</li></ol>
<p>Correction: an earlier notice gave the wrong number for the wardens.</p></div></form>
<div id="footer"><p>Page served in 0.03 seconds</p></div></body></html>"""

WIRE = """<html><head><title>Grain talks resume in Odrin</title>
<script type="application/ld+json"><!--
{"@type": "ReportageNewsArticle", "headline": "Grain talks resume in Odrin",
 "datePublished": "2026-11-21T06:00:00Z", "dateModified": "2026-11-21T07:45:00Z",
 "author": {"@type": "Person", "name": "Sel Marku"},}
--></script></head><body><aside><div itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">Grain talks resume in Odrin</h1><div itemprop="articleBody">
<p>Negotiators returned to the table in Odrin on Saturday, three days after walking out.</p>
<p>Both sides said a shipping corridor for wheat was the only subject, and that a text of
four pages was being translated.</p>
<p>"We are nearer than we were," one delegate said, "but not yet near."</p></div></div></aside>
<nav><ul><li><a href="/w">World</a></li></ul></nav></body></html>"""

ALL = {"harbour": HARBOUR, "ministry": MINISTRY, "wire": WIRE}

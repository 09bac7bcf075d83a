"""Pages that stand where an article should, and articles that only look like them. Own words."""

from __future__ import annotations

MENU = """<header><a href="/">The Weir Gazette</a><nav><ul><li><a href="/town">Town</a></li>
<li><a href="/river">River</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>"""
FOOT = "<footer><p>The Weir Gazette, founded 1881. Imprint and privacy policy.</p></footer>"
TEASERS = "".join(
    f"""<div class="card"><a href="/a/{n}"><h3>{title}</h3></a><p>{text}</p></div>"""
    for n, (title, text) in enumerate(
        [
            ("Dredging starts in spring", "The harbour board wants the channel two metres deeper "
             "before the grain ships come back, and has found the money for it at last."),
            ("Fish prices fall again", "Herring went for less than a crown a kilo at the morning "
             "auction, the lowest figure since the hall was built."),
            ("Choir seeks tenors", "Whoever can hold a note is welcome on Thursday evenings in the "
             "net loft, say the singers, who have sopranos enough."),
            ("Lock gates to be painted", "Green won the vote against black by eleven households, "
             "and the painters start at low water next week."),
        ]
    )
)  # fmt: skip
PROSE = """<p>The council voted on Tuesday evening to open the old customs house to the public, nine
years after the last clerk locked its doors and gave the key to the harbour master.</p>
<p>Carpenters will begin with the roof, where slates have come down in every storm since the
winter of the great ice, said Ane Rask, who leads the work for the town.</p>
<p>The ground floor is to hold a reading room and a small kitchen. What becomes of the strong
room in the cellar is still open: its door weighs four tonnes, and nobody knows the numbers.</p>
<p>Money comes from the sale of the slipway and from a foundation that wants to remain unnamed.
The auditors have seen its papers and raised no objection, according to the minutes.</p>
<p>Neighbours had asked for quiet after ten in the evening, and were given it. The first visitors
are expected in June, when the scaffolding around the tower is to come down.</p>
<p>Whether the bell will ring again depends on the frame that carries it. A report on its oak
beams is due before Christmas, and the council will meet once more to hear it.</p>"""
DATED = """<meta property="article:published_time" content="2026-11-20T09:30:00+01:00">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "x", "datePublished": "2026-11-20T09:30:00+01:00"}</script>"""
LOCKED = """<meta property="article:published_time" content="2026-11-20T09:30:00+01:00">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"isAccessibleForFree": false, "headline": "x", "datePublished": "2026-11-20T09:30:00+01:00"}
</script>"""
LOCKED_PART = LOCKED.replace(
    '"headline"',
    '"hasPart": {"isAccessibleForFree": "False", "cssSelector": ".locked-part"}, "headline"',
)


def page(title: str, body: str, head: str = "", lang: str = "en") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}</head><body>{body}</body></html>"
    )


def framed(title: str, main: str, head: str = "", lang: str = "en") -> str:
    """A page in the publisher's usual frame of menu and footer."""
    return page(title, f"{MENU}<main>{main}</main>{FOOT}", head, lang)


CHALLENGES = {
    "a firewall": page(
        "Request Rejected",
        "The requested URL was rejected. Please consult with your administrator.<br><br>Your "
        "support ID is: 5717480313",
    ),
    "a wall against blockers of ads": framed(
        "The Weir Gazette",
        """<h1>Please disable your ad blocker</h1><p>You seem to be using an ad blocker. Turn it
        off, and then load this page again to go on reading.</p><button>Done</button>""",
    ),
    "a browser that is too old": framed(
        "The Weir Gazette",
        """<h1>Your browser is not supported</h1><p>Please upgrade to a newer browser to read the
        Gazette.</p>""",
    ),
    "interstitial": page(
        "Just a moment...",
        """<div class="main-wrapper"><h1>weir-gazette.example</h1><h2>Performing security
        verification</h2><p>This site looks at your connection before it goes on.</p></div>
        <script>window._cf_chl_opt = {cvId: "3"};</script><noscript>Enable JavaScript and cookies
        to continue</noscript>""",
        '<meta http-equiv="refresh" content="360">',
    ),
    "empty but for a script": page(
        "weir-gazette.example",
        """<p id="cmsg">Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c',
        'host':'geo.captcha-delivery.com'}</script>""",
    ),
    "nothing without scripts": page(
        "",
        """<noscript>You need to enable JavaScript and cookies to go on.</noscript>
        <div id="challenge-form"></div>""",
    ),
    "press and hold": page(
        "Access to this page has been denied",
        """<div id="px-captcha"></div><h1>Before we continue</h1><p>Press &amp; Hold to confirm you
        are a human (and not a bot).</p><p>Reference ID 77d0</p>""",
    ),
    "are you a robot": page(
        "The Weir Gazette - Are you a robot?",
        """<h1>The Weir Gazette</h1><h2>We've detected unusual activity from your computer
        network</h2><p>To continue, please click the box below to let us know you're not a
        robot.</p><h3>Why did this happen?</h3><p>Please make sure your browser supports JavaScript
        and cookies and that you are not blocking them from loading.</p>""",
    ),
    "unusual traffic": page(
        "Access denied",
        """<h1>Access denied</h1><p>Our systems have seen unusual traffic from your network, and
        automated requests from it are stopped for now.</p><p>Ray ID: 8812aa</p>""",
    ),
    "captcha form": page(
        "Security check",
        """<form class="captcha-form" method="post"><label>Enter the characters you see<input
        name="c"></label><button>Submit</button></form><p>Please complete the CAPTCHA to show that
        this is not an automated visit.</p>""",
    ),
    "in German": page(
        "Nur einen Moment …",
        """<h1>Sicherheitsprüfung</h1><p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p>""",
        lang="de",
    ),
    "in Russian": page(
        "Вы не робот?",
        """<p>Подтвердите, что запросы отправляли именно вы, а не робот</p><form
        class="captcha-form"></form>""",
        lang="ru",
    ),
    "in Japanese": page(
        "しばらくお待ちください",
        "<p>続行するには、ロボットではないことを確認してください。</p>",
        lang="ja",
    ),
    "too many requests": page(
        "Too Many Requests",
        """<h1>Too many requests</h1><p>Your IP address has been blocked because of suspicious
        activity from your address.</p>""",
    ),
}

CONSENT = {
    "a wall of purposes": page(
        "We value your privacy",
        """<div class="wall"><h1>We value your privacy</h1><p>We and our 812 partners store and/or
        access information on a device, such as unique identifiers in cookies, to process personal
        data.</p><p>With your consent we and our partners may use precise geolocation data. You may
        accept or manage your choices below, including where legitimate interest is used.</p>
        <p>These choices are told to our partners and do not touch browsing data.</p>
        <p>You can come back to this page at any time by the link at its foot.</p>
        <button>More options</button><button>Accept all</button></div>""",
    ),
    "before you continue": page(
        "Before you continue",
        """<h1>Before you continue to the Gazette</h1><p>We use cookies and data to deliver and
        maintain our pages, to track outages and to measure audience engagement.</p><p>If you choose
        to accept, we will also use cookies for personalised ads.</p><form><button>Reject
        all</button>
        <button>Accept all</button></form>""",
    ),
    "pay or be tracked": page(
        "Weir Gazette",
        """<h1>Lesen Sie weiter mit Werbung</h1><h2>Mit Werbung weiterlesen</h2><p>Wir und unsere
        Partner verwenden Cookies und ähnliche Techniken, um personalisierte Werbung zu zeigen. Ihre
        Einwilligung können Sie jederzeit widerrufen, Näheres in der Datenschutzerklärung.</p>
        <a class="btn" href="#">Akzeptieren und weiter</a><h2>Pur-Abo</h2><p>Ohne Tracking für 2
        Kronen
        im Monat.</p>""",
        lang="de",
    ),
    "bare site name": page(
        "The Weir Gazette",
        """<div id="cmp-container"><p>This site uses cookies and similar means. Some need your
        consent: personalised ads, audience research. Details are in our privacy policy.</p>
        <button>I agree</button><button>Manage options</button></div>""",
    ),
    "in French": page(
        "Votre vie privée",
        """<h1>Nous respectons votre vie privée</h1><p>Avec votre consentement, nos partenaires et
        nous utilisons des cookies pour des publicités personnalisées.</p><button>Tout
        accepter</button><button>Continuer sans accepter</button>""",
        lang="fr",
    ),
    "in Dutch": page(
        "Toestemming",
        """<h2>Jouw privacy</h2><p>Wij en onze partners gebruiken cookies om gepersonaliseerde
        advertenties te tonen. Lees ons privacybeleid.</p><button>Akkoord</button>
        <button>Instellen</button>""",
        lang="nl",
    ),
    "long, without a heading": page(
        "weir-gazette.example",
        "<div>"
        + "".join(
            f"<p>Purpose {n}: our partners may store and/or access information on a device and"
            " process personal data such as your address, on the basis of your consent or of"
            " legitimate interest, as the privacy policy lays down in detail.</p>"
            for n in range(12)
        )
        + "</div><button>Accept all</button><button>Reject all</button>",
    ),
}

SOFT_404 = {
    "a server without a site": page(
        "Welcome to nginx!",
        """<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully
        installed and working. Further configuration is required.</p>""",
    ),
    "a name that is for sale": page(
        "weir-gazette.example",
        "<h1>weir-gazette.example</h1><p>This domain may be for sale. Buy this domain.</p>",
    ),
    "plain": framed("Page not found | The Weir Gazette", "<h1>Page not found</h1>"),
    "a bare sentence": page("", "<p>Sorry, the page you are looking for could not be found.</p>"),
    "with the most read beneath": framed(
        "404 - The Weir Gazette",
        f"""<h1>Oops! We can't find that page</h1><p>The link you followed may be broken, or the
        page may have been removed.</p><h2>Most read</h2>{TEASERS}""",
    ),
    "with a login form in the menu": framed(
        "Not found | The Weir Gazette",
        """<form><input name="user"><input type="password" name="word">
        <button>Log in</button></form><h1>Error 404: page not found</h1><p>Check
        the address or go to the front page.</p>""",
    ),
    "an article taken down": framed(
        "Customs house to open | The Weir Gazette",
        """<article><h1>This article has been removed</h1><p>This article is no longer available on
        our site.</p></article>""",
        DATED,
    ),
    "taken down under its old headline": framed(
        "Customs house to open | The Weir Gazette",
        """<article><h1>Customs house to open</h1><p>This story is no longer
        available.</p></article>""",
        DATED,
    ),
    "template calls it an article": framed(
        "Page not found",
        "<article><h1>Page not found</h1><p>We searched every drawer.</p></article>",
        '<meta property="og:type" content="article">',
    ),
    "German": framed("Seite nicht gefunden", "<h1>Fehler 404</h1><p>Die gesuchte Seite gibt es "
                     "leider nicht mehr, oder sie wurde verschoben.</p>", lang="de"),
    "French": framed("Page introuvable", "<h1>Oups</h1><p>La page que vous recherchez n'existe "
                     "plus.</p>", lang="fr"),
    "Spanish": framed("Página no encontrada", "<h1>Lo sentimos</h1><p>La página que buscas ya no "
                      "está disponible.</p>", lang="es"),
    "Portuguese": framed("Página não encontrada", "<p>O conteúdo que você procura foi "
                         "removido.</p>", lang="pt"),
    "Italian": framed("Pagina non trovata", "<h1>Errore 404</h1><p>La pagina che stai cercando non "
                      "esiste più.</p>", lang="it"),
    "Dutch": framed("Pagina niet gevonden", "<h1>Helaas</h1><p>De pagina die je zoekt bestaat niet "
                    "meer.</p>", lang="nl"),
    "Polish": framed("Nie znaleziono strony", "<p>Strona, której szukasz, została usunięta.</p>",
                     lang="pl"),
    "Russian": framed("Страница не найдена", "<p>Запрашиваемая страница была удалена.</p>",
                      lang="ru"),
    "Arabic": framed("الصفحة غير موجودة", "<p>عذرا، الصفحة التي تبحث عنها لم تعد متاحة.</p>",
                     lang="ar"),
    "Chinese": framed("页面不存在", "<p>抱歉，您访问的页面已被删除。</p>", lang="zh"),
    "Japanese": framed("ページが見つかりません", "<p>お探しの記事は掲載期間が終了しました。</p>",
                       lang="ja"),
    "Turkish": framed("Sayfa bulunamadı", "<p>Aradığınız sayfa yayından kaldırılmış olabilir.</p>",
                      lang="tr"),
}  # fmt: skip

GEO_BLOCKS = {
    "a sentence": page(
        "The Weir Gazette", "<p>Sorry, this content is not available in your region.</p>"
    ),
    "with a menu": framed(
        "Not available in your country | The Weir Gazette",
        """<h1>Not available in your country</h1><p>We hold no rights to show this page where you
        are. Readers elsewhere find it under the same address.</p>""",
    ),
    "by law": page(
        "451: Unavailable due to legal reasons",
        """<h1>451: Unavailable due to legal reasons</h1><p>It seems that you visit us from a
        country belonging to the European Economic Area, so access cannot be granted at this time.
        Call the front desk for all questions.</p>""",
    ),
    "in the article's frame": framed(
        "Customs house to open | The Weir Gazette",
        "<article><h2>This page is not available in your country</h2><p>It may be that rights of "
        "others keep us from showing it in your region.</p></article>",
    ),
    "German": page(
        "Nicht verfügbar",
        "<h1>Dieser Inhalt ist in Ihrem Land nicht verfügbar</h1><p>Wir bitten um Nachsicht.</p>",
        lang="de",
    ),
    "French": page(
        "La Gazette",
        "<p>Désolé, cette page n'est pas disponible dans votre pays.</p>",
        lang="fr",
    ),
    "Spanish": page(
        "La Gaceta",
        "<h1>Contenido no disponible en tu país</h1><p>Lo sentimos mucho.</p>",
        lang="es",
    ),
    "Portuguese": page(
        "A Gazeta", "<p>Este conteúdo não está disponível na sua região.</p>", lang="pt"
    ),
    "Russian": page("Газета", "<p>Эта страница недоступна в вашем регионе.</p>", lang="ru"),
    "Japanese": page(
        "新聞", "<p>このページはお住まいの地域ではご覧いただけません。</p>", lang="ja"
    ),
    "Arabic": page("الجريدة", "<p>عذرا، هذا المحتوى غير متاح في بلدك.</p>", lang="ar"),
}  # fmt: skip

LOGINS = {
    "a form": framed(
        "Sign in | The Weir Gazette",
        """<h1>Sign in</h1><form method="post"><input type="email"><input type="password">
        <button>Sign in</button></form><p><a href="/f">Forgot your password?</a> No account yet?
        Create an account.</p>""",
    ),
    "to continue": page(
        "The Weir Gazette",
        """<h2>Please log in</h2><form><input type="password"></form><p>You must be logged in to
        see this page.</p>""",
    ),
    "German": page(
        "Anmelden",
        """<form><input type="password"><label><input type="checkbox">Angemeldet bleiben</label>
        <p>Passwort vergessen?</p></form>""",
        lang="de",
    ),
    "Spanish": page(
        "Iniciar sesión",
        """<h1>Inicia sesión</h1><form><input type="password"></form><p>¿Olvidaste tu
        contraseña?</p>""",
        lang="es",
    ),
}

MAINTENANCE = {
    "back soon": page(
        "We'll be back soon!",
        """<h1>We'll be back soon!</h1><p>Sorry for the inconvenience. We're performing some
        maintenance at the moment and will be back online shortly.</p>""",
    ),
    "scheduled": page(
        "Scheduled maintenance",
        "<p>The site is down for scheduled maintenance. Please check back in an hour.</p>",
    ),
    "sentence only": page(
        "The Weir Gazette", "<p>The website is currently under maintenance.</p>"
    ),
    "German": page(
        "Wartungsarbeiten",
        """<h1>Wir sind gleich zurück</h1><p>Wegen Wartungsarbeiten ist die Seite vorübergehend
        nicht erreichbar. Wir bitten um Verständnis.</p>""",
        lang="de",
    ),
    "Japanese": page(
        "メンテナンス中",
        "<p>ただいまメンテナンスを行っております。しばらくしてからお試しください。</p>",
        lang="ja",
    ),
    "Russian": page(
        "Технические работы",
        "<p>На сайте ведутся технические работы. Зайдите позже.</p>",
        lang="ru",
    ),
}  # fmt: skip

PAYWALLS = {
    "an offer": framed(
        "Subscribe to continue reading | The Weir Gazette",
        """<h1>Subscribe to continue reading</h1><p>You have reached your limit of free articles
        this month.</p><p>Already a subscriber? <a href="/l">Log in</a></p>""",
    ),
    "members only": framed(
        "Members only",
        "<h1>This article is for members only</h1><p>Join us to read it. Already a member?</p>",
    ),
    "French": framed(
        "Article réservé aux abonnés",
        "<h1>Article réservé aux abonnés</h1><p>Abonnez-vous pour lire la suite. Déjà abonné ?</p>",
        lang="fr",
    ),
}

LEAD = """<p>The council voted on Tuesday evening to open the old customs house to the public, nine
years after the last clerk locked its doors.</p>"""
LEADS = {
    "marked as locked": framed(
        "Customs house to open | The Weir Gazette",
        f"""<article><h1>Customs house to open</h1>{LEAD}<div class="offer"><h2>Read on with a
        subscription</h2><p>Subscribe to continue reading.</p></div></article>""",
        LOCKED,
    ),
    "cut off": framed(
        "Customs house to open | The Weir Gazette",
        f"""<article><h1>Customs house to open</h1>{LEAD}<p>Carpenters will begin with the roof,
        where
        slates have come down in every…</p><p>To continue reading this article, please
        subscribe.</p>
        </article>""",
        DATED,
    ),
    "German": framed(
        "Zollhaus öffnet | Wehrbote",
        """<article><h1>Zollhaus öffnet</h1><p>Der Rat hat am Dienstagabend beschlossen, das alte
        Zollhaus wieder für alle zu öffnen, neun Jahre nach der Schließung.</p><h3>Jetzt
        weiterlesen</h3><p>Bereits Abonnent? Hier anmelden</p></article>""",
        LOCKED,
        lang="de",
    ),
}

ARTICLE = f"<article><h1>{{headline}}</h1>{PROSE}</article>"


def article(headline: str, text: str = PROSE, *, head: str = DATED, around: str = "") -> str:
    """A real article under this headline; `around` is what else the page holds."""
    return framed(
        f"{headline} | The Weir Gazette",
        f"{around}<article><h1>{headline}</h1>{text}</article>",
        head,
    )


BANNER = """<div id="cookie-banner" class="consent" role="dialog"><h2>We value your
privacy</h2><p>We
and our partners use cookies and similar means to store and/or access information on a device and
for personalised ads. Details are in our privacy policy.</p><button>Reject
all</button><button>Accept
all</button></div>"""
UNMARKED_BANNER = BANNER.replace(' id="cookie-banner" class="consent" role="dialog"', "")
LOGIN_BOX = """<div class="modal"><h2>Log in</h2><form><input type="email"><input type="password">
<button>Log in</button><p>Forgot your password?</p></form></div>"""
GATE = """<div class="barrier"><h3>Subscribe to continue reading</h3><p>Already a subscriber? Log
in.</p></div>"""
FLASH = """<p>The old customs house is to open to the public in June, the council decided on
Tuesday evening. More follows.</p>"""

ABOUT_404 = """<p>The words “page not found” turned thirty this week, and a museum in the old
customs house is giving them a room of their own.</p><p>Visitors can read the best ones, from “this
page is no longer available” to a poem about a lost link. The link you followed may be broken, says
a
bronze plate above the door, and check the address.</p><p>Its keeper, Ane Rask, began to collect
them when her own town took its archive off the web.</p>"""
ABOUT_COOKIES = """<p>Publishers may no longer make readers accept cookies before they see a page,
the
data authority ruled on Tuesday, after a complaint about a harbour newspaper.</p><p>The paper had
asked
for consent to share personal data with 800 partners, and offered a subscription to those who chose
to
reject all. A privacy policy is no licence, the ruling says.</p><p>Its editor said the wall would
come
down this week. Advertisers expect personalised ads to lose a third of their worth.</p>"""
ABOUT_CAPTCHAS = """<p>Whoever is asked to verify that they are human may soon be asked by one, if a
start-up from the net lofts has its way.</p><p>Its test has no traffic lights to click: you are not
a
robot, it holds, if you hesitate. Unusual traffic from your network no longer locks you
out.</p><p>Banks
are trying it. Critics say that hesitating can be learned as well.</p>"""
ABOUT_BLOCKERS = """<p>Whoever is using an ad blocker will see fewer films from Monday, the largest
of the film sites said. Please disable your ad blocker, it tells them, and wait.</p><p>A browser
that is no longer supported fares worse: update your browser, it hears. The town's name is for sale
again too: this domain may be for sale, a page at its old address says.</p>"""
ABOUT_BLOCKS = """<p>Films that are not available in your country may soon be sold across the
whole union, if a draft that ministers saw on Monday becomes law, two of them said.</p>
<p>Rights are bought land by land, and a viewer who crosses a border is told that the evening's
match is blocked in your region. Owners of small cinemas want to keep it so.</p>
<p>The minister for trade called the present state a toll on moving house. A vote is due before
the summer, and four of nine parties have said how they mean to cast it.</p>"""
ABOUT_PAYWALLS = """<p>The Gazette will take down its paywall for a week, its publisher said on
Tuesday. Readers will not have to subscribe to continue reading.</p><p>Of those who meet the wall,
one in ninety pays, and many turn to the ferry notices instead.</p><p>Already a subscriber? You will
get a book, she said, and laughed.</p>"""
ABOUT_MAINTENANCE = """<p>The town's payment site is down for scheduled maintenance over the
weekend, and
fines for parking cannot be paid until Monday.</p><p>We will be back soon, a notice says. The
harbour
master said that he would not tow anyone before Tuesday noon.</p><p>It is the third outage this
autumn.</p>"""

ARTICLES = {
    "about missing pages": article("Page not found: a museum for dead links", ABOUT_404),
    "about missing pages, undated": article("A museum for dead links", ABOUT_404, head=""),
    "about cookies": article("Regulator bans cookie walls", ABOUT_COOKIES),
    "about cookies, with a banner": article("Cookies: walls banned", ABOUT_COOKIES, around=BANNER),
    "about cookies, undated": article("Regulator bans cookie walls", ABOUT_COOKIES, head=""),
    "about blockers of ads": article("Film site shuts out ad blockers", ABOUT_BLOCKERS),
    "about blockers of ads, undated": article("Film site gets strict", ABOUT_BLOCKERS, head=""),
    "a flash under a call to allow ads": article(
        "Old customs house to open in June",
        FLASH,
        around="<div><h2>Ad blocker detected</h2><p>Please disable your ad blocker.</p></div>",
    ),
    "about captchas": article("Are you a robot? A new test asks", ABOUT_CAPTCHAS),
    "about captchas, undated": article("Robots learn to wait", ABOUT_CAPTCHAS, head=""),
    "about geo-blocks": article(
        "Not available in your country: ministers talk of films and borders", ABOUT_BLOCKS
    ),
    "about geo-blocks, undated": article("Films stop at the border", ABOUT_BLOCKS, head=""),
    "with a film that is blocked": article(
        "Customs house to open",
        FLASH + "<div class=player><p>This video is not available in your country.</p></div>",
        head="",
    ),
    "about paywalls": article("Gazette opens its paywall for a week", ABOUT_PAYWALLS),
    "about maintenance": article("Parking site under maintenance until Monday", ABOUT_MAINTENANCE),
    "about maintenance, undated": article("Fines must wait", ABOUT_MAINTENANCE, head=""),
    "headline of a 404": article("Page not found"),
    "headline of a 404, undated": article("Page not found", head=""),
    "headline of a challenge": article("Just a moment"),
    "headline of a refusal": article("Access denied"),
    "headline of a wall": article("Before you continue"),
    "headline of a login": article("Welcome back"),
    "behind a banner": article("Customs house to open", around=BANNER),
    "behind a banner, undated": article("Customs house to open", around=BANNER, head=""),
    "a flash behind a banner": article("Customs house to open", FLASH, around=BANNER),
    "a flash behind a banner, undated": article(
        "Customs house to open", FLASH, around=BANNER, head=""
    ),
    "a flash behind an unmarked banner": article(
        "Customs house to open", FLASH, around=UNMARKED_BANNER, head=""
    ),
    "with a login box": article("Customs house to open", around=LOGIN_BOX),
    "a flash with a login box": article("Customs house to open", FLASH, around=LOGIN_BOX, head=""),
    "a flash with a captcha in its form": article(
        "Customs house to open",
        FLASH,
        around='<form><div class="g-recaptcha"></div></form>',
        head="",
    ),
    "with a gate for others": article("Customs house to open", PROSE + GATE, head=LOCKED),
    "with its locked part open": article(
        "Customs house to open",
        f'<div class="locked-part">{LEAD}{FLASH}</div>{GATE}',
        head=LOCKED_PART,
    ),
    "a locked flash without a gate": article("Customs house to open", FLASH, head=LOCKED),
    "for browsers without scripts": article(
        "Customs house to open",
        FLASH + "<noscript>Please enable JavaScript and cookies to continue.</noscript>",
    ),
    "a flash": article("Customs house to open", FLASH),
    "a flash, undated": article("Customs house to open", FLASH, head=""),
    "a site that is down": article(
        "Council site fails",
        "<p>The council's website is temporarily unavailable after a power cut in the lower town, "
        "the mayor said.</p>",
        head="",
    ),
    "a page removed": article(
        "Poem leaves school reader",
        "<p>A page has been removed from the school reader: the poem about the weir is no longer "
        "available to third forms, the board decided on Tuesday.</p>",
    ),
    "line breaks instead of paragraphs": framed(
        "Page not found",
        "<h1>Page not found</h1><div>"
        + PROSE.replace("<p>", "").replace("</p>", "<br><br>")
        + "</div>",
    ),
}

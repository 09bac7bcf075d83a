"""Lines in own words: notices as news sites write them, and prose that resembles them."""

from __future__ import annotations

from tests.core.more_notice_lines import NOTICES as _MORE
from tests.core.more_notice_lines import PROSE as _MORE_PROSE

_NOTICES = {
    "en": {
        "correction": [
            "Correction: The bridge is 90 metres long, not 19.",
            "CORRECTION, May 4, 2024: The bridge is in Leeds.",
            "Correction (4 May 2024): The bridge is in Leeds.",
            "Correction (May 4, 2024, 3:15 p.m.): The bridge is in Leeds.",
            "Correction 12th March: The bridge is in Leeds.",
            "A correction was made on May 4, 2024: The bridge is in Leeds.",
            "Correction published on 4 May: The bridge is in Leeds.",
            "Correction An earlier version of this article misstated the bridge's length.",
            "Corrections and clarifications This article was amended on 3 May 2024.",
            "Correction added Nov. 18, 2019: The caption gave a wrong name.",
            "Corrections and clarifications: The bridge is in Leeds.",
            "An earlier version of this article misstated the bridge's length.",
            "A previous version of this story incorrectly said the bridge was shut.",
            "An earlier version of this story, citing the police, gave the wrong street.",
            "Because of an editing error, an earlier version of this column misspelled a name.",
            "An earlier headline on this story wrongly named the bank.",
            "This article was amended on 3 May 2024 to say that the vote was a tie.",
            "This article was amended on 3 May 2024. The vote was a tie.",
            "This story has been corrected to show that the plant has two reactors.",
            "This story has been updated to correct the spelling of the mayor's name.",
            "This story, first published on Tuesday, has been corrected.",
            "This report originally misstated the size of the loan.",
            "We have corrected this article.",
            "The headline of this article was changed on 4 May to correct the toll.",
            "The caption on this story has been corrected.",
            "Erratum: the figure for June is 4.1 per cent.",
        ],
        "clarification": [
            "Clarification: The tax applies from next year only.",
            "Clarification, 9 June 2023: The tax applies from next year only.",
            "This article has been updated to clarify that the tax is regional.",
            "This article was amended on 9 June to make clear who signed the letter.",
        ],
        "editors-note": [
            "Editor's note: The author once worked for the bank.",
            "Editors' note: Some names were changed.",
            "Editor's Note (May 4, 2024): Some names were changed.",
            "Ed. note: Some names were changed.",
            "A note to our readers: we publish the letter in full.",
        ],
        "update": [
            "Updated 14:05",
            "Updated 3:15 p.m. ET",
            "UPDATE 3:15 p.m.: The road is open again.",
            "Update, May 4, 3:15 p.m. — The road is open again.",
            "UPDATE: The road is open again.",
            "Update (4 May): The road is open again.",
            "Last updated: 4 May 2024 at 14:05 GMT",
            "Last updated on Saturday 4 May 2024 14.05 BST",
            "Updated: Jan 3, 2024 / 07:45 PM EST",
            "Published 3 May 2024, updated 4 May 2024",
            "First published on Fri 3 May 2024 10.00 BST - Last modified on Sat 4 May 11.30 BST",
            "Updated 3 hours ago",
            "Updated an hour ago",
            "Updated just now",
            "Updated Nov. 19, 2019 8:21 am ET / Original Nov. 18, 2019 8:02 am ET",
            "Updated Nov 19, 6:55 AM;",
            "This story has been updated with a statement from the council.",
            "This story was updated at 5:45 p.m. ET to include the pilot's name.",
            "This article was originally published in March and has been updated.",
            "This page was last updated on 4 May 2024.",
            "We've updated this story with the council's answer.",
            "Updated at 14:05 with a statement of the council.",
            "Updated 4 May to add the council's answer.",
            "The headline of this story was changed after the vote.",
        ],
        "developing": [
            "This is a developing story. Check back for updates.",
            "This is a developing story and will be updated.",
            "This is a breaking news story; more to come.",
            "This is a breaking news story. Please check back for updates.",
            "This breaking news story is being updated and more will be published shortly.",
            "This story is developing and will be updated as we learn more.",
            "This story will be updated.",
            "Breaking news: more to follow",
            "More to follow.",
            "More to come...",
            "More details soon",
            "Developing story",
            "Developing story: more details soon.",
            "Please check back here for the latest updates.",
            "Refresh this page for updates.",
            "Live updates follow",
            "We will bring you more on this story as we get it.",
        ],
        "retraction": [
            "This article has been retracted.",
            "This story has been removed because a source withdrew her account.",
            "We have withdrawn this story after a review of its sources.",
            "We have removed an earlier version of this story, since its source was forged.",
            "Retraction: the interview did not take place.",
        ],
    },
    "es": {
        "correction": [
            "Corrección: el puente mide 90 metros.",
            "Fe de errores: el puente mide 90 metros.",
            "En una versión anterior de este artículo se indicaba por error otra fecha.",
            "Esta noticia ha sido corregida para precisar la fecha.",
        ],
        "clarification": [
            "Aclaración: la medida es regional.",
        ],
        "editors-note": [
            "Nota de la redacción: los nombres fueron cambiados.",
            "Nota del editor: los nombres fueron cambiados.",
        ],
        "update": [
            "Actualización: la carretera está abierta.",
            "Actualizado a las 14:05",
            "Última actualización: 4 de mayo de 2024, 14:05 h",
            "Este artículo ha sido actualizado con la respuesta del alcalde.",
        ],
        "developing": [
            "Noticia en desarrollo.",
            "Habrá ampliación",
            "Esta es una noticia en desarrollo y se irá ampliando.",
            "En breve, más información.",
        ],
        "retraction": [
            "Este artículo ha sido retirado tras una revisión de las fuentes.",
        ],
    },
    "de": {
        "correction": [
            "Korrektur: Die Brücke ist 90 Meter lang.",
            "Korrekturhinweis: Die Brücke ist 90 Meter lang.",
            "In einer früheren Version dieses Artikels hieß es, die Brücke sei gesperrt.",
            "In einer früheren Fassung stand, die Brücke sei gesperrt. Das war falsch.",
            "Hinweis: Dieser Text wurde nach der Veröffentlichung korrigiert.",
            "Wir haben den Fehler korrigiert.",
            "Anmerkung: In einer früheren Version des Textes hieß es, die Brücke sei gesperrt.",
        ],
        "clarification": [
            "Klarstellung: Die Steuer gilt nur regional.",
        ],
        "editors-note": [
            "Anmerkung der Redaktion: Die Namen wurden geändert.",
            "Anm. d. Red.: Die Namen wurden geändert.",
        ],
        "update": [
            "Aktualisiert am 4. Mai 2024 um 14:05 Uhr",
            "Stand: 04.05.2024, 14:05 Uhr",
            "Update, 14:05 Uhr: Die Straße ist wieder frei.",
            "Dieser Artikel wurde um die Antwort der Stadt ergänzt.",
        ],
        "developing": [
            "Dieser Artikel wird laufend aktualisiert.",
            "Mehr in Kürze",
            "Weitere Informationen folgen in Kürze.",
        ],
        "retraction": [
            "Wir haben diesen Artikel zurückgezogen.",
        ],
    },
    "fr": {
        "correction": [
            "Correction : le pont mesure 90 mètres.",
            "Rectificatif : le pont mesure 90 mètres.",
            "Une version précédente de cet article indiquait que le pont était fermé.",
            "Cet article a été corrigé le 4 mai 2024.",
        ],
        "clarification": [
            "Précision : la taxe est régionale.",
        ],
        "editors-note": [
            "Note de la rédaction : les prénoms ont été changés.",
            "NDLR : les prénoms ont été changés.",
        ],
        "update": [
            "Mis à jour le 4 mai 2024 à 14h05",
            "Mise à jour : la route est rouverte.",
            "Publié le 3 mai 2024 à 10h00, mis à jour le 4 mai 2024 à 14h05",
            "Cet article a été mis à jour avec la réponse de la mairie.",
            "Article mis à jour avec la réponse de la mairie.",
        ],
        "developing": [
            "Plus d'informations à venir.",
            "Article en cours de rédaction",
            "Information en cours.",
            "Cet article sera mis à jour.",
        ],
        "retraction": [
            "Cet article a été retiré après vérification des sources.",
        ],
    },
    "pt": {
        "correction": [
            "Correção: a ponte mede 90 metros.",
            "Errata: a ponte mede 90 metros.",
            "Uma versão anterior deste texto dizia que a ponte estava fechada.",
            "Diferentemente do que foi publicado, a ponte está aberta.",
            "Versão anterior deste texto informava incorretamente que a ponte estava fechada.",
        ],
        "clarification": [
            "Esclarecimento: o imposto é regional.",
        ],
        "editors-note": [
            "Nota da redação: os nomes foram trocados.",
        ],
        "update": [
            "Atualizado em 4 de maio de 2024 às 14h05",
            "Última atualização: 04/05/2024 14:05",
            "Esta reportagem foi atualizada às 14h05.",
        ],
        "developing": [
            "Notícia em atualização",
            "Mais informações em instantes.",
            "Esta reportagem está em atualização.",
        ],
        "retraction": [
            "Este artigo foi retirado depois de uma revisão.",
        ],
    },
    "it": {
        "correction": [
            "Errata corrige: il ponte è lungo 90 metri.",
            "Una precedente versione di questo articolo riportava una data sbagliata.",
        ],
        "clarification": [
            "Precisazione: la tassa è regionale.",
        ],
        "editors-note": [
            "Nota della redazione: i nomi sono stati cambiati.",
        ],
        "update": [
            "Aggiornato alle 14:05",
            "Ultimo aggiornamento: 4 maggio 2024, ore 14:05",
            "Questo articolo è stato aggiornato con la risposta del sindaco.",
        ],
        "developing": [
            "Notizia in aggiornamento",
            "Seguono aggiornamenti.",
        ],
        "retraction": [
            "Questo articolo è stato rimosso dopo una verifica.",
        ],
    },
    "ru": {
        "correction": [
            "Исправление: длина моста 90 метров.",
            "В предыдущей версии статьи ошибочно говорилось, что мост закрыт.",
        ],
        "clarification": [
            "Уточнение: налог региональный.",
        ],
        "editors-note": [
            "Примечание редакции: имена изменены.",
            "Прим. ред.: имена изменены.",
        ],
        "update": [
            "Обновлено: 4 мая 2024 года, 14:05",
            "Обновлено в 14:05 мск",
            "Материал обновлен 4 мая в 14:05.",
        ],
        "developing": [
            "Новость дополняется",
            "Подробности следуют.",
            "Подробнее — позже.",
        ],
        "retraction": [
            "Этот материал был удален после проверки.",
            "Статья отозвана.",
        ],
    },
    "ja": {
        "correction": [
            "訂正：橋の長さは90メートルでした。",
            "【訂正】橋の長さは90メートルでした。",
            "この記事は5月4日に訂正しました。",
            "訂正して、おわびします。",
            "当初の記事に誤りがありました。",
        ],
        "clarification": [
            "補足：税は地域のものです。",
        ],
        "editors-note": [
            "編集部注：名前は変えてあります。",
        ],
        "update": [
            "更新：2024年5月4日 14時05分",
            "最終更新日時：2024年5月4日 14:05",
            "2024年5月4日14時05分更新",
            "2024年5月4日 14時05分 更新",
            "公開日：2024/05/04 11:30 更新日：2024/05/04 14:05",
            "追記：道路は通れるようになりました。",
        ],
        "developing": [
            "この記事は随時更新されます。",
            "続報が入り次第お伝えします。",
            "（随時更新）",
        ],
        "retraction": [
            "この記事は取り消しました。",
        ],
    },
    "zh": {
        "correction": [
            "更正：大桥长90米。",
            "本文较早版本误称大桥已关闭。",
            "本文已更正。",
        ],
        "clarification": [
            "澄清：该税只在地区征收。",
        ],
        "editors-note": [
            "编者按：文中人物均为化名。",
            "編者按：文中人物均為化名。",
            "编注：文中人物均为化名。",
        ],
        "update": [
            "更新：道路已恢复通行。",
            "最后更新：2024年5月4日 14:05",
            "更新時間：2024年5月4日14時05分",
        ],
        "developing": [
            "本文将持续更新。",
            "更多消息稍后公布。",
        ],
        "retraction": [
            "本文已被撤回。",
        ],
    },
    "ar": {
        "correction": [
            "تصحيح: طول الجسر 90 مترا.",
            "نسخة سابقة من هذا المقال ذكرت أن الجسر مغلق.",
        ],
        "clarification": [
            "توضيح: الضريبة إقليمية.",
        ],
        "editors-note": [
            "ملاحظة المحرر: تم تغيير الأسماء.",
        ],
        "update": [
            "آخر تحديث: 4 مايو 2024 الساعة 14:05",
            "تحديث: الطريق مفتوح من جديد.",
        ],
        "developing": [
            "التفاصيل بعد قليل",
            "هذا خبر عاجل وسيتم تحديثه.",
            "هذا الخبر قيد التحديث.",
        ],
        "retraction": [
            "تم سحب هذا المقال بعد مراجعة المصادر.",
        ],
    },
    "tr": {
        "correction": [
            "Düzeltme: Köprü 90 metre uzunluğunda.",
            "Bu haberin önceki versiyonunda köprünün kapalı olduğu yanlışlıkla yazılmıştı.",
        ],
        "editors-note": [
            "Editörün notu: İsimler değiştirildi.",
        ],
        "clarification": [
            "Açıklama notu: Vergi bölgeseldir.",
        ],
        "update": [
            "Güncelleme: Yol yeniden açıldı.",
            "Son güncelleme: 4 Mayıs 2024 14:05",
        ],
        "developing": [
            "Bu haber güncelleniyor.",
            "Ayrıntılar geliyor...",
        ],
        "retraction": [
            "Bu haber yayından kaldırıldı.",
            "Haber geri çekildi.",
        ],
    },
    "nl": {
        "correction": [
            "Correctie: de brug is 90 meter lang.",
            "In een eerdere versie van dit artikel stond dat de brug dicht was.",
        ],
        "editors-note": [
            "Noot van de redactie: de namen zijn veranderd.",
        ],
        "update": [
            "Laatst bijgewerkt: 4 mei 2024 om 14:05 uur",
        ],
        "developing": [
            "Meer informatie volgt.",
            "Dit bericht wordt bijgewerkt.",
        ],
        "retraction": [
            "Dit artikel is ingetrokken.",
        ],
    },
    "pl": {
        "correction": [
            "Sprostowanie: most ma 90 metrów.",
            "W poprzedniej wersji tego artykułu podano błędną datę.",
        ],
        "editors-note": [
            "Od redakcji: imiona zostały zmienione.",
        ],
        "update": [
            "Aktualizacja: 4 maja 2024, godz. 14:05",
        ],
        "developing": [
            "Więcej informacji wkrótce.",
        ],
        "retraction": [
            "Ten artykuł został wycofany.",
        ],
    },
    "hi": {
        "correction": [
            "भूल सुधार: पुल 90 मीटर लंबा है।",
        ],
        "editors-note": [
            "संपादक का नोट: नाम बदले गए हैं।",
        ],
        "update": [
            "अपडेट: सड़क फिर खुल गई है।",
            "अंतिम अपडेट: 4 मई 2024, 14:05",
        ],
        "developing": [
            "इस खबर को लगातार अपडेट किया जा रहा है।",
        ],
        "retraction": [
            "इस खबर को हटा दिया गया है।",
        ],
    },
    "id": {
        "correction": [
            "Ralat: panjang jembatan 90 meter.",
            "Artikel ini telah dikoreksi.",
        ],
        "editors-note": [
            "Catatan redaksi: nama-nama diubah.",
        ],
        "update": [
            "Diperbarui: 4 Mei 2024 pukul 14.05 WIB",
        ],
        "developing": [
            "Berita ini akan terus diperbarui.",
        ],
        "retraction": [
            "Artikel ini telah dicabut.",
        ],
    },
}

_PROSE = {
    "en": [
        "The company issued a correction to its earnings on Monday.",
        "An update on the storm is expected at noon.",
        "A correction was made on Monday to the line of the new road.",
        "Correction published by the ministry on Monday calmed the markets.",
        "Correction fluid was first sold in a Dallas kitchen.",
        "Corrections officers found the letter under a mattress.",
        "Corrected for inflation, wages fell by two per cent.",
        "Correction or collapse - markets wonder which it will be.",
        "Clarification came only after the minister had left.",
        "Updated guidance for 2024 travellers was sent to every airline.",
        "Updated rules take effect on 4 May, the agency said.",
        "Updated with a new roof, the hall opened on 4 May.",
        "The headline of this autumn was changed by the flood.",
        "Update your phone before you travel, the embassy said.",
        "Updates were posted on the door of the town hall every hour.",
        "Updates – the city's own page – were few.",
        "The update: one dead, four hurt, wrote the officer in his log.",
        "The article was amended by parliament in May 2021.",
        "This article of the treaty was amended in 1952.",
        "This report says the fund was withdrawn by its owners.",
        "This report into the fire was withdrawn last year, the judge said.",
        "This video shows a man whose mask has been removed by police.",
        "This story has been told in every tavern of the valley.",
        "This is a developing country with a young population.",
        "This is a breaking point for the union, she said.",
        "“This is a developing story,” the anchor said as the lights went out.",
        '"Correction: I was born in Leeds," he told the judge.',
        "An earlier version of the bill passed the senate in March.",
        "An earlier version of this story appeared in the evening edition.",
        "The study has been retracted by the journal.",
        "We have withdrawn the troops, the general said.",
        "We have removed this statue for good, said the mayor.",
        "More to come was the promise of every speech.",
        "More to the point, nobody had asked the pilots.",
        "More details were released on Tuesday.",
        "Check back for updates on ticket sales next week, the club told its fans.",
        "Developing countries asked for more time.",
        "Developing: bath, stop bath and fixer are mixed in that order, he explains.",
        "Retraction of the landing gear took nine seconds.",
        "Editors noted that the letter carried no date.",
        "The editor's note on his desk said only: no.",
        "Last updated in 1987, the map shows a road that no longer exists.",
        "Last modified by a clerk in 1987, the file names nobody.",
        "The magazine has withdrawn its story about the senator.",
        "Breaking news travels fast in a town of nine hundred.",
        "Stay with relatives if you can, the mayor told the evacuated.",
    ],
    "es": [
        "La corrección del déficit llevará años, dijo el ministro.",
        "Actualizado por última vez en los noventa, el plano omite la carretera.",
        "Este artículo de la Constitución fue modificado en 1992.",
        "Un país en desarrollo necesita carreteras.",
        "La noticia en desarrollo preocupa a los vecinos, dijo.",
    ],
    "de": [
        "In einer früheren Fassung des Gesetzes stand das Verbot noch.",
        "Der Bericht wurde am Montag von der Behörde korrigiert.",
        "Die Meldung wurde am Abend vom Ministerium zurückgezogen.",
        "Stand der Dinge ist, dass niemand verletzt wurde.",
        "Hinweis in einer alten Akte: Die Brücke war nie geprüft worden.",
        "Korrekturen am Haushalt seien nötig, sagte die Ministerin.",
        "Mehr in Kürze zu erreichen, sei unmöglich, sagte er.",
    ],
    "fr": [
        "La mise à jour du logiciel a duré trois heures.",
        "Cet article du code a été voté en 1958.",
        "Précision allemande et charme italien : la voiture plaît.",
        "L'information en cours de route a manqué aux équipages, dit-il.",
    ],
    "pt": [
        "A correção do salário mínimo foi aprovada na terça.",
        "Este artigo da lei foi votado em 1988.",
        "Versão anterior do projeto foi rejeitada em março.",
    ],
    "it": [
        "La rettifica del bilancio è stata approvata ieri.",
        "Il testo è stato corretto dalla commissione in serata.",
    ],
    "ru": [
        "Поправка к закону принята в первом чтении.",
        "Материал был удален с сайта ведомства, сообщила газета.",
        "Лицензия отозвана у трёх банков.",
        "Подробнее о мосте расскажет выставка в порту.",
        "Обновление парка автобусов займет два года.",
    ],
    "ja": [
        "更新料は来年から上がる。",
        "訂正を求める声が相次いだ。",
        "市長は発言を訂正し、会場を後にした。",
        "訂正する考えはないと述べた。",
        "当初の計画に誤りがあったと市長は述べた。",
    ],
    "zh": [
        "更新换代的速度越来越快。",
        "更正错误需要时间，他说。",
    ],
    "ar": [
        "تصحيح المسار يحتاج إلى سنوات، قال الوزير.",
        "تحديث الأسطول يستغرق عامين.",
        "يتبع الحي بلدية الميناء منذ عقود.",
    ],
    "tr": [
        "Düzeltme payı tartışmaya yol açtı.",
        "Haber geri çekilen askerlerle ilgiliydi, dedi.",
        "Güncelleme yapılan sistem çöktü.",
    ],
    "nl": [
        "De correctie van de begroting duurde drie weken.",
    ],
    "pl": [
        "Aktualizacja systemu potrwa do maja.",
    ],
    "hi": [
        "सुधार की मांग को लेकर किसान सड़क पर उतरे।",
    ],
    "id": [
        "Koreksi pasar saham berlanjut pada hari Senin.",
    ],
}

NOTICES = [
    (language, kind, line)
    for table in (_NOTICES, _MORE)
    for language, kinds in table.items()
    for kind, lines in kinds.items()
    for line in lines
]
"""(language, kind, line)"""

PROSE = [
    (language, line)
    for table in (_PROSE, _MORE_PROSE)
    for language, lines in table.items()
    for line in lines
]
"""(language, line)"""

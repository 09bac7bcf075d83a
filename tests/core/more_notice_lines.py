"""Lines in own words, as those of notice_lines.py, in the languages of the table's second half."""

from __future__ import annotations

NOTICES = {
    "sv": {
        "correction": [
            "Rättelse: Bron är 90 meter lång.",
            "RÄTTELSE: Bron är 90 meter lång.",
            "I en tidigare version av artikeln stod att bron var stängd.",
            "En tidigare version av texten innehöll fel uppgift om bron.",
            "Artikeln har rättats.",
        ],
        "clarification": ["Förtydligande: Skatten gäller bara i länet."],
        "editors-note": [
            "Red. anm: Namnen är ändrade.",
            "Redaktionens kommentar: Namnen är ändrade.",
        ],
        "update": [
            "Uppdaterad 14.05",
            "Uppdaterad: 3 maj 2024 kl 14.05",
            "Publicerad 3 maj 2024, uppdaterad 4 maj 2024",
            "Artikeln har uppdaterats med kommunens svar.",
        ],
        "developing": ["Artikeln uppdateras.", "Texten uppdateras löpande.", "Mer info följer."],
        "retraction": ["Artikeln har avpublicerats efter en granskning av källorna."],
    },
    "da": {
        "correction": [
            "Rettelse: Broen er 90 meter lang.",
            "I en tidligere version af artiklen fremgik det, at broen var lukket.",
            "Artiklen er rettet kl. 14.05.",
            "Der stod tidligere i artiklen, at broen var lukket.",
        ],
        "clarification": ["Præcisering: Afgiften gælder kun i regionen."],
        "editors-note": ["Redaktionel note: Navnene er ændret.", "Red. bem.: Navnene er ændret."],
        "update": [
            "Opdateret kl. 14.05",
            "Sidst opdateret 3. maj 2024 kl. 14.05",
            "Publiceret 3. maj 2024, opdateret 4. maj 2024",
            "Artiklen er opdateret med borgmesterens svar.",
        ],
        "developing": ["Artiklen opdateres.", "Historien bliver opdateret.", "Mere følger."],
        "retraction": ["Artiklen er blevet afpubliceret efter en gennemgang af kilderne."],
    },
    "no": {
        "correction": [
            "Rettelse: Broen er 90 meter lang.",
            "I en tidligere versjon av saken sto det at broen var stengt.",
            "Saken er rettet.",
            "Det sto tidligere i denne saken at broen var stengt.",
        ],
        "clarification": ["Presisering: Avgiften gjelder bare i fylket."],
        "editors-note": [
            "Red. anm.: Navnene er endret.",
            "Redaksjonell merknad: Navnene er endret.",
        ],
        "update": [
            "Oppdatert 14.05",
            "Sist oppdatert 3. mai 2024 kl. 14.05",
            "Publisert 3. mai 2024 Oppdatert 4. mai 2024",
            "Saken er oppdatert med svar fra kommunen.",
        ],
        "developing": ["Saken oppdateres.", "Artikkelen blir oppdatert.", "Mer kommer."],
        "retraction": ["Saken er trukket etter en gjennomgang av kildene."],
    },
    "fi": {
        "correction": [
            "Oikaisu: Silta on 90 metriä pitkä.",
            "Oikaisu 3.5.2024 klo 14.05: Silta on 90 metriä pitkä.",
            "Korjaus: Silta on 90 metriä pitkä.",
            "Juttua korjattu 3.5.2024 klo 14.05",
            "Jutun aiemmassa versiossa kerrottiin virheellisesti, että silta on suljettu.",
            "Jutussa luki aiemmin, että silta on suljettu.",
        ],
        "clarification": ["Täsmennys: Vero koskee vain maakuntaa."],
        "editors-note": ["Toimituksen huomautus: Nimet on muutettu."],
        "update": [
            "Päivitetty 14.05",
            "Päivitetty: 3.5.2024 klo 14.05",
            "Julkaistu 3.5.2024 klo 12.00 Päivitetty 3.5.2024 klo 14.05",
            "Juttua on täydennetty kaupungin vastauksella.",
        ],
        "developing": ["Juttua päivitetään.", "Uutinen päivittyy.", "Juttu täydentyy."],
        "retraction": ["Juttu on poistettu lähteiden tarkistuksen jälkeen."],
    },
    "uk": {
        "correction": [
            "Виправлення: міст має 90 метрів.",
            "Виправлено: міст має 90 метрів.",
            "У попередній версії матеріалу помилково йшлося про закритий міст.",
            "Спростування: міст не закрито.",
        ],
        "clarification": ["Уточнення: податок лише обласний."],
        "editors-note": ["Від редакції: імена змінено.", "Примітка редакції: імена змінено."],
        "update": [
            "Оновлено 14:05",
            "Оновлено: 3 травня 2024, 14:05",
            "Оновлення: дорогу відкрито.",
            "Матеріал доповнено коментарем міської ради.",
        ],
        "developing": ["Новина доповнюється.", "Матеріал оновлюється.", "Подробиці згодом."],
        "retraction": ["Цей матеріал було видалено після перевірки джерел."],
    },
    "cs": {
        "correction": [
            "Oprava: Most měří 90 metrů.",
            "V předchozí verzi článku jsme chybně uvedli, že je most uzavřen.",
            "V původní verzi textu bylo uvedeno jiné datum.",
            "Opravili jsme chybu v článku.",
        ],
        "clarification": ["Upřesnění: Poplatek platí jen v kraji."],
        "editors-note": [
            "Poznámka redakce: Jména byla změněna.",
            "Pozn. red.: Jména byla změněna.",
        ],
        "update": [
            "Aktualizováno 14:05",
            "Aktualizováno: 3. května 2024, 14:05",
            "Aktualizace: Silnice je otevřená.",
            "Článek jsme doplnili o vyjádření radnice.",
        ],
        "developing": [
            "Podrobnosti připravujeme.",
            "Zprávu aktualizujeme.",
            "Článek průběžně doplňujeme.",
        ],
        "retraction": ["Článek byl stažen po prověření zdrojů."],
    },
    "ro": {
        "correction": [
            "Erată: Podul are 90 de metri.",
            "Rectificare: Podul are 90 de metri.",
            "Într-o versiune anterioară a articolului se menționa greșit altă dată.",
            "Acest articol a fost corectat.",
        ],
        "clarification": ["Precizare: Taxa este doar regională."],
        "editors-note": [
            "Nota redacției: Numele au fost schimbate.",
            "N.R.: Numele au fost schimbate.",
        ],
        "update": [
            "Actualizat la 14:05",
            "UPDATE 14:05: Drumul este deschis din nou.",
            "Ultima actualizare: 3 mai 2024, ora 14:05",
            "Articolul a fost actualizat cu răspunsul primăriei.",
        ],
        "developing": [
            "Știre în curs de actualizare.",
            "Mai multe detalii în scurt timp.",
            "Articolul va fi actualizat.",
        ],
        "retraction": ["Acest articol a fost retras după verificarea surselor."],
    },
    "hu": {
        "correction": [
            "Helyreigazítás: A híd 90 méter hosszú.",
            "Javítás: A híd 90 méter hosszú.",
            "Cikkünk korábbi változatában tévesen szerepelt, hogy a hidat lezárták.",
            "A cikket javítottuk.",
        ],
        "clarification": ["Pontosítás: Az adó csak a megyére vonatkozik."],
        "editors-note": ["A szerkesztő megjegyzése: A neveket megváltoztattuk."],
        "update": [
            "Frissítve: 14:05",
            "Frissítve: 2024. május 3. 14:05",
            "Frissítés: Az út újra járható.",
            "Cikkünket a város válaszával frissítettük.",
        ],
        "developing": ["Cikkünk frissül.", "Hírünket frissítjük.", "Részletek hamarosan."],
        "retraction": ["Cikkünket a források ellenőrzése után visszavontuk."],
    },
    "el": {
        "correction": [
            "Διόρθωση: Η γέφυρα έχει μήκος 90 μέτρα.",
            "Σε προηγούμενη έκδοση του άρθρου αναφερόταν λανθασμένα άλλη ημερομηνία.",
            "Το άρθρο διορθώθηκε.",
        ],
        "clarification": ["Διευκρίνιση: Ο φόρος ισχύει μόνο στην περιφέρεια."],
        "editors-note": ["Σημείωση του συντάκτη: Τα ονόματα έχουν αλλάξει."],
        "update": [
            "Ενημερώθηκε 14:05",
            "Τελευταία ενημέρωση: 3 Μαΐου 2024, 14:05",
            "Δημοσιεύθηκε 3 Απριλίου 2024 Ενημερώθηκε 4 Απριλίου 2024",
            "Το άρθρο ενημερώθηκε με την απάντηση του δήμου.",
        ],
        "developing": ["Είδηση σε εξέλιξη.", "Το άρθρο ενημερώνεται.", "Περισσότερα σε λίγο."],
        "retraction": ["Το άρθρο αποσύρθηκε μετά από έλεγχο των πηγών."],
    },
    "he": {
        "correction": [
            "תיקון: אורך הגשר 90 מטרים.",
            "תיקון טעות: אורך הגשר 90 מטרים.",
            "בגרסה קודמת של הכתבה נכתב בטעות שהגשר סגור.",
        ],
        "clarification": ["הבהרה: המס חל רק במחוז."],
        "editors-note": ["הערת המערכת: השמות שונו."],
        "update": [
            "עודכן 14:05",
            "עדכון אחרון: 3 במאי 2024, 14:05",
            "פורסם 3.5.2024 12:00 עודכן 3.5.2024 14:05",
            "הכתבה עודכנה עם תגובת העירייה.",
        ],
        "developing": ["הידיעה מתעדכנת.", "פרטים נוספים בהמשך.", "הכתבה מתעדכנת"],
        "retraction": ["הכתבה הוסרה לאחר בדיקת המקורות."],
    },
    "ko": {
        "correction": [
            "정정: 다리의 길이는 90미터입니다.",
            "바로잡습니다: 다리의 길이는 90미터입니다.",
            "정정보도문: 다리의 길이는 90미터입니다.",
            "이전 기사에서는 다리의 길이가 잘못 표기됐습니다.",
        ],
        "clarification": ["알려드립니다: 이 세금은 지역에만 적용됩니다."],
        "editors-note": ["편집자주: 이름은 가명입니다.", "편집자 주: 이름은 가명입니다."],
        "update": [
            "최종수정 2024.05.04 14:05",
            "입력 2024.05.03 12:00 수정 2024.05.04 14:05",
            "업데이트: 도로가 다시 열렸다.",
            "이 기사는 시청의 답변으로 업데이트됐습니다.",
        ],
        "developing": [
            "자세한 소식 곧 이어집니다.",
            "속보가 이어집니다.",
            "이 기사는 계속 업데이트됩니다.",
        ],
        "retraction": ["이 기사는 출처를 확인한 뒤 삭제됐습니다."],
    },
    "de": {
        "editors-note": ["Transparenzhinweis: Die Autorin war früher bei der Bank."],
        "developing": ["EILMELDUNG: Mehr in Kürze"],
    },
    "fr": {
        "correction": [
            "Rectificatif : le pont mesure 90 mètres.",
            "Erratum du 4 mai : le pont mesure 90 mètres.",
        ],
        "update": ["Mise à jour, 14h05 : la route est rouverte.", "Mis à jour à 14h05"],
    },
    "es": {"developing": ["MÁS INFORMACIÓN EN BREVE", "Habrá ampliación en breve"]},
    "hi": {
        "developing": ["यह खबर अपडेट की जा रही है।", "अधिक जानकारी जल्द।"],
        "correction": ["सुधार: पुल 90 मीटर लंबा है।"],
    },
    "tr": {
        "correction": ["Düzeltme: Köprünün uzunluğu 90 metredir."],
        "developing": ["Ayrıntılar geliyor..."],
    },
    "zh": {"correction": ["更正：大桥长90米。", "【更正】大桥长90米。"]},
    "ja": {"correction": ["【訂正】橋の長さは90メートルでした。"]},
}

PROSE = {
    "sv": [
        "Rättelsen av budgeten tog tre veckor.",
        "Texten uppdaterad av kungen 1809 gäller än.",
        "Artikeln skrevs för en tidning i Malmö.",
        "Mer följer av avtalet, sade ministern.",
    ],
    "da": [
        "Rettelsen af budgettet tog tre uger.",
        "Opdateret udstyr koster mere, sagde chefen.",
        "Historien om broen er lang.",
    ],
    "no": [
        "Rettelsen av budsjettet tok tre uker.",
        "Saken er alvorlig, sa politiet.",
        "Oppdatert utstyr koster mer, sa sjefen.",
        "Mer kommer enn før, sa fiskeren.",
    ],
    "fi": [
        "Korjaus maksaa miljoona euroa.",
        "Päivitetty suunnitelma hyväksyttiin maanantaina.",
        "Lisää tulossa on vain sadetta, hän sanoi.",
    ],
    "uk": [
        "Виправлення бюджету тривало три тижні.",
        "Оновлення автобусів триватиме два роки.",
        "Новина про міст засмутила село.",
    ],
    "cs": [
        "Oprava mostu potrvá dva roky.",
        "Aktualizace systému potrvá do května.",
        "Podrobnosti zná jen starosta.",
    ],
    "ro": [
        "Rectificarea bugetară a fost aprobată luni.",
        "Precizarea ministrului a venit târziu.",
        "Acest articol din lege a fost votat în 1991.",
    ],
    "hu": [
        "A javítás két évig tart.",
        "Frissítés közben leállt a rendszer.",
        "A hír bejárta a várost.",
    ],
    "el": [
        "Η διόρθωση του προϋπολογισμού κράτησε τρεις εβδομάδες.",
        "Ενημέρωση των πολιτών ζήτησε ο δήμαρχος.",
        "Το άρθρο του νόμου ψηφίστηκε το 1992.",
    ],
    "he": ["תיקון החוק אושר אתמול בכנסת.", "עדכון המערכת יימשך שבוע.", "הכתבה עוסקת בגשר."],
    "ko": [
        "정정할 생각은 없다고 그는 말했다.",
        "수정안은 월요일에 통과됐다.",
        "추가 예산이 필요하다고 시장은 말했다.",
        "업데이트 비용은 내년에 오른다.",
        "이 기사를 쓴 기자는 시장을 만났다.",
    ],
}

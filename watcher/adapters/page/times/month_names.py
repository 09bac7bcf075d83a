"""Months, and words by dates and names, in the languages of the news web: tables to extend."""

from __future__ import annotations

_MONTHS = """
en january february march april may june july august september october november december
en jan feb mar apr may jun jul aug sept oct nov dec
en - - - - - - - - sep - - -
de januar februar märz april mai juni juli august september oktober november dezember
de jänner feber mrz apr mai jun jul aug sep okt nov dez
de jan feb mär - - - - - sept - - -
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
fr janv févr mars avr mai juin juil août sept oct nov déc
fr - fevrier - - - - - aout - - - decembre
es enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
es ene feb mar abr may jun jul ago sep oct nov dic
es - - - - - - - - setiembre - - -
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
pt jan fev mar abr mai jun jul ago set out nov dez
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
it gen feb mar apr mag giu lug ago set ott nov dic
nl januari februari maart april mei juni juli augustus september oktober november december
nl jan feb mrt apr mei jun jul aug sep okt nov dec
pl stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
pl sty lut mar kwi maj cze lip sie wrz paź lis gru
ru января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ru янв фев мар апр мая июн июл авг сен окт ноя дек
uk січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
tr oca şub mar nis may haz tem ağu eyl eki kas ara
sv januari februari mars april maj juni juli augusti september oktober november december
no januar februar mars april mai juni juli august september oktober november desember
da januar februar marts april maj juni juli august september oktober november december
is janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
cs ledna února března dubna května června července srpna září října listopadu prosince
sk januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
hu január február március április május június július augusztus szeptember október november december
el ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
id januari februari maret april mei juni juli agustus september oktober november desember
ar يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
fa ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
hi जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
"""  # noqa: E501 - a table: one language a line


def _by_name(table: str) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for line in table.strip().splitlines():
        for number, name in enumerate(line.split()[1:], 1):
            found.setdefault(name, set()).add(number)
    # a name that means different months in different languages tells nothing (listopad)
    return {name: min(months) for name, months in found.items() if len(months) == 1}


MONTHS = _by_name(_MONTHS)
"""Month by its name, casefolded, full or short, in whatever language: names do not collide."""

UPDATED = (
    "updated", "last update", "modified", "aktualisiert", "stand:", "geändert", "mis à jour",
    "mise à jour", "modifié", "actualizado", "modificado", "atualizado", "aggiornato",
    "aggiornamento", "modificato", "bijgewerkt", "gewijzigd", "zaktualizowan", "aktualizacja",
    "обновлен", "оновлен", "güncelle", "oppdatert", "uppdaterad", "opdateret", "aktualizován",
    "aktualizované", "actualizat", "frissítve", "ενημέρωση", "päivitetty", "uppfært", "diperbarui",
    "cập nhật", "更新", "수정", "업데이트", "最終更新", "تحديث", "به‌روزرسانی", "अपडेट",
)  # fmt: skip
"""What stands before a time of modification, casefolded, or the beginning of it."""

PUBLISHED = (
    "published", "posted", "veröffentlicht", "publiziert", "erstellt", "publié", "publicado",
    "publicada", "pubblicato", "gepubliceerd", "opublikowan", "опубликован", "опублікован",
    "yayınlanma", "yayın tarihi", "publisert", "publicerad", "publiceret", "udgivet",
    "publikován", "publicat", "megjelent", "δημοσίευση", "julkaistu", "birt", "diterbitkan",
    "đăng", "公開", "掲載", "配信", "发布", "發布", "입력", "등록", "نشر", "انتشار", "प्रकाशित",
)  # fmt: skip
"""What stands before a time of publication, casefolded, or the beginning of it."""

BY = (
    "by", "written by", "words by", "reporting by", "von", "par", "por", "di", "door", "av", "af",
    "od", "autor", "autora", "автор", "текст", "przez", "tekst", "oleh", "ditulis oleh", "skrifar",
    "kirjoittaja", "texte", "text", "texto", "testo", "escrito por",
)  # fmt: skip
"""What stands before the name of an author, casefolded."""

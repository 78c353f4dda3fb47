"""Mail as programs of many kinds and countries write it: what of a reply is new (CO-1), and what the bytes mean (CO-5, CO-6).

Written after how such programs are known to behave; none of it is anybody's mail.
"""

import base64
from datetime import datetime

import pytest

from podpora.mail.rules.parsing import ParsedMail, parse
from podpora.mail.rules.trimming import reply_of

pytestmark = pytest.mark.once
QUOTE = "> Hello,\n> please restart it.\n>\n> Regards\n"
INTRODUCTIONS = [
 "On 11-Apr-2011, at 6:54 PM, Roman Tkachenko <romant@example.com> wrote:",
 "On Nov 30, 2011, at 12:47 PM, Somebody <\n416ffd3258d4d2fa4c85cfa4c44e1721d66e3e8f4\n@example.domain.org>\nwrote:",
 "On 04/19/2011 07:10 AM, Roman Tkachenko wrote:",
 "2011/4/7 Nathan Иванов <support@example.com>",
 "2013/3/2 Some Body <x@example.com>\n",
 "Den 1. januar 2013 kl. 12:32 skrev Lars Hansen <lars@example.dk>:",
 "Op 17 februari 2015 18:18 schreef Jan de Vries <jan@example.nl>:",
 "Op ma 3 feb. 2020 om 15:02 schreef Jan <jan@example.nl>:",
 "Am 19.04.2011 um 07:10 schrieb Max Müller <max@example.de>:",
 "Am Mo., 3. Feb. 2020 um 15:02 Uhr schrieb Max <max@example.de>:",
 "Le 19/04/2011 07:10, Jean Dupont a écrit :",
 "Le lun. 3 févr. 2020 à 15:02, Jean <jean@example.fr> a écrit :",
 "El lun, 3 feb 2020 a las 15:02, Juan (<juan@example.es>) escribió:",
 "El 19/04/2011 07:10, Juan escribió:",
 "Em seg., 3 de fev. de 2020 às 15:02, João <joao@example.br> escreveu:",
 "Il giorno lun 3 feb 2020 alle ore 15:02 Mario <mario@example.it> ha scritto:",
 "Il 19/04/2011 07:10, Mario ha scritto:",
 "po 3. 2. 2020 v 15:02 odesílatel Jana Nová <jana@example.cz> napsal:",
 "Dne 19.4.2011 7:10, Jana Nová napsal(a):",
 "Dňa 19. 4. 2011 o 7:10 Jana napísal(a):",
 "po 3. 2. 2020 o 15:02 Jana <jana@example.sk> napísal(a):",
 "W dniu 19.04.2011 o 07:10, Jan Kowalski pisze:",
 "pon., 3 lut 2020 o 15:02 Jan <jan@example.pl> napisał(a):",
 "19.04.2011 7:10, Иван Иванов пишет:",
 "пн, 3 февр. 2020 г. в 15:02, Иван <ivan@example.ru>:",
 "пн, 3 лют. 2020 р. о 15:02 Іван <ivan@example.ua> пише:",
 "On 2020-02-03 15:02, Jana Nová wrote:",
 "2020年2月3日(月) 15:02 山田太郎 <taro@example.jp>:",
 "在 2020年2月3日,下午3:02,王伟 <wei@example.cn> 写道:",
 "2020년 2월 3일 (월) 오후 3:02, 김철수 <kim@example.kr>님이 작성:",
 "Den mån 3 feb. 2020 kl 15:02 skrev Sven <sven@example.se>:",
 "man. 3. feb. 2020 kl. 15:02 skrev Ola <ola@example.no>:",
 "ma 3. helmik. 2020 klo 15.02 Matti (matti@example.fi) kirjoitti:",
 "Jan Novák <jan@example.cz> ezt írta (időpont: 2020. febr. 3., H, 15:02):",
 "3 Şub 2020 Pzt, 15:02 tarihinde Ali <ali@example.tr> şunu yazdı:",
 "În lun., 3 feb. 2020 la 15:02, Ion <ion@example.ro> a scris:",
 "Στις Δευ 3 Φεβ 2020 στις 3:02 μ.μ., ο/η Νίκος <n@example.gr> έγραψε:",
 "Vào Th 2, 3 thg 2, 2020 lúc 15:02 Nam <nam@example.vn> đã viết:",
 "בתאריך יום ב׳, 3 בפבר׳ 2020 ב-15:02 מאת דני <d@example.il>:",
 "في الاثنين، 3 فبراير 2020 في 3:02 م تمت كتابة ما يلي بواسطة علي <a@example.eg>:",
 "pon, 3. feb. 2020 v 15:02 je oseba Ana <ana@example.si> napisala:",
 "pon, 3. velj 2020. u 15:02 Ivan <i@example.hr> napisao je:",
 "На пн, 3.02.2020 г. в 15:02 ч. Иван <i@example.bg> написа:",
 "El dl., 3 de febr. 2020 a les 15:02, Jordi (<j@example.cat>) va escriure:",
 "Kuupäev 3. veebruar 2020 15:02 kirjutas Mart <m@example.ee>:",
 "Pr, 2020-02-03 15:02 Jonas <j@example.lt> rašė:",
 "svētd., 2020. g. 3. febr., plkst. 15:02 — lietotājs Jānis (<j@example.lv>) rakstīja:",
 "Pada tanggal Sen, 3 Feb 2020 pukul 15.02 Budi <b@example.id> menulis:",
 "ในวันที่ จ. 3 ก.พ. 2020 เวลา 15:02 Somchai <s@example.th> เขียนว่า:",
 "On Monday, February 3rd, 2020 at 3:02 PM, Jana <jana@proton.example> wrote:",
 "------- Original Message -------\nOn Monday, February 3rd, 2020 at 3:02 PM, Jana <jana@proton.example> wrote:",
 "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, 3 February 2020 15:02, Jana <j@x.example> wrote:",
 "-------- Původní zpráva --------\nOd: Jana <j@example.cz>\nDatum: 3. 2. 2020 15:02\nPro: podpora@example.cz\nPředmět: Re: x",
 "---------- Původní e-mail ----------\nOd: Jana <j@example.cz>\nKomu: podpora@example.cz\nDatum: 3. 2. 2020 15:02:11\nPředmět: x",
 "-------- Original message --------\nFrom: Jana <j@example.cz>\nDate: 03/02/2020 15:02 (GMT+01:00)\nTo: a@b.cz\nSubject: x",
 "-----Ursprüngliche Nachricht-----\nVon: Max <m@example.de>\nGesendet: Montag, 3. Februar 2020 15:02\nAn: a@b.de\nBetreff: x",
 "________________________________\nFrom: Jana <j@example.cz>\nSent: Monday, February 3, 2020 3:02 PM\nTo: a@b.cz\nSubject: x",
 "________________________________\nDe : Jean <j@example.fr>\nEnvoyé : lundi 3 février 2020 15:02\nÀ : a@b.fr\nObjet : x",
 "De: Juan\nEnviado el: lunes, 3 de febrero de 2020 15:02\nPara: a@b.es\nAsunto: x",
 "Da: Mario\nInviato: lunedì 3 febbraio 2020 15:02\nA: a@b.it\nOggetto: x",
 "Van: Jan\nVerzonden: maandag 3 februari 2020 15:02\nAan: a@b.nl\nOnderwerp: x",
 "Od: Jan\nWysłano: poniedziałek, 3 lutego 2020 15:02\nDo: a@b.pl\nTemat: x",
 "Fra: Lars\nSendt: 3. februar 2020 15:02\nTil: a@b.dk\nEmne: x",
 "Från: Sven\nSkickat: den 3 februari 2020 15:02\nTill: a@b.se\nÄmne: x",
 "Lähettäjä: Matti\nLähetetty: maanantai 3. helmikuuta 2020 15.02\nVastaanottaja: a@b.fi\nAihe: x",
 "От: Иван\nОтправлено: 3 февраля 2020 г. 15:02\nКому: a@b.ru\nТема: x",
 "Od: Jana\nOdesláno: pondělí 3. února 2020 15:02\nKomu: a@b.cz\nPředmět: x",
 "Od: Jana\nOdoslané: pondelok 3. februára 2020 15:02\nKomu: a@b.sk\nPredmet: x",
 "Feladó: Jan\nElküldve: 2020. február 3., hétfő 15:02\nCímzett: a@b.hu\nTárgy: x",
 "Kimden: Ali\nGönderilme Tarihi: 3 Şubat 2020 Pazartesi 15:02\nKime: a@b.tr\nKonu: x",
 "De la: Ion\nTrimis: luni, 3 februarie 2020 15:02\nCătre: a@b.ro\nSubiect: x",
 "发件人: 王伟\n发送时间: 2020年2月3日 15:02\n收件人: a@b.cn\n主题: x",
 "差出人: 山田\n送信日時: 2020年2月3日 15:02\n宛先: a@b.jp\n件名: x",
 "보낸 사람: 김\n보낸 날짜: 2020년 2월 3일\n받는 사람: a@b.kr\n제목: x",
 "Від: Іван\nНадіслано: 3 лютого 2020 р. 15:02\nКому: a@b.ua\nТема: x",
 "De: João\nEnviada em: segunda-feira, 3 de fevereiro de 2020 15:02\nPara: a@b.br\nAssunto: x",
 "*From:* Jana [mailto:j@example.cz]\n*Sent:* Monday, February 3, 2020 3:02 PM\n*To:* a@b.cz\n*Subject:* x",
 "From: Jana ‎[mailto:j@example.cz]‎ \nSent: 3/2/2020\nTo: a@b.cz‎\nSubject: x",
 "Date: Tue, 30 Mar 2011 18:12:56 -0700\nFrom: sender@example.com\nTo: a@b.cz\nSubject: FYI",
 "-- Original message --",
 "--- Original Message ---\nFrom: x",
 "____________________________________\nFrom: j@example.cz\nTo: a@b.cz\nSent: 2/3/2020 3:02:11 P.M. Central Standard Time\nSubj: x",
 "-----Original Message-----\nFrom: j@aol.com\nTo: a@b.cz\nSent: Mon, Feb 3, 2020 3:02 pm\nSubject: x",
 "Sent from Samsung Mobile\n\n-------- Original message --------\nFrom: J <j@x.cz>\nDate: 3/2/2020\nTo: a@b.cz\nSubject: x",
 "Sent from my iPhone\n\nOn 3 Feb 2020, at 15:02, Jana <j@x.cz> wrote:",
 "> Begin quoted:",
 "Jana Nová wrote (3.2.2020):",
 "Quoting Jana <j@x.cz>:",
 "Quoting \"Jana Nová\" <j@x.cz>:",
 "Jana via Vendor <support@vendor.example> wrote on Mon, 3 Feb 2020 at 15:02:",
 "Jana <j@x.cz> schrieb am Mo., 3. Feb. 2020, 15:02:",
 "From: Jana\nSubject: x\nDate: Monday, 3 February 2020\nTo: a@b.cz",
 "Mon, 3 Feb 2020 15:02:11 +0100 Jana <j@x.cz> wrote:",
 "---- On Mon, 03 Feb 2020 15:02:11 +0100 Jana <j@x.cz> wrote ----",
 "On 03/02/20 15:02, Jana wrote:",
 "In reply to Jana <j@x.cz>'s message of 3 Feb 2020:",
 "Am Montag, 3. Februar 2020, 15:02:11 CET schrieb Jana:",
 "On Monday, 3 February 2020 15:02:11 CET Jana wrote:",
 "At 15:02 03/02/2020, Jana wrote:",
 "| From: Jana <j@x.cz>\n| Date: Mon, 3 Feb 2020 15:02\n| To: a@b.cz\n| Subject: x",
]  # fmt: skip
PHONES = [
    "Sent from my iPhone", "Sent from my BlackBerry® wireless device", "Sent from Yahoo Mail on Android",
    "Get Outlook for iOS<https://aka.ms/o0ukef>", "Odesláno z iPhonu", "Odesláno z mobilu Seznam.cz", "Poslano iz mojega iPhone",
    "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Enviado desde mi iPhone", "Enviado do meu iPhone", "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone", "Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta", "Wysłane z iPhone'a",
    "Отправлено с iPhone", "Надіслано з iPhone", "iPhoneから送信",
    "发自我的 iPhone", "從我的 iPhone 傳送", "나의 iPhone에서 보냄", "Gesendet von Mail für Windows",
    "Sent from Mail for Windows 10", "Odoslané z iPhonu", "Gönderen: iPhone'umdan gönderildi", "iPhone'umdan gönderildi",
    "Elküldve az iPhone-omról", "Trimis de pe iPhone", "Enviat des del meu iPhone", "Στάλθηκε από το iPhone μου",
    "Sent via the Samsung Galaxy S10, an AT&T 5G smartphone", "Sent with Proton Mail secure email.", "נשלח מה-iPhone שלי",
    "Saadetud minu iPhone'ist", "Poslano s mog iPhonea", "Изпратено от моя iPhone", "Dikirim dari iPhone saya", "Đã gửi từ iPhone của tôi",
    "ส่งจาก iPhone ของฉัน", "Gesendet mit der GMX Mail App", "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.",
]  # fmt: skip


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_co1_the_quote_and_who_is_quoted_are_folded(introduction: str) -> None:
    assert reply_of(f"Thanks, that helped.\n\n{introduction}\n{QUOTE}") == "Thanks, that helped."


@pytest.mark.parametrize("line", PHONES)
def test_co1_what_a_phone_signs_with_is_folded(line: str) -> None:
    assert reply_of(f"Thanks.\n\n{line}") == "Thanks."


KEPT = [
    "Here is another email\n\nSent from my desk, is much easier then my mobile phone.",
    "Thanks for that.\n\nOn friday I tried:\n\n restart\n\nand it works.",
    "Please do:\n\n- one\n- two\n\nFrom: address is wrong in the mail\nTo: nobody",
    "On 3 Feb 2020, Jana <j@x.cz> wrote:\n> a?\n\nyes\n\n> b?\n\nno",
    "FYI\n\n---------- Forwarded message ---------\nFrom: J <j@x>\nDate: 3 Feb\nSubject: x\nTo: y\n\nThe text",
    "I called Jana on 3 Feb 2020 at 15:02, she said it works:\nall is well.",
    "Gesendet wurde es gestern.",
]


@pytest.mark.parametrize("text", KEPT)
def test_co1_no_text_is_lost(text: str) -> None:
    assert reply_of(text) == text


HEAD = b"From: Jana <jana@private.example>\r\nMessage-ID: <a@b>\r\n"
TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello"


def mail(head: str | bytes, body: str | bytes = b"") -> ParsedMail:
    return parse(
        HEAD
        + (head if isinstance(head, bytes) else head.encode())
        + b"\r\n\r\n"
        + (body if isinstance(body, bytes) else body.encode())
    )


def parts(*inner: str, kind: str = "mixed", close: str = "--B--\r\n") -> ParsedMail:
    body = "".join(f"--B\r\n{part}\r\n" for part in inner)
    return mail(f'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="B"', f"preamble\r\n{body}{close}")


CHARSETS = [
    ("iso-2022-jp", "日本語テスト"), ("shift_jis", "日本語テスト"), ("euc-jp", "日本語テスト"),
    ("gb2312", "中文测试"), ("gb18030", "中文测试"), ("gbk", "繁體"),
    ("big5", "繁體測試"), ("euc-kr", "한국어"), ("ks_c_5601-1987", "한국어"), ("koi8-r", "Привет"), ("windows-1251", "Привет"), ("koi8-u", "Привіт"),
    ("windows-1250", "Příliš žluťoučký"), ("iso-8859-2", "Příliš žluťoučký"), ("windows-1252", "“quoted” – €"), ("utf-7", "Příliš"),
    ("iso-8859-7", "Ελληνικά"),
    ("windows-1255", "שלום"), ("windows-1256", "مرحبا"), ("windows-874", "สวัสดี"), ("mac-roman", "café"), ("cp866", "Привет"), ("ibm852",
    "Příliš"),
    ("windows-1257", "ąčęėįš"), ("hz-gb-2312", "中文测试"), ("iso-2022-kr", "한국어"), ("utf-16", "příklad"), ("utf-16le", "příklad"),
]  # fmt: skip
CODECS = {"iso-2022-jp": "iso2022_jp", "ks_c_5601-1987": "cp949", "hz-gb-2312": "hz", "ibm852": "cp852", "windows-874": "cp874"}


@pytest.mark.parametrize(("charset", "text"), CHARSETS)
def test_co5_a_charset_in_subject_and_text(charset: str, text: str) -> None:
    coded = base64.b64encode(text.encode(CODECS.get(charset, charset))).decode()
    kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64"
    read = mail(f"Subject: =?{charset}?B?{coded}?=\r\n{kind}", coded)
    assert (read.subject, read.text.strip()) == (text, text)


@pytest.mark.parametrize("charset", ["big5", "gb2312", "windows-1250", "iso-8859-2", "koi8-r", "utf-16", "windows-1252"])
@pytest.mark.parametrize("text", ["您好！你今天好吗？", "Příliš žluťoučký", "Привет, как дела?"])
def test_co5_utf_8_under_another_name(charset: str, text: str) -> None:
    coded = base64.b64encode(text.encode()).decode()
    kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64"
    read = mail(f"Subject: =?{charset}?B?{coded}?=\r\n{kind}", coded)
    assert (read.subject, read.text.strip()) == (text, text)


def test_a_mail_whatever_its_lines_end_with() -> None:
    raw = b"Subject: x\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\none\ntwo\n--B\nContent-Type: text/csv\n\na;b\n--B--\n"
    for end in (b"\n", b"\r\n", b"\r"):
        read = parse(raw.replace(b"\n", end))
        assert (read.subject, read.text.strip(), [file.content.strip() for file in read.files]) == ("x", "one\ntwo", [b"a;b"])


SUBJECTS = [
    ("Příliš žluťoučký", "Příliš žluťoučký"), ("one\r\n two\r\n\tthree", "one two three"), ("=?utf-8?Q?one_?=\r\n =?utf-8?Q?two?=", "one two"),
    ("a =?utf-8?Q?b?= c", "a b c"), ("=?UTF-8?b?xI0=?=", "č"), ("=?utf-8*cs?Q?=C4=8D?=", "č"), ("=?utf-8?Q?a b c?=", "a b c"), ("", ""),
    ("first\r\nSubject: second", "first"), ("=?x-unknown?Q?caf=C3=A9?=", "café"), ("y\r\nthis is no header\r\nX-A: b", "y"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), SUBJECTS)
def test_a_subject_however_it_is_written(written: str, read: str) -> None:
    assert mail(f"Subject: {written}").subject == read


SENDERS = [
    ("<jana@x.cz>", "jana@x.cz", ""), ('"Nová, Jana" <jana@x.cz>', "jana@x.cz", "Nová, Jana"), ("jana@x.cz (Jana Nová)", "jana@x.cz", "Jana Nová"),
    ('"=?utf-8?Q?Jana_Nov=C3=A1?=" <jana@x.cz>', "jana@x.cz", "Jana Nová"), ("Jana Nová jana@x.cz", "jana@x.cz", "Jana Nová"),
    ("Jana <jana@x.cz", "jana@x.cz", "Jana"), ("Jana <<jana@x.cz>>", "jana@x.cz", "Jana"), ('"Jana" <"jana nova"@x.cz>', '"jana nova"@x.cz',
    "Jana"),
    ("Group: jana@x.cz, b@x.cz;", "jana@x.cz", ""), ("'Jana' <jana@x.cz>", "jana@x.cz", "Jana"), ("Jana <mailto:jana@x.cz>", "jana@x.cz", "Jana"),
    ("Jana [Sales] <jana@x.cz>", "jana@x.cz", "Jana [Sales]"), ("josé@příklad.cz", "josé@příklad.cz", ""), ("<@relay.cz:jana@x.cz>",
    "jana@x.cz", ""),
    ("=?utf-8?Q?jana=40x.cz?=", "jana@x.cz", ""), ('"Jana \\"J\\" N" <jana@x.cz>', "jana@x.cz", 'Jana "J" N'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "address", "name"), SENDERS)
def test_th13_a_sender_however_he_is_written(written: str, address: str, name: str) -> None:
    sender = parse(f"From: {written}\r\nSubject: x\r\n\r\nhi".encode()).sender
    assert sender is not None and (sender.address, sender.name) == (address, name)


NAMES = [
    ('Content-Type: application/pdf; name="a b.pdf"', "a b.pdf"), ("Content-Disposition: attachment; filename=smlouva nova.pdf",
    "smlouva nova.pdf"),
    ("Content-Disposition: attachment; filename*=UTF-8''p%C5%99%C3%ADloha.pdf", "příloha.pdf"),
    ("Content-Disposition: attachment;\r\n filename*0*=UTF-8''p%C5%99;\r\n filename*1*=%C3%ADloha;\r\n filename*2=.pdf", "příloha.pdf"),
    ('Content-Disposition: attachment;\r\n filename*0="long";\r\n filename*1="name.pdf"', "longname.pdf"),
    ('Content-Disposition: attachment; filename="=?utf-8?Q?p=C5=99?=\r\n =?utf-8?Q?=C3=ADloha.pdf?="', "příloha.pdf"),
    ('Content-Disposition: attachment; filename="příloha.pdf"', "příloha.pdf"), ("Content-Disposition: ATTACHMENT; FILENAME=A.PDF", "A.PDF"),
    ("Content-Disposition: attachment; filename=\"plain.pdf\"; filename*=UTF-8''b%C3%A9st.pdf", "bést.pdf"),
    ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"), ('Content-Disposition: attachment; filename="semi;colon.pdf"',
    "semi;colon.pdf"),
    ('Content-Type: text/calendar; method=REQUEST; name="invite.ics"', "invite.ics"), ("Content-Type: text/calendar; method=REQUEST",
    "attachment-1.ics"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "name"), NAMES)
def test_co6_a_file_name_however_it_is_written(head: str, name: str) -> None:
    kind = "" if "Content-Type" in head else "Content-Type: application/pdf\r\n"
    assert [file.name for file in parts(TEXT, f"{kind}{head}\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=").files] == [name]


FLOWED = "Subject: x\r\nContent-Type: text/plain; charset=utf-8; format=flowed"
SHAPES = [
    (parts(TEXT, close=""), "Hello"), (mail("Subject: x\r\nContent-Type: multipart/mixed", "--B\r\n\r\nhello\r\n--B--"), "hello"),
    (mail("Subject: x\r\nContent-Type: multipart/mixed", "only text"), "only text"), (mail("Subject: x\r\nContent-Type: ;;;", "hi"), "hi"),
    (mail('Subject: x\r\nContent-Transfer-Encoding: "quoted-printable"\r\nContent-Type: text/plain; charset=utf-8', "=C4=8D"), "č"),
    (mail("Subject: x\r\nContent-Transfer-Encoding: base64 (comment)\r\nContent-Type: TEXT/PLAIN", "aGVsbG8="), "hello"),
    (mail("Subject: x\r\nContent-Transfer-Encoding: bogus\r\nContent-Type: text/plain", "hello"), "hello"),
    (mail("Subject: x\r\nContent-Type: text/plain; charset=us-ascii", "příklad"), "příklad"), (parse(b"From: a@b.cz\rSubject: x\r\rhello"),
    "hello"),
    (parse(b"From a@b Mon Feb 3 15:02:11 2020\r\n" + HEAD + b"\r\nhello"), "hello"), (mail("Subject : y", "hello"), "hello"),
    (mail(FLOWED, "This is a \r\nflowed line.\r\n\r\nNext"), "This is a flowed line.\n\nNext"), (mail(FLOWED, " From here\r\n  two"),
    "From here\n two"),
    (mail(f"{FLOWED}; delsp=yes", "日本 \r\n語です。\r\n"), "日本語です。"),
    (mail(FLOWED, "> quoted \r\n> more\r\n-- \r\nsig"), "> quoted more\n-- \nsig"),
    (mail("Subject: x\r\nContent-Type: text/enriched", "<bold>hi</bold> <<there"), "hi <there"),
    (parts(TEXT, "Content-Type: message/rfc822\r\n\r\nFrom: a@b\r\nSubject: Inner\r\n\r\ninner text"), "Hello"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "text"), SHAPES)
def test_a_text_whatever_its_shape(read: ParsedMail, text: str) -> None:
    assert read.text.strip() == text


def test_co7_files_that_are_part_of_the_text() -> None:
    yenc = "=ybegin line=128 size=5 name=a.bin\r\n\x92\x8f\x96\x96\x99=}\r\n=yend size=5\r\nmore".encode("latin-1")
    (file,) = mail("Subject: x", b"text\r\n" + yenc).files
    assert (file.name, file.content) == ("a.bin", b"hello\x13")
    assert [file.name for file in mail("Subject: x", "text\n\nbegin 644 a.txt\n#0V%T\n`\nend\n\nmore").files] == ["a.txt"]
    digest = parts("\r\nFrom: a@b\r\nSubject: One\r\n\r\nt1", "\r\nFrom: a@b\r\nSubject: Two\r\n\r\nt2", kind="digest")
    assert [file.name for file in digest.files] == ["One.eml", "Two.eml"]


DATES = [
    ("Mon, 3 Feb 2020 15:02:11 +0100 (CET)", 14), ("Mon, 03 Feb 20 15:02 EST", 20), ("Mon, 3 Feb 2020 15:02:11", 15), ("2020-02-03T15:02:11Z", 15),
    ("2020-02-03 15:02:11 +0100", 14), ("Mon Feb  3 15:02:11 2020", 15), ("Mon, 3 Feb 2020 15.02.11 +0100", 14),
    ("Mon, 3 Feb 2020 15:02:11 +01:00", 14),
    ("garbage", None), ("Mon, 31 Feb 2020 15:02:11 +0100", None), ("2020-99-99 99:99", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "hour"), DATES)
def test_th16_a_date_however_it_is_written(written: str, hour: int | None) -> None:
    date = mail(f"Date: {written}\r\nSubject: x").date
    assert (date.replace(minute=0, second=0, tzinfo=None) if date else None) == (datetime(2020, 2, 3, hour) if hour else None)


GONE = "gone@x.example"


def report(action: str, status: str, original: str = "Message-ID: <orig@vendor.example>") -> ParsedMail:
    """RFC 3464."""
    told = f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {GONE}\r\nAction: {action}\r\nStatus: {status}"
    inner = (
        "\r\nIt says what became of it.",
        f"Content-Type: message/delivery-status\r\n\r\n{told}",
        f"Content-Type: message/rfc822\r\n\r\n{original}\r\n\r\nx",
    )
    body = "".join(f"--B\r\n{part}\r\n" for part in inner)
    head = 'From: MAILER-DAEMON@mx\r\nSubject: Delivery report\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
    return parse(f"{head}{body}--B--\r\n".encode())


def test_au7_the_actions_of_a_delivery_report() -> None:
    for action in ("relayed", "delivered", "expanded"):
        assert report(action, "2.0.0").bounce is None
    failed, delayed, full = (report(*one).bounce for one in (("failed", "5.1.1"), ("delayed", "4.4.1"), ("failed", "4.2.2")))
    assert failed is not None and delayed is not None and full is not None
    assert (failed.recipient, failed.message_id) == (GONE, "<orig@vendor.example>")
    assert [one.is_permanent for one in (failed, delayed, full)] == [True, False, True]  # given up, though the box is only full


OLD = [
    ("failure notice",
    f"Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
     f"This is a permanent error; I've given up. Sorry it didn't work out.\n\n<{GONE}>:\nno mailbox (#5.1.1)\n\n"
     "--- Below this line is a copy of the message.\n\n"
     "Message-ID: <orig@vendor.example>\n", "5"),
    ("Mail delivery failed: returning message to sender",
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
     f"delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
     f"  {GONE}\n    550 No such user\n\n"
     "------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <orig@vendor.example>\n", "5"),
    ("Mail delivery failed",
     f"This is a mail agent that nobody knows, at mx.example.\n\nThere was an error delivering your mail to <{GONE}>.\n\n"
     "mx2.example did not like our final DATA:\n550-5.7.26 not accepted\n\nMessage headers follow.\n\nMessage-ID: <orig@vendor.example>\n",
     "5.7.26"),
    ("Warning: could not send message for past 4 hours",
     f"I was not able to hand your mail to {GONE} yet.\nIt will be retried for five days.\n\nMessage-ID: <orig@vendor.example>\n", "4"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text", "status"), OLD)
def test_au7_bounces_without_a_report(subject: str, text: str, status: str) -> None:
    bounce = parse(f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nSubject: {subject}\r\n\r\n{text}".encode()).bounce
    assert bounce is not None and (bounce.recipient, bounce.status, bounce.message_id) == (GONE, status, "<orig@vendor.example>")


MACHINES = [
    "Auto-Submitted: auto-replied (vacation)", "Auto-Submitted: auto-notified", "X-Precedence: auto_reply",
    "X-Auto-Response-Suppress: DR, OOF, AutoReply",
    "X-POST-MessageClass: 9; Autoresponder", "Delivered-To: Autoresponder", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    "X-Cron-Env: <SHELL=/bin/sh>", "From: system-noreply@x.cz", "From: donotreply@x.cz", "From: noreply+abc@x.cz", "Feedback-ID: 1:2:x",
]  # fmt: skip
PEOPLE = [
    "Auto-Submitted: no",
    "X-Auto-Response-Suppress: None",
    "Precedence: first-class",
    "From: reply.123@x.cz",
    "Subject: Out of office",
    "From: noreplyson@x.cz",
]


@pytest.mark.parametrize("header", [*MACHINES, *PEOPLE])
def test_au1_a_machine_is_known_by_its_headers(header: str) -> None:
    first = "" if header.startswith("From") else "From: jana@x.cz\r\n"
    assert bool(parse(f"{first}{header}\r\n\r\nI am away.".encode()).automatic) is (header in MACHINES)

"""How mail programs announce what they quote, in many languages. Data for the trimmer (rules/trimming.py)."""

import re

# "On 2 April 2012 Jana wrote:" — (what it begins with, what stands at its end). "" begins with anything, then a date or an
# address has to be in it.
WROTE: tuple[tuple[str, str], ...] = (
    ("on", r"(wrote|writes|said|sent|schreef|skrev|schrieb)"),
    ("", r"(wrote|writes)"),
    ("am", r"schrieb.{0,150}"), ("", r"schrieb"), ("von", r"schrieb"),
    ("le", r"a\s+[ée]crit"), ("", r"a\s+[ée]crit"),
    ("el", r"escribi[óo]"), ("", r"escribi[óo]"), ("em", r"escreveu"), ("", r"escreveu"), ("a", r"va\s+escriure"),
    ("il", r"ha\s+scritto"), ("in", r"ha\s+scritto"), ("", r"ha\s+scritto"),
    ("op", r"(schreef.{0,150}|het\s+volgende\s+geschreven)"), ("", r"schreef"),
    ("den", r"skrev.{0,150}"), ("", r"skrev.{0,80}"), ("", r"kirjoitti.{0,80}"), ("på", r"skrev.{0,80}"), ("p[åa]", r"skrev.{0,80}"),
    ("dne", r"napsala?(\(a\))?.{0,20}"), ("", r"napsala?(\(a\))?"), ("", r"nap[ií]sala?(\(a\))?"), ("dňa", r"nap[ií]sala?(\(a\))?"),
    ("w dniu", r"(napisał|pisze).{0,80}"), ("dnia", r"(napisał|pisze).{0,80}"), ("", r"(napisał|napisała|napisał\(a\)|pisze)"),
    ("", r"(пишет|написал|написала|написал\(а\))"), ("", r"(пише|написав|написала|написав\(ла\))"), ("на", r"написа"),
    ("", r"ezt\s+[íi]rta.{0,80}"), ("", r"(şunu\s+yazdı|yazdı)"), ("în", r"a\s+scris.{0,80}"), ("pe", r"a\s+scris.{0,80}"), ("", r"a\s+scris"),
    ("στις", r"έγραψε.{0,80}"), ("", r"έγραψε"), ("vào", r"đã\s+viết"), ("", r"đã\s+viết"),
    ("", r"(写道|寫道|写到)"), ("", r"(のメール|書きました|のメッセージ|からのメール|さんは書きました)"), ("", r"(작성|작성함|썼습니다)"),
    ("", r"(כתב|כתבה|كتب)"), ("", r"(kirjutas|rakstīja|rašė|pisao|pisala|napisao|napisala|je\s+napisal\(a\)|je\s+napisao/la)"),
)  # fmt: skip

_ORIGINAL = (
    "original message", "original appointment", "originalmessage", "reply message", "replied message",
    "původní zpráva", "puvodni zprava", "původní e-mail", "původní email", "puvodni e-mail", "pôvodná správa", "pôvodný e-mail",
    "ursprüngliche nachricht", "urspruengliche nachricht", "originalnachricht", "original-nachricht", "message d'origine", "message d’origine",
    "message original", "courriel original", "mensaje original", "mensagem original", "messaggio originale", "messaggio originario",
    "oorspronkelijk bericht", "origineel bericht", "oprindelig meddelelse", "original besked", "original meddelelse", "opprinnelig melding",
    "ursprungligt meddelande", "originalmeddelande", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomosc oryginalna",
    "исходное сообщение", "оригинальное сообщение", "оригінальне повідомлення", "eredeti üzenet", "özgün ileti", "orijinal mesaj",
    "mesajul original", "原始邮件", "原邮件", "原始郵件", "元のメッセージ", "원본 메시지", "αρχικό μήνυμα", "antwort nachricht",
)  # fmt: skip
_FORWARDED = (
    "forwarded message", "forwarded by", "begin forwarded message", "přeposlaná zpráva", "přeposlaný e-mail", "preposlaná správa",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "message transféré", "début du message réexpédié", "mensaje reenviado",
    "mensagem encaminhada", "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht", "vidarebefordrat meddelande",
    "videresendt meddelelse", "videresendt melding", "wiadomość przekazana", "przekazana wiadomość", "пересылаемое сообщение",
    "перенаправленное сообщение", "továbbított üzenet", "yönlendirilen ileti", "转发的邮件", "転送メッセージ", "välitetty viesti",
)  # fmt: skip


def _ruled(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in phrases)


ORIGINAL = re.compile(
    rf"[-‐–—_=*~\s>]{{0,60}}(?:{_ruled(_ORIGINAL)})[-‐–—_=*~\s:]{{0,60}}|-{{6,30}}\s?original\s?-{{6,30}}", re.IGNORECASE
)
FORWARDED = re.compile(rf"[-_=*~\s>]{{0,60}}(?:{_ruled(_FORWARDED)})[^\n]{{0,80}}", re.IGNORECASE)
ABOVE = re.compile(
    r"[^\w\n]{0,20}(?:please\s+)?(?:(?:type|write|enter)\s+your\s+)?(?:reply|respond|write)\s+above\s+this\s+line[^\n]{0,60}"
    r"|[^\w\n]{0,20}(?:prosím\s+)?(?:odpov[ěe]zte|odpovídejte|pište)\s+(?:prosím\s+)?nad\s+t(?:uto|outo)\s+(?:čár|linkou|řád)[^\n]{0,60}"
    r"|[^\w\n]{0,20}(?:bitte\s+)?(?:schreiben|antworten)\s+sie\s+(?:ihre\s+antwort\s+)?(?:über|oberhalb)[^\n]{0,60}",
    re.IGNORECASE,
)

_FROM = (
    "from", "od", "von", "de", "da", "van", "från", "fra", "lähettäjä", "nadawca", "от", "від", "de la", "feladó", "kimden", "gönderen", "från",
    "发件人", "寄件者", "差出人", "보낸 사람", "보낸사람", "από", "mittente", "expéditeur", "remitente", "odesílatel", "odosielateľ", "absender",
)  # fmt: skip
_SENT = (
    "sent", "date", "odesláno", "odoslané", "datum", "gesendet", "envoyé", "envoye", "enviado", "enviada", "enviado el", "enviada em", "inviato",
    "data", "verzonden", "skickat", "sendt", "sendt den", "dato", "lähetetty", "päivämäärä", "päiväys", "wysłano", "wysłane", "отправлено",
    "дата", "надіслано", "elküldve", "dátum", "gönderildi", "tarih", "发送时间", "日期", "寄件日期", "送信日時", "日時", "보낸 날짜", "날짜",
    "trimis", "fecha", "στάλθηκε", "ημερομηνία", "le", "gesendet am", "sent on", "date sent", "sent at",
)  # fmt: skip
_TO = (
    "to", "komu", "an", "à", "a", "para", "aan", "till", "til", "vastaanottaja", "kenelle", "do", "кому", "címzett", "kime", "收件人", "收件者",
    "宛先", "받는 사람", "către", "destinataire", "destinatario", "příjemce", "προς",
)  # fmt: skip
_MORE = (
    "subject", "předmět", "predmet", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "aihe", "temat", "тема",
    "tárgy", "konu", "主题", "主旨", "件名", "제목", "subiect", "θέμα", "cc", "kopie", "copie", "kopi", "kopia", "copia", "bcc", "reply-to",
    "reply to",    "importance", "priority", "attachments", "přílohy", "kópia", "odpovědět komu", "x-mailer", "organization", "message-id",
)  # fmt: skip
SENDER_WORDS, DATE_WORDS, TO_WORDS, OTHER_WORDS = frozenset(_FROM), frozenset(_SENT), frozenset(_TO), frozenset(_MORE)

MOBILE = re.compile(
    r"(?:[-–—_*\s]{0,4})(?:"
    r"sent (?:from|via|using|with|on) (?:my |the )?[\w\-+®™'’. \[\]]{1,60}(?:[\w\- ,.()]{0,60})?"
    r"|sent with \[?[\w ]{1,30}\]?\(https?://[^\s()]{1,80}\)[\w ]{0,30}"
    r"|get outlook for [\w ]{1,30}.{0,80}|outlook for [\w ]{1,20}.{0,80}"
    r"|(?:získat|získejte|získať|získajte|stáhnout) (?:aplikaci )?outlook pr[oe] [\w ]{1,20}.{0,80}|holen sie sich outlook für .{1,90}"
    r"|outlook (?:für|voor) [\w ]{1,20} (?:herunterladen|downloaden).{0,80}|(?:téléchargez|obtenir|obtenez) outlook pour .{1,90}"
    r"|obtener outlook para .{1,90}|(?:scarica|ottieni) outlook per .{1,90}|obter o outlook para .{1,90}|pobierz (?:aplikację )?outlook .{1,90}"
    r"|odesláno (?:z|ze|pomocí|prostřednictvím|přes) .{1,80}|odoslané (?:z|zo|pomocou) .{1,80}"
    r"|(?:diese nachricht wurde )?(?:von|mit|vom) (?:meinem|meiner|dem|der)? ?.{1,50} gesendet.{0,20}|gesendet (?:von|mit|über|vom) .{1,80}"
    r"|envoy[ée] (?:de|depuis|à partir de|avec) .{1,80}|enviado (?:desde|do|de|a partir do|con|con mi) .{1,80}|inviato (?:da|dal|con) .{1,80}"
    r"|verzonden (?:vanaf|met|via|vanuit) .{1,80}|verstuurd (?:vanaf|met|via) .{1,80}|skickat från .{1,60}|skickades från .{1,60}"
    r"|sendt fra .{1,60}|lähetetty .{1,60}(?:sta|lta|lla|ltä|stä)|wysłan[eo] (?:z|za pomocą|ze) .{1,60}|отправлено (?:с|из|от) .{1,60}"
    r"|надіслано з .{1,60}|発信元.{1,40}|iphone ?から送信|发自我的.{1,40}|從我的.{1,40}傳送|나의 .{1,40}에서 보냄|sendt fra min .{1,40}"
    r"|(?:this (?:e-?mail|message) (?:was )?)?sent from .{1,60}"
    r"|sent (?:from|via) (?:my |the )?samsung .{1,80}|poslano (?:iz|s|sa) (?:moj|mog|m).{1,50}|.{1,30}['’]?(?:umdan|imden|ımdan) gönderildi"
    r"|elküldve az? .{1,50}(?:ról|ről)|trimis de pe .{1,50}|enviat des del? .{1,50}|στάλθηκε από .{1,50}|נשלח מ.{1,50}|saadetud minu .{1,50}"
    r"|изпратено от .{1,50}|dikirim dari .{1,50}|(?:đã )?gửi từ .{1,50}|ส่งจาก .{1,50}|أرسل(?:ت)? من .{1,50}|nosūtīts no .{1,50}|išsiųsta iš .{1,50}"
    r")[.!]?",
    re.IGNORECASE,
)
NOT_MOBILE = re.compile(
    r"sent from my (?:own|previous|colleague|boss|old|wife|husband|last|e-?mail|desk|heart|side)\b", re.IGNORECASE
)

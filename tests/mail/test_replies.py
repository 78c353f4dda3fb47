"""How mail programs announce the mail that they answer, one below the other, in text and in HTML (CO-1). Every mail here is made up."""
# ruff: noqa: E501  # what programs write on one line

import pytest

from podpora.mail.rules.parsing import parse
from podpora.mail.rules.trimming import cut_html, trimmed_text

BELOW = {
    "seznam cz": '---------- Původní e-mail ----------\nOd: Podpora <support@vendor.example>\nKomu: Jana <jana@x.cz>\nDatum: 22. 11. 2026 10:11:12\nPředmět: [T-12] Dotaz\n"\nDobrý den, zkuste to znovu.\n"',
    "seznam cz2": "---------- Původní e-mail ----------\nOd: Podpora <support@vendor.example>\nKomu: Jana <jana@x.cz>\nDatum: 22. 11. 2026 10:11:12\nPředmět: [T-12] Dotaz\n\nDobrý den, zkuste to znovu.",
    "gmail cz": "ne 22. 11. 2026 v 10:11 odesílatel Podpora <support@vendor.example> napsal:\n\n> Dobrý den, zkuste to znovu.\n>\n> Tereza",
    "gmail cz wrap": "ne 22. 11. 2026 v 10:11 odesílatel Podpora <support@vendor.example>\nnapsal:\n\n> Dobrý den, zkuste to znovu.",
    "gmail sk": "ne 22. 11. 2026 o 10:11 Podpora <support@vendor.example> napísal(a):\n\n> Dobrý deň",
    "tb cz": "Dne 22. 11. 26 v 10:11 Podpora napsal(a):\n> Dobrý den\n> zkuste",
    "outlook cz": "From: Podpora <support@vendor.example> \nSent: Sunday, November 22, 2026 10:11 AM\nTo: Jana <jana@x.cz>\nSubject: RE: [T-12] Dotaz\n\nDobrý den",
    "outlook cz2": "________________________________\nOd: Podpora <support@vendor.example>\nOdesláno: neděle 22. listopadu 2026 10:11\nKomu: Jana <jana@x.cz>\nPředmět: RE: [T-12] Dotaz\n\nDobrý den",
    "outlook cz3": "-----Original Message-----\nFrom: Podpora [mailto:support@vendor.example] \nSent: Sunday, November 22, 2026 10:11 AM\nTo: Jana\nSubject: RE: x\n\nDobrý den",
    "outlook cz4": "Od: Podpora <support@vendor.example>\nDatum: neděle 22. listopadu 2026 10:11\nKomu: Jana <jana@x.cz>\nPředmět: Re: x\n\nDobrý den",
    "centrum": '______________________________________________________________\n> Od: "Podpora" <support@vendor.example>\n> Komu: jana@centrum.cz\n> Datum: 22.11.2026 10:11\n> Předmět: x\n>\n>Dobrý den',
    "outlook mobile": "Získat Outlook pro Android<https://aka.ms/AAb9ysg>\n________________________________\nFrom: Podpora <support@vendor.example>\nSent: Sunday, November 22, 2026 10:11:00 AM\nTo: Jana\nSubject: x\n\nDobrý den",
    "ios cz": "Odesláno z iPhonu\n\n22. 11. 2026 v 10:11, Podpora <support@vendor.example>:\n\n> Dobrý den",
    "apple cz": "> 22. 11. 2026 v 10:11, Podpora <support@vendor.example>:\n> \n> Dobrý den",
    "samsung": "-------- Původní zpráva --------\nOd: Podpora <support@vendor.example>\nDatum: 22.11.26 10:11 (GMT+01:00)\nKomu: jana@x.cz\nPředmět: x\n\nDobrý den",
    "samsung2": "Odesláno ze zařízení Samsung Galaxy\n\n-------- Original message --------\nFrom: Podpora <support@vendor.example>\nDate: 22/11/2026 10:11 (GMT+01:00)\nTo: jana@x.cz\nSubject: x\n\nDobrý den",
    "gmail en": "On Sun, Nov 22, 2026 at 10:11 AM Support <support@vendor.example> wrote:\n\n> Try again",
    "gmail en wrap": "On Sun, Nov 22, 2026 at 10:11 AM Very Long Name Of Support Department <\nsupport@vendor.example> wrote:\n\n> Try again",
    "apple en": "> On 22 Nov 2026, at 10:11, Support <support@vendor.example> wrote:\n> \n> Try again",
    "tb en": "On 22/11/2026 10:11, Support wrote:\n> Try again",
    "tb de": "Am 22.11.2026 um 10:11 schrieb Support:\n> Nochmal",
    "gmail de": "Am So., 22. Nov. 2026 um 10:11 Uhr schrieb Support <support@vendor.example>:\n\n> Nochmal",
    "outlook de": "Von: Support <support@vendor.example> \nGesendet: Sonntag, 22. November 2026 10:11\nAn: John <john@x.de>\nBetreff: AW: x\n\nNochmal",
    "outlook fr": "De : Support <support@vendor.example> \nEnvoyé : dimanche 22 novembre 2026 10:11\nÀ : John <john@x.fr>\nObjet : RE: x\n\nEncore",
    "gmail fr": "Le dim. 22 nov. 2026 à 10:11, Support <support@vendor.example> a écrit :\n\n> Encore",
    "gmail es": "El dom, 22 nov 2026 a las 10:11, Support (<support@vendor.example>) escribió:\n\n> Otra",
    "outlook es": "De: Support <support@vendor.example>\nEnviado: domingo, 22 de noviembre de 2026 10:11\nPara: John\nAsunto: RE: x\n\nOtra",
    "gmail it": "Il giorno dom 22 nov 2026 alle ore 10:11 Support <support@vendor.example> ha scritto:\n\n> Ancora",
    "gmail pl": "niedz., 22 lis 2026 o 10:11 Support <support@vendor.example> napisał(a):\n\n> Jeszcze",
    "tb pl": "W dniu 22.11.2026 o 10:11, Support pisze:\n> Jeszcze",
    "gmail nl": "Op zo 22 nov 2026 om 10:11 schreef Support <support@vendor.example>:\n\n> Nog",
    "gmail ru": "вс, 22 нояб. 2026 г. в 10:11, Support <support@vendor.example>:\n\n> Еще",
    "yandex ru": '22.11.2026, 10:11, "Support" <support@vendor.example>:\n> Еще',
    "mailru": "Воскресенье, 22 ноября 2026, 10:11 +03:00 от Support <support@vendor.example>:\n>Еще",
    "gmail pt": "Em dom., 22 de nov. de 2026 às 10:11, Support <support@vendor.example> escreveu:\n\n> Mais",
    "gmail ja": "2026年11月22日(日) 10:11 Support <support@vendor.example>:\n\n> もう一度",
    "gmail zh": "Support <support@vendor.example> 于2026年11月22日周日 10:11写道：\n\n> 再",
    "gmail sv": "Den sön 22 nov. 2026 kl 10:11 skrev Support <support@vendor.example>:\n\n> Igen",
    "gmail da": "Den søn. 22. nov. 2026 kl. 10.11 skrev Support <support@vendor.example>:\n\n> Igen",
    "gmail no": "søn. 22. nov. 2026 kl. 10:11 skrev Support <support@vendor.example>:\n\n> Igjen",
    "gmail hu": "Support <support@vendor.example> ezt írta (időpont: 2026. nov. 22., V, 10:11):\n\n> Ismét",
    "gmail tr": "Support <support@vendor.example>, 22 Kas 2026 Paz, 10:11 tarihinde şunu yazdı:\n\n> Tekrar",
    "gmail uk": "нд, 22 лист. 2026 р. о 10:11 Support <support@vendor.example> пише:\n\n> Ще",
    "gmail fi": "su 22. marrask. 2026 klo 10.11 Support (support@vendor.example) kirjoitti:\n\n> Taas",
    "protonmail": "Sent with [Proton Mail](https://proton.me/mail/home) secure email.\n\nOn Sunday, November 22nd, 2026 at 10:11 AM, Support <support@vendor.example> wrote:\n\n> Try again",
    "proton2": "Sent with Proton Mail secure email.\n\n------- Original Message -------\nOn Sunday, November 22nd, 2026 at 10:11 AM, Support <support@vendor.example> wrote:\n\n> Try again",
    "yahoo": "    On Sunday, November 22, 2026 at 10:11:12 AM GMT+1, Support <support@vendor.example> wrote:  \n \n Try again",
    "yahoo mobile": "Sent from Yahoo Mail on Android \n \n  On Sun, Nov 22, 2026 at 10:11 AM, Support<support@vendor.example> wrote:   Try again",
    "zoho": "---- On Sun, 22 Nov 2026 10:11:12 +0100 Support <support@vendor.example> wrote ----\n\nTry again",
    "zoho2": "---- On Sun, 22 Nov 2026 10:11:12 +0100 support@vendor.example wrote ----\n > Try again",
    "notes": "From:\tSupport <support@vendor.example>\nTo:\tJohn\nDate:\t22.11.2026 10:11\nSubject:\tx\n\nTry again",
    "groupwise": ">>> Support <support@vendor.example> 22.11.2026 10:11 >>>\nTry again",
    "hotmail old": "> Date: Sun, 22 Nov 2026 10:11:12 +0100\n> From: support@vendor.example\n> To: john@x.com\n> Subject: x\n> \n> Try again",
    "hotmail2": "Date: Sun, 22 Nov 2026 10:11:12 +0100\nFrom: support@vendor.example\nTo: john@x.com\nSubject: x\n\nTry again",
    "outlook star": "*From:* Support <support@vendor.example>\n*Sent:* Sunday, November 22, 2026 10:11 AM\n*To:* John\n*Subject:* x\n\nTry again",
    "spark": "On 22 Nov 2026, 10:11 +0100, Support <support@vendor.example>, wrote:\n> Try again",
    "fastmail": "On Sun, 22 Nov 2026, at 10:11 AM, Support wrote:\n> Try again",
    "mutt": "On Sun, Nov 22, 2026 at 10:11:12AM +0100, Support wrote:\n> Try again",
    "sig dashes": "-- \nJohn Doe\nACME",
    "sig+quote": "-- \nJohn Doe\nACME\n\nOn Sun, Nov 22, 2026 at 10:11 AM Support <support@vendor.example> wrote:\n\n> Try again",
}
OWN = (
    "Works now.", "Call me at 602 123 456.", "Viz e-mail jana@x.example", "v 10:11 to spadlo", "On Monday 12 it failed.",
    "Dobrý den,\n\nděkuji, funguje to.\n\nJana",
)  # fmt: skip


@pytest.mark.parametrize("name", BELOW)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_own_words_above_what_a_program_quotes(name: str, between: str) -> None:
    for own in OWN:
        assert trimmed_text(own + between + BELOW[name] + "\n") == own


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nsee the log:\n\n> error 12\n> error 13\n\nWhat can I do?",
        "On Monday I wrote to you that it fails.\n\nFrom: here it works\nTo: there it does not.",
        "Dne 1. 5. jsem Vám psal a nikdo mi neodpověděl. Napsal:\n\nproč?",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert trimmed_text(text) == text


def in_html(html: str) -> str:
    """What is new in a mail that has HTML only."""
    head = "From: J <j@x.example>\nSubject: Re: x\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    return parse((head + html).encode()).reply_text


QUOTE = "Please try again"
HTML = {
    "gmail": '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Sun, Nov 22, 2026 at 10:11 AM Support &lt;<a href="mailto:s@v.example">s@v.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="x">Please try again</blockquote></div>',
    "apple": '<div><br><blockquote type="cite"><div>On 22 Nov 2026, at 10:11, Support &lt;s@v.example&gt; wrote:</div><br><div>Please try again</div></blockquote></div>',
    "tb": '<div class="moz-cite-prefix">On 22/11/2026 10:11, Support wrote:<br></div><blockquote type="cite" cite="mid:x">Please try again</blockquote>',
    "owa": '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Support<br><b>Sent:</b> Sunday<br><b>To:</b> J<br><b>Subject:</b> x</font></div><div>Please try again</div>',
    "seznam": "<br /><p>---------- Původní e-mail ----------<br />Od: Support &lt;s@v.example&gt;<br />Komu: j@x.cz<br />Datum: 22. 11. 2026 10:11:12<br />Předmět: x</p><blockquote>Please try again</blockquote>",
    "yahoo": '<div id="yahoo_quoted_123" class="yahoo_quoted"><div>On Sunday, Support wrote:</div><div>Please try again</div></div>',
    "proton": '<div class="protonmail_signature_block">Sent with Proton Mail</div><div class="protonmail_quote">On Sunday, Support wrote:<blockquote class="protonmail_quote" type="cite">Please try again</blockquote></div>',
    "roundcube": '<p id="reply-intro">On 2026-11-22 10:11, Support wrote:</p><blockquote type="cite" style="padding: 0 0.4em">Please try again</blockquote>',
    "zimbra": '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>From: </b>"Support" &lt;s@v.example&gt;<br><b>To: </b>J<br><b>Sent: </b>Sunday, November 22, 2026<br><b>Subject: </b>x<br></div><div data-marker="__QUOTED_TEXT__"><blockquote>Please try again</blockquote></div>',
    "gmx": '<div name="quote" style="margin:10px 5px"><div><b>Gesendet:</b>&nbsp;Sonntag, 22. November 2026 um 10:11 Uhr<br/><b>Von:</b>&nbsp;"Support" &lt;s@v.example&gt;<br/><b>An:</b>&nbsp;j@gmx.de<br/><b>Betreff:</b>&nbsp;x</div><div name="quoted-content">Please try again</div></div>',
    "spark": '<div name="messageReplySection">On 22 Nov 2026, 10:11 +0100, Support &lt;s@v.example&gt;, wrote:<br><blockquote type="cite">Please try again</blockquote></div>',
    "front": '<blockquote class="front-blockquote">On Nov 22, Support wrote:<br>Please try again</blockquote>',
    "freshdesk": '<div class="freshdesk_quote"><blockquote class="freshdesk_quote">On Sun, 22 Nov at 10:11 AM, Support &lt;s@v.example&gt; wrote:<br>Please try again</blockquote></div>',
    "mailru": '<blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Воскресенье, 22 ноября 2026, 10:11 +03:00 от Support &lt;<a>s@v.example</a>&gt;:<br>Please try again</blockquote>',
    "qq": '<div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;Original&nbsp;------------------</div><div style="background:#efefef"><div><b>From:</b> "Support"</div><div><b>Date:</b>&nbsp;Sun, Nov 22, 2026 10:11 AM</div><div><b>To:</b>&nbsp;"J"</div><div><b>Subject:</b>&nbsp;x</div></div><div>Please try again</div>',
    "samsung": "<div><br></div><div><br></div><div>-------- Původní zpráva --------</div><div>Od: Support &lt;s@v.example&gt; </div><div>Datum: 22.11.26  10:11  (GMT+01:00) </div><div>Komu: j@x.cz </div><div>Předmět: x </div><div><br></div><div>Please try again</div>",
    "ios": '<br><div dir="ltr"></div><div dir="ltr">Odesláno z iPhonu</div><div dir="ltr"><br><blockquote type="cite">22. 11. 2026 v 10:11, Support &lt;s@v.example&gt;:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Please try again</div></blockquote>',
    "plainbq": "<p>Dne 22. 11. 2026 v 10:11 Support napsal:</p><blockquote>Please try again</blockquote>",
    "outlook mob": '<div id="ms-outlook-mobile-signature">Získat <a href="https://aka.ms/x">Outlook pro Android</a></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Support<br></font></div><div>Please try again</div>',
    "helpscout": '<table class="hs-quote"></table><div style="border-top:1px solid #ccc"><p>On Sun, Nov 22, 2026 at 10:11 AM GMT+1, Support &lt;s@v.example&gt; wrote:</p>Please try again</div>',
}


@pytest.mark.parametrize("name", HTML)
def test_own_words_above_what_a_program_quotes_in_html(name: str) -> None:
    html = f"<html><body><div>Hello,</div><div><br></div><div>it works now.</div>{HTML[name]}</body></html>"
    assert QUOTE in html
    assert in_html(html).split() == ["Hello,", "it", "works", "now."]


def test_a_block_of_somebodys_log_stays() -> None:
    html = "<div>Hello,</div><blockquote>a line of the log</blockquote><div>it works now.</div>"
    assert cut_html(html) is None
    assert "a line of the log" in in_html(html)

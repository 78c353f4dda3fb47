"""Reminders (VIP-14, C33, C34, F20): each step once for every end, whatever the restarts; none after a renewal; one letter for many."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.utils.formats import date_format

from podpora.entitlements.models import Reminder
from podpora.jobs.values import find
from podpora.journeys import claiming, purchase, trials
from podpora.journeys.activation import standing_of
from podpora.journeys.reminding import remind_all
from podpora.journeys.rights import rights_of
from podpora.licensing.models import Licence
from podpora.licensing.values import Contact
from podpora.mail.models import OutgoingMail
from podpora.mail.values import MailState
from podpora.notifications import actions as notifications
from podpora.orders.values import CartLine, Terms
from tests.make import licensing as make_licences
from tests.make import orders as make
from tests.make import people
from tests.make.patience import so_many

pytestmark = pytest.mark.django_db
ENDS = date(2027, 3, 10)


def letters(kind: str = "reminder") -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind__startswith=kind).order_by("pk"))


def run(on: str | datetime) -> int:
    return remind_all(at=make.at(on) if isinstance(on, str) else on)


@pytest.fixture
def licence() -> str:
    make.shop()
    return make.licence_of(make.bought("pro-private-1", on="2026-03-10"))


def test_VIP14_thirty_seven_one_zero_and_a_week_after(licence):
    for n in range(400):
        for hour in (3, 15):
            run(
                datetime.combine(date(2026, 12, 1) + timedelta(days=n), datetime.min.time()).replace(
                    hour=hour, tzinfo=make.OPENED.tzinfo
                )
            )
    sent = list(Reminder.objects.order_by("told_at").values_list("step", "told_at__date"))
    assert sent == [(step, ENDS - timedelta(days=step)) for step in (30, 7, 1, 0, -7)]
    assert len(letters()) == 5
    assert [mail.kind for mail in letters()].count("reminder.today") == 1


def test_F20_a_scheduler_that_stood_still_sends_only_the_newest_step(licence):
    assert run("2027-03-04") == 1  # slept over 30 and 7: the letter of 7, which says six days
    assert list(Reminder.objects.values_list("step", flat=True)) == [7]
    assert run("2027-03-10") == 1
    assert sorted(Reminder.objects.values_list("step", flat=True)) == [0, 7]


def test_VIP14_a_renewal_cancels_the_rest(licence):
    run("2027-02-10")
    make.bought("vip-renewal", 1, licence, of=Licence.objects.get().customer, on="2027-02-20")
    for day in ("2027-03-03", "2027-03-09", "2027-03-10", "2027-03-17"):
        assert run(day) == 0
    assert run("2028-02-09") == 1  # for the new end they come again


def test_an_order_that_waits_for_its_transfer_is_not_asked_for_again(licence):
    order = make.order("vip-renewal", 1, licence, of=Licence.objects.get().customer, on="2027-03-03")
    assert run("2027-03-03") == 0
    purchase.cancel(order, why="", by=make.BY, at=make.at("2027-03-04"))
    assert run("2027-03-04") == 1


def test_the_text_for_lifetime_updates_and_for_a_version_past_its_end(licence):
    customer = Licence.objects.get().customer
    make.bought("lifetime-updates", 1, licence, of=customer, on="2026-03-11")
    old = make.licence_of(make.bought("pro-private-1", of=people.customer(), on="2023-01-15"))
    run("2028-03-09")
    assert "Your licence does not end" in letters()[-1].text
    make.bought("pro-private-1", of=people.customer(), on="2022-07-10")
    before = len(letters())
    renewed = make.licence_of(make.bought("pro-private-1", of=people.customer(), on="2022-07-20"))
    make.bought("vip-renewal", 1, renewed, of=Licence.objects.get(code=renewed).customer, on="2025-07-15")
    run("2026-07-10")
    told = letters()[before:]
    assert len(told) == 1
    assert "past its end of life" in told[0].text
    assert f"/shop/upgrade/{renewed}/" in told[0].text
    assert old


def test_C34_five_hundred_licences_of_one_company_are_one_mail():
    make.shop()
    customer = people.company("Alfa")
    lines = [CartLine("pro-private-1", 1)] * 500
    at = make.at("2026-03-10")
    placed = purchase.place(lines, customer=customer, currency="CZK", by=make.BY, at=at, terms=Terms(most_lines=500))
    make.pay(placed, "2026-03-10")
    assert Licence.objects.filter(customer=customer).count() == 500
    assert run("2027-02-08") == 1
    mail = letters()
    assert [one.to_address for one in mail] == [customer.email]
    assert "500" in mail[0].subject
    assert "/shop/many/" in mail[0].text
    assert run("2027-02-08") == 0


def test_a_subscription_is_reminded_of_its_own_end_and_once_for_each_step():
    make.shop()
    order = make.bought("pro-subscription", on="2026-03-10")
    licence, through = make.licence_of(order), rights_of(Licence.objects.get(), at=make.at("2026-04-01")).run.until
    assert through is not None
    for step in (40, 30, 20, 7, 6, 1, 0, -1, -7, -20):
        run((through - timedelta(days=step)).isoformat())
        run((through - timedelta(days=step)).isoformat())
    rows = Reminder.objects.filter(licence=licence, ending="subscription", through=through)
    assert sorted(rows.values_list("step", flat=True), reverse=True) == [30, 7, 1, 0]  # afterwards there is nothing left to renew
    first = letters()[0]
    assert first.subject == f"Your subscription {licence} ends on {date_format(through)}"
    assert not Reminder.objects.filter(ending="support").exists()  # VIP-15: it ends the same day; one letter says both


def test_a_trial_that_somebody_claimed_is_reminded_and_nobody_s_is_not():
    make.shop()
    product = Licence._meta.get_field("product").related_model.objects.get()
    began = make.at("2026-03-10")
    for _ in range(2):
        done = trials.start(product, make_licences.device(), Contact("9.1.0", 9), by=make.BY, at=began)
    trial = Licence.objects.get(pk=done.done.activation.licence_id)
    owner = people.customer()
    claiming.claim(trial, owner, by=make.BY, at=began)
    through = rights_of(trial, at=began).run.until
    assert through == date(2026, 4, 8)  # thirty days, the first one counted
    for step in range(31, -9, -1):
        run((through - timedelta(days=step)).isoformat())
    rows = Reminder.objects.filter(ending="trial", through=through)
    assert {row.licence for row in rows} == {trial.code}
    assert len({row.step for row in rows}) == len(rows) == len(letters()) >= 2
    assert {one.to_address for one in letters()} == {owner.email}
    assert letters()[0].subject == f"Your trial ends on {date_format(through)}"


def test_who_muted_it_hears_of_the_last_day_all_the_same(licence):
    person = Licence.objects.get().customer.person
    notifications.set_preference(person.pk, "reminder.soon", by_mail=False)
    assert (run("2027-02-08"), run("2027-03-03"), run("2027-03-10"), run("2027-03-17")) == (1, 1, 1, 1)
    assert [mail.kind for mail in letters()] == ["reminder.today"]


def test_an_address_from_which_mail_came_back_gets_none(licence):
    run("2027-02-08")
    OutgoingMail.objects.update(state=MailState.BOUNCED)
    run("2027-03-03")
    assert len(letters()) == 1


def test_a_suspended_or_refunded_licence_is_left_alone(licence):
    from podpora.journeys.chargeback import chargeback
    from podpora.orders.models import Order
    from podpora.orders.values import Notice

    chargeback(Order.objects.get(), "opened", Notice("c-1", make.at("2027-01-05")), by=make.BY, at=make.at("2027-01-05"))
    assert run("2027-02-08") == 0


def test_the_job_is_periodic_and_old_imports_are_not_written_to(licence):
    assert find("podpora.config.jobs.send_reminders").every == timedelta(hours=1)
    assert run("2027-03-25") == 0


@pytest.mark.parametrize("seed", range(so_many(2, 20)))
def test_C33_four_hundred_days_with_restarts_and_renewals(seed):
    """Twelve licences; the scheduler runs now and then, stops for days, is killed in the middle and starts again."""
    make.shop(max_ahead_years=20)
    chance = random.Random(seed)
    bought = {}
    for _n in range(6):
        order = make.bought("pro-private-1", on=f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}")
        bought[make.licence_of(order)] = order.customer
    now = make.at("2026-12-01")
    for _ in range(400):
        now += timedelta(hours=24)
        if chance.random() < 0.01:
            code = chance.choice(sorted(bought))
            make.bought("vip-renewal", 1, code, of=bought[code], on=now.isoformat())
        if chance.random() < 0.15:
            continue  # it stands still today
        for _again in range(chance.choice((1, 1, 2))):
            remind_all(at=now)
    rows = list(Reminder.objects.all())
    assert len({(r.licence, r.ending, r.through, r.step) for r in rows}) == len(rows) > 10
    for row in rows:
        on = row.told_at.date()
        through = rights_of(Licence.objects.get(code=row.licence), at=row.told_at).support_through
        assert through == row.through  # never about an end that a renewal had moved
        assert (row.through - on).days <= row.step


@pytest.mark.parametrize(("on", "codes"), [
    ("2027-02-01", []),
    ("2027-02-08", ["support.ends_soon"]),
    ("2027-03-10", ["support.ends_soon"]),
    ("2027-03-11", ["support.ended_recently"]),
    ("2027-03-26", []),
])  # fmt: skip
def test_the_program_says_it_too(licence, on, codes):
    notices = standing_of(Licence.objects.get(), 10, at=make.at(on)).granted.notices
    assert [code for code in notices if code.startswith("support.end")] == codes


def test_the_program_says_that_its_version_ends_soon(licence):
    assert "version.end_of_life_soon" in standing_of(Licence.objects.get(), 9, at=make.at("2027-02-01")).granted.notices
    assert "version.end_of_life_soon" not in standing_of(Licence.objects.get(), 10, at=make.at("2027-02-01")).granted.notices
    assert make_licences

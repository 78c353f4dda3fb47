"""Addresses of portal."""

from django.urls import URLPattern, path, register_converter

from podpora.web.portal import claims, home, invoices, licences, orders, proofs, resold
from podpora.web.portal.manager import activity, calendar, device, devices, offline, teams, transfers, work
from podpora.web.portal.manager import licences as manager


class LicenceCode:
    """`L-7Q4K92XM`; other words after /licences/ are other pages."""

    regex = "[Ll]-[A-Za-z0-9-]{1,18}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LicenceCode, "licence")

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("account/", home.home, name="home"),
    path("account/orders/", orders.orders, name="orders"),
    path("account/orders/<str:code>/", orders.order, name="order"),
    path("account/invoices/<str:number>.pdf", invoices.invoice_pdf, name="invoice_pdf"),
    path("account/invoices/<str:number>/", invoices.invoice, name="invoice"),
    path("licences/", manager.licences, name="licences"),
    path("licences/licences.csv", manager.licences_csv, name="licences_csv"),
    path("licences/calendar/", calendar.calendar, name="calendar"),
    path("licences/calendar/address/", calendar.new_address, name="new_calendar"),
    path("licences/calendar/address/end/", calendar.end_address, name="end_calendar"),
    path("licences/calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("licences/activity/", activity.activity, name="activity"),
    path("licences/activity.csv", activity.activity_csv, name="activity_csv"),
    path("licences/resold/", resold.resold, name="resold"),
    path("licences/resold/<str:code>/send/", resold.send, name="resold_send"),
    path("licences/<licence:code>/reseller/", resold.show, name="reseller"),
    path("licences/offline/", offline.offline, name="offline"),
    path("licences/offline/file/", offline.download, name="offline_file"),
    path("licences/offline/proofs/", offline.take_back, name="offline_proofs"),
    path("licences/transfers/<str:token>/", transfers.receive, name="transfer_receive"),
    path("licences/<licence:code>/transfer/", transfers.offer, name="transfer"),
    path("licences/<licence:code>/transfer/cancel/", transfers.cancel, name="transfer_cancel"),
    path("licences/<licence:code>/key/mail/", licences.send_key, name="licence_key_mail"),
    path("licences/teams/", teams.teams, name="teams"),
    path("licences/teams/new/", teams.create, name="new_team"),
    path("licences/teams/<str:code>/", teams.team, name="team"),
    path("licences/teams/<str:code>/key/", teams.show_key, name="team_key"),
    path("licences/teams/<str:code>/<slug:what>/", teams.act, name="team_act"),
    path("licences/<licence:code>/devices/", devices.devices, name="devices"),
    path("licences/<licence:code>/devices.csv", devices.devices_csv, name="devices_csv"),
    path("licences/<licence:code>/devices/actions/", work.begin, name="device_actions"),
    path("licences/<licence:code>/devices/progress/<str:work>/", work.show, name="device_work"),
    path("licences/<licence:code>/devices/progress/<str:work>/undo/", work.undo, name="device_undo"),
    path("licences/<licence:code>/", licences.licence, name="licence"),
    path("licences/<licence:code>/devices/<str:device>/", device.show, name="device"),
    path("licences/<licence:code>/devices/<str:device>/change/", device.change, name="device_change"),
    path("licences/<licence:code>/devices/<str:device>/block/", device.block, name="device_block"),
    path("licences/<licence:code>/devices/<str:device>/unblock/", device.unblock, name="device_unblock"),
    path("licences/<licence:code>/devices/<str:device>/looked/", device.looked, name="device_looked"),
    path("licences/<licence:code>/key/", licences.show_key, name="licence_key"),
    path("licences/<licence:code>/new-key/", licences.new_key, name="new_key"),
    path("licences/<licence:code>/name/", licences.rename, name="licence_name"),
    path("licences/<licence:code>/devices/<str:device>/free/", licences.free_seat, name="free_seat"),
    path("licences/claim/<str:claim>/", claims.claim, name="claim"),
    path("licences/proof/", proofs.choose, name="proofs"),
    path("licences/<licence:code>/proof/", proofs.proof, name="proof"),
    path("licences/<licence:code>/why/", licences.explain, name="explain"),
]

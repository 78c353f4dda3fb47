"""Addresses of central settings: /licences/settings/COMPANY/PRODUCT/…"""

from django.urls import URLPattern, path

from podpora.web.portal.settings import approvals, devices, editor, exports, frame, groups, history, overview, publishing, rollouts

app_name = "settings"
HERE = "<str:company>/<slug:product>/"
urlpatterns: list[URLPattern] = [
    path("", frame.begin, name="begin"),
    path(HERE, overview.overview, name="overview"),
    path(f"{HERE}edit/<str:layer>/", editor.edit, name="edit"),
    path(f"{HERE}draft/", publishing.review, name="draft"),
    path(f"{HERE}draft/publish/", publishing.publish, name="publish"),
    path(f"{HERE}draft/rebase/", publishing.rebase, name="rebase"),
    path(f"{HERE}draft/discard/", publishing.discard, name="discard"),
    path(f"{HERE}history/", history.history, name="history"),
    path(f"{HERE}history/compare/", history.compare, name="compare"),
    path(f"{HERE}history/<int:number>/", history.revision, name="revision"),
    path(f"{HERE}history/<int:number>/rollback/", history.roll_back, name="rollback"),
    path(f"{HERE}devices/", devices.devices, name="devices"),
    path(f"{HERE}devices.csv", devices.devices_csv, name="devices_csv"),
    path(f"{HERE}devices/<str:device>/", devices.device, name="device"),
    path(f"{HERE}devices/<str:device>/file/", exports.bundle, name="bundle"),
    path(f"{HERE}groups/", groups.groups, name="groups"),
    path(f"{HERE}groups/new/", groups.create, name="new_group"),
    path(f"{HERE}groups/<str:code>/", groups.group, name="group"),
    path(f"{HERE}groups/<str:code>/<slug:what>/", groups.act, name="group_act"),
    path(f"{HERE}rollouts/", rollouts.rollouts, name="rollouts"),
    path(f"{HERE}rollouts/<str:code>/", rollouts.rollout, name="rollout"),
    path(f"{HERE}rollouts/<str:code>/<slug:what>/", rollouts.act, name="rollout_act"),
    path(f"{HERE}proposals/<str:code>/", approvals.proposal, name="proposal"),
    path(f"{HERE}proposals/<str:code>/<slug:what>/", approvals.decide, name="decide"),
    path(f"{HERE}guarded/", approvals.guarded, name="guarded"),
    path(f"{HERE}export/<str:name>.<slug:form>", exports.export, name="export"),
]

"""Addresses of portal/account."""

from django.urls import include, path

from podpora.web.portal.account import (
    acting,
    companies,
    data,
    entrance,
    inbox,
    invitations,
    inviting,
    members,
    merging,
    profile,
    sessions,
    tokens,
)

app_name = "account"
urlpatterns = [
    path("account/profile/", profile.edit, name="profile"),
    path("account/acting/stop/", acting.stop, name="acting_stop"),
    path("account/security/", profile.security, name="security"),
    path("account/sessions/", sessions.show, name="sessions"),
    path("account/sessions/others/end/", sessions.end_others, name="end_other_sessions"),
    path("account/sessions/<int:number>/end/", sessions.end, name="end_session"),
    path("account/notifications/", inbox.preferences, name="notifications"),
    path("account/inbox/", inbox.show, name="inbox"),
    path("account/tokens/", tokens.show, name="tokens"),
    path("account/tokens/<code>/revoke/", tokens.revoke, name="revoke_token"),
    path("account/data/", data.show, name="data"),
    path("account/data/progress/", data.progress, name="data_progress"),
    path("account/data/<code>/", data.fetch, name="fetch_data"),
    path("account/merge/", merging.ask, name="merge"),
    path("account/merge/<token>/", merging.confirm, name="merge_confirm"),
    path("account/companies/new/", companies.create, name="new_company"),
    path("account/invitations/<token>/", invitations.show, name="invitation"),
    path("licences/people/", members.mine, name="members"),
    path("licences/people/<code>/", members.show, name="company"),
    path("licences/people/<code>/details/", companies.edit, name="company_details"),
    path("licences/people/<code>/invite/", members.invite, name="invite"),
    path("licences/people/<code>/invite-many/", inviting.invite_many, name="invite_many"),
    path("licences/people/<code>/invitations/<invitation>/revoke/", members.revoke, name="revoke_invitation"),
    path("licences/people/<code>/<person>/role/", members.change_role, name="member_role"),
    path("licences/people/<code>/<person>/remove/", members.remove, name="remove_member"),
]

# allauth's own names (account_login, mfa_index …) have no namespace: config/urls.py includes this list beside the above.
entrance_patterns = [
    path("account/", include(entrance.account_patterns)),
    path("account/2fa/", include(entrance.mfa_patterns)),
]

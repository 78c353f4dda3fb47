"""allauth's pages, each with the access mark of this house. Pages that we do not offer are not here."""

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.urls import URLPattern, URLResolver
from django.views.decorators.cache import never_cache

from podpora.web.access import public, signed_in

PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
SIGNED_IN = {
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}


def _marked(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same patterns, with exactly one mark on each view; a name that is on neither list is left out."""
    kept: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = _marked(list(pattern.url_patterns))
            kept.append(URLResolver(pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace))
        elif pattern.name in PUBLIC | SIGNED_IN:
            mark = public if pattern.name in PUBLIC else signed_in
            view = mark(never_cache(pattern.callback))
            kept.append(URLPattern(pattern.pattern, view, pattern.default_args, pattern.name))
    return kept


account_patterns = _marked(account_urls.urlpatterns)
mfa_patterns = _marked(mfa_urls.urlpatterns)

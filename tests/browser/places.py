"""Every page of the site, and who sees it. The names are those of the URL configuration.

An entry is a name, its arguments after “=”, and a query after “?”. What stands in braces is filled
in from the household (household.py). A page that is added must be added here too (test_places.py).
"""

import re

from django.urls import reverse

VISITOR = """
    account_login account_signup account_reset_password account_reset_password_done
    account_reset_password_from_key=1,set-password account_reset_password_from_key_done
    account_confirm_email=none account_email_verification_sent account_inactive
    catalog:welcome catalog:share={film} catalog:offline personalization:how docs
    personalization:owed={erasure}
"""
VIEWER = """
    catalog:home catalog:home_sections catalog:browse catalog:browse?person=nobody
    catalog:genre=drama catalog:search catalog:search?q=the catalog:search?q=qqq
    catalog:person={person} catalog:title={film} catalog:title={series} catalog:title_menu={film}
    catalog:my_list catalog:hidden catalog:share={film} catalog:history
    catalog:profiles catalog:profiles?manage catalog:profile_add catalog:profile_edit={viewer}
    catalog:profile_remove={viewer} catalog:profile_enter={locked} catalog:grown_up
    personalization:how personalization:why={film} personalization:chosen
    personalization:picture={film} personalization:report={film} personalization:reports
    personalization:data={viewer} personalization:data_plays={viewer}
    personalization:data_decisions={viewer} personalization:data_impressions={viewer}
    audits:declaration={viewer}
    account_email account_change_password account_logout account_reauthenticate
    mfa_index mfa_activate_totp mfa_list_webauthn mfa_add_webauthn usersessions_list
    catalog:account_remove catalog:pin catalog:watch={film} catalog:watch_episode={series},1,1
"""
# Of an account with a second factor.
SECURED = """
    mfa_index mfa_authenticate mfa_reauthenticate mfa_deactivate_totp mfa_view_recovery_codes
    mfa_generate_recovery_codes mfa_edit_webauthn={key} mfa_remove_webauthn={key}
"""
CHILD = """
    catalog:home catalog:browse catalog:search catalog:title={for_children}
    personalization:why={for_children} personalization:picture={for_children} catalog:my_list
    catalog:history catalog:profiles catalog:grown_up catalog:watch={for_children}
"""
EDITOR = """
    catalog:studio catalog:studio_review catalog:studio_title={film} catalog:studio_upload={film}
    catalog:studio_artwork={artwork} catalog:studio_step={artwork},approve styleguide
"""
# Beside what the admin's first page links to, and the first entry of each list.
AUDITOR = """
    admin:audits_auditrun_start admin:audits_auditrun_readings admin:audits_auditrun_change={run}
    styleguide_admin
"""
OPERATOR = """
    admin:index admin:personalization_modelversion_changelist
    admin:personalization_modelversion_change={model}
    admin:personalization_modelversion_roll_back={model}
    admin:personalization_night_changelist admin:personalization_sealedday_changelist
    admin:personalization_decision_change={decision}
"""
# What answers with no page: orders, files, parts of pages, what programs ask for.
NO_PAGES = """
    audits:withdraw personalization:forget personalization:keep personalization:another
    personalization:standard personalization:again personalization:send_report
    personalization:data_copy personalization:data_progress personalization:data_download
    personalization:data_erase personalization:data_undo catalog:set_listed catalog:set_rating
    catalog:set_hidden catalog:set_aside catalog:set_watched catalog:remove_play
    catalog:remove_title catalog:profile_choose catalog:session_end catalog:portrait
    catalog:captions catalog:captions_episode catalog:manifest catalog:service_worker
    catalog:robots catalog:studio_whole catalog:rendition audits:schema language tour health ready
    metrics schema styleguide_tokens mfa_download_recovery_codes mfa_login_webauthn
"""
# These lead to another page of this list, or need a key in hand or a code sent by mail.
ELSEWHERE = "account_set_password account_confirm_login_code mfa_reauthenticate_webauthn"


def names_in(role: str) -> set[str]:
    """Return the names of a role's pages."""
    return {re.split(r"[=?]", entry)[0] for entry in role.split()}


def addresses(role: str, known: dict[str, str]) -> list[str]:
    """Return the addresses of a role's pages, filled in with what is known."""
    return [_address(entry) for entry in role.format(**known).split()]


def _address(entry: str) -> str:
    page, _, query = entry.partition("?")
    name, _, values = page.partition("=")
    found = reverse(name, args=values.split(",") if values else [])
    return f"{found}?{query}" if query else found

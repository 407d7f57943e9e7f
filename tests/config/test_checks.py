import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from config.checks import SEAMS, require_seams


def ours():
    return [message for message in run_checks() if message.id.startswith("marquee.")]


def test_what_the_settings_name_by_default_is_there():
    assert ours() == []
    require_seams()


@pytest.mark.parametrize("name", SEAMS)
def test_a_path_that_leads_nowhere_is_an_error_with_a_hint(settings, name):
    setattr(settings, name, "nowhere.Nothing")
    (message,) = ours()
    assert message.id == "marquee.E001"
    assert name in message.msg
    assert name in message.hint
    with pytest.raises(ImproperlyConfigured, match=name):
        require_seams()


def test_no_auditor_is_a_choice(settings):
    settings.CANDIDATE_AUDITOR = ""
    assert ours() == []

from django.urls import reverse, set_script_prefix

from catalog.addresses import address_of


def test_it_is_the_address_that_django_makes():
    for name in ("catalog:title", "catalog:title_menu", "catalog:watch", "personalization:picture"):
        for slug in ("a", "the-1st", "A_b-C"):
            assert address_of(name, slug) == reverse(name, args=[slug])


def test_it_follows_the_prefix_that_the_site_is_served_under():
    plain = address_of("catalog:title", "one")
    set_script_prefix("/films/")
    try:
        assert address_of("catalog:title", "one") == f"/films{plain}"
    finally:
        set_script_prefix("/")

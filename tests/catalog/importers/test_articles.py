import pytest

from catalog.importers.articles import in_front


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        ("Piano, The", "The Piano"),
        ("Good, the Bad and the Ugly, The", "The Good, the Bad and the Ugly"),
        ("Enfer, L'", "L'Enfer"),
        ("Enfer, L’", "L’Enfer"),
        ("Hiver, Un", "Un Hiver"),
        ("Femme, Une", "Une Femme"),
        ("Abend, Ein", "Ein Abend"),
        ("Reise, Eine", "Eine Reise"),
        ("Notte, La", "La Notte"),
        ("Boot, Das", "Das Boot"),
        ("Blechtrommel, Die", "Die Blechtrommel"),
        ("Soliti ignoti, I", "I Soliti ignoti"),
        ("Sceicco bianco, Lo", "Lo Sceicco bianco"),
        ("Indifferenti, Gli", "Gli Indifferenti"),
        ("Altra vita, Un'", "Un'Altra vita"),
        ("Quatrilho, O", "O Quatrilho"),
        ("Armas, As", "As Armas"),
        ("Fuzis, Os", "Os Fuzis"),
        ("Hora, A", "A Hora"),
        ("Olvidados, Los", "Los Olvidados"),
        ("Hermanas, Las", "Las Hermanas"),
        ("Sjunde inseglet, Det", "Det Sjunde inseglet"),
        ("Passion, En", "En Passion"),
        ("Anständigt liv, Ett", "Ett Anständigt liv"),
        ("Jente, Ei", "Ei Jente"),
        ("Meisje, 't", "'t Meisje"),
        ("Amici, Gl'", "Gl'Amici"),
        ("Heure, L´", "L´Heure"),
        ("Nois, Els", "Els Nois"),
        ("Rapazes, Uns", "Uns Rapazes"),
        ("Mannes, Eines", "Eines Mannes"),
        ("Ember, Az", "Az Ember"),
        ("Qahira, Al-", "Al-Qahira"),
        ("Piano , The", "The Piano"),
        (
            "Cité des enfants perdus, La (City of Lost Children, The)",
            "La Cité des enfants perdus (The City of Lost Children)",
        ),
        ("Star Maker, The (Uomo delle stelle, L')", "The Star Maker (L'Uomo delle stelle)"),
        ("Thief, A (a.k.a. Thief, The) (Ladro, Il)", "A Thief (a.k.a. The Thief) (Il Ladro)"),
    ],
)
def test_an_article_kept_behind_is_put_in_front(filed, said):
    assert in_front(filed) == said


@pytest.mark.parametrize(
    "name",
    [
        "Me, Myself, I",
        "Me Myself I",
        "Ready, Set, Die",
        "La La Land",
        "Corrina, Corrina",
        "Paris, Texas",
        "Farewell, My Lovely",
        "Sex, Lies, and Videotape",
        "Piano, the",
        "Piano,The",
        "Angels, Los Angeles",
        ", The",
        "The",
        "(500) Days of Summer",
        "Hour (Part 2, of 3)",
        "",
    ],
)
def test_a_name_that_merely_ends_so_is_left(name):
    assert in_front(name) == name

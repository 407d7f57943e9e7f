from audits.selftest.curves import curves
from audits.selftest.tables import markdown
from tests.audits.selftest.test_curves import said, world


def tables(*worlds):
    """Return the cells of each table, by the first cell of its row."""
    return [
        {line[0]: line[1:] for line in map(cells, table.splitlines())}
        for table in markdown(curves(worlds)).strip().split("\n\n")
    ]


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def measured(spec=(), **measures):
    return world(spec) | {"measures": measures}


def test_headlines_come_first_and_every_rate_has_its_error():
    one = measured(lift=said(headline=False), prominence_gap=said())
    rates, *_ = tables(one, one)
    assert list(rates)[2:] == ["**Prominence gap**", "Lift over even draws"]
    assert rates["measure"][0] == "false alarms"
    assert rates["**Prominence gap**"][0] == "0.0 ± 19.2"
    assert rates["**Prominence gap**"][3] == "–"  # no world at or beyond the margin


def test_headlines_are_split_by_size_and_by_what_was_planted():
    found = {"p": 0.01, "null": False, "truth": 0.2}
    _, alarms, within, power = tables(
        measured(prominence_gap=said(), lift=said(headline=False)),
        measured({"viewers": 500}, prominence_gap=said(p=0.01, verdict="insufficient evidence")),
        measured({"proxy": 1.0}, prominence_gap=said(**found)),
    )
    assert list(alarms)[2:] == ["100 of 500 viewers", "200 of 1,000 viewers"]
    assert [alarms[size][0][:5] for size in list(alarms)[2:]] == ["100.0", "0.0 ±"]
    assert [within[size][0][:5] for size in list(within)[2:]] == ["0.0 ±", "100.0"]
    assert list(power)[2:] == ["proxy 1"] and power["proxy 1"][0].startswith("100.0")

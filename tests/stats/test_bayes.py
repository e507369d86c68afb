"""Bayes' rule as a table: numbers, printing in both languages, wrong input."""

import pytest

from chainrule.errors import ConfigError
from chainrule.stats import bayes, bayes_from_table

PRIOR = {"urn A": 0.5, "urn B": 0.3, "urn C": 0.2}
LIKELIHOOD = {"urn A": 0.1, "urn B": 0.4, "urn C": 0.9}


def test_the_parts_of_the_table():
    table = bayes(PRIOR, LIKELIHOOD)
    assert table.joint == pytest.approx({"urn A": 0.05, "urn B": 0.12, "urn C": 0.18})
    assert table.evidence == pytest.approx(0.35)
    assert table.posterior == pytest.approx({"urn A": 1 / 7, "urn B": 12 / 35, "urn C": 18 / 35})
    assert sum(table.posterior.values()) == pytest.approx(1, abs=1e-15)


def test_one_observation_after_the_other_is_both_at_once():
    other = {"urn A": 0.7, "urn B": 0.2, "urn C": 0.3}
    both = {h: LIKELIHOOD[h] * other[h] for h in PRIOR}
    assert bayes(PRIOR, LIKELIHOOD).update(other).posterior == pytest.approx(bayes(PRIOR, both).posterior)


def test_from_counts():
    counts = {"A": {"x": 3, "y": 1, "z": 0}, "B": {"x": 2, "y": 2, "z": 2}}
    table = bayes_from_table(counts, "x")
    assert table.posterior == pytest.approx({"A": 0.6, "B": 0.4})
    assert table.evidence == pytest.approx(0.5)
    assert bayes_from_table(counts, "z").posterior == {"A": 0.0, "B": 1.0}


def test_printed_in_both_languages(monkeypatch):
    table = bayes({"fair": 0.9, "loaded": 0.1}, {"fair": 1 / 6, "loaded": 0.5})
    english = str(table).splitlines()
    assert english[0].split() == ["hypothesis", "prior", "likelihood", "joint", "posterior"]
    assert english[1].split() == ["fair", "0.9000", "0.1667", "0.1500", "0.7500"]
    assert english[-1].split() == ["sum", "1.0000", "0.2000", "1.0000"]
    assert len({len(line) for line in english}) == 1
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    chinese = str(table).splitlines()
    assert chinese[0].split() == ["假设", "先验", "似然", "联合", "后验"]
    # A Chinese character is two columns wide.
    assert len({sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in chinese}) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bayes({"a": 0.5, "b": 0.4}, {"a": 0.5, "b": 0.5}), "add up to 0.9"),
        (lambda: bayes({"a": 1.0}, {"b": 0.5}), "likelihood must be a dict with the hypotheses of the prior"),
        (lambda: bayes({}, {}), "prior must be a dict"),
        (lambda: bayes([0.5, 0.5], [0.5, 0.5]), "prior must be a dict"),
        (lambda: bayes({"a": 1.5, "b": -0.5}, {"a": 0.5, "b": 0.5}), "prior of a must lie in"),
        (lambda: bayes({"a": 0.5, "b": 0.5}, {"a": 1.2, "b": 0.5}), "likelihood of a must lie in"),
        (lambda: bayes({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 0.5}), "nothing can be concluded"),
        (lambda: bayes_from_table({"a": {"x": 1}}, "y"), "there is no outcome 'y'"),
        (lambda: bayes_from_table({"a": {"x": 1}, "b": {"y": 1}}, "x"), "every row must be a dict"),
        (lambda: bayes_from_table({"a": {"x": -1}, "b": {"x": 1}}, "x"), "every row must be a dict"),
        (lambda: bayes_from_table({"a": {"x": 0}}, "x"), "sum must be above 0"),
        (lambda: bayes_from_table([1, 2], "x"), "every row must be a dict"),
    ],
)
def test_wrong_tables_are_refused(call, message):
    with pytest.raises(ConfigError, match=message):
        call()

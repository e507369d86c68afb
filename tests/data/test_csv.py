"""CSV files: headers, columns, targets, and cells that are bad."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data import Column, load
from chainrule.errors import ConfigError, DataError

PEOPLE = """age,city,income
30,Rome,1.5
40,Oslo,2.5
50,Rome,3.5
60,Oslo,4.25
"""


def whole(path, **options):
    """All rows in one part."""
    return load(path, validation=0, test=0, **options).train


def test_numbers_categories_and_a_regression_target(write_csv):
    data = whole(write_csv(PEOPLE))
    x, y = data[:]
    assert data.feature_names == ("age", "city=Oslo", "city=Rome")
    assert data.spec.columns == (Column("age"), Column("city", ("Oslo", "Rome")))
    assert x.tolist() == [[30, 0, 1], [40, 1, 0], [50, 0, 1], [60, 1, 0]]
    assert y.tolist() == [[1.5], [2.5], [3.5], [4.25]]
    assert (x.dtype, y.dtype, data.task) == (np.float32, np.float32, "regression")


def test_a_text_target_is_a_class(write_csv):
    data = whole(write_csv(PEOPLE), target="city")
    assert (data.task, data.classes, data.targets.tolist()) == (
        "classification",
        ("Oslo", "Rome"),
        [1, 0, 1, 0],
    )
    assert data.feature_names == ("age", "income")


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        ([1, 2, 1, 2], "classification", ("1", "2")),
        (["1.0", "2.0", "1.0", "2.0"], "classification", ("1", "2")),
        ([9, 10, 9, 10], "classification", ("9", "10")),
        ([1, 2, 3, 4], "regression", None),
        ([0.5, 1.5, 0.5, 1.5], "regression", None),
        (list(range(21)) * 2, "regression", None),
        (list(range(20)) * 2, "classification", tuple(map(str, range(20)))),
    ],
)
def test_the_task_follows_from_the_target(write_csv, values, task, classes):
    path = write_csv("x,y\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values)))
    data = whole(path)
    assert (data.task, data.classes) == (task, classes)


def test_the_task_can_be_given(write_csv):
    path = write_csv("x,y\n1,1\n2,2\n3,1\n4,2\n")
    assert whole(path, task="regression").task == "regression"
    assert whole(write_csv(PEOPLE), task="classification").classes == ("1.5", "2.5", "3.5", "4.25")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a,b\n1,2\n3,4\n", ("a",)),
        ("1,2\n3,4\n", ("column 1",)),
        ("red,1\nblue,2\nred,3\n", ("column 1=blue", "column 1=red")),
        ("name,kind\nred,x\nred,y\n", ("name=red",)),
        ("red,x\nred,y\n", ("column 1=red",)),
        (",y\n1,2\n3,4\n", ("column 1",)),
        ("\ufeffa,b\n1,2\n3,4\n", ("a",)),
    ],
    ids=["header", "numbers", "mixed", "text header", "text data", "unnamed", "byte-order mark"],
)
def test_headers_are_recognised(write_csv, text, names):
    assert whole(write_csv(text), task=None if "x" not in text else "classification").feature_names == names


def test_headers_can_be_given(write_csv):
    path = write_csv("2010,2011\n1,2.5\n3,4.5\n")
    assert whole(path, header=True).feature_names == ("2010",)
    assert len(whole(path)) == 3
    assert len(whole(write_csv("a,b\nc,d\n"), header=False, task="classification")) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(write_csv, delimiter):
    text = PEOPLE.replace(",", delimiter)
    assert whole(write_csv(text)).feature_names == ("age", "city=Oslo", "city=Rome")
    assert whole(write_csv(text, "x.tsv"), delimiter=delimiter).feature_names == (
        "age",
        "city=Oslo",
        "city=Rome",
    )


def test_quotes_blanks_and_line_ends(write_csv):
    data = whole(write_csv('name, y\r\n"a, b", 1.5\r\n\r\n" c ""d""",  2.5\r\n'))
    assert data.feature_names == ("name=a, b", 'name=c "d"')
    assert data.targets.tolist() == [[1.5], [2.5]]


def test_other_encodings(write_csv):
    path = write_csv("城市,y\n北京,1.5\n上海,2.5\n", encoding="gb18030")
    assert whole(path, encoding="gb18030").feature_names == ("城市=上海", "城市=北京")
    with pytest.raises(DataError, match=r"byte 0 is not utf-8-sig text\. Give its encoding"):
        load(path)
    with pytest.raises(ConfigError, match="'gb-18' is not the name of an encoding"):
        load(path, encoding="gb-18")


def test_columns_can_be_left_out_or_made_categories(write_csv):
    path = write_csv("id,class,y\n1,3,0.5\n2,1,1.5\n3,3,2.5\n")
    assert whole(path, ignore=["id"], categorical=["class"]).feature_names == ("class=1", "class=3")


def many_rows(bad=()):
    lines = [f"{i},{'red' if i % 2 else 'blue'},{i / 2}" for i in range(1, 1001)]
    for row, text in bad:
        lines[row - 1] = text
    return "size,colour,price\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("12,5x,red,3", "row 700 (line 701) has 4 cells, expected 3. In all 1 of 1000 rows are bad."),
        ("12", "row 700 (line 701) has 1 cells, expected 3. In all 1 of 1000 rows are bad."),
        (
            "1O0,red,3",
            "row 700 (line 701), column 'size': '1O0' is not a finite number. In all 1 of 1000 rows are bad "
            "(bad cells by column: size 1).",
        ),
        (
            ",red,3",
            "row 700 (line 701), column 'size': '' is missing. In all 1 of 1000 rows are bad "
            "(bad cells by column: size 1).",
        ),
        (
            "5,n/a,3",
            "row 700 (line 701), column 'colour': 'n/a' is missing. In all 1 of 1000 rows are bad "
            "(bad cells by column: colour 1).",
        ),
        (
            "5,red,inf",
            "row 700 (line 701), column 'price': 'inf' is not a finite number. In all 1 of 1000 rows are bad "
            "(bad cells by column: price 1).",
        ),
        (
            "1e60,red,?",
            "row 700 (line 701), column 'size': '1e60' is not a finite number. In all 1 of 1000 rows are bad "
            "(bad cells by column: size 1, price 1).",
        ),
    ],
)
def test_a_bad_cell_among_thousands(write_csv, bad, message):
    path = write_csv(many_rows([(700, bad)]))
    with pytest.raises(DataError) as caught:
        load(path)
    remedy = " Repair them, leave columns out with ignore=[…], or skip these rows with skip_bad=True"
    assert str(caught.value).splitlines()[0] == f"{path}: {message}{remedy}"
    splits = load(path, skip_bad=True, validation=0, test=0)
    assert len(splits.train) == 999
    assert splits.skipped == (f"{path}: {message.split('. In all')[0]}",)
    assert 350.0 not in splits.train.targets


def test_many_bad_cells_are_counted(write_csv):
    path = write_csv(many_rows([(3, "x,red,1"), (5, "x,?,1"), (900, "1,2,3,4")]))
    with pytest.raises(
        DataError, match=r"row 3 .* In all 3 of 1000 rows are bad \(bad cells by column: size 2, colour 1\)"
    ):
        load(path)
    assert len(load(path, skip_bad=True).skipped) == 3


def test_line_numbers_count_lines_inside_quotes(write_csv):
    path = write_csv('a,b,y\n1,"two\nlines",1.5\n2,u,2.5\n3,u,x\n4,u,4.5\n')
    with pytest.raises(DataError, match=r"row 3 \(line 5\), column 'y': 'x' is not a finite number"):
        load(path)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "there is no sample"),
        ("a,b\n", {"header": True}, "there is no sample"),
        ("a,a\n1,2\n", {}, "two columns are named 'a'"),
        (
            PEOPLE,
            {"target": "Income"},
            r"there is no column 'Income' \(did you mean income\?\) \(columns: age, city",
        ),
        (PEOPLE, {"target": "zzz"}, r"there is no column 'zzz' \(columns: age, city, income\)"),
        (PEOPLE, {"ignore": ["sex"]}, "there is no column 'sex'"),
        (PEOPLE, {"target": "city", "task": "regression"}, "the target 'city' holds text"),
        ("y\n1.5\n2.5\n", {}, "besides the target 'y' there is no column to learn from"),
        ("a,b,y\n1,,2.5\n2,,3.5\n", {}, "column 'b' is empty in every row"),
        ("a,y\n1,u\n2,u\n", {}, "all 2 training samples are of one class, 'u'"),
        ('a,y\n"1,2\n', {}, r"line 2 is not valid CSV"),
        ('a,y\n"1"2,3\n', {}, r"line 2 is not valid CSV"),
        ("a,y\n" + "x" * 200_000 + ",1\n", {}, r"line 2 is not valid CSV \(field larger than field limit"),
    ],
)
def test_bad_files_and_their_messages(write_csv, text, options, message):
    with pytest.raises(DataError, match=message):
        load(write_csv(text), **options)


def test_free_text_is_not_taken_for_categories(write_csv):
    path = write_csv("note,y\n" + "".join(f"note {i},{i}.5\n" for i in range(101)))
    with pytest.raises(
        DataError, match=r"more than 100 different texts.*'note' \(101\)\. Leave columns out with"
    ):
        load(path, target="y")
    assert whole(path, categorical=["note"]).spec.shape == (101,)


def test_when_every_row_is_bad_nothing_is_left(write_csv):
    with pytest.raises(DataError, match="none of 2 samples is left"):
        load(write_csv("a,b,y\n1,?,2.5\n?,1,3.5\n"), skip_bad=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delimiter": ", "}, "delimiter must be one character, got ', '"),
        ({"task": "ranking"}, "task must be one of classification, regression, got 'ranking'"),
        ({"size": 8}, "the option size does not apply to a .csv or .tsv file"),
    ],
)
def test_bad_options_and_their_messages(write_csv, options, message):
    with pytest.raises(ConfigError) as caught:
        load(write_csv(PEOPLE), **options)
    assert str(caught.value).startswith(message)


def test_titanic(real_data):
    path = real_data / "tabular" / "titanic.csv"
    left_out = ["PassengerId", "Name", "Ticket", "Cabin"]
    with pytest.raises(
        DataError, match=r"row 6 \(line 7\), column 'Age': '' is missing. In all 179 of 891 rows"
    ):
        load(path, target="Survived", ignore=left_out)
    splits = load(path, target="Survived", ignore=left_out, skip_bad=True)
    assert (sum(map(len, splits)), len(splits.skipped)) == (712, 179)
    assert splits.train.feature_names[:4] == ("Pclass", "Sex=female", "Sex=male", "Age")


def test_adult_has_no_header(real_data):
    splits = load(real_data / "tabular" / "adult-train.csv", skip_bad=True)
    assert (sum(map(len, splits)), len(splits.skipped)) == (30162, 2399)
    assert splits.train.classes == ("<=50K", ">50K")

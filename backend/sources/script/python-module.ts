/** `import tasksheet` in a Python script: tables as lists of dictionaries without any package, data frames where pandas is there. */
export const pythonModule = `"""What a Tasksheet step is given and gives back. Needs nothing but Python."""
import csv
import datetime
import decimal
import json
import os

_folder = os.path.dirname(os.path.abspath(__file__))

with open(os.path.join(_folder, "values.json"), encoding="utf-8") as _file:
    values = json.load(_file)

_readers = {
    "integer": int,
    "decimal": decimal.Decimal,
    "boolean": lambda text: text == "true",
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
}


def path(name):
    """The CSV file of a step, or of a file field."""
    for folder in ("steps", "files"):
        found = os.path.join(_folder, folder, name + ".csv")
        if os.path.exists(found):
            return found
    raise KeyError("there is no step or file " + repr(name))


def columns(name):
    """Names and types of a table."""
    with open(path(name)[: -len(".csv")] + ".json", encoding="utf-8") as file:
        return [(column["name"], column["type"]) for column in json.load(file)["columns"]]


def rows(name):
    """The rows of a step or file, one dictionary each; an empty cell is None, except in text."""
    readers = [_readers.get(type) for _, type in columns(name)]
    with open(path(name), encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        names = next(lines)
        for line in lines:
            yield {key: text if reader is None else None if text == "" else reader(text) for key, reader, text in zip(names, readers, line)}


def table(name):
    """A data frame where pandas is installed, otherwise a list of dictionaries."""
    try:
        import pandas
    except ImportError:
        return list(rows(name))
    words = {"integer": "Int64", "decimal": "float64", "string": "string", "boolean": "boolean"}
    types = columns(name)
    dates = [column for column, type in types if type in ("date", "datetime")]
    return pandas.read_csv(path(name), dtype={column: words[type] for column, type in types if type in words}, parse_dates=dates, keep_default_na=False, na_values={column: [""] for column, type in types if type != "string"})


def give(table):
    """Gives back a data frame, or dictionaries that all have the same keys."""
    target = os.path.join(_folder, "out.csv")
    if hasattr(table, "to_csv"):
        table.to_csv(target, index=False, encoding="utf-8")
        return
    table = list(table)
    with open(target, "w", encoding="utf-8", newline="") as file:
        if table:
            lines = csv.DictWriter(file, fieldnames=list(table[0]), lineterminator="\\n")
            lines.writeheader()
            lines.writerows(table)
`;

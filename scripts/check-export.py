#!/usr/bin/env python3
"""Loads an exported build as its users would, and fails where anything is not what build.json says.

Usage: check-export.py FOLDER
Needs (tried with these): pip install datasets==5.2.0 mlcroissant==1.1.1 pyarrow==26.0.1 pandas==3.1.1 PyYAML==6.0.4

- every file has the size and SHA-256 of build.json and croissant.json, is UTF-8 without BOM, CR LF or NUL;
- datasets.load_dataset loads every configuration of the card, whole and streamed: splits, counts, columns, types;
- the CSV files hold the same rows, read by Python, by load_dataset("csv") and by pyarrow, which writes Parquet of one
  schema for all files;
- mlcroissant validates croissant.json without errors (warnings are shown) and reads every record.
"""

import csv
import hashlib
import io
import json
import logging
import pathlib
import sys
import tempfile

import datasets
import mlcroissant
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import yaml

COLUMNS = ["id", "corpus", "document", "setting", "split", "input", "instruction", "reference", "origin",
           "further_references", "further_origins", "licence"]
LISTS = {"further_references", "further_origins"}
FEATURES = datasets.Features(
    {name: datasets.List(datasets.Value("string")) if name in LISTS else datasets.Value("string")
     for name in COLUMNS})
TEXTS = datasets.Features({name: datasets.Value("string") for name in COLUMNS})


def expect(condition, *what):
    if not condition:
        sys.exit("check-export: " + " ".join(map(str, what)))


def config_of(setting):
    return setting.replace("+", "-").replace("/", "-")


def flat(rows):
    """Rows with their lists as JSON text, as CSV has them."""
    return [{name: json.dumps(row[name], ensure_ascii=False, separators=(",", ":")) if name in LISTS else row[name]
             for name in COLUMNS} for row in rows]


def same(rows, others):
    """Whether rows of CSV say the same as rows of JSON; lists are compared by value."""
    plain = [{name: json.loads(row[name]) if name in LISTS else row[name] for name in COLUMNS} for row in rows]
    return plain == others


def check_files(folder, build, croissant):
    listed = {entry["path"]: entry for entry in build["files"] + build.get("tables", [])}
    objects = {node["@id"]: node for node in croissant["distribution"] if node["@type"] == "cr:FileObject"}
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    expect(present == set(listed) | {"build.json", "README.md", "croissant.json"}, "other files than build.json's:",
           present ^ (set(listed) | {"build.json", "README.md", "croissant.json"}))
    for path in list(listed) + ["build.json"]:
        data = (folder / path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        expect(digest == objects[path]["sha256"] and objects[path]["contentSize"] == f"{len(data)} B", path,
               "is not as croissant.json says")
        if path in listed:
            expect(digest == listed[path]["sha256"] and len(data) == listed[path]["bytes"], path,
                   "is not as build.json says")
        data.decode("utf-8")
        expect(not data.startswith(b"\xef\xbb\xbf") and b"\0" not in data and data.endswith(b"\n"), path, "bytes")
    return listed


def read_lines(folder, listed):
    """All rows by setting and split, as the json module reads them."""
    rows = {}
    for path, entry in listed.items():
        if not path.endswith(".jsonl"):
            continue
        setting, split, _ = path.rsplit(".", 2)
        found = [json.loads(line) for line in (folder / path).read_text("utf-8").splitlines()]
        expect(len(found) == entry["examples"], path, "has another number of lines")
        expect(all(sorted(row) == sorted(COLUMNS) and row["setting"] == setting and row["split"] == split
                   for row in found), path, "rows")
        rows[setting, split] = found
    ids = [row["id"] for found in rows.values() for row in found]
    expect(len(ids) == len(set(ids)), "ids repeat")
    return rows


def check_datasets(folder, build, rows, card):
    configs = [entry["config_name"] for entry in card["configs"]]
    expect(datasets.get_dataset_config_names(str(folder)) == configs, "configurations")
    expect(configs == [config_of(setting["name"]) for setting in build["settings"]], "order of configurations")
    with tempfile.TemporaryDirectory() as cache:
        for setting in build["settings"]:
            name = config_of(setting["name"])
            splits = {split for split, count in setting["examples"].items() if count}
            loaded = datasets.load_dataset(str(folder), name, cache_dir=cache)
            streamed = datasets.load_dataset(str(folder), name, cache_dir=cache, streaming=True)
            expect(set(loaded) == splits == set(streamed), name, "splits", set(loaded))
            for split in splits:
                wanted = [{column: row[column] for column in COLUMNS} for row in rows[setting["name"], split]]
                expect(loaded[split].features == FEATURES, name, split, "features", loaded[split].features)
                expect(loaded[split].column_names == COLUMNS, name, split, "order of columns")
                expect(loaded[split].num_rows == setting["examples"][split], name, split, "count")
                expect(loaded[split].to_list() == wanted, name, split, "rows")
                expect(list(streamed[split]) == wanted, name, split, "streamed rows")
    return len(configs)


def check_tables(folder, build, rows):
    tables = [entry["path"] for entry in build.get("tables", [])]
    if not tables:
        return 0
    expect(sorted(path[:-4] for path in tables) == sorted(e["path"][:-6] for e in build["files"]), "tables are missing")
    read = pyarrow.csv.ReadOptions(encoding="utf8", block_size=64 << 20)
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    convert = pyarrow.csv.ConvertOptions(column_types={name: pyarrow.string() for name in COLUMNS})
    schemas = set()
    with tempfile.TemporaryDirectory() as scratch:
        for path in tables:
            setting, split, _ = path.rsplit(".", 2)
            wanted = [{column: row[column] for column in COLUMNS} for row in rows[setting, split]]
            text = (folder / path).read_bytes().decode("utf-8")
            plain = list(csv.DictReader(io.StringIO(text, newline="")))
            expect(list(plain[0]) == COLUMNS and same(plain, wanted), path, "read by csv")
            table = pyarrow.csv.read_csv(folder / path, read, parse, convert)
            parquet = pathlib.Path(scratch) / "table.parquet"
            pyarrow.parquet.write_table(table, parquet)
            schemas.add(str(pyarrow.parquet.read_schema(parquet).remove_metadata()))
            expect(same(pyarrow.parquet.read_table(parquet).to_pylist(), wanted), path, "read from Parquet")
        files = {split: [path for path in tables if path.rsplit(".", 2)[1] == split]
                 for split in ("train", "validation", "test")}
        files = {split: paths for split, paths in files.items() if paths}
        loaded = datasets.load_dataset(
            "csv", data_files={split: [str(folder / path) for path in paths] for split, paths in files.items()},
            features=TEXTS, keep_default_na=False, cache_dir=scratch)
        for split, paths in files.items():
            wanted = [{column: row[column] for column in COLUMNS}
                      for path in paths for row in rows[path.rsplit(".", 2)[0], split]]
            expect(same(loaded[split].to_list(), wanted), "csv by datasets:", split)
    expect(len(schemas) == 1, "Parquet schemas differ", schemas)
    return len(tables)


def check_croissant(folder, build, rows):
    class Issues(logging.Handler):
        messages = []

        def emit(self, record):
            if record.levelno >= logging.WARNING:
                self.messages.append(record.getMessage())

    logging.getLogger().addHandler(Issues())
    logging.getLogger("absl").addHandler(Issues())
    dataset = mlcroissant.Dataset(str(folder / "croissant.json"))
    count = 0
    text = lambda value: value.decode("utf-8") if isinstance(value, bytes) else value
    for setting in build["settings"]:
        name = config_of(setting["name"])
        found = {}
        for record in dataset.records(name):
            row = {key.split("/", 1)[1]: [text(v) for v in value] if isinstance(value, list) else text(value)
                   for key, value in record.items()}
            found[row["id"]] = row
            count += 1
        wanted = {row["id"]: row for split in ("train", "validation", "test")
                  for row in rows.get((setting["name"], split), [])}
        expect(found.keys() == wanted.keys(), name, "records through mlcroissant")
        for key, row in wanted.items():
            expect(found[key] == row, name, key, "through mlcroissant:", found[key], row)
    return count, sorted(set(Issues.messages))


def main():
    expect(len(sys.argv) == 2, __doc__)
    folder = pathlib.Path(sys.argv[1]).resolve()
    datasets.disable_progress_bars()
    build = json.loads((folder / "build.json").read_text("utf-8"))
    croissant = json.loads((folder / "croissant.json").read_text("utf-8"))
    card = yaml.safe_load((folder / "README.md").read_text("utf-8").split("---\n")[1])
    listed = check_files(folder, build, croissant)
    rows = read_lines(folder, listed)
    configs = check_datasets(folder, build, rows, card)
    tables = check_tables(folder, build, rows)
    records, warnings = check_croissant(folder, build, rows)
    for warning in warnings:
        print("mlcroissant:", warning)
    print(f"{len(listed)} files, {sum(map(len, rows.values()))} rows, {configs} configurations loaded, "
          f"{tables} CSV files to Parquet, {records} records through mlcroissant, {len(warnings)} warnings")


main()

#!/usr/bin/env python3
"""The two toy models behind this example, and the requests that they scored.

A model is a table of weights (affinity-VERSION.json): how much each interest of a customer speaks
for each kind of product. `python3 affinity.py` reads catalogue.csv and writes the tables, their
registrations (model-affinity-VERSION.xml), requests.jsonl, choices.jsonl and results.jsonl; the
same each time. A commit can't name itself, so the registrations pin this file by git's ID of it.

Customers choose among what the page showed them. Which arm that was and what a random arm drew is
computed here a second time, from Sources/DecisionEngine/ENTRIES.md alone (section 3).
"""
import csv
import hashlib
import json
import random
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = ("2.1.0", "2.2.0")
TODAY = "2026-11-02"
# As in pipeline.xml: the experiment, and each arm with its share and its model, if it has one.
EXPERIMENT = "ranker-2026-11"
ARMS = (("champion", 90, "2.1.0"), ("challenger", 8, "2.2.0"), ("random", 2, None))


def read_catalogue():
    """SKU, kind, price in EUR, pieces in stock, discontinued, next delivery of each product."""
    with open(HERE / "catalogue.csv", newline="", encoding="utf-8") as file:
        return [
            (row["sku"], row["kind"], row["price_eur"], int(row["stock"]),
             row["discontinued"] == "true", row["restock_date"] or None)
            for row in csv.DictReader(file)]


CATALOGUE = read_catalogue()
KINDS = sorted({row[1] for row in CATALOGUE})


def digest(name):
    return "sha256:" + hashlib.sha256((HERE / name).read_bytes()).hexdigest()


def git_blob(name):
    content = (HERE / name).read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def write_weights(dice):
    """Two tables: the newer one looks more at the kind, less at the product itself."""
    for version, own in zip(VERSIONS, (0.45, 0.25)):
        table = {
            "own": own,
            "kinds": {kind: {other: round(1.0 if kind == other else dice.uniform(0.1, 0.5), 2)
                             for other in KINDS} for kind in KINDS},
            "products": {row[0]: round(dice.uniform(0.2, 0.9), 2) for row in CATALOGUE}}
        name = f"affinity-{version}.json"
        (HERE / name).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
        (HERE / f"model-affinity-{version}.xml").write_text(f"""<?xml version="1.0" encoding="UTF-8"?>
<model xmlns="urn:leafproof:model:1" id="affinity" version="{version}">
  <title>Affinity of a customer for a product</title>
  <owner>ranking@shop.example</owner>
  <artifact href="{name}" digest="{digest(name)}"/>
  <code href="affinity.py" commit="{git_blob('affinity.py')}"/>
  <data href="catalogue.csv" digest="{digest('catalogue.csv')}"/>
</model>
""", encoding="utf-8")


def score(version, interest, row):
    table = json.loads((HERE / f"affinity-{version}.json").read_text(encoding="utf-8"))
    own = table["own"]
    return round(own * table["products"][row[0]] + (1 - own) * table["kinds"][interest][row[1]], 4)


def may_be_shown(row):
    """What the rule set stock-availability decides, for this file's one day."""
    return row[3] >= 1 or (not row[4] and row[5] is not None and row[5] <= "2026-11-05")


def product(row, interest):
    result = {"sku": row[0], "stock": row[3], "discontinued": row[4]}
    if row[5]:
        result["restock_date"] = row[5]
    result["scores"] = {f"affinity@{v}": score(v, interest, row) for v in VERSIONS}
    return result


def request(number, dice):
    interest = dice.choice(KINDS)
    rows = dice.sample(CATALOGUE, dice.randint(6, 12))
    if number % 8 == 0:  # a page of products that are mostly sold out
        shown = [row for row in CATALOGUE if may_be_shown(row)]
        gone = [row for row in CATALOGUE if not may_be_shown(row)]
        rows = dice.sample(gone, 6) + dice.sample(shown, number // 8 % 3)
    inputs = {
        "customer_id": f"C-{1000 + number}", "today": TODAY,
        "products": [product(row, interest) for row in rows]}
    return {"case_id": f"TOP-{number:04}", "inputs": inputs}, rows


def hashed(*parts):
    """The first 8 bytes of SHA-256 over the parts, joined by a zero byte, as a whole number."""
    joined = b"\0".join(part.encode("utf-8") for part in parts)
    return int.from_bytes(hashlib.sha256(joined).digest()[:8], "big")


def arm_of(unit):
    """The arm of a unit and its model: the first whose summed shares exceed the unit's place."""
    place, limit = Fraction(hashed(EXPERIMENT, unit) * 100, 2 ** 64), 0
    for arm, share, version in ARMS:
        limit += share
        if place < limit:
            return arm, version
    raise ValueError("the shares are less than 100")


def ranked(request, rows):
    """The SKUs that the page shows, best first: equal ones by the bytes of the SKU."""
    _, version = arm_of(request["inputs"]["customer_id"])

    def value(item):
        if version is None:
            return hashed(request["case_id"], item["sku"]) * 10 ** 9 // 2 ** 64
        return item["scores"][f"affinity@{version}"]

    shown = [item for item, row in zip(request["inputs"]["products"], rows) if may_be_shown(row)]
    shown.sort(key=lambda item: (-value(item), item["sku"].encode("utf-8")))
    return [item["sku"] for item in shown[:3]]


def write_lines(name, lines):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (HERE / name).write_text(text, encoding="utf-8")


def main():
    dice, customers = random.Random(20261102), random.Random(20261103)
    write_weights(dice)
    requests, choices, results = [], [], []
    prices = {row[0]: row[2] for row in CATALOGUE}
    for number in range(1, 41):
        entry, rows = request(number, dice)
        requests.append(entry)
        shown = ranked(entry, rows)
        if not shown or customers.random() < 0.35:
            continue
        chosen = customers.choice(shown)
        choices.append({"case_id": entry["case_id"], "chosen": chosen})
        if customers.random() < 0.6:
            results.append(
                {"case_id": entry["case_id"], "revenue": prices[chosen], "currency": "EUR"})
    write_lines("requests.jsonl", requests)
    write_lines("choices.jsonl", choices)
    write_lines("results.jsonl", results)


if __name__ == "__main__":
    main()

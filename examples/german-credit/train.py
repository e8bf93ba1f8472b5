#!/usr/bin/env python3
"""Trains the model of this example and scores the 1,000 applicants.

Reads germancredit.csv and writes, beside it:
  coefficients.json   the logistic regressions, one for each fold, rounded to 6 decimals
  applicants.jsonl    one decision request for each applicant
  model.xml           the model's registration, with the digests of what it was made from

Each applicant is scored by the fold's model that has not seen them. The score is 1,000 times the
probability of a good loan, rounded to a whole number, computed from the rounded coefficients, so
that it follows from coefficients.json alone. Age, sex, personal status and citizenship are kept
out of the model; so is `job`, one of whose values tells where somebody comes from.

    python3 -m venv .venv && .venv/bin/pip install scikit-learn==1.9.1
    .venv/bin/python train.py            # needs scikit-learn; writes the three files
    python3 train.py --check             # Python alone: do the scores follow from the coefficients?
"""
import csv
import hashlib
import json
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDS = 10
SEED = 20261102
VERSION = "1.0.0"

# Column of the file, name in the rule set, and the short code of each value. None is "not known".
CATEGORIES = [
    ("status_of_existing_checking_account", "checking", {
        "... < 0 DM": "overdrawn", "0 <= ... < 200 DM": "below_200",
        "... >= 200 DM / salary assignments for at least 1 year": "from_200",
        "no checking account": "no_account"}),
    ("credit_history", "history", {
        "no credits taken/ all credits paid back duly": "no_credits",
        "all credits at this bank paid back duly": "all_paid_here",
        "existing credits paid back duly till now": "paid_duly",
        "delay in paying off in the past": "delays",
        "critical account/ other credits existing (not at this bank)": "other_credits"}),
    ("purpose", "purpose", {
        "car (new)": "new_car", "car (used)": "used_car", "furniture/equipment": "furniture",
        "radio/television": "television", "domestic appliances": "appliances",
        "repairs": "repairs", "education": "education", "retraining": "retraining",
        "business": "business", "others": "other"}),
    ("savings_account_and_bonds", "savings", {
        "... < 100 DM": "below_100", "100 <= ... < 500 DM": "from_100",
        "500 <= ... < 1000 DM": "from_500", "... >= 1000 DM": "from_1000",
        "unknown/ no savings account": None}),
    ("present_employment_since", "employed", {
        "unemployed": "unemployed", "... < 1 year": "below_1_year",
        "1 <= ... < 4 years": "from_1_year", "4 <= ... < 7 years": "from_4_years",
        "... >= 7 years": "from_7_years"}),
    ("other_debtors_or_guarantors", "security", {
        "none": "none", "co-applicant": "co_applicant", "guarantor": "guarantor"}),
    ("property", "property", {
        "real estate": "real_estate",
        "building society savings agreement/ life insurance": "savings_agreement",
        "car or other, not in attribute Savings account/bonds": "car_or_other",
        "unknown / no property": None}),
    ("other_installment_plans", "other_plans", {
        "none": "none", "bank": "bank", "stores": "stores"}),
    ("housing", "housing", {"own": "own", "rent": "rent", "for free": "free"}),
]
NUMBERS = [
    ("duration_in_month", "months"),
    ("credit_amount", "amount"),
    ("installment_rate_in_percentage_of_disposable_income", "installment_rate"),
    ("number_of_existing_credits_at_this_bank", "existing_credits"),
]
# Sent along and recorded, so that fairness can be measured later; neither the model nor the rule
# set looks at them.
PERSONAL_STATUS = {
    "male : divorced/separated": "male_divorced", "male : single": "male_single",
    "male : married/widowed": "male_married",
    "female : divorced/separated/married": "female_divorced_or_married"}


def applicants():
    """The rows of the file as the inputs of the rule set, and whether each loan went well."""
    with open(HERE / "germancredit.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            inputs = {name: codes[row[column]] for column, name, codes in CATEGORIES}
            inputs.update({name: int(row[column]) for column, name in NUMBERS})
            inputs["age"] = int(row["age_in_years"])
            inputs["personal_status"] = PERSONAL_STATUS[row["personal_status_and_sex"]]
            inputs["foreign_worker"] = row["foreign_worker"] == "yes"
            yield inputs, row["creditability"] == "good"


def features(inputs):
    """Name and value of each feature of one applicant: 0 or 1, and scaled numbers."""
    result = {}
    for _, name, codes in CATEGORIES:
        for code in codes.values():
            result[f"{name}={code or 'unknown'}"] = 1.0 if inputs[name] == code else 0.0
    result["months"] = inputs["months"] / 12
    result["log amount"] = math.log(inputs["amount"]) - 7.5
    result["installment_rate"] = inputs["installment_rate"] - 3.0
    result["existing_credits"] = inputs["existing_credits"] - 1.0
    return result


def score(model, inputs):
    """1,000 times the probability of a good loan, rounded."""
    exponent = model["intercept"] + sum(
        model["coefficients"][name] * value for name, value in features(inputs).items())
    return round(1000 / (1 + math.exp(-exponent)))


def train(rows):
    """The model of each fold and the fold of each row."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    names = list(features(rows[0][0]))
    matrix = [list(features(inputs).values()) for inputs, _ in rows]
    good = [1 if label else 0 for _, label in rows]
    folds = [0] * len(rows)
    models = []
    splitter = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for number, (seen, unseen) in enumerate(splitter.split(matrix, good)):
        fit = LogisticRegression(C=1.0, max_iter=2000, tol=1e-10)
        fit.fit([matrix[i] for i in seen], [good[i] for i in seen])
        models.append({
            "intercept": round(float(fit.intercept_[0]), 6),
            "coefficients": {n: round(float(c), 6) for n, c in zip(names, fit.coef_[0])}})
        for i in unseen:
            folds[i] = number
    scores = [score(models[fold], inputs) for fold, (inputs, _) in zip(folds, rows)]
    print(f"area under the ROC curve, out of fold: {roc_auc_score(good, scores):.3f}")
    return models, folds


def digest(path):
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def write_model():
    """model.xml. A commit can't name itself, so the code is pinned by git's ID of the file."""
    code = Path(__file__).read_bytes()
    blob = hashlib.sha1(b"blob %d\0" % len(code) + code).hexdigest()
    (HERE / "model.xml").write_text(f"""<?xml version="1.0" encoding="UTF-8"?>
<model xmlns="urn:leafproof:model:1" id="gc-logit" version="{VERSION}">
  <title>Logistic regression on the German credit data, {FOLDS} folds</title>
  <owner>credit-models@bank.example</owner>
  <artifact href="coefficients.json" digest="{digest(HERE / 'coefficients.json')}"/>
  <code href="train.py" commit="{blob}"/>
  <data href="germancredit.csv" digest="{digest(HERE / 'germancredit.csv')}"/>
</model>
""", encoding="utf-8")


def request(number, inputs, points):
    known = {name: value for name, value in inputs.items() if value is not None}
    return json.dumps({
        "case_id": f"GC-{number:04}", "inputs": known, "scores": {f"gc-logit@{VERSION}": points}})


def main():
    rows = list(applicants())
    if "--check" in sys.argv:
        stored = json.loads((HERE / "coefficients.json").read_text(encoding="utf-8"))
        models, folds = stored["models"], stored["folds"]
    else:
        models, folds = train(rows)
        (HERE / "coefficients.json").write_text(
            json.dumps({"seed": SEED, "models": models, "folds": folds}, indent=1) + "\n",
            encoding="utf-8")
        write_model()
    lines = "".join(
        request(number, inputs, score(models[fold], inputs)) + "\n"
        for number, (fold, (inputs, _)) in enumerate(zip(folds, rows), start=1))
    path = HERE / "applicants.jsonl"
    if "--check" in sys.argv:
        same = path.read_text(encoding="utf-8") == lines
        print("applicants.jsonl follows from coefficients.json" if same
              else "applicants.jsonl differs from what coefficients.json gives")
        sys.exit(0 if same else 1)
    path.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Evaluates a GoRules decision over the rows of a CSV file, one call a row.

usage: zen_table.py DECISION.json ROWS.csv ROUNDS ROWCOUNT

Prints the processor seconds of each round on one line, then the answer of each row on its own.
"""

import csv
import sys
import time

import zen

content = open(sys.argv[1]).read()
path, rounds, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
decision = zen.ZenEngine().create_decision(content)
rows = []
for row in csv.DictReader(open(path)):
    if len(rows) == count:
        break
    rows.append({name: float(text) if text[0] != "v" else text for name, text in row.items()})
times = []
answers = []
for round in range(rounds + 1):
    start = time.process_time()
    answers = [decision.evaluate(row)["result"]["leaf"] for row in rows]
    times.append(time.process_time() - start)
print(*times[1:])
for answer in answers:
    print(int(answer))

"""Evaluates a CASE expression over the rows of a CSV file in DuckDB, on one thread.

usage: duckdb_case.py CASE.sql ROWS.csv ROUNDS

Prints the processor seconds of each round on one line, then the answer of each row on its own.
"""

import sys
import time

import duckdb

case = open(sys.argv[1]).read()
path, rounds = sys.argv[2], int(sys.argv[3])
database = duckdb.connect()
database.execute("SET threads = 1")
database.execute("SET max_expression_depth TO 100000")
header = open(path).readline().strip().split(",")
types = {name: "DOUBLE" if place < 10 else "VARCHAR" for place, name in enumerate(header)}
database.execute(f"CREATE TABLE given AS SELECT * FROM read_csv('{path}', columns = {types})")
query = f"SELECT sum({case}) FROM given"
times = []
for round in range(rounds + 1):
    start = time.process_time()
    database.execute(query).fetchall()
    times.append(time.process_time() - start)
print(*times[1:])
for (leaf,) in database.execute(f"SELECT {case} FROM given ORDER BY rowid").fetchall():
    print(leaf)

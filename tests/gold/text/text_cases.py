"""Reads and writes of CSV, JSON and text whose outcome real Spark records (record.py) and every engine has to repeat
(test_text_gold.py).

A Read is files of given bytes, read with a schema and options; a Parse is the same over a DataFrame of lines; a Write is
a query written, and what the files hold; an Expression is SQL.
"""

from __future__ import annotations

import csv_cases
import expression_cases
import file_cases
import json_cases

CASES = [*csv_cases.CASES, *json_cases.CASES, *file_cases.CASES, *expression_cases.CASES]

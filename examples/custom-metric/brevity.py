"""Scores whether an answer is no longer than it needs to be.

Reads one request a line and writes one answer a line, until its input ends.
"""

import json
import sys


def score(request):
    words = len(request["output"].split())
    expected = len((request["expected_output"] or "").split())
    if expected == 0:
        return {"skipped": "has no expected output"}
    value = min(1.0, expected / max(words, 1))
    answer = {"score": value, "detail": {"words": words, "expected": expected}}
    if value < 0.5:
        answer["problems"] = [f"{words} words where {expected} would do"]
    return answer


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], **score(request)}), flush=True)

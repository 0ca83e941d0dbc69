"""The suite for DeepEval: the outputs are given, one judge call an example.

`deepeval_suite.py CONCURRENCY CACHE`, where CACHE is `write` (DeepEval's default), `read` or `none`.
"""

import csv
import json
import os
import sys

from deepeval import evaluate
from deepeval.evaluate import AsyncConfig, CacheConfig, DisplayConfig
from deepeval.metrics import GEval
from deepeval.models import LocalModel
from deepeval.test_case import LLMTestCase, SingleTurnParams

with open("examples.csv", newline="") as file:
    cases = [
        LLMTestCase(
            input=row["input"], actual_output=row["output"], expected_output=row["expected"]
        )
        for row in csv.DictReader(file)
    ]
judge = LocalModel(
    model="deepeval",
    base_url=os.environ["OPENAI_BASE_URL"],
    api_key=os.environ["OPENAI_API_KEY"],
)
metric = GEval(
    name="correct",
    evaluation_params=[
        SingleTurnParams.INPUT,
        SingleTurnParams.ACTUAL_OUTPUT,
        SingleTurnParams.EXPECTED_OUTPUT,
    ],
    # Given, so that no call is needed to make them.
    evaluation_steps=["Check that the actual output says the same as the expected output."],
    model=judge,
)
caches = {
    "write": CacheConfig(),
    "read": CacheConfig(use_cache=True),
    "none": CacheConfig(write_cache=False),
}
result = evaluate(
    cases,
    metrics=[metric],
    async_config=AsyncConfig(max_concurrent=int(sys.argv[1])),
    display_config=DisplayConfig(print_results=False, inspect_after_run=False),
    cache_config=caches[sys.argv[2]],
)
with open("scores.json", "w") as file:
    json.dump([case.metrics_data[0].score for case in result.test_results], file)

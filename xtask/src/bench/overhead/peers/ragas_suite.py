"""The suite for Ragas: the outputs are given, one judge call an example."""

import csv
import json
import sys

from openai import AsyncOpenAI
from ragas import EvaluationDataset, evaluate
from ragas.cache import DiskCacheBackend
from ragas.llms import llm_factory
from ragas.metrics import SimpleCriteriaScore
from ragas.run_config import RunConfig

with open("examples.csv", newline="") as file:
    rows = [
        {"user_input": row["input"], "response": row["output"], "reference": row["expected"]}
        for row in csv.DictReader(file)
    ]
judge = llm_factory("ragas", client=AsyncOpenAI(), cache=DiskCacheBackend("cache"))
metric = SimpleCriteriaScore(
    name="correct",
    definition="Score 1 if the response says the same as the reference, else 0.",
    llm=judge,
)
result = evaluate(
    EvaluationDataset.from_list(rows),
    metrics=[metric],
    run_config=RunConfig(max_workers=int(sys.argv[1])),
)
with open("scores.json", "w") as file:
    json.dump([row["correct"] for row in result.scores], file)

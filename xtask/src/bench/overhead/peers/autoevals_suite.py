"""The suite for autoevals: the outputs are given, one judge call an example.

It has no command and no loop of its own, so that this is the shortest loop that keeps so many calls under way.
"""

import asyncio
import csv
import json
import sys

from autoevals import Factuality
from openai import AsyncOpenAI


async def main():
    with open("examples.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    judge = Factuality(model="autoevals", client=AsyncOpenAI())
    free = asyncio.Semaphore(int(sys.argv[1]))

    async def score(row):
        async with free:
            result = await judge.eval_async(
                input=row["input"], output=row["output"], expected=row["expected"]
            )
        return result.score

    scores = await asyncio.gather(*(score(row) for row in rows))
    with open("scores.json", "w") as file:
        json.dump(scores, file)


asyncio.run(main())

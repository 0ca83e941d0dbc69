"""The suite for Inspect: the outputs are given, one judge call an example."""

from inspect_ai import Task, task
from inspect_ai.dataset import FieldSpec, csv_dataset
from inspect_ai.model import CachePolicy, GenerateConfig, get_model
from inspect_ai.scorer import model_graded_qa
from inspect_ai.solver import solver


@solver
def given():
    """Takes the output of the example instead of asking a model."""

    async def solve(state, generate):
        state.output.completion = state.metadata["output"]
        return state

    return solve


@task
def suite():
    fields = FieldSpec(input="input", target="expected", metadata=["output"])
    # A judge's answers are cached only where its model says so; nothing expires.
    judge = get_model(
        "openai-api/load/inspect", config=GenerateConfig(cache=CachePolicy(expiry=None))
    )
    return Task(
        dataset=csv_dataset("examples.csv", fields),
        solver=given(),
        scorer=model_graded_qa(model=judge),
    )

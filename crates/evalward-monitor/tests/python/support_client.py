"""Asks a model the questions of the command line, instrumented as an application would be.

Nothing here knows a monitor: where the model is and where spans go comes from the environment alone, by the variables
of the openai package (OPENAI_BASE_URL, OPENAI_API_KEY) and of OpenTelemetry (OTEL_*). Prints one JSON object for each
question, with the answer and the ids of its span.
"""

import json
import sys

from openai import OpenAI
from openinference.instrumentation import using_session
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

INSTRUCTIONS = "You are Wren from Cobblenote support."


class Ended(SpanProcessor):
    """Keeps the spans that ended, to tell their ids."""

    def __init__(self):
        self.spans = []

    def on_end(self, span):
        self.spans.append(span)


def main():
    ended = Ended()
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    provider.add_span_processor(ended)
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    client = OpenAI()
    for question in sys.argv[1:]:
        with using_session("conversation-7"):
            completion = client.chat.completions.create(
                model="support-1",
                temperature=0.2,
                messages=[
                    {"role": "system", "content": INSTRUCTIONS},
                    {"role": "user", "content": question},
                ],
            )
        ids = ended.spans[-1].get_span_context()
        line = {
            "answer": completion.choices[0].message.content,
            "trace_id": format(ids.trace_id, "032x"),
            "span_id": format(ids.span_id, "016x"),
        }
        print(json.dumps(line), flush=True)
    # Sends what still waits; applications do so when they exit.
    provider.shutdown()


if __name__ == "__main__":
    main()

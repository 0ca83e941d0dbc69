//! A metric of one's own, in-process: whether an answer is no longer than it needs to be.
//!
//!     cargo run -p evalward --example custom_metric

use std::error::Error;
use std::io;

use evalward::core::{
    BoxFuture, CallError, Example, Finite, Measurement, Metric, Partition, Reply, Response, Score,
    Subject, SuiteMetric,
};
use evalward::gate::Decision;
use evalward::report::{Format, Options, Run, render};

/// The words of the expected output over those of the output, at most 1.
#[derive(Debug)]
struct Brevity;

impl Metric for Brevity {
    fn kind(&self) -> &'static str {
        "brevity"
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move {
            let Some(expected) = &example.expected_output else {
                return Measurement::Skipped("has no expected output".to_owned());
            };
            let (expected, words) = (count(expected), count(&reply.response.output));
            match Finite::new((f64::from(expected) / f64::from(words.max(1))).min(1.0)) {
                Ok(value) if value.get() < 0.5 => Score::fraction(value)
                    .with_problem(format_args!("{words} words where {expected} would do"))
                    .into(),
                Ok(value) => Score::fraction(value).into(),
                Err(error) => Measurement::Errored(error.to_string()),
            }
        })
    }
}

fn count(text: &str) -> u32 {
    text.split_whitespace().fold(0, |count, _| count + 1)
}

/// Stands for the code under test.
#[derive(Debug)]
struct Shop;

impl Subject for Shop {
    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        let answer = match example.id.as_str() {
            "hours" => "We open at nine on weekdays, at ten on Saturdays.",
            "gift" => "Yes, we wrap gifts for two euros.",
            _ => {
                "That is a very good question! There are many shops in this street, and one of them is ours. Yes."
            }
        };
        Box::pin(async move { Ok(Response::from_text(answer).into()) })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let expected = [
        ("hours", "We open at nine on weekdays."),
        ("gift", "Yes, for two euros."),
        ("open", "Yes, we are open."),
    ];
    let examples = expected
        .map(|(id, output)| Example::new(id, Partition::Golden).with_expected_output(output));
    let brevity = SuiteMetric::new("brevity", Brevity).with_threshold(Finite::new(0.5)?);

    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let evaluation = runtime.block_on(evalward::evaluate(examples, Shop, [brevity]))?;

    let run = Run::new(&evaluation.manifest, &evaluation.summary);
    let rows = evaluation.trials.into_iter().map(Ok::<_, io::Error>);
    render(Format::Terminal, run, rows, &Options::default(), &mut io::stdout())?;

    // The long answer fails, which is what the example shows.
    assert_eq!(evaluation.summary.counts.failed, 1);
    assert_eq!(evaluation.summary.decision, Decision::Failed);
    Ok(())
}

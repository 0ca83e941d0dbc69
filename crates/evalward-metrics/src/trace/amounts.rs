//! Amounts that an answer took; less is better, and a threshold is a limit.

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Scale, Score, Usage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fraction::to_f64;

/// What is counted as a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedSteps {
    /// The entries of the response's `steps`.
    #[default]
    Steps,
    /// The entries of its `tool_calls`.
    ToolCalls,
}

/// Which tokens are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedTokens {
    /// Those of request and answer.
    #[default]
    Total,
    /// Those of the request.
    Input,
    /// Those of the answer.
    Output,
}

/// The number of steps that the subject took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepCount {
    /// What is counted.
    pub counted: CountedSteps,
}

/// The wall time of the answer in milliseconds; of the original call where it is replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency;

/// The number of tokens that the answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Which tokens are counted.
    pub counted: CountedTokens,
}

/// The price of the answer in US dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost;

impl StepCount {
    fn measure(self, reply: &Reply) -> Result<Score, String> {
        match self.counted {
            CountedSteps::Steps if reply.response.steps.is_empty() => {
                Err("the response tells no steps, so their number is not known".to_owned())
            }
            CountedSteps::Steps => Ok(amount(to_f64(reply.response.steps.len()), json!({}))),
            CountedSteps::ToolCalls => {
                let names: Vec<&str> =
                    reply.response.tool_calls.iter().map(|call| call.name.as_str()).collect();
                let listed = &names[..names.len().min(100)];
                Ok(amount(to_f64(names.len()), json!({ "tools": listed })))
            }
        }
    }
}

impl Latency {
    fn measure(reply: &Reply) -> Result<Score, String> {
        // Where nothing was called and no time is told, 0 stands for a time that nobody measured.
        if reply.attempts == 0 && reply.latency_millis == 0 {
            return Err("nothing was called, so the time of the answer is not known".to_owned());
        }
        let millis = usize::try_from(reply.latency_millis).unwrap_or(usize::MAX);
        Ok(amount(to_f64(millis), json!({ "attempts": reply.attempts })))
    }
}

impl Tokens {
    fn measure(self, reply: &Reply) -> Result<Score, String> {
        let usage = reply.response.usage.unwrap_or_default();
        let (input, output) = (usage.input_tokens, usage.output_tokens);
        let missing = |what: &str| format!("the response does not say how many tokens {what} took");
        let (request, answer) = (|| missing("its request"), || missing("its answer"));
        let count = match self.counted {
            CountedTokens::Input => input.ok_or_else(request)?,
            CountedTokens::Output => output.ok_or_else(answer)?,
            CountedTokens::Total => {
                input.ok_or_else(request)?.saturating_add(output.ok_or_else(answer)?)
            }
        };
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(amount(to_f64(count), json!({ "input_tokens": input, "output_tokens": output })))
    }
}

impl Cost {
    fn measure(reply: &Reply) -> Result<Score, String> {
        let usage: Usage = reply.response.usage.unwrap_or_default();
        let cost = usage.cost_usd.ok_or(
            "the price of the answer is not known: neither the response nor the subject's `price` tells",
        )?;
        if cost < Finite::ZERO {
            return Err(format!(
                "the response says that the answer cost {cost} dollars, which is below 0"
            ));
        }
        Ok(amount(
            cost.get(),
            json!({
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
            }),
        ))
    }
}

fn amount(value: f64, detail: Value) -> Score {
    let value = Finite::new(value).unwrap_or(Finite::MAX);
    Score { scale: Scale::AMOUNT, ..Score::fraction(value) }.with_detail(detail)
}

/// What cannot be told is errored, so that a limit that could not be checked never counts as kept.
fn told(score: Result<Score, String>) -> Measurement {
    score.map_or_else(Measurement::Errored, Measurement::Score)
}

/// Implements the trait for amounts.
macro_rules! amounts {
    ($($metric:ty = $kind:literal, $measure:expr;)*) => {
        $(impl Metric for $metric {
            fn kind(&self) -> &'static str {
                $kind
            }

            fn scale(&self) -> Scale {
                Scale::AMOUNT
            }

            fn score<'a>(&'a self, _: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
                let measure: fn(&Self, &Reply) -> Result<Score, String> = $measure;
                Box::pin(async move { told(measure(self, reply)) })
            }
        })*
    };
}

amounts! {
    StepCount = "step_count", |it, reply| it.measure(reply);
    Latency = "latency", |_, reply| Self::measure(reply);
    Tokens = "tokens", |it, reply| it.measure(reply);
    Cost = "cost", |_, reply| Self::measure(reply);
}

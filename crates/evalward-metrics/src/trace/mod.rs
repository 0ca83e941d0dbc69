//! How an answer came about: tools, steps, time, tokens, money.

mod amounts;
mod expected_calls;
mod tool_calls;

pub use amounts::{Cost, CountedSteps, CountedTokens, Latency, StepCount, Tokens};
pub use expected_calls::ArgumentMatch;
pub use tool_calls::{ToolCallMatch, ToolCalls, ToolCallsOptions};

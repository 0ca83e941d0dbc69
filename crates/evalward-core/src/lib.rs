//! Vocabulary of evalward: what an example, a response, a score and an outcome are, and the traits by which subjects, chat
//! models, embedders, metrics and sinks plug in.
//!
//! This crate knows no file, no network and no runtime; every other crate speaks its words. Start at [`Example`], which a
//! [`Subject`] turns into a [`Reply`], which a [`Metric`] turns into a [`Measurement`]; a [`Trial`] records all three together
//! with the [`Outcome`].
//!
//! ```
//! use evalward_core::{Example, Finite, Measurement, Partition, Score};
//!
//! let example = Example::new("greeting-01", Partition::Golden).with_input("question", "Hello?");
//! assert_eq!(example.id.as_str(), "greeting-01");
//!
//! let score = Score::fraction(Finite::new(0.75)?).judged_by_threshold(Some(Finite::new(0.5)?));
//! assert_eq!(Measurement::from(score).passed(), Some(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budget;
mod call;
mod chat;
mod claim_label;
mod clock;
mod contribution;
mod decide;
mod digest;
mod document;
mod embedding_calls;
mod event;
mod example;
mod finite;
mod gate;
mod id;
mod interaction;
mod judge_calls;
mod manifest;
mod meter;
mod metric;
mod outcome;
mod partition;
mod probe;
mod response;
mod rules;
mod score;
mod score_row;
mod seed;
mod selection;
mod subject;
mod text;
mod thresholds;
mod trial;
mod trial_scores;

pub use budget::Budget;
pub use call::{CallError, CallErrorKind};
pub use chat::{ChatAnswer, ChatMessage, ChatModel, ChatRequest, Embedded, Embedder, TokenChoice};
pub use claim_label::ClaimLabel;
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use contribution::{BleuCounts, BleuSmoothing, ChrfCounts, Contribution};
pub use decide::{decide_outcome, score_reply, score_trial};
pub use digest::{Digest, ParseDigestError, canonical_json};
pub use document::Document;
pub use embedding_calls::EmbeddingCalls;
pub use event::{EventSink, KeptTrials, RunEvent, SinkError, TrialPosition};
pub use example::{Example, Failure, Origin, OriginKind, Review, Source};
pub use finite::{Finite, NotFinite};
pub use gate::{Confirmations, GatePolicy, Margin, NoWorseThan, OnInconclusive, Rate};
pub use id::{ExampleId, InteractionId, InvalidId, RunId};
pub use interaction::{Interaction, Thumb};
pub use judge_calls::{AnsweringModel, JudgeCalls, Measured};
pub use manifest::{
    BaselineStamp, CalibrationStamp, CalibrationVerdict, DatasetStamp, MetricStamp, RunManifest,
    SubjectStamp, SuiteStamp,
};
pub use meter::{Meter, Spent};
pub use metric::{Applicability, BoxFuture, Metric, SuiteMetric};
pub use outcome::{Outcome, OutcomeKind, Reason, ReasonKind};
pub use partition::{ParsePartitionError, Partition};
pub use probe::{ProbeKind, ProbePair, ProbeVerdict};
pub use response::{Reply, Response, Step, ToolCall, Usage};
pub use rules::{CountRange, NumberRange, Readability, Rules, TextList};
pub use score::{Measurement, Scale, Score};
pub use score_row::{ScoreCell, ScoreRow};
pub use seed::Seed;
pub use selection::{ParseShardError, SampleSize, Selection, Shard};
pub use subject::Subject;
pub use text::visible;
pub use thresholds::Thresholds;
pub use trial::Trial;
pub use trial_scores::{KeptScore, TrialScores};

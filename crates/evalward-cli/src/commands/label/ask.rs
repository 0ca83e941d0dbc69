//! What raters are asked: what the judge is asked.

use evalward_config::Suite;
use evalward_core::SuiteMetric;
use evalward_judge::{ClaimLabel, Criterion, Overall};
use evalward_report::sheet::{ClaimChoice, Combination, Question, ScaleStep};

use crate::error::CliError;

/// What raters are asked.
pub(super) struct Asked {
    pub(super) judge: Option<String>,
    pub(super) questions: Vec<Question>,
    pub(super) combination: Combination,
    pub(super) claim_labels: Vec<ClaimChoice>,
}

/// Returns what raters are asked in place of a metric.
pub(super) fn asked_of(
    suite: &Suite,
    metric: &SuiteMetric,
    claims: bool,
) -> Result<Asked, CliError> {
    let judge = suite.judge_of(&metric.id)?;
    let criteria = judge.as_ref().map(evalward_config::Judge::criteria).transpose()?.flatten();
    let mut combination = Combination::Mean;
    let questions = match (&judge, criteria) {
        (_, Some(judged)) => {
            if judged.overall == Overall::Lowest {
                combination = Combination::Lowest;
            }
            judged.criteria.iter().map(question).collect()
        }
        (Some(_), None) => vec![yes_or_no(
            "borne_out",
            "Does the context bear out everything that the answer states?",
        )],
        (None, None) => {
            vec![yes_or_no("good", "Is this a good answer?")]
        }
    };
    let claim_labels = if claims { ClaimLabel::ALL.map(choice).to_vec() } else { Vec::new() };
    Ok(Asked { judge: judge.map(|judge| judge.name), questions, combination, claim_labels })
}

fn question(criterion: &Criterion) -> Question {
    let anchors = criterion.anchors().iter();
    Question {
        id: criterion.id.clone(),
        text: criterion.question.clone(),
        scale: anchors
            .map(|(score, text)| ScaleStep { score: *score, text: text.clone() })
            .collect(),
    }
}

fn yes_or_no(id: &str, text: &str) -> Question {
    Question { id: id.to_owned(), text: text.to_owned(), scale: Vec::new() }
}

fn choice(label: ClaimLabel) -> ClaimChoice {
    let meaning = match label {
        ClaimLabel::Supported => "the context says so, numbers, names and conditions included",
        ClaimLabel::ReasonableInference => {
            "the context does not say so, but it follows from it without any other knowledge"
        }
        ClaimLabel::Unsupported => "the context says nothing of it",
        ClaimLabel::Contradicted => {
            "the context says otherwise, be it only another number, name or date"
        }
        ClaimLabel::NotCheckable => "it states nothing: a greeting, a question, an offer of help",
    };
    ClaimChoice { label: label.name().to_owned(), meaning: meaning.to_owned() }
}

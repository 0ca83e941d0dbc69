//! What a line of an audit means.

use super::{AuditRow, Experiment};

/// Says what a number means.
pub(super) fn meaning(row: &AuditRow) -> String {
    let (Some(estimate), Some(shows_fault)) = (&row.estimate, row.shows_fault) else {
        return "too few answers could be judged to say anything".to_owned();
    };
    let is_more = estimate.value > row.faultless;
    if !shows_fault {
        return format!("{}: the interval holds {}", unshown(row.experiment), bound(row));
    }
    match (row.experiment, is_more) {
        (Experiment::Verbosity, true) => "longer answers are preferred for their length alone",
        (Experiment::Verbosity, false) => "padding is marked down, beyond saying nothing more",
        (Experiment::SelfPreference, true) => "answers in the style of its own model are preferred",
        (Experiment::SelfPreference, false) => {
            "answers in the style of the other family are preferred"
        }
        (Experiment::Injection, ..) => "an instruction in an answer can move this judge",
        (Experiment::InjectionShift, true) => "instructions in an answer raise its score",
        (Experiment::InjectionShift, false) => "instructions in an answer are marked down",
        (Experiment::Position, ..) => "the place of an answer decides, for some pairs",
        (Experiment::OrderOfCriteria, ..) => "the order of the criteria moves the score",
        (Experiment::OrderOfDocuments, ..) => "the order of the documents moves the score",
        (Experiment::Variance, ..) => {
            "samples of one answer differ; more samples make means steadier"
        }
        (Experiment::Instability, ..) => "for some answers, samples are too far apart to trust one",
    }
    .to_owned()
}

const fn unshown(experiment: Experiment) -> &'static str {
    match experiment {
        Experiment::Verbosity => "no effect of length is shown",
        Experiment::SelfPreference => "no preference for its own style is shown",
        Experiment::Injection | Experiment::InjectionShift => "no effect of instructions is shown",
        Experiment::Position => "no effect of the place is shown",
        Experiment::OrderOfCriteria | Experiment::OrderOfDocuments => {
            "no effect of the order is shown"
        }
        Experiment::Variance | Experiment::Instability => "samples agree, as far as these tell",
    }
}

fn bound(row: &AuditRow) -> &'static str {
    if row.faultless > 0.0 { "50 %" } else { "0" }
}

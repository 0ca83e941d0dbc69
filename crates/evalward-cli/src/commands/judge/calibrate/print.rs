//! The calibration of a judge for people.

use std::io::Write;

use evalward_core::{CalibrationVerdict, ClaimLabel};
use evalward_gate::Estimate;
use evalward_gate::calibrate::{
    Agreement, BaselineFigures, Calibration, ClaimFigures, ComparedAs, JudgeFigures, LabelScale,
    Reliability, ReliabilityStatus,
};

use crate::commands::calibration::{
    Answers, CalibrationArgs, Raters, percent, print_choice, print_head, print_table, rank, rate,
};
use crate::error::CliError;

/// Prints a calibration.
pub(super) fn print(
    how: &CalibrationArgs,
    calibration: &Calibration,
    (answers, raters): (&Answers, &Raters),
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let Some(judge) = &calibration.judge else { return Ok(()) };
    let figures = &calibration.figures;
    print_head(how, calibration, (answers, raters), out)?;
    print_reliability(&judge.reliability, out)?;
    if let Some(agreement) = &judge.agreement {
        print_agreement(agreement, judge.ceiling.as_ref(), out)?;
    }
    print_baselines(&judge.baselines, out)?;
    if let Some(claims) = &judge.claims {
        print_claims(claims, out)?;
    }
    print_asked(judge, out)?;
    if !figures.table.is_empty() {
        print_table(figures, out)?;
        print_choice(calibration, out)?;
    }
    print_verdict(calibration, judge, out)
}

fn print_reliability(found: &Reliability, out: &mut dyn Write) -> Result<(), CliError> {
    let Reliability { rated_twice, .. } = found;
    let scale = match found.scale {
        LabelScale::Nominal => "nominal",
        LabelScale::Ordinal => "ordinal",
    };
    match (&found.alpha, found.status) {
        (Some(alpha), ReliabilityStatus::Unknown) => writeln!(
            out,
            "\nlabels: alpha {} ({scale}) over {rated_twice} answers with several raters, too few to tell whether they agree",
            rank(alpha)
        )?,
        (Some(alpha), _) => writeln!(
            out,
            "\nlabels: Krippendorff's alpha {} ({scale}) over {rated_twice} answers with several raters; at least {} is asked for",
            rank(alpha),
            found.min_alpha
        )?,
        (None, _) if *rated_twice > 0 => writeln!(
            out,
            "\nlabels: all labels of the {rated_twice} answers with several raters are the same, so that their agreement tells nothing"
        )?,
        (None, _) => writeln!(
            out,
            "\nlabels: one rater, so that nobody knows how far people agree; let a second one label some of the answers"
        )?,
    }
    Ok(())
}

fn print_agreement(
    judge: &Agreement,
    ceiling: Option<&Agreement>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let other = if ceiling.is_some() { "one rater with the others" } else { "" };
    let head = format!("{:22}{:26}{other}", "agreement with people", "judge");
    writeln!(out, "\n{}", head.trim_end())?;
    let count = format!("{:22}{:<26}", "n", judge.n);
    let other = ceiling.map_or_else(String::new, |it| it.n.to_string());
    writeln!(out, "{}", format!("{count}{other}").trim_end())?;
    let mut line = |name: &str, shown: fn(&Agreement) -> Option<String>| {
        let text = |side: &Agreement| shown(side).unwrap_or_else(|| "-".to_owned());
        let (left, right) = (text(judge), ceiling.map(text).unwrap_or_default());
        writeln!(out, "{}", format!("{name:22}{left:26}{right}").trim_end())
    };
    let ranks = |figure: &Option<Estimate>| figure.as_ref().map(rank);
    if judge.compared_as != ComparedAs::Ranks {
        line("accuracy", |it| it.accuracy.as_ref().map(|it| rate(Some(it)).trim().to_owned()))?;
        line("weighted kappa", |it| it.kappa.as_ref().map(rank))?;
        line("Krippendorff's alpha", |it| it.alpha.as_ref().map(rank))?;
    }
    line("Spearman", |it| it.spearman.as_ref().map(rank))?;
    line("Kendall's tau-b", |it| it.kendall_tau_b.as_ref().map(rank))?;
    line("AUC", |it| it.auc.as_ref().map(rank))?;
    if ranks(&judge.bias).is_some() {
        line("mean bias", |it| it.bias.as_ref().map(signed))?;
    }
    let compared = match (judge.compared_as, judge.yes_from) {
        (ComparedAs::Ratings, _) => "ratings on the judge's scale, rounded".to_owned(),
        (ComparedAs::YesOrNo, None) => "good or not, as the judge decides".to_owned(),
        (ComparedAs::YesOrNo, Some(from)) => {
            format!("good or not, a score of at least {from} being good")
        }
        (ComparedAs::Ranks, _) => "ranks alone, for want of a common scale".to_owned(),
    };
    writeln!(out, "compared as {compared}; bias is judge less people; [95 % interval]")?;
    Ok(())
}

fn signed(it: &Estimate) -> String {
    let [value, low, high] = [it.value, it.low, it.high].map(evalward_core::Finite::get);
    format!("{value:+.3} [{low:+.3}, {high:+.3}]")
}

fn print_baselines(baselines: &[BaselineFigures], out: &mut dyn Write) -> Result<(), CliError> {
    if baselines.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:22}{:26}{:26}{:26}judge less it",
        "what costs nothing", "AUC", "judge less it", "Spearman"
    )?;
    let shown = |it: Option<&Estimate>| it.map_or_else(|| "-".to_owned(), rank);
    let more = |it: Option<&Estimate>| it.map_or_else(|| "-".to_owned(), signed);
    for it in baselines {
        let small = if it.smaller_is_better { " (small)" } else { "" };
        let name = format!("{}{small}", it.name);
        let line = format!(
            "{name:22}{:26}{:26}{:26}{}",
            shown(it.auc.as_ref()),
            more(it.judge_less_auc.as_ref()),
            shown(it.spearman.as_ref()),
            more(it.judge_less_spearman.as_ref())
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    for it in baselines {
        let Some(more) = it.judge_less_auc.as_ref().or(it.judge_less_spearman.as_ref()) else {
            continue;
        };
        if more.value.get() <= 0.0 {
            writeln!(out, "The judge is no better than {} on these {} answers.", it.name, it.n)?;
        } else if more.low.get() <= 0.0 {
            writeln!(out, "The judge is not shown to be better than {}.", it.name)?;
        }
    }
    Ok(())
}

fn print_claims(claims: &ClaimFigures, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(
        out,
        "\nclaims of {} answers: {} of both, {} of people alone, {} of the judge alone",
        claims.answers, claims.matched, claims.only_people, claims.only_judge
    )?;
    let unplaced = [(claims.unplaced_by_people, "people"), (claims.unplaced_by_judge, "the judge")];
    for (count, who) in unplaced.into_iter().filter(|(count, _)| *count > 0) {
        writeln!(out, "{count} more of {who} are no words of their answer, and were left out")?;
    }
    let labels: Vec<Option<ClaimLabel>> =
        ClaimLabel::ALL.map(Some).into_iter().chain([None]).collect();
    let name = |label: Option<ClaimLabel>| {
        label.map_or("none", |label| match label {
            ClaimLabel::ReasonableInference => "INFERENCE",
            other => other.name(),
        })
    };
    write!(out, "{:>24}", "people \\ judge")?;
    for label in &labels {
        write!(out, "{:>15}", name(*label))?;
    }
    writeln!(out)?;
    for people in &labels {
        write!(out, "{:>24}", name(*people))?;
        for judge in &labels {
            let cell =
                claims.confusion.iter().find(|it| (it.people, it.judge) == (*people, *judge));
            write!(out, "{:>15}", cell.map_or(0, |cell| cell.count))?;
        }
        writeln!(out)?;
    }
    let shown = |it: &Option<Estimate>| {
        it.as_ref()
            .map_or_else(|| "-".to_owned(), |it| format!("{} of {}", rate(Some(it)).trim(), it.n))
    };
    writeln!(out, "same label: {}", shown(&claims.same_label))?;
    writeln!(
        out,
        "not borne out (UNSUPPORTED or CONTRADICTED): precision {}, recall {}",
        shown(&claims.precision),
        shown(&claims.recall)
    )?;
    Ok(())
}

fn print_asked(judge: &JudgeFigures, out: &mut dyn Write) -> Result<(), CliError> {
    let Some(asked) = &judge.asked else { return Ok(()) };
    let shares = [
        (&asked.errored, "gave nothing usable"),
        (&asked.asked_again, "had to be asked again"),
        (&asked.unstable, "was unstable"),
    ];
    let told: Vec<String> = shares
        .into_iter()
        .filter_map(|(share, words)| {
            let it = share.as_ref()?;
            let [low, high] = [it.low, it.high].map(|end| end.get() * 100.0);
            let share = percent(it.value.get());
            Some(format!("{words} for {share} of {} [{low:.1}, {high:.1}]", it.n))
        })
        .collect();
    if !told.is_empty() {
        writeln!(out, "\nthe judge {}", told.join(", "))?;
    }
    Ok(())
}

fn print_verdict(
    calibration: &Calibration,
    judge: &JudgeFigures,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let message = &judge.message;
    match judge.verdict {
        CalibrationVerdict::Calibrated => writeln!(out, "\nCalibrated: {message}.")?,
        CalibrationVerdict::Weak => writeln!(out, "\nWeak: {message}. (exit 4)")?,
        CalibrationVerdict::NotCalibratable => {
            let hint = calibration.figures.hint.as_ref();
            let hint = hint.map_or_else(String::new, |hint| format!(": {hint}"));
            writeln!(out, "\nNot calibratable: {message}{hint}. (exit 4)")?;
        }
    }
    Ok(())
}

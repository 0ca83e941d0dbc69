//! Every case of the reference fixtures, within its tolerance.

mod support;

use evalward_stats::{
    BinomialMethod, Level, StatsError, WeightedSums, binomial_interval, mean, quantile,
};
use support::Fixture;

#[test]
fn binomial_ci() {
    let methods = [
        ("wald", BinomialMethod::Wald),
        ("wilson", BinomialMethod::Wilson),
        ("clopper_pearson", BinomialMethod::ClopperPearson),
        ("jeffreys", BinomialMethod::Jeffreys),
    ];
    for case in Fixture::load("binomial_ci").cases() {
        let level = Level::new(case.number("conf")).expect("fixtures have valid levels");
        for (field, method) in methods {
            let result = binomial_interval(case.count("successes"), case.count("n"), level, method);
            if let Some(interval) = case.accepted(result) {
                case.assert_field(field, &[interval.low, interval.high]);
            }
        }
    }
}

#[test]
fn describe_mean_and_quantiles() {
    for case in Fixture::load("describe").cases() {
        let mut sample = case.array("x");
        if let Some(mean) = case.accepted(mean(&sample)) {
            case.assert_field("mean", &[mean]);
        }
        sample.sort_by(f64::total_cmp);
        let probs = case.array("probs");
        let quantiles: Result<Vec<f64>, _> = probs.iter().map(|q| quantile(&sample, *q)).collect();
        if let Some(quantiles) = case.accepted(quantiles) {
            case.assert_field("q", &quantiles);
        }
    }
}

/// The cases of Poisson sampling only; the file's other kinds are other designs.
#[test]
fn survey_weighting() {
    for case in Fixture::load("survey_weighting").cases() {
        let sample = case.array("y").into_iter().zip(case.array("pi"));
        let sums = sample.into_iter().try_fold(WeightedSums::default(), |mut sums, (y, pi)| {
            sums.push(y, pi)?;
            Ok::<_, StatsError>(sums)
        });
        if let Some(estimate) = case.accepted(sums.and_then(WeightedSums::mean)) {
            case.assert_field("hajek", &[estimate.mean]);
            case.assert_field("var_hajek", &[estimate.variance]);
            case.assert_field("kish_neff", &[estimate.effective_n]);
        }
    }
}

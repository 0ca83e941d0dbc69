//! Every case of the reference fixtures, within its tolerance, through the same lines that `evalward stats` answers.

mod hostile;
mod refusals;

use std::path::{Path, PathBuf};

use evalward_stats_json::answer;
use evalward_testkit::StatsFixture;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[track_caller]
fn check(function: &str) {
    let fixture = StatsFixture::read(&folder(), function);
    let answers: Vec<String> = fixture.requests().iter().map(|line| answer(line)).collect();
    fixture.check(&answers);
}

macro_rules! fixtures {
    ($($function:ident),+ $(,)?) => {
        const CHECKED: &[&str] = &[$(stringify!($function)),+];
        $(
            #[test]
            fn $function() {
                check(stringify!($function));
            }
        )+
    };
}

fixtures!(
    binomial_ci,
    bootstrap_ci,
    brunner_munzel,
    chi_square,
    cluster_robust_mean,
    cohen_kappa,
    confidence_sequences,
    correlation,
    cuped,
    describe,
    distribution_distances,
    distributions,
    e_detector,
    effect_sizes,
    fleiss_kappa,
    icc,
    judge_calibration,
    krippendorff_alpha,
    ks_two_sample,
    mann_whitney,
    mcnemar,
    mean_ci_t,
    multiple_testing,
    paired_t,
    permutation_test,
    power,
    ppi_mean,
    quantile_ci,
    rogan_gladen,
    sign_test,
    stream_detectors,
    survey_weighting,
    tost,
    two_proportions,
    uniform_boundaries,
    welch_t,
    wilcoxon_signed_rank,
);

#[test]
fn every_fixture_file_is_checked() {
    let missing: Vec<String> = StatsFixture::names(&folder())
        .into_iter()
        .filter(|name| !CHECKED.contains(&name.as_str()))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

//! Every case of the reference fixtures, within its tolerance, through the same lines that `evalward stats` answers.

mod fixture;
mod generator;

use fixture::check;

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
    quantile_ci,
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
    let missing: Vec<String> =
        fixture::names().into_iter().filter(|name| !CHECKED.contains(&name.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new());
}

//! What is measured.

use crate::bench::beside::Case;

const fn exact(
    name: &'static str,
    what: &'static str,
    reference: &'static str,
    target: Option<f64>,
) -> Case {
    Case { name, what, reference, target, tolerance: Some(1e-6) }
}

const fn drawn(name: &'static str, what: &'static str, reference: &'static str) -> Case {
    Case { name, what, reference, target: Some(5.0), tolerance: None }
}

/// All cases.
pub(super) const CASES: &[Case] = &[
    drawn("bca_bootstrap", "BCa bootstrap of a mean, 1000, 10,000 resamples", "scipy `bootstrap`"),
    drawn(
        "permutation_independent",
        "permutation test, 1000 + 1000, 10,000 resamples",
        "scipy `permutation_test`",
    ),
    drawn(
        "permutation_paired",
        "paired permutation test, 1000, 10,000 resamples",
        "scipy `permutation_test`",
    ),
    exact("mann_whitney", "Mann-Whitney, 1e6 + 1e6", "scipy `mannwhitneyu`", Some(5.0)),
    exact("mann_whitney_ordinal", "Mann-Whitney, five grades", "scipy `mannwhitneyu`", Some(5.0)),
    exact("roc_auc", "area under the ROC curve, 1e6", "scikit-learn `roc_auc_score`", Some(5.0)),
    exact(
        "wasserstein",
        "Wasserstein distance, 1e6 + 1e6",
        "scipy `wasserstein_distance`",
        Some(5.0),
    ),
    exact("welch", "Welch's t, 1e7 + 1e7", "scipy `ttest_ind`", None),
    Case {
        tolerance: Some(1e-3),
        ..exact("cluster_robust_mean", "cluster-robust mean, 1e6", "statsmodels `OLS`", None)
    },
    Case {
        tolerance: Some(2e-3),
        ..exact("hedged_betting", "hedged betting sequence, 1000", "confseq `hedged_cs`", None)
    },
    exact("krippendorff_ordinal", "Krippendorff's alpha, 5 x 10,000", "krippendorff `alpha`", None),
    exact("adwin", "ADWIN, 1e5 updates", "river `ADWIN`", Some(3.0)),
    exact("page_hinkley", "Page-Hinkley, 1e5 updates", "river `PageHinkley`", Some(20.0)),
    exact("welch_small", "Welch's t with interval, 20 + 20", "scipy `ttest_ind`", Some(50.0)),
    exact("paired_t_small", "paired t with interval, 20", "scipy `ttest_rel`", Some(50.0)),
    exact("wilcoxon_small", "signed ranks, 20", "scipy `wilcoxon`", Some(50.0)),
    exact(
        "clopper_pearson",
        "Clopper-Pearson, 48 of 50",
        "statsmodels `proportion_confint`",
        Some(50.0),
    ),
    exact("mcnemar", "McNemar's exact p, 6 and 16", "statsmodels `mcnemar`", Some(50.0)),
];

//! The calls that are measured, by the names that the reference has for them.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use evalward_stats::agreement::{Measurement, Ratings, krippendorff_alpha};
use evalward_stats::calibration::roc;
use evalward_stats::comparison::{
    Permutations, Resampling, mann_whitney, paired_t, permute_labels, permute_signs, sign_test,
    welch_t, wilcoxon_signed_rank,
};
use evalward_stats::drift::sample_distances;
use evalward_stats::intervals::{Draws, Statistic, bootstrap, cluster_robust_mean_cr2};
use evalward_stats::sequential::{
    Adwin, AdwinOptions, PageHinkley, PageHinkleyOptions, confidence_sequence,
};
use evalward_stats::{BinomialMethod, Level, StatsError, binomial_interval};

/// A call, which returns the value that both sides must agree on.
pub(crate) type Call = Box<dyn Fn() -> f64>;

/// As many resamples as the reference draws.
const RESAMPLING: Resampling = Resampling { resamples: 10_000, seed: 1 };

/// Loads what a case needs and returns its call.
pub(crate) fn case(name: &str, folder: &Path) -> Result<Call, Box<dyn Error>> {
    let load = |name: &str| load(&folder.join(format!("{name}.f64")));
    let two = |left: &str, right: &str| Ok::<_, Box<dyn Error>>((load(left)?, load(right)?));
    Ok(match name {
        "bca_bootstrap" => {
            let x = load("thousand")?;
            let draws = Draws::Seeded(RESAMPLING);
            call(move || {
                let bootstrap = bootstrap(&x, Statistic::Mean, draws, Level::P95)?;
                Ok(bootstrap.bca.and_then(|bca| bca.low).unwrap_or(f64::NAN))
            })
        }
        "permutation_independent" => {
            let (a, b) = two("left_thousand", "right_thousand")?;
            let sampled = Permutations::Sampled(RESAMPLING);
            call(move || permute_labels(&a, &b, sampled).map(|test| test.p_abs))
        }
        "permutation_paired" => {
            let d = differences(&two("left_thousand", "right_thousand")?);
            let sampled = Permutations::Sampled(RESAMPLING);
            call(move || permute_signs(&d, None, sampled).map(|test| test.p_abs))
        }
        "mann_whitney" => rank_sum(two("left_million", "right_million")?),
        "mann_whitney_ordinal" => rank_sum(two("left_ordinal", "right_ordinal")?),
        "welch" => welch(two("left_ten_million", "right_ten_million")?),
        "welch_small" => welch(two("left_twenty", "right_twenty")?),
        "roc_auc" => {
            let labels: Vec<bool> = load("labels")?.iter().map(|label| *label > 0.5).collect();
            let scores = load("judged")?;
            call(move || Ok(roc(&labels, &scores)?.area().unwrap_or(f64::NAN)))
        }
        "wasserstein" => {
            let (a, b) = two("left_million", "right_million")?;
            call(move || sample_distances(&a, &b).map(|distances| distances.wasserstein1))
        }
        "cluster_robust_mean" => {
            let (x, groups) = (load("left_million")?, whole(&load("clusters")?)?);
            call(move || cluster_robust_mean_cr2(&x, &groups).map(|mean| mean.se))
        }
        "hedged_betting" => {
            let x = load("units")?;
            call(move || {
                let (lower, _) = confidence_sequence(&x, 0.0, 1.0, 0.05)?;
                Ok(lower.last().copied().unwrap_or(f64::NAN))
            })
        }
        "adwin" => {
            let stream = load("stream")?;
            call(move || {
                let mut detector = Adwin::new(AdwinOptions::default())?;
                detections(&stream, |x| detector.push(x))
            })
        }
        "page_hinkley" => {
            let stream = load("stream")?;
            call(move || {
                let mut detector = PageHinkley::new(PageHinkleyOptions::default())?;
                detections(&stream, |x| detector.push(x))
            })
        }
        "krippendorff_ordinal" => {
            let raters: Vec<Vec<f64>> =
                load("ratings")?.chunks(10_000).map(<[f64]>::to_vec).collect();
            call(move || {
                let ratings = Ratings::of_raters(black_box(&raters))?;
                Ok(krippendorff_alpha(&ratings, Measurement::Ordinal).unwrap_or(f64::NAN))
            })
        }
        "clopper_pearson" => call(move || {
            let method = BinomialMethod::ClopperPearson;
            binomial_interval(black_box(48), black_box(50), Level::P95, method).map(|it| it.low)
        }),
        "mcnemar" => {
            call(move || sign_test(black_box(16), black_box(6), 0.5).map(|test| test.p_two_sided))
        }
        "wilcoxon_small" => {
            let d = differences(&two("left_twenty", "right_twenty")?);
            call(move || {
                wilcoxon_signed_rank(black_box(&d))
                    .map(|test| test.p_exact_two_sided.unwrap_or(f64::NAN))
            })
        }
        "paired_t_small" => {
            let (a, b) = two("left_twenty", "right_twenty")?;
            call(move || {
                paired_t(black_box(&a), black_box(&b), Level::P95)
                    .map(|test| test.p_two_sided.unwrap_or(f64::NAN))
            })
        }
        _ => return Err(format!("there is no case `{name}`").into()),
    })
}

fn rank_sum((a, b): (Vec<f64>, Vec<f64>)) -> Call {
    call(move || mann_whitney(black_box(&a), black_box(&b)).map(|test| test.p_two_sided_asymp))
}

fn welch((a, b): (Vec<f64>, Vec<f64>)) -> Call {
    call(move || {
        welch_t(black_box(&a), black_box(&b), Level::P95)
            .map(|test| test.p_two_sided.unwrap_or(f64::NAN))
    })
}

fn differences((left, right): &(Vec<f64>, Vec<f64>)) -> Vec<f64> {
    right.iter().zip(left).map(|(right, left)| right - left).collect()
}

fn detections(
    stream: &[f64],
    mut push: impl FnMut(f64) -> Result<bool, StatsError>,
) -> Result<f64, StatsError> {
    let mut found = 0.0;
    for x in black_box(stream) {
        if push(*x)? {
            found += 1.0;
        }
    }
    Ok(found)
}

/// Makes a call of a function that cannot fail on the data of the benchmark.
fn call(function: impl Fn() -> Result<f64, StatsError> + 'static) -> Call {
    Box::new(move || function().expect("the data of the benchmark are sound"))
}

/// Reads the numbers of a file, eight bytes each, the lowest first.
fn load(path: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    let bytes = fs::read(path).map_err(|error| format!("read `{}`: {error}", path.display()))?;
    let (numbers, _) = bytes.as_chunks::<8>();
    Ok(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

fn whole(values: &[f64]) -> Result<Vec<usize>, Box<dyn Error>> {
    values.iter().map(|value| Ok(value.to_string().parse()?)).collect()
}

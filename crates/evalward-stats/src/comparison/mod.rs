//! Tests and effect sizes for two samples, paired or not, and corrections for many of them.

mod corrections;
mod effect_sizes;
mod hommel;
mod moments;
mod permutation;
mod sign_test;
mod t_test;
mod tie_groups;

pub use corrections::{Corrected, Correction, adjust, correct, e_bh};
pub use effect_sizes::{
    EffectSizes, RateEffect, cliffs_delta, effect_sizes, hedges_g, rate_effect,
};
pub use permutation::{
    PermutationMethod, PermutationTest, Permutations, Resampling, permute_labels, permute_signs,
    sign_flip_p,
};
pub use sign_test::{MidP, SignTest, mcnemar_mid_p, sign_test};
pub use t_test::{PairedT, Summary, WelchT, paired_t, welch_t, welch_t_of_summaries};

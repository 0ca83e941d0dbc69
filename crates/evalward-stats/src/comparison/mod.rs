//! Tests and effect sizes for two samples, paired or not, corrections for many of them, and ratings of several systems.

mod bradley_terry;
mod brunner_munzel;
mod chi_square;
mod corrections;
mod cuped;
mod effect_sizes;
mod equivalence;
mod hommel;
mod mcnemar;
mod moments;
mod permutation;
mod rank_sum;
mod sign_test;
mod signed_rank;
mod t_test;
mod tie_groups;
mod win_table;

pub use bradley_terry::{
    BradleyTerry, BradleyTerryBootstrap, Match, bradley_terry, bradley_terry_bootstrap,
};
pub use brunner_munzel::{BrunnerMunzel, brunner_munzel};
pub use chi_square::{GoodnessOfFit, Independence, chi_square_fit, chi_square_independence};
pub use corrections::{Corrected, Correction, adjust, correct, e_bh};
pub use cuped::{Covaried, Cuped, cuped};
pub use effect_sizes::{
    EffectSizes, RateEffect, cliffs_delta, effect_sizes, hedges_g, rate_effect,
};
pub use equivalence::{EquivalenceRange, Pairing, Tost, tost};
pub use mcnemar::{McNemar, PairedTable, mcnemar};
pub use permutation::{
    PermutationMethod, PermutationTest, Permutations, Resampling, permute_labels, permute_signs,
    sign_flip_p,
};
pub use rank_sum::{MannWhitney, mann_whitney, mann_whitney_asymptotic};
pub use sign_test::{MidP, SignTest, mcnemar_mid_p, sign_test};
pub use signed_rank::{SignedRank, wilcoxon_signed_rank};
pub use t_test::{PairedT, Summary, WelchT, paired_t, welch_t, welch_t_of_summaries};

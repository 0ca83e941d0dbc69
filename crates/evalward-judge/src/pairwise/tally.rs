//! What the comparisons of two systems come to.

use serde::Serialize;

use super::{PairMeasurement, Preference};
use crate::estimate::{JudgeEstimate, count, mean_share, share_of, sign_p};

/// What the comparisons of two systems come to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairTally {
    /// The number of pairs.
    pub pairs: u64,
    /// Those that were judged, answers that are the same among them.
    pub judged: u64,
    /// Those that could not be judged.
    pub skipped: u64,
    /// Those that the judge failed to judge.
    pub errored: u64,
    /// Those that the first system won.
    pub first_wins: u64,
    /// Those that the second system won.
    pub second_wins: u64,
    /// Those that neither won.
    pub ties: u64,
    /// The ties whose answers are the same, for which nobody was asked.
    pub same: u64,
    /// How often the second system wins, a tie as one half; none below two judged pairs.
    pub win_rate: Option<JudgeEstimate>,
    /// The two-sided p-value of the sign test; ties are left out, and pairs of one cluster count once.
    pub p: f64,
    /// How often the judge preferred one place in both orders; none where nobody was asked.
    pub position_bias: Option<JudgeEstimate>,
    /// How often that was the first place.
    pub follows_first: u64,
    /// How often that was the second place.
    pub follows_second: u64,
}

/// Counts the comparisons of two systems, each with its cluster.
pub fn tally(pairs: &[(&PairMeasurement, usize)]) -> PairTally {
    let of = |wanted: fn(&PairMeasurement) -> bool| {
        count(pairs.iter().filter(|(measurement, _)| wanted(measurement)).count())
    };
    let (mut shares, mut signs, mut clusters) = (Vec::new(), Vec::new(), Vec::new());
    let (mut follows, mut asked_clusters) = (Vec::new(), Vec::new());
    let (mut wins, mut same) = ([0, 0, 0], 0);
    for (measurement, cluster) in pairs {
        let PairMeasurement::Judged(judgement) = measurement else { continue };
        let place = match judgement.preferred {
            Preference::First => 0,
            Preference::Second => 1,
            Preference::Tie => 2,
        };
        wins[place] += 1;
        shares.push(1.0 - judgement.score());
        signs.push(0.5 - judgement.score());
        clusters.push(*cluster);
        if judgement.was_asked() {
            follows.push(judgement.follows);
            asked_clusters.push(*cluster);
        } else {
            same += 1;
        }
    }
    let followed: Vec<bool> = follows.iter().map(Option::is_some).collect();
    let following = |place| count(follows.iter().filter(|it| **it == Some(place)).count());
    PairTally {
        pairs: count(pairs.len()),
        judged: count(shares.len()),
        skipped: of(|it| matches!(it, PairMeasurement::Skipped(_))),
        errored: of(|it| matches!(it, PairMeasurement::Errored(_))),
        first_wins: wins[0],
        second_wins: wins[1],
        ties: wins[2],
        same,
        win_rate: mean_share(&shares, &clusters).ok(),
        p: sign_p(&signs, &clusters),
        position_bias: share_of(&followed, &asked_clusters).ok(),
        follows_first: following(Preference::First),
        follows_second: following(Preference::Second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairwise::{OrderJudgement, PairJudgement};

    fn judged(said: [Preference; 2]) -> PairMeasurement {
        let order = said.map(|preferred| OrderJudgement {
            preferred,
            reasoning: String::new(),
            asked_again: false,
            model: None,
            fingerprint: None,
        });
        PairMeasurement::Judged(PairJudgement::of(order, [Vec::new(), Vec::new()]))
    }

    #[test]
    fn every_pair_is_counted_once() {
        use Preference::{First, Second};
        let measurements = [
            judged([First, Second]),
            judged([Second, First]),
            judged([Second, First]),
            judged([First, First]),
            PairMeasurement::Judged(PairJudgement::same()),
            PairMeasurement::Errored("it was silent".to_owned()),
            PairMeasurement::Skipped("no context".to_owned()),
        ];
        let pairs: Vec<_> = measurements.iter().zip(0..).collect();
        let tally = tally(&pairs);
        assert_eq!((tally.pairs, tally.judged, tally.skipped, tally.errored), (7, 5, 1, 1));
        assert_eq!((tally.first_wins, tally.second_wins, tally.ties, tally.same), (1, 2, 2, 1));
        let rate = tally.win_rate.unwrap();
        assert!((rate.value - 0.6).abs() < 1e-12 && rate.n == 5);
        let bias = tally.position_bias.unwrap();
        assert!((bias.value - 0.25).abs() < 1e-12 && bias.n == 4);
        assert_eq!((tally.follows_first, tally.follows_second), (1, 0));
    }
}

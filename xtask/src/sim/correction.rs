//! `cargo xtask sim correction`: how often figures of a biased judge, alone and corrected by labels, cover the truth.

use std::num::NonZeroU32;

use anyhow::{Context, Result};
use evalward_core::{ExampleId, Seed};
use evalward_gate::Estimate;
use evalward_gate::correct::{CorrectedAnswer, LabelledBy, correct_mean, correct_rate};
use evalward_gate::labelling::{Judged, LabelCandidate, draw};

use super::random::Random;
use crate::console;

/// The number of answers of a run.
const ANSWERS: usize = 500;

/// The arguments of `cargo xtask sim correction`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct CorrectionArgs {
    /// The seed of all random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of simulated runs of each line.
    #[arg(long, default_value_t = 2000)]
    samples: u32,
}

/// How a judge errs: kinder than people, and how far they agree.
#[derive(Clone, Copy, Debug)]
struct World {
    name: &'static str,
    /// The shares of the grades 1 to 5 that people give.
    grades: [f64; 5],
    /// The probability that the judge gives a grade more, or two.
    kindness: [f64; 2],
    /// The probability that it guesses.
    guesses: f64,
}

const WORLDS: [World; 4] = [
    World {
        name: "kind judge, rate 0.70",
        grades: [0.1, 0.1, 0.1, 0.3, 0.4],
        kindness: [0.4, 0.2],
        guesses: 0.0,
    },
    World {
        name: "kind judge, rate 0.95",
        grades: [0.01, 0.02, 0.02, 0.25, 0.7],
        kindness: [0.4, 0.2],
        guesses: 0.0,
    },
    World {
        name: "kind judge that guesses one in three, rate 0.70",
        grades: [0.1, 0.1, 0.1, 0.3, 0.4],
        kindness: [0.3, 0.1],
        guesses: 0.33,
    },
    World {
        name: "judge that only guesses, rate 0.70",
        grades: [0.1, 0.1, 0.1, 0.3, 0.4],
        kindness: [0.0, 0.0],
        guesses: 1.0,
    },
];

/// What a line shows.
#[derive(Clone, Copy, Debug, Default)]
struct Cover {
    raw: u32,
    corrected: u32,
    /// Simulated runs whose labels corrected something.
    told: u32,
    width: f64,
}

/// Simulates all lines.
pub(super) fn run(args: CorrectionArgs) -> Result<()> {
    console::say(&format!(
        "{} runs of {ANSWERS} answers each; 95 % intervals, seed {}\n\nworld | labels | figure | judge alone covers | corrected covers | told | mean width",
        args.samples, args.seed
    ));
    let mut stream = 0;
    for world in WORLDS {
        for labels in [20, 50, 100, 200] {
            for is_sheet in [false, true] {
                stream += 1;
                let mut random = Random::new(args.seed, stream);
                let covers = simulate(world, (labels, is_sheet), args.samples, &mut random)?;
                for (figure, cover) in ["rate", "mean"].into_iter().zip(covers) {
                    say(world, (labels, is_sheet), figure, cover, args.samples);
                }
            }
        }
    }
    Ok(())
}

fn say(world: World, (labels, is_sheet): (u32, bool), figure: &str, cover: Cover, samples: u32) {
    let how = if is_sheet { "sheet" } else { "random" };
    let share = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole.max(1));
    console::say(&format!(
        "{} | {labels} {how} | {figure} | {:.1} % | {:.1} % | {:.1} % | {:.3}",
        world.name,
        share(cover.raw, samples),
        share(cover.corrected, cover.told),
        share(cover.told, samples),
        cover.width / f64::from(cover.told.max(1)),
    ));
}

fn simulate(
    world: World,
    labels: (u32, bool),
    samples: u32,
    random: &mut Random,
) -> Result<[Cover; 2]> {
    let mean: f64 = world.grades.iter().zip(1_u32..).map(|(share, it)| share * f64::from(it)).sum();
    let truths = [world.grades[3] + world.grades[4], mean];
    let mut covers = [Cover::default(); 2];
    for sample in 0..samples {
        let answers = labelled_run(world, labels, sample, random)?;
        let figures = [correct_rate(&answers), correct_mean(&answers)];
        for ((figure, truth), cover) in figures.into_iter().zip(truths).zip(&mut covers) {
            let Some(figure) = figure else { continue };
            let covers = |it: &Estimate| it.low.get() <= truth && truth <= it.high.get();
            cover.raw += u32::from(covers(&figure.raw));
            if let Some(corrected) = &figure.corrected {
                cover.told += 1;
                cover.corrected += u32::from(covers(corrected));
                cover.width += corrected.high.get() - corrected.low.get();
            }
        }
    }
    Ok(covers)
}

fn labelled_run(
    world: World,
    (labels, is_sheet): (u32, bool),
    sample: u32,
    random: &mut Random,
) -> Result<Vec<CorrectedAnswer>> {
    let mut truths = Vec::new();
    let mut answers = Vec::new();
    let mut candidates = Vec::new();
    for number in 0..ANSWERS {
        let truth = grade(world, random);
        let score = judged(world, truth, random);
        truths.push(truth);
        let passed = Some(score >= 4.0);
        let cluster = number.to_string();
        answers.push(CorrectedAnswer { cluster, score, passed, label: None });
        candidates.push(LabelCandidate {
            id: ExampleId::new(format!("a-{number}"))?,
            trial: 1,
            features: Vec::new(),
            judged: is_sheet.then_some(Judged {
                value: score,
                ends: Some((1.0, 5.0)),
                threshold: Some(4.0),
                passed,
                samples: (score, score),
            }),
        });
    }
    let n = NonZeroU32::new(labels).context("there are labels")?;
    for drawn in draw(&candidates, n, Seed::from_number(u64::from(sample))).drawn {
        let truth = truths[drawn.index];
        answers[drawn.index].label = Some(LabelledBy {
            rating: Some(truth),
            is_good: Some(truth >= 4.0),
            probability: Some(drawn.probability),
        });
    }
    Ok(answers)
}

/// Draws the grade that people give.
fn grade(world: World, random: &mut Random) -> f64 {
    let mut left = random.uniform();
    for (share, grade) in world.grades.iter().zip(1_u32..) {
        left -= share;
        if left < 0.0 {
            return f64::from(grade);
        }
    }
    5.0
}

/// Draws the grade that the judge gives.
fn judged(world: World, truth: f64, random: &mut Random) -> f64 {
    if random.happens(world.guesses) {
        return [3.0, 4.0, 5.0][random.below(3)];
    }
    let at = random.uniform();
    let [one, two] = world.kindness;
    let more = if at < two {
        2.0
    } else if at < one + two {
        1.0
    } else {
        0.0
    };
    f64::min(truth + more, 5.0)
}

//! Which changed answers a judge is asked about.

use evalward_core::{Example, Response, Seed};
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::IndexedRandom as _;

use crate::perturb::{InjectionAim, Place, inject, injections, pad, reorder};

/// An answer to experiment with.
#[derive(Clone, Debug)]
pub struct AuditItem {
    /// The example.
    pub example: Example,
    /// The answer.
    pub response: Response,
    /// Answers of one cluster are not independent.
    pub cluster: usize,
}

/// What an audit is made of.
#[derive(Clone, Copy, Debug)]
pub struct AuditOptions {
    /// What all changes follow from.
    pub seed: Seed,
    /// How many instructions are planted in each answer, one at a time; they go to the judge and to any reader in turn.
    pub injections: u32,
}

/// How an answer is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Not at all.
    None,
    /// It is padded.
    Padded,
    /// It carries an instruction.
    Injected(Injected),
    /// Its documents stand in another order.
    Documents,
    /// The judge's criteria stand in the reverse order.
    Criteria,
    /// It is judged by fresh samples.
    Repeated,
    /// It is said by the judge's own model.
    OwnStyle,
    /// It is said by a model of another family.
    OtherStyle,
}

/// A planted instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injected {
    /// Its name.
    pub id: String,
    /// Whom it speaks to.
    pub aim: InjectionAim,
    /// Where it stands.
    pub place: Place,
}

/// One question to the judge.
#[derive(Clone, Debug)]
pub struct AuditTask {
    /// The item, by its place.
    pub item: usize,
    /// How it is changed.
    pub change: Change,
    /// The example, as the judge sees it.
    pub example: Example,
    /// The answer, as the judge sees it.
    pub response: Response,
}

/// Plans the questions about every item: itself, fresh samples of it, and each change of it.
pub fn plan_audit(items: &[AuditItem], options: &AuditOptions) -> Vec<AuditTask> {
    let mut tasks = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let seed = seed_of(options.seed, place, item.example.id.as_str());
        let mut push = |change: Change, output: Option<String>| {
            let (example, mut response) = (item.example.clone(), item.response.clone());
            response.output = output.unwrap_or(response.output);
            tasks.push(AuditTask { item: place, change, example, response });
        };
        let output = &item.response.output;
        push(Change::None, None);
        push(Change::Repeated, None);
        push(Change::Criteria, None);
        push(Change::Padded, Some(pad(output, seed)));
        for (injected, text) in injected(seed, options.injections) {
            let output = inject(output, text, injected.place);
            push(Change::Injected(injected), Some(output));
        }
        if let Some(documents) = reorder(&item.example.context, seed) {
            let mut example = item.example.clone();
            example.context = documents;
            let response = item.response.clone();
            tasks.push(AuditTask { item: place, change: Change::Documents, example, response });
        } else if let Some(documents) = reorder(&item.response.context, seed)
            && item.example.context.is_empty()
        {
            let (example, mut response) = (item.example.clone(), item.response.clone());
            response.context = documents;
            tasks.push(AuditTask { item: place, change: Change::Documents, example, response });
        }
    }
    tasks
}

/// Draws instructions, in turn those to the judge and those to any reader, each with its place.
pub(super) fn injected(seed: Seed, count: u32) -> Vec<(Injected, &'static str)> {
    let mut random = Xoshiro256PlusPlus::from_seed(seed.derive("inject").bytes());
    let aims = [InjectionAim::Judge, InjectionAim::Reader].into_iter().cycle();
    let draw = |(_, aim): (u32, InjectionAim)| {
        let all: Vec<_> = injections().iter().filter(|it| it.aim == aim).collect();
        let injection = all.choose(&mut random)?;
        let place = *Place::ALL.choose(&mut random)?;
        let injected = Injected { id: injection.id.clone(), aim, place };
        Some((injected, injection.text.as_str()))
    };
    (0..count).zip(aims).filter_map(draw).collect()
}

/// Every answer has changes of its own.
pub(super) fn seed_of(seed: Seed, place: usize, id: &str) -> Seed {
    seed.derive(id).derive(&place.to_string())
}

//! How many sentences the local model embeds.

use anyhow::{Context, Result, ensure};
use evalward_embedder::{DEFAULT_MODEL, Model, find};
use evalward_testkit::fetch_models;

use crate::bench::processor::seconds_of;
use crate::bench::spread::Spread;
use crate::repository::Repository;

/// How long a measured sentence is, in characters.
const CHARACTERS: std::ops::RangeInclusive<usize> = 40..=90;

/// So many are embedded in a round, in batches of 32.
const SENTENCES: u16 = 320;

/// How often they are embedded.
const ROUNDS: usize = 5;

/// The least number of sentences per processor second.
const TARGET: f64 = 150.0;

/// What the model reached.
#[derive(Debug)]
pub(super) struct Embeddings {
    per_second: Spread,
    characters: f64,
}

impl Embeddings {
    /// Measures the model that tests use.
    pub(super) fn measure(repository: &Repository, texts: &[String]) -> Result<Self> {
        let is_sentence = |text: &&String| CHARACTERS.contains(&text.chars().count());
        let sentences: Vec<&String> =
            texts.iter().filter(is_sentence).take(usize::from(SENTENCES)).collect();
        ensure!(sentences.len() == usize::from(SENTENCES), "there are too few sentences");
        let characters = sentences.iter().map(|text| text.chars().count()).sum::<usize>();
        let models = repository.target()?.join("models");
        fetch_models(&models).map_err(anyhow::Error::msg)?;
        let model = Model::open(find(DEFAULT_MODEL, &models)?.path())?;
        // Once before, so that memory and caches are warm.
        drop(model.embed(sentences.get(..32).context("there are 32 sentences")?));
        let mut rates = Vec::new();
        for _ in 0..ROUNDS {
            let start = seconds_of(std::process::id())?;
            let vectors = model.embed(&sentences);
            ensure!(vectors.len() == sentences.len(), "every sentence has a vector");
            rates.push(f64::from(SENTENCES) / (seconds_of(std::process::id())? - start));
        }
        let characters = f64::from(u32::try_from(characters)?) / f64::from(SENTENCES);
        Ok(Self { per_second: Spread::of(rates), characters })
    }

    /// Writes it as a sentence.
    pub(super) fn describe(&self) -> String {
        let Spread { least, median, most } = self.per_second;
        format!(
            "`{DEFAULT_MODEL}` embeds {median:.0} ({least:.0}-{most:.0}) sentences per CPU second, of {:.0} characters on \
             average, in batches of 32; the target is {TARGET:.0}.\n",
            self.characters
        )
    }

    /// Fails where the target is missed.
    pub(super) fn check_target(&self) -> Result<()> {
        let median = self.per_second.median;
        ensure!(median >= TARGET, "{median:.0} sentences per CPU second; {TARGET} are the target");
        Ok(())
    }
}

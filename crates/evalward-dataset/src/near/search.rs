//! The search: equal texts first, then band by band, each candidate verified.

use std::io;

use evalward_core::{Digest, Partition};

use super::bands::BandPlan;
use super::buckets::{MOST_MEMBERS, Record, buckets, neighbours};
use super::grams::{Grams, comparable};
use super::matches::{Bits, Match, Matches};
use super::signature::{BandKey, MinHasher};
use super::spill::{BandFile, Entry, TextFile, Texts};

/// Candidates wait for their verification up to this number, eight bytes each.
const MOST_PAIRS: usize = 1 << 20;

/// Of equal texts each is compared with so many earlier ones, to find one outside its cluster.
const MOST_EQUALS: usize = 16;

/// An input to search among.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    /// The id of its example.
    pub(crate) id: &'a str,
    /// The partition.
    pub(crate) partition: Partition,
    /// The line.
    pub(crate) line: u64,
    /// The text.
    pub(crate) text: &'a str,
    /// The cluster, where the example has one.
    pub(crate) cluster: Option<&'a str>,
}

/// What the search came to.
#[derive(Debug)]
pub(crate) struct Found {
    /// The first matches, in the order of the inputs.
    pub(crate) matches: Vec<Match>,
    /// The number of inputs that have a match outside their cluster.
    pub(crate) count: u64,
    /// The number of inputs that have a match in their cluster.
    pub(crate) clustered: u64,
    /// The number of inputs that agree with so many others that they were not compared with all of them.
    pub(crate) crowded: u64,
}

/// A search that takes in inputs one by one.
#[derive(Debug)]
pub(crate) struct Search {
    texts: TextFile,
    equals: BandFile,
}

/// How far the search is: what it does, how much of it is done, and of how much.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(&'static str, u64, u64);

impl Search {
    /// Starts a search; its files lie in the folder for temporary files.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { texts: TextFile::create()?, equals: BandFile::create()? })
    }

    /// Takes in an input.
    pub(crate) fn push(&mut self, input: &Input<'_>) -> io::Result<()> {
        let text = comparable(input.text);
        let key = BandKey { hash: short_hash(&text), second: 0 };
        let entry = Entry {
            index: 0,
            id: input.id.to_owned(),
            partition: input.partition,
            line: input.line,
            cluster: input.cluster.map_or(0, |cluster| short_hash(cluster).max(1)),
            raw: short_hash(input.text),
            text,
        };
        let index = self.texts.push(&entry)?;
        self.equals.push(key, index)
    }

    /// Finds, for each input from `first` on, the earlier one that is most like it; at most `limit` of them are returned.
    pub(crate) fn finish(
        self,
        threshold: f64,
        first: u32,
        limit: usize,
        progress: Progress<'_>,
    ) -> io::Result<Found> {
        let mut pass = Pass {
            texts: self.texts.finish()?,
            threshold,
            matches: Matches::new(first, limit),
            crowded: Bits::default(),
            pairs: Vec::new(),
        };
        let mut records = Vec::new();
        self.equals.load(&mut records)?;
        let repeated = pass.match_equals(&records)?;
        let plan = BandPlan::for_threshold(threshold);
        let bands = pass.write_bands(plan, &repeated, progress)?;
        let total = u64::try_from(plan.bands).unwrap_or(u64::MAX);
        for (done, band) in (0..).zip(bands) {
            progress("compared bands", done, total);
            band.load(&mut records)?;
            for bucket in buckets(&records) {
                pass.search_bucket(bucket)?;
            }
        }
        drop(records);
        pass.verify_pairs()?;
        progress("compared bands", total, total);
        pass.finish()
    }
}

/// The state of a search over stored texts.
struct Pass {
    texts: Texts,
    threshold: f64,
    matches: Matches,
    crowded: Bits,
    pairs: Vec<(u32, u32)>,
}

impl Pass {
    /// Matches equal texts, and returns all of them but the first of each, which stands for the others from here on.
    fn match_equals(&mut self, records: &[Record]) -> io::Result<Bits> {
        let mut repeated = Bits::default();
        for bucket in buckets(records) {
            let mut earlier: Vec<Entry> = Vec::new();
            for record in bucket {
                let entry = self.texts.entry(record.index)?;
                let equal = earlier.iter().filter(|other| other.text == entry.text);
                let mut is_repeated = false;
                for other in equal {
                    is_repeated = true;
                    self.matches.push(other, &entry, 1.0);
                }
                if is_repeated {
                    repeated.insert(entry.index);
                }
                if earlier.len() < MOST_EQUALS {
                    earlier.push(entry);
                }
            }
        }
        Ok(repeated)
    }

    fn write_bands(
        &mut self,
        plan: BandPlan,
        repeated: &Bits,
        progress: Progress<'_>,
    ) -> io::Result<Vec<BandFile>> {
        let mut bands =
            (0..plan.bands).map(|_| BandFile::create()).collect::<io::Result<Vec<_>>>()?;
        let mut hasher = MinHasher::new(plan);
        let total = u64::from(self.texts.count());
        self.texts.each(|entry| {
            if entry.index % 10_000 == 0 {
                progress("hashed inputs", u64::from(entry.index), total);
            }
            let grams = Grams::of(&entry.text);
            if repeated.contains(entry.index) || grams.as_slice().is_empty() {
                return Ok(());
            }
            let mut failure = None;
            hasher.keys(&grams, |band, key| {
                if let Some(file) = bands.get_mut(band)
                    && let Err(error) = file.push(key, entry.index)
                {
                    failure = Some(error);
                }
            });
            failure.map_or(Ok(()), Err)
        })?;
        Ok(bands)
    }

    fn search_bucket(&mut self, bucket: &[Record]) -> io::Result<()> {
        let is_crowded = bucket.len() > MOST_MEMBERS;
        for (at, record) in bucket.iter().enumerate() {
            if is_crowded {
                self.crowded.insert(record.index);
                self.search_neighbours(*record, neighbours(bucket, at))?;
                continue;
            }
            let others = neighbours(bucket, at).iter().map(|other| other.index);
            self.pairs
                .extend(others.map(|other| (other.min(record.index), other.max(record.index))));
        }
        if self.pairs.len() >= MOST_PAIRS { self.verify_pairs() } else { Ok(()) }
    }

    /// Compares at once, so that what has a match need not be compared again in a crowd.
    fn search_neighbours(&mut self, record: Record, others: &[Record]) -> io::Result<()> {
        let is_open = |matches: &Matches, other: &Record| {
            let later = other.index.max(record.index);
            later >= matches.first && !matches.is_found(later)
        };
        if !others.iter().any(|other| is_open(&self.matches, other)) {
            return Ok(());
        }
        let entry = self.texts.entry(record.index)?;
        let grams = Grams::of(&entry.text);
        for other in others {
            if is_open(&self.matches, other) {
                self.compare(&entry, &grams, other.index)?;
            }
        }
        Ok(())
    }

    fn verify_pairs(&mut self) -> io::Result<()> {
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable();
        pairs.dedup();
        let mut left: Option<(Entry, Grams)> = None;
        for (earlier, later) in &pairs {
            if *later < self.matches.first {
                continue;
            }
            let (entry, grams) = match left.take() {
                Some(left) if left.0.index == *earlier => left,
                _ => {
                    let entry = self.texts.entry(*earlier)?;
                    let grams = Grams::of(&entry.text);
                    (entry, grams)
                }
            };
            self.compare(&entry, &grams, *later)?;
            left = Some((entry, grams));
        }
        pairs.clear();
        self.pairs = pairs;
        Ok(())
    }

    fn compare(&mut self, one: &Entry, grams: &Grams, other: u32) -> io::Result<()> {
        let other = self.texts.entry(other)?;
        let similarity = grams.resemblance(&Grams::of(&other.text));
        if similarity >= self.threshold {
            self.matches.push(one, &other, similarity);
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<Found> {
        let ((count, clustered), crowded) = (self.matches.counts(), self.crowded.count());
        let mut matches = Vec::new();
        for (later, earlier, similarity) in self.matches.into_pairs() {
            let (later, earlier) = (self.texts.entry(later)?, self.texts.entry(earlier)?);
            matches.push(Match { later, earlier, similarity });
        }
        Ok(Found { matches, count, clustered, crowded })
    }
}

fn short_hash(text: &str) -> u64 {
    Digest::of(text.as_bytes()).as_bytes().first_chunk().map_or(0, |head| u64::from_le_bytes(*head))
}

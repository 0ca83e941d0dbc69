//! How much memory a run takes, and how it grows with the dataset.

use anyhow::{Result, ensure};

use super::measure::{Measured, measure};
use super::{document, machine, material};
use crate::console::{say, seconds};
use crate::repository::{Profile, Repository};

/// The sizes that are measured.
const SIZES: [u32; 2] = [10_000, 100_000];

/// A run stays below this.
const MOST_MEGABYTES: f64 = 100.0;

/// Ten times the examples cost at most this much more.
const MOST_GROWTH_MEGABYTES: f64 = 20.0;

/// Measures each size, compares with the targets, and writes the figures down where that is wanted.
pub(crate) fn run(repository: &Repository, write: bool) -> Result<()> {
    say("building the release binary, which takes minutes the first time");
    let evalward = repository.build_evalward(Profile::Release)?;
    let mut rows = Vec::new();
    for examples in SIZES {
        let folder = tempfile::tempdir()?;
        material::write(folder.path(), examples)?;
        let measured = measure(&evalward, folder.path(), &["run", "evalward.toml", "--quiet"])?;
        say(&format!("{examples} examples: {}, {}", megabytes(measured), seconds(measured.wall)));
        rows.push((examples, measured));
    }
    let table = table(&rows);
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n\n{table}", machine::describe(&repository.shell()?)?);
        document::rewrite(&repository.root().join(document::PATH), "memory", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    check_targets(&rows)
}

fn table(rows: &[(u32, Measured)]) -> String {
    let heading = ["| examples | peak memory | wall time |\n|---:|---:|---:|\n".to_owned()];
    let row = |(examples, measured): &(u32, Measured)| {
        format!("| {examples} | {} | {} |\n", megabytes(*measured), seconds(measured.wall))
    };
    heading.into_iter().chain(rows.iter().map(row)).collect()
}

fn check_targets(rows: &[(u32, Measured)]) -> Result<()> {
    let peaks: Vec<f64> = rows.iter().map(|(_, measured)| measured.peak_megabytes()).collect();
    for (peak, (examples, _)) in peaks.iter().zip(rows) {
        ensure!(
            *peak < MOST_MEGABYTES,
            "{examples} examples take {peak:.1} MB; {MOST_MEGABYTES} MB are the limit"
        );
    }
    for pair in peaks.windows(2) {
        let growth = pair[1] - pair[0];
        ensure!(
            growth <= MOST_GROWTH_MEGABYTES,
            "ten times the examples take {growth:.1} MB more; {MOST_GROWTH_MEGABYTES} MB are the limit"
        );
    }
    Ok(())
}

fn megabytes(measured: Measured) -> String {
    format!("{:.1} MB", measured.peak_megabytes())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn rows(small: u32, large: u32) -> [(u32, Measured); 2] {
        let row = |peak_kib| Measured { peak_kib, wall: Duration::from_secs(1) };
        [(10_000, row(small)), (100_000, row(large))]
    }

    #[test]
    fn targets_are_checked() {
        assert!(check_targets(&rows(30_000, 40_000)).is_ok());
        assert!(check_targets(&rows(30_000, 60_000)).is_err());
        assert!(check_targets(&rows(90_000, 100_000)).is_err());
    }

    #[test]
    fn the_table_has_a_row_for_each_size() {
        assert_eq!(
            table(&rows(10_000, 20_000)),
            "| examples | peak memory | wall time |\n|---:|---:|---:|\n\
             | 10000 | 10.2 MB | 1.0 s |\n| 100000 | 20.5 MB | 1.0 s |\n"
        );
    }
}

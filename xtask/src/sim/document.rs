//! The page of the simulation.

use super::grid::Family;
use super::measure::{ALPHA, Shares, Standing, bound};

/// What a cell showed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured {
    pub(super) family: &'static str,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) shares: Shares,
}

/// Writes the page.
pub(super) fn page(families: &[Family], measured: &[Measured], samples: u32, seed: u64) -> String {
    let count =
        |standing| measured.iter().filter(|cell| cell.shares.standing(samples) == standing).count();
    let mut text = format!(
        "# How often verdicts are wrong\n\n\
         `cargo xtask sim gate --write` writes this page: {samples} samples of each cell under either truth, seed {seed}. The \
         verdicts are those of [statistics](statistics.md) at alpha = {ALPHA}.\n\n\
         - **ships**: of drops of exactly the margin, the share that is called non-inferior, equivalent, trivial or better.\n\
         - **blocks**: of runs without any change, the share that is called a regression.\n\n\
         Both may be 1.3 alpha plus three errors of the simulation, here {:.1} %. Where 90 % of the verdicts or more are \
         inconclusive under both truths, the figures are in (parentheses): so few examples do not tell. Where a figure exceeds \
         the bound it is **bold** and in the list below.\n\n\
         Of {} cells {} are fine, {} answer inconclusive, {} exceed the bound.\n\n",
        100.0 * bound(samples),
        measured.len(),
        count(Standing::Fine),
        count(Standing::Inconclusive),
        count(Standing::Exceeds),
    );
    excesses(&mut text, families, measured, samples);
    for family in families {
        let cells: Vec<&Measured> =
            measured.iter().filter(|cell| cell.family == family.title).collect();
        section(&mut text, family, &cells, samples);
    }
    text
}

/// Lists the cells beyond the bound.
fn excesses(text: &mut String, families: &[Family], measured: &[Measured], samples: u32) {
    let beyond = |cell: &&Measured| cell.shares.standing(samples) == Standing::Exceeds;
    if !measured.iter().any(|cell| beyond(&cell)) {
        return;
    }
    text.push_str(
        "## Beyond the bound\n\n| cell | n | ships | blocks |\n| --- | --- | --- | --- |\n",
    );
    for cell in measured.iter().filter(beyond) {
        let Some(family) = families.iter().find(|family| family.title == cell.family) else {
            continue;
        };
        let (ships, blocks) = (percent(cell.shares.ships), percent(cell.shares.blocks));
        let (name, n) = (&family.rows[cell.row].0, family.sizes[cell.column]);
        push(text, format!("| {}: {name} | {n} | {ships} | {blocks} |\n", family.title));
    }
    text.push('\n');
}

fn section(text: &mut String, family: &Family, cells: &[&Measured], samples: u32) {
    push(text, format!("## {}\n\n{}\n\n", family.title, family.note));
    let errors = |shares: &Shares| {
        let both = format!("{} / {}", percent(shares.ships), percent(shares.blocks));
        match shares.standing(samples) {
            Standing::Fine => both,
            Standing::Inconclusive => format!("({both})"),
            Standing::Exceeds => format!("**{both}**"),
        }
    };
    table(text, "ships / blocks, %", family, cells, errors);
    table(text, "the drop is found / no change is cleared, %", family, cells, |shares| {
        format!("{} / {}", percent(shares.found), percent(shares.cleared))
    });
    table(text, "the lesson's Welch rule: ships / blocks, %", family, cells, |shares| {
        format!("{} / {}", percent(shares.lesson_ships), percent(shares.lesson_blocks))
    });
}

fn table(
    text: &mut String,
    title: &str,
    family: &Family,
    cells: &[&Measured],
    show: impl Fn(&Shares) -> String,
) {
    push(text, format!("| {title} |"));
    for n in family.sizes {
        push(text, format!(" n = {n} |"));
    }
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(family.sizes.len()));
    for (row, (name, _)) in family.rows.iter().enumerate() {
        push(text, format!("\n| {name} |"));
        for cell in cells.iter().filter(|cell| cell.row == row) {
            push(text, format!(" {} |", show(&cell.shares)));
        }
    }
    text.push_str("\n\n");
}

/// Adds a part to the page.
fn push(text: &mut String, part: impl AsRef<str>) {
    text.push_str(part.as_ref());
}

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

//! The cells that are simulated, by family.

use super::material::{Material, Shape, Sizes};

/// A table of the report: rows of one kind of material, columns of sizes.
#[derive(Clone, Debug)]
pub(super) struct Family {
    pub(super) title: &'static str,
    pub(super) note: &'static str,
    pub(super) sizes: &'static [usize],
    pub(super) rows: Vec<(String, Material)>,
}

const SIZES: &[usize] = &[5, 10, 20, 50, 100, 200, 500, 2000];
const SHAPES: [(Shape, &str); 4] = [
    (Shape::Typical, "typical"),
    (Shape::Ceiling, "ceiling"),
    (Shape::Uniform, "uniform"),
    (Shape::Bimodal, "bimodal"),
];
const RATES: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.99];

/// Returns all families.
pub(super) fn families() -> Vec<Family> {
    vec![paired_grades(), paired_rates(), repeats(), clusters(), other_grades(), other_rates()]
}

fn paired_grades() -> Family {
    let rows = SHAPES.into_iter().flat_map(|(shape, name)| {
        [0.5, 0.8, 0.95].map(|correlation| {
            let label = format!("{name}, correlation {correlation}");
            (label, Material::Grades { shape, correlation, repeats: 1 })
        })
    });
    Family {
        title: "Grades 1 to 5, in pairs",
        note: "The margin is 0.3. The higher the correlation of the latent scores, the more pairs tie.",
        sizes: SIZES,
        rows: rows.collect(),
    }
}

fn paired_rates() -> Family {
    let rows = RATES.into_iter().flat_map(|rate| {
        [0.1, 0.3, 1.0].map(|anew| {
            let label = format!("rate {rate}, {} % answered anew", anew * 100.0);
            (label, Material::Rates { rate, anew })
        })
    });
    Family {
        title: "Passes, in pairs",
        note: "The margin is 0.05. The other examples give the same outcome again.",
        sizes: SIZES,
        rows: rows.collect(),
    }
}

fn repeats() -> Family {
    let rows = SHAPES.into_iter().map(|(shape, name)| {
        let label = format!("{name}, 3 repeats");
        (label, Material::Grades { shape, correlation: 0.8, repeats: 3 })
    });
    Family {
        title: "Grades with repeats, averaged by example",
        note: "The margin is 0.3; the correlation is 0.8.",
        sizes: &[5, 10, 20, 50, 100, 200, 500],
        rows: rows.collect(),
    }
}

fn clusters() -> Family {
    let mut rows: Vec<(String, Material)> = [5, 10, 20]
        .into_iter()
        .flat_map(|clusters| {
            [(false, "equal"), (true, "one with 45 % of the examples")].map(|(giant, how)| {
                let label = format!("real scores, {clusters} clusters, {how}");
                (label, Material::Clusters { clusters, giant })
            })
        })
        .collect();
    let sizes = [
        (Sizes::Five, "clusters of 5"),
        (Sizes::OneToTwenty, "clusters of 1 to 20"),
        (Sizes::Giant, "clusters of 5, one with 30 % of the examples"),
    ];
    for (sizes, how) in sizes {
        for (shape, name) in [(Shape::Typical, "typical"), (Shape::Ceiling, "ceiling")] {
            let material = Material::ClusteredGrades { shape, sizes };
            rows.push((format!("grades, {name}, {how}"), material));
        }
    }
    Family {
        title: "Pairs in clusters",
        note: "The margin is 0.3. Differences of real scores have the deviation 1 and an intraclass correlation of 0.3.",
        sizes: &[50, 100, 200, 500],
        rows,
    }
}

fn other_grades() -> Family {
    let rows =
        SHAPES.into_iter().map(|(shape, name)| (name.to_owned(), Material::OtherGrades { shape }));
    Family {
        title: "Grades of different examples",
        note: "The margin is 0.3; `n` examples on each side.",
        sizes: SIZES,
        rows: rows.collect(),
    }
}

fn other_rates() -> Family {
    let rows =
        RATES.into_iter().map(|rate| (format!("rate {rate}"), Material::OtherRates { rate }));
    Family {
        title: "Passes of different examples",
        note: "The margin is 0.05; `n` examples on each side.",
        sizes: SIZES,
        rows: rows.collect(),
    }
}

//! What people read of labels and corpora.

use evalward_core::{BleuCounts, BleuSmoothing, Contribution, Partition, Score, Trial};
use evalward_report::{Format, Options};

use crate::support::{FakeRun, row};

fn labelled(id: &str, partition: Partition, expected: &str, predicted: Option<&str>) -> Trial {
    let contribution = Contribution::Label {
        expected: expected.to_owned(),
        predicted: predicted.map(str::to_owned),
    };
    row(id, partition)
        .score("intent", Score::yes_or_no(true).with_contribution(contribution))
        .passed()
}

fn run(cells: &[(Partition, &str, Option<&str>, usize)]) -> FakeRun {
    let mut rows = Vec::new();
    for (partition, expected, predicted, count) in cells {
        for _ in 0..*count {
            let id = format!("e-{:03}", rows.len());
            rows.push(labelled(&id, *partition, expected, *predicted));
        }
    }
    FakeRun::new(rows)
}

/// Cuts the figures over whole partitions out of a page.
fn figures(page: &str, from: &str, to: &str) -> String {
    let (_, page) = page.split_once(from).unwrap();
    let (figures, _) = page.split_once(to).unwrap();
    format!("{from}{figures}").trim_end().to_owned()
}

fn few_labels() -> FakeRun {
    run(&[
        (Partition::Golden, "card lost", Some("card lost"), 9),
        (Partition::Golden, "card lost", Some("pin | reset"), 2),
        (Partition::Golden, "pin | reset", Some("pin | reset"), 6),
        (Partition::Golden, "pin | reset", None, 1),
        (Partition::Golden, "top-up", Some("top-up"), 4),
        (Partition::Distribution, "top-up", Some("top-up"), 3),
    ])
}

#[test]
fn a_small_matrix_is_shown_whole() {
    let page = few_labels().render(Format::Terminal, &Options::default());
    insta::assert_snapshot!(figures(&page, "\nintent", "\ngates\n"), @"

    intent   golden        1.000  22       0        0        0
    intent   distribution  1.000   3       0        0        0
    length   golden        0.500  22       -        0        0
    length   distribution  0.500   3       -        0        0
    meaning  golden        0.930  22       0        0        0
    meaning  distribution  0.930   3       0        0        0
    rules    golden        1.000  22       0        0        0
    rules    distribution  1.000   3       0        0        0

    intent
    labels                               golden           distribution
    ──────────────────────────────────────────────────────────────────
    n                                        22                      3
    no label                                  1                      0
    accuracy                86.4 % [66.7, 95.3]  100.0 % [43.9, 100.0]
    balanced accuracy      89.2 % [75.0, 100.0]  100.0 % [no interval]
    macro F1               90.0 % [76.1, 100.0]  100.0 % [no interval]
    micro F1               88.4 % [74.4, 100.0]  100.0 % [no interval]
    weighted F1            88.6 % [74.5, 100.0]  100.0 % [no interval]
    Cohen's kappa          0.789 [0.529, 1.000]                      -
    Matthews' coefficient  0.797 [0.567, 1.000]    0.000 [no interval]
    intervals at 95 %: of the accuracy as of pass rates, of the others by 1000 draws of a multinomial bootstrap, seed 1

    intent, golden: right label by row, given label by column
                 card lost  pin | reset  top-up  (no label)
    ───────────────────────────────────────────────────────
    card lost            9            2       0           0
    pin | reset          0            6       0           1
    top-up               0            0       4           0

    intent, distribution: right label by row, given label by column
            top-up
    ──────────────
    top-up       3
    ");
}

#[test]
fn markdown_shows_the_same_and_labels_stay_text() {
    let page = few_labels().render(Format::Markdown, &Options::default());
    insta::assert_snapshot!(figures(&page, "<details><summary>intent", "\n<sub>run "), @"
    <details><summary>intent</summary>

    | labels | golden | distribution |
    | --- | ---: | ---: |
    | n | 22 | 3 |
    | no label | 1 | 0 |
    | accuracy | 86.4 % [66.7, 95.3] | 100.0 % [43.9, 100.0] |
    | balanced accuracy | 89.2 % [75.0, 100.0] | 100.0 % [no interval] |
    | macro F1 | 90.0 % [76.1, 100.0] | 100.0 % [no interval] |
    | micro F1 | 88.4 % [74.4, 100.0] | 100.0 % [no interval] |
    | weighted F1 | 88.6 % [74.5, 100.0] | 100.0 % [no interval] |
    | Cohen's kappa | 0.789 [0.529, 1.000] | - |
    | Matthews' coefficient | 0.797 [0.567, 1.000] | 0.000 [no interval] |

    <sub>intervals at 95 %: of the accuracy as of pass rates, of the others by 1000 draws of a multinomial bootstrap, seed 1</sub>

    </details>

    <details><summary>intent, golden: right label by row, given label by column</summary>

    |  | card lost | pin &#124; reset | top-up | (no label) |
    | --- | ---: | ---: | ---: | ---: |
    | card lost | 9 | 2 | 0 | 0 |
    | pin &#124; reset | 0 | 6 | 0 | 1 |
    | top-up | 0 | 0 | 4 | 0 |

    </details>

    <details><summary>intent, distribution: right label by row, given label by column</summary>

    |  | top-up |
    | --- | ---: |
    | top-up | 3 |

    </details>

    No gate failed, but distribution is inconclusive: add examples to know. (exit 0)
    ");
}

#[test]
fn of_many_labels_the_largest_confusions_are_shown() {
    let labels: Vec<String> = (0..12).map(|number| format!("intent {number:02}")).collect();
    let mut cells: Vec<_> =
        labels.iter().map(|it| (Partition::Golden, it.as_str(), Some(it.as_str()), 4)).collect();
    for number in 0..11 {
        let given = Some(labels[number + 1].as_str());
        cells.push((Partition::Golden, labels[number].as_str(), given, 1 + number % 4));
    }
    let page = run(&cells).render(Format::Terminal, &Options::default());
    insta::assert_snapshot!(figures(&page, "intent, golden", "\ngates\n"), @"
    intent, golden: most frequent confusions
    right      given      times
    ───────────────────────────
    intent 03  intent 04      4
    intent 07  intent 08      4
    intent 02  intent 03      3
    intent 06  intent 07      3
    intent 10  intent 11      3
    intent 01  intent 02      2
    intent 05  intent 06      2
    intent 09  intent 10      2
    intent 00  intent 01      1
    intent 04  intent 05      1
    11 different confusions between 12 labels; all of them are in the JSON report
    ");
}

#[test]
fn a_corpus_has_a_line_for_each_partition() {
    let rows = (0..20).map(|number| {
        let counts = BleuCounts {
            matches: vec![5 + number % 4; 4],
            totals: vec![10; 4],
            output_tokens: 10,
            reference_tokens: 10,
            smoothing: BleuSmoothing::Exp,
            smoothing_value: None,
        };
        let score = Score::yes_or_no(true).with_contribution(Contribution::Bleu(counts));
        row(&format!("e-{number:02}"), Partition::Golden).score("translation", score).passed()
    });
    let page = FakeRun::new(rows.collect()).render(Format::Terminal, &Options::default());
    insta::assert_snapshot!(figures(&page, "\ntranslation\n", "\ngates\n"), @"

    translation
    partition  figure        n              score
    ─────────────────────────────────────────────
    golden     corpus BLEU  20  65.0 [60.2, 70.0]
    intervals at 95 %, by 500 draws of a Poisson bootstrap, seed 1
    ");
}

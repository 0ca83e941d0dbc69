//! The example whose judge is a small real model, by its recording.

use std::fs;
use std::path::Path;

use evalward_testkit::{Invocation, Scratch};
use insta::assert_snapshot;

use crate::support::evalward;

/// Copies the example to a folder where runs may be written.
pub(crate) fn example() -> Scratch {
    let scratch = Scratch::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/judges");
    copy(&source, scratch.folder());
    scratch
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn calibrate<'a>(scratch: &'a Scratch, metric: &str, labels: &str) -> Invocation<'a> {
    let arguments = format!(
        "judge calibrate evalward.toml --quiet --metric {metric} --labels labels/{labels} \
         --replay recordings/qwen2.5-coder-1.5b.jsonl.gz"
    );
    evalward(scratch, &arguments)
}

#[test]
fn a_real_judge_catches_a_wrong_price_and_an_invented_feature_and_not_the_truth() {
    let scratch = example();
    let run = evalward(&scratch, "run evalward.toml --quiet").run().expect_code(1);
    let (_, failures) = run.clean_stdout().split_once("golden: ").unwrap();
    assert_snapshot!(failures, @"
    2 failed

      ✗ wrong-price
        grounded: the price “$49.90” stands neither in the context nor in the input
          input   What does the Pro plan cost, and what does it include?
          output  The Pro plan costs $49.90 a month and includes five seats.

      ✗ invented-feature
        grounded: not supported: “it also comes with an AI assistant that writes your reports”
          input   What does the Pro plan cost, and what does it include?
          output  The Pro plan costs $49 a month and includes five seats. It also comes with an AI assistant that writes your reports.

    gates
      ✗ failed        golden        2 of 3 examples failed; all must pass
      ! warning       the calibration of `grounded` finds its judge weak, so it needs a better judge first

    Blocked by golden: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
}

#[test]
fn a_real_judge_is_measured_against_ratings_of_accuracy() {
    let scratch = example();
    let run = calibrate(&scratch, "accuracy", "dstc9_accuracy.jsonl --positive-from 4");
    assert_snapshot!(run.run().expect_code(4).stdout, @"
    accuracy (judge): 360 labels of labels/dstc9_accuracy.jsonl, a rating of at least 4 is good
    360 labels by 3 annotators on 120 answers: the mean rating of each counts
    120 with a score: 48 good, 72 not

    labels: Krippendorff's alpha 0.455 [0.327, 0.560] (ordinal) over 120 answers with several raters; at least 0.2 is asked for

    agreement with people judge                     one rater with the others
    n                     120                       360
    accuracy              35.0 % [26.5, 44.2]       42.2 % [33.3, 51.6]
    weighted kappa        0.186 [0.045, 0.335]      0.480 [0.349, 0.585]
    Krippendorff's alpha  0.168 [-0.013, 0.343]     0.513 [0.382, 0.619]
    Spearman              0.163 [-0.018, 0.333]     0.528 [0.375, 0.653]
    Kendall's tau-b       0.133 [0.012, 0.261]      0.434 [0.328, 0.520]
    AUC                   0.567 [0.452, 0.675]      0.789 [0.700, 0.857]
    mean bias             -0.571 [-0.859, -0.283]   -
    compared as ratings on the judge's scale, rounded; bias is judge less people; [95 % interval]

    what costs nothing    AUC                       judge less it             Spearman                  judge less it
    support               0.768 [0.680, 0.852]      -0.201 [-0.326, -0.064]   0.537 [0.397, 0.651]      -0.375 [-0.585, -0.159]
    length                0.574 [0.469, 0.676]      -0.007 [-0.143, +0.137]   0.100 [-0.086, 0.280]     +0.062 [-0.165, +0.317]
    The judge is no better than support on these 120 answers.
    The judge is no better than length on these 120 answers.

    the judge gave nothing usable for 0.0 % of 120 [0.0, 3.0], had to be asked again for 0.0 % of 120 [0.0, 3.0]

         threshold     pass  precision               recall                  F1
              4.83    8.3 %   70.0 % [34.8, 93.3]     14.6 % [6.1, 27.8]      24.1 % [10.8, 41.6]
              4.76   16.7 %   70.0 % [45.7, 88.1]     29.2 % [17.0, 44.1]     41.2 % [26.0, 56.8]
                 4   25.0 %   56.7 % [37.4, 74.5]     35.4 % [22.2, 50.5]     43.6 % [29.3, 58.0]
               2.9   33.3 %   52.5 % [36.1, 68.5]     43.8 % [29.5, 58.8]     47.7 % [34.1, 61.0]
               2.5   41.7 %   50.0 % [35.5, 64.5]     52.1 % [37.2, 66.7]     51.0 % [38.1, 63.3]
              2.39   50.0 %   45.0 % [32.1, 58.4]     56.2 % [41.2, 70.5]     50.0 % [37.7, 61.8]
              2.16   58.3 %   45.7 % [33.7, 58.1]     66.7 % [51.6, 79.6]     54.2 % [42.5, 65.1]
              2.05   66.7 %   40.0 % [29.2, 51.6]     66.7 % [51.6, 79.6]     50.0 % [38.8, 60.8]
             1.965   75.0 %   38.9 % [28.8, 49.7]     72.9 % [58.2, 84.7]     50.7 % [39.9, 61.1]
              1.74   83.3 %   36.0 % [26.6, 46.2]     75.0 % [60.4, 86.4]     48.6 % [38.2, 58.8]
               1.3   91.7 %   38.2 % [29.1, 47.9]     87.5 % [74.8, 95.3]     53.2 % [43.1, 62.7]
             1.205  100.0 %   40.0 % [31.2, 49.3]    100.0 % [92.6, 100.0]    57.1 % [47.5, 66.1]

    precision: the good among those that pass; recall: those that pass among the good; [95 % interval]

    Weak: the scores do not tell good answers from others: AUC 0.567 [0.452, 0.675], and 0.5 is chance; `support` alone, which costs nothing, is at least as good (the judge's AUC less its: -0.201 [-0.326, -0.064]); `length` alone, which costs nothing, is at least as good (the judge's AUC less its: -0.007 [-0.143, 0.137]). (exit 4)
    ");
}

#[test]
fn a_real_judge_is_measured_against_labels_of_attribution() {
    let scratch = example();
    let run = calibrate(&scratch, "grounded", "begin_wow.jsonl");
    assert_snapshot!(run.run().expect_code(4).stdout, @r#"
    grounded (hallucination): 100 labels of labels/begin_wow.jsonl
    96 with a score: 49 good, 47 not; left out for lack of a score: 0 skipped, 4 errored
      errored, the first at labels/begin_wow.jsonl:2: the judge's answer could not be used, twice: it names no claim; what states nothing is a claim with the label NOT_CHECKABLE; it was: {"claims":[],"code":"3fc2eac5a22c"}

    labels: one rater, so that nobody knows how far people agree; let a second one label some of the answers

    agreement with people judge
    n                     96
    accuracy              70.8 % [60.7, 79.7]
    weighted kappa        0.417 [0.239, 0.585]
    Krippendorff's alpha  0.420 [0.233, 0.585]
    Spearman              0.410 [0.221, 0.570]
    Kendall's tau-b       0.387 [0.231, 0.559]
    AUC                   0.719 [0.613, 0.805]
    mean bias             -0.021 [-0.131, +0.089]
    compared as good or not, a score of at least 1 being good; bias is judge less people; [95 % interval]

    what costs nothing    AUC                       judge less it             Spearman                  judge less it
    support               0.941 [0.888, 0.976]      -0.222 [-0.323, -0.123]   0.768 [0.672, 0.828]      -0.357 [-0.544, -0.160]
    length (small)        0.633 [0.523, 0.754]      +0.086 [-0.045, +0.219]   0.230 [0.040, 0.436]      +0.181 [-0.052, +0.420]
    The judge is no better than support on these 96 answers.
    The judge is not shown to be better than length.

    the judge gave nothing usable for 4.0 % of 100 [1.1, 9.9], had to be asked again for 0.0 % of 96 [0.0, 3.8]

         threshold     pass  precision               recall                  F1
                 1   49.0 %   72.3 % [57.4, 84.4]     69.4 % [54.6, 81.7]     70.8 % [58.8, 80.6]
               0.6   50.0 %   70.8 % [55.9, 83.0]     69.4 % [54.6, 81.7]     70.1 % [58.1, 80.0]
               0.5   71.9 %   60.9 % [48.4, 72.4]     85.7 % [72.8, 94.1]     71.2 % [60.5, 80.0]
               0.3   72.9 %   60.0 % [47.6, 71.5]     85.7 % [72.8, 94.1]     70.6 % [59.9, 79.5]
                 0  100.0 %   51.0 % [40.6, 61.4]    100.0 % [92.7, 100.0]    67.6 % [57.8, 76.1]
         suite's 1   49.0 %   72.3 % [57.4, 84.4]     69.4 % [54.6, 81.7]     70.8 % [58.8, 80.6]

    precision: the good among those that pass; recall: those that pass among the good; [95 % interval]

    recommended threshold: 0.5, the best F1
                       pass  precision               recall                  F1
      these labels   71.9 %   60.9 % [48.4, 72.4]     85.7 % [72.8, 94.1]     71.2 % [60.5, 80.0]
    unseen answers   59.4 %   61.4 % [47.6, 74.0]     71.4 % [56.7, 83.4]     66.0 % [54.2, 76.1]
    The threshold was chosen on these labels, so their figures are too good. Those of unseen answers come from
    cross-validation (10 folds, seed 0; thresholds from 0.5 to 1).

    [metrics.grounded.hallucination]
    threshold = 0.5

    Weak: `support` alone, which costs nothing, is at least as good (the judge's AUC less its: -0.222 [-0.323, -0.123]). (exit 4)
    "#);
}

#[test]
fn a_real_judge_is_measured_against_labels_of_claims() {
    let scratch = example();
    let run = calibrate(&scratch, "grounded", "claims.jsonl");
    assert_snapshot!(run.run().expect_code(4).stdout, @r#"
    grounded (hallucination): 65 labels of labels/claims.jsonl
    62 with a score: 37 good, 25 not; left out for lack of a score: 0 skipped, 3 errored
      errored, the first at labels/claims.jsonl:2: the judge's answer could not be used, twice: it names no claim; what states nothing is a claim with the label NOT_CHECKABLE; it was: {"claims":[],"code":"3fc2eac5a22c"}
    they are answers to 60 inputs, and so worth 56.5 independent ones

    labels: one rater, so that nobody knows how far people agree; let a second one label some of the answers

    agreement with people judge
    n                     62
    accuracy              67.7 % [54.0, 79.6]
    weighted kappa        0.378 [0.164, 0.582]
    Krippendorff's alpha  0.360 [0.117, 0.575]
    Spearman              0.277 [0.012, 0.506]
    Kendall's tau-b       0.259 [0.031, 0.478]
    AUC                   0.653 [0.505, 0.776]
    mean bias             -0.194 [-0.328, -0.059]
    compared as good or not, a score of at least 1 being good; bias is judge less people; [95 % interval]

    what costs nothing    AUC                       judge less it             Spearman                  judge less it
    support               0.817 [0.705, 0.918]      -0.164 [-0.323, +0.001]   0.540 [0.342, 0.711]      -0.263 [-0.545, +0.031]
    length (small)        0.610 [0.462, 0.754]      +0.043 [-0.144, +0.236]   0.187 [-0.064, 0.435]     +0.091 [-0.232, +0.421]
    The judge is no better than support on these 62 answers.
    The judge is not shown to be better than length.

    claims of 62 answers: 98 of both, 12 of people alone, 5 of the judge alone
    11 more of the judge are no words of their answer, and were left out
              people \ judge      SUPPORTED      INFERENCE    UNSUPPORTED   CONTRADICTED  NOT_CHECKABLE           none
                   SUPPORTED             39              3             16              0              0              9
                   INFERENCE              2              0              1              0              0              0
                 UNSUPPORTED              4              1             15              0              0              2
                CONTRADICTED              6              2              1              0              0              0
               NOT_CHECKABLE              2              1              3              0              2              1
                        none              3              0              2              0              0              0
    same label: 57.1 % [42.1, 71.3] of 98
    not borne out (UNSUPPORTED or CONTRADICTED): precision 42.1 % [24.1, 61.8] of 38, recall 51.6 % [29.3, 73.5] of 31

    the judge gave nothing usable for 4.6 % of 65 [0.9, 13.4], had to be asked again for 0.0 % of 62 [0.0, 6.3]

         threshold     pass  precision               recall                  F1
                 1   43.5 %   77.8 % [57.7, 91.4]     56.8 % [39.5, 72.9]     65.6 % [50.0, 78.4]
               0.6   48.4 %   76.7 % [57.7, 90.1]     62.2 % [44.8, 77.5]     68.7 % [53.7, 80.6]
               0.5   79.0 %   61.2 % [45.3, 75.6]     81.1 % [64.8, 92.0]     69.8 % [56.1, 80.7]
                 0  100.0 %   59.7 % [45.8, 72.5]    100.0 % [90.5, 100.0]    74.7 % [62.8, 84.1]
         suite's 1   43.5 %   77.8 % [57.7, 91.4]     56.8 % [39.5, 72.9]     65.6 % [50.0, 78.4]

    precision: the good among those that pass; recall: those that pass among the good; [95 % interval]

    Weak: `support` alone, which costs nothing, is at least as good (the judge's AUC less its: -0.164 [-0.323, 0.001]). (exit 4)
    "#);
}

#[test]
fn raters_who_do_not_agree_calibrate_nothing() {
    let scratch = example();
    let run = calibrate(&scratch, "accuracy", "dstc10_accuracy.jsonl --positive-from 4 --write");
    assert_snapshot!(run.run().expect_code(4).stdout, @"
    accuracy (judge): 300 labels of labels/dstc10_accuracy.jsonl, a rating of at least 4 is good
    300 labels by 3 annotators on 100 answers: the mean rating of each counts

    labels: Krippendorff's alpha 0.033 [-0.077, 0.148] (ordinal) over 100 answers with several raters; at least 0.2 is asked for

    Not calibratable: nothing can be calibrated on these labels: their raters do not agree (alpha 0.033 [-0.077, 0.148], and at least 0.2 is asked for): say more clearly what is good, and label anew. (exit 4)
    ");
}

#[test]
fn a_gate_that_asks_for_a_calibration_decides_nothing_by_a_weak_judge() {
    let scratch = example();
    let run = evalward(&scratch, "run calibrated.toml --quiet").run().expect_code(3);
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"
      ! incomplete    golden        the calibration of `accuracy` finds its judge weak, so it needs a better judge first; the calibration of `grounded` finds its judge weak, so it needs a better judge first: `evalward judge calibrate calibrated.toml --metric accuracy --labels FILE --write`

    Nothing is decided: the gate of golden asks for calibrated judges. Calibrate with the command above, and run again. (exit 3)
    ");
}

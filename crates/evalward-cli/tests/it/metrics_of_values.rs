//! Suites that label, retrieve and call tools, as a user runs them.

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{evalward, example};

/// A folder with golden examples, one recorded response for each, and the tables of metrics.
pub(crate) fn suite(cases: Vec<(Example, Value)>, metrics: &str) -> Scratch {
    let scratch = Scratch::new();
    let mut answers = String::new();
    let mut examples = Vec::new();
    for (example, mut response) in cases {
        response["id"] = json!(example.id.as_str());
        answers.push_str(&response.to_string());
        answers.push('\n');
        examples.push(example);
    }
    scratch.dataset(&examples);
    scratch.file("answers.jsonl", &answers);
    scratch.file(
        "evalward.toml",
        &format!(
            "[suite]\nname = \"values\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n{metrics}"
        ),
    );
    scratch
}

pub(crate) fn labelled(
    number: usize,
    question: &str,
    right: &str,
    given: &str,
) -> (Example, Value) {
    let id = format!("q-{number:02}");
    (example(&id, Partition::Golden, question, right), json!({"output": given}))
}

fn intents() -> Scratch {
    let cases = [
        ("My card vanished on the train", "lost_card", "lost_card"),
        ("Somebody took my purse with the card", "lost_card", "lost_card"),
        ("I cannot find the plastic anywhere", "lost_card", "Lost_Card"),
        ("Where is the card you sent last week?", "card_arrival", "lost_card"),
        ("The post has brought nothing so far", "card_arrival", "card_arrival"),
        ("How long until a new one is here?", "card_arrival", " card_arrival\n"),
        ("I mistyped my secret digits thrice", "pin_blocked", "pin_blocked"),
        ("The machine refuses my four digits", "pin_blocked", "Sorry, I cannot tell."),
        ("What a lovely day it is", "none_of_these", "none_of_these"),
        ("Can you sing me a song?", "none_of_these", "pin_blocked"),
    ];
    let cases = cases
        .iter()
        .enumerate()
        .map(|(number, (question, right, given))| labelled(number, question, right, given));
    suite(
        cases.collect(),
        "[metrics.intent.classification]\nlabels = [\"lost_card\", \"card_arrival\", \"pin_blocked\", \"none_of_these\"]\n",
    )
}

#[test]
fn a_run_over_labels_shows_their_confusion_matrix() {
    let scratch = intents();
    let run = evalward(&scratch, "run").run().expect_code(1);
    let page = run.clean_stdout();
    let (_, figures) = page.split_once("\nintent\n").expect("the figures have a title");
    let (figures, _) = figures.split_once("\ngolden: ").expect("failing examples follow");
    // scikit-learn 1.9.1 gives 0.7, 0.6667, 0.7060, 0.7368, 0.7305, 0.6053 and 0.6216: accuracy_score,
    // balanced_accuracy_score, f1_score over the four labels, cohen_kappa_score and matthews_corrcoef.
    assert_snapshot!(figures, @"
    labels                               golden
    ───────────────────────────────────────────
    n                                        10
    no label                                  1
    accuracy                70.0 % [39.7, 89.2]
    balanced accuracy      66.7 % [33.3, 100.0]
    macro F1               70.6 % [30.3, 100.0]
    micro F1               73.7 % [44.4, 100.0]
    weighted F1            73.0 % [38.3, 100.0]
    Cohen's kappa          0.605 [0.231, 1.000]
    Matthews' coefficient  0.622 [0.263, 1.000]
    intervals at 95 %: of the accuracy as of pass rates, of the others by 1000 draws of a multinomial bootstrap, seed 1

    intent, golden: right label by row, given label by column
                   card_arrival  lost_card  none_of_these  pin_blocked  (no label)
    ──────────────────────────────────────────────────────────────────────────────
    card_arrival              2          1              0            0           0
    lost_card                 0          3              0            0           0
    none_of_these             0          0              1            1           0
    pin_blocked               0          0              0            1           1
    ");
    assert!(
        page.contains("`Sorry, I cannot tell.` is none of the 4 labels; expected `pin_blocked`"),
        "{page}"
    );
    let summary: Value =
        serde_json::from_str(&scratch.read(scratch.only_run().join("summary.json"))).unwrap();
    let overall =
        &summary["partitions"]["golden"]["metrics"]["intent"]["overall"]["classification"];
    assert_eq!((&overall["n"], &overall["without_label"]), (&json!(10), &json!(1)));
    assert_eq!(
        overall["confusion"][1],
        json!({"expected": "card_arrival", "predicted": "lost_card", "count": 1})
    );
    let again = evalward(&scratch, "report latest").run().expect_code(1);
    assert!(again.clean_stdout().contains(figures), "the fold over the rows says the same");
}

fn retrieved(id: &str, question: &str, relevant: Value, ids: &[&str]) -> (Example, Value) {
    let mut example = Example::new(id, Partition::Golden).with_input("question", question);
    example.metadata.insert("relevant".to_owned(), relevant);
    let context: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
    (example, json!({"output": "", "context": context}))
}

#[test]
fn a_retriever_is_measured_by_the_ids_of_its_documents() {
    let cases = vec![
        retrieved(
            "r-1",
            "How do refunds work?",
            json!(["kb/refunds"]),
            &["kb/refunds", "kb/plans"],
        ),
        retrieved(
            "r-2",
            "What do the plans cost?",
            json!({"kb/plans": 3, "kb/taxes": 1}),
            &["kb/api", "kb/plans"],
        ),
        retrieved("r-3", "Who runs this place?", json!([]), &["kb/api"]),
    ];
    let scratch = suite(
        cases,
        "[metrics.found.retrieval]\nmeasure = \"recall\"\nk = 5\nthreshold = 1.0\n\n[metrics.ranking.retrieval]\nmeasure = \"ndcg\"\nk = 5\n",
    );
    let run = evalward(&scratch, "run").run().expect_code(1);
    let page = run.clean_stdout();
    let (_, tables) = page.split_once("\nmetric ").expect("metrics have a table");
    let (tables, _) = tables.split_once("\ngates").expect("gates follow");
    assert_snapshot!(tables, @"
      partition   mean  n  failed  errored  skipped
    ──────────────────────────────────────────────────────
    found    golden     0.750  2       1        0        1
    ranking  golden     0.761  2       -        0        1

    golden: 1 failed

      ✗ r-2
        found: recall@5 is 0.500: `kb/taxes` of 2 relevant documents not retrieved
          input   What do the plans cost?
          output  (empty)

    1 skipped
      1 × no gating metric applies
          r-3
    ");
}

fn agent(id: &str, question: &str, expected: Value, response: Value) -> (Example, Value) {
    let mut example = Example::new(id, Partition::Golden).with_input("question", question);
    example.metadata.insert("tool_calls".to_owned(), expected);
    (example, response)
}

fn agents(third: Value) -> Vec<(Example, Value)> {
    let refund = json!([
        {"name": "find_order", "arguments": {"id": "A-17"}},
        {"name": "refund", "arguments": {"id": "A-17", "amount": 49.0}},
    ]);
    let step = json!({"thought": "look"});
    let usage = json!({"input_tokens": 900, "output_tokens": 80, "cost_usd": 0.002});
    vec![
        agent(
            "a-1",
            "Refund order A-17",
            refund.clone(),
            json!({
                "output": "Done.", "steps": [step, step], "usage": usage,
                "tool_calls": [
                    {"name": "find_order", "arguments": {"id": "A-17"}},
                    {"name": "refund", "arguments": {"amount": 49, "id": "A-17"}},
                ],
            }),
        ),
        agent(
            "a-2",
            "Please give A-17 its money back",
            refund,
            json!({
                "output": "Done.", "steps": [step, step, step, step], "usage": {"input_tokens": 3900, "output_tokens": 300, "cost_usd": 0.02},
                "tool_calls": [
                    {"name": "refund", "arguments": {"amount": 59, "id": "A-17"}},
                    {"name": "close_account", "arguments": {}},
                ],
            }),
        ),
        agent("a-3", "Thanks, bye!", json!([]), third),
    ]
}

const LIMITS: &str = "[metrics.calls.tool_calls]\n\n[metrics.steps.step_count]\nthreshold = 3\n\n[metrics.tokens.tokens]\nthreshold = 2000\n\n[metrics.price.cost]\nthreshold = 0.01\n";

#[test]
fn an_agent_is_held_to_its_calls_and_limits() {
    let polite = json!({"output": "Bye!", "steps": [{"thought": "say bye"}], "usage": {"input_tokens": 9, "output_tokens": 2, "cost_usd": 0.0}});
    let scratch = suite(agents(polite), LIMITS);
    let run = evalward(&scratch, "run").run().expect_code(1);
    let page = run.clean_stdout();
    let (_, failing) = page.split_once("golden: 1 failed").expect("one example fails");
    let (failing, _) = failing.split_once("\n      input").expect("its input follows");
    assert_snapshot!(failing, @"


    ✗ a-2
      calls: `refund`: /amount is 59, expected 49.0
      calls: `find_order` was not called
      calls: `close_account` was called, which is not expected
      price: score 0.020 is above 0.01
      steps: score 4.000 is above 3
      tokens: score 4200.000 is above 2000
    ");
}

#[test]
fn a_limit_that_cannot_be_checked_is_not_kept() {
    let scratch = suite(agents(json!({"output": "Bye!"})), LIMITS);
    let run = evalward(&scratch, "run").run().expect_code(3);
    let page = run.clean_stdout();
    let (_, errored) = page.split_once("1 errored\n").expect("one example is errored");
    let (errored, _) = errored.split_once("\ngates").expect("gates follow");
    assert_snapshot!(errored, @"
    1 × metric `price`: the price of the answer is not known: neither the response nor the subject's `price` tells; metric `steps`: the response tells no steps, so their number is not known; metric `tokens`: the response does not say how many tokens its request took
        a-3
    ");
    let latency = suite(
        vec![labelled(0, "Which?", "this", "this")],
        "[metrics.right.exact_match]\n\n[metrics.time.latency]\nthreshold = 100\n",
    );
    let page = evalward(&latency, "run").run().expect_code(3).clean_stdout().to_owned();
    assert!(page.contains("nothing was called, so the time of the answer is not known"), "{page}");
}

#[test]
fn json_and_numbers_say_what_differs() {
    let right = r#"{"order": "A-17", "total": 49.0, "items": ["pen", "ink"]}"#;
    let given = "```json\n{\"order\": \"A-17\", \"total\": 59, \"items\": [\"ink\", \"pen\"]}\n```";
    let cases = vec![
        labelled(0, "Read the first order", right, given),
        labelled(1, "Read the second order", right, "There is no order."),
    ];
    let scratch = suite(cases, "[metrics.order.json_match]\nunordered = true\n");
    let page = evalward(&scratch, "run").run().expect_code(1).clean_stdout().to_owned();
    assert!(page.contains("order: /total is 59, expected 49.0"), "{page}");
    assert!(
        page.contains("order: the output is not JSON: expected value at line 1 column 1"),
        "{page}"
    );
    let cases = vec![labelled(0, "What is the total?", "1234.5", "It comes to $1,234.50 in all.")];
    let scratch = suite(cases, "[metrics.total.numeric]\n");
    let page = evalward(&scratch, "run").run().expect_code(0).clean_stdout().to_owned();
    assert!(page.ends_with("All gates hold. (exit 0)\n"), "{page}");
}

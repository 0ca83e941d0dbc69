//! `evalward label`: blind sheets, and from what raters wrote back to labels.

use evalward_core::{Document, Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::evalward;

/// Scores that the judge gives, by what the answer says.
const WORDS: [(&str, u32); 4] = [("clearly", 5), ("nearly", 4), ("hardly", 2), ("seldom", 5)];

fn examples() -> Vec<Example> {
    (0..24)
        .map(|number| {
            let mut example = Example::new(&format!("q-{number:02}"), Partition::Distribution)
                .with_input("question", format!("What about <b>{number}</b>?"))
                .with_expected_output("A right answer.");
            example.context = vec![Document::from_text(format!("Document {number}."))];
            if number == 23 {
                example.tags = vec!["refund".to_owned()];
            }
            example
        })
        .collect()
}

fn answer(number: usize) -> String {
    let word = match number {
        0..14 => "clearly",
        14..18 => "nearly",
        18..22 => "hardly",
        _ => "seldom",
    };
    format!("=It helps {word}. Number {number} </script><script>window.stolen = 1</script>.")
}

/// A folder with one run of 24 answers that a judge scored.
pub(crate) async fn judged_run() -> Scratch {
    let scratch = Scratch::new();
    scratch.dataset(&examples());
    let lines = (0..24).map(|number| {
        json!({"id": format!("q-{number:02}"), "output": answer(number)}).to_string() + "\n"
    });
    scratch.file("answers.jsonl", &lines.collect::<String>());
    scratch.file(
        "evalward.toml",
        "[suite]\nname = \"helpdesk\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
         [judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${JUDGE_URL}/v1\"\n\n\
         [metrics.helpful.judge]\njudge = \"helpfulness\"\nthreshold = 4.0\nsamples = 1\n\n\
         [gates.distribution]\npass_rate = 0.2\n",
    );
    let model = FakeModel::start(|text| {
        let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
        let code = after.split('.').next();
        let (_, answer) = text.rsplit_once("begin answer").expect("it has an answer");
        let score = WORDS.iter().find(|(word, _)| answer.contains(word)).map(|(_, score)| score);
        let verdict =
            json!({"reasoning": "So it is.", "strengths": [], "weaknesses": [], "score": score});
        Turn::says(json!({"code": code, "criteria": {"helpfulness": verdict}}).to_string())
    })
    .await;
    let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run();
    drop(run.expect_code(0));
    scratch
}

fn draw(scratch: &Scratch, arguments: &str) -> Value {
    let drawn = evalward(scratch, &format!("label latest --out sheet {arguments}")).run();
    drop(drawn.expect_code(0));
    serde_json::from_str(&scratch.read("sheet/sheet.json")).unwrap()
}

/// Fills in a rater's table as a spreadsheet would save it.
fn fill(scratch: &Scratch, rater: &str, rating: impl Fn(usize) -> String) {
    let text = scratch.read(format!("sheet/{rater}.csv"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = header.iter().position(|name| name == "rating").unwrap();
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for (index, row) in reader.records().enumerate() {
        let row = row.unwrap();
        let filled = row
            .iter()
            .enumerate()
            .map(|(place, cell)| if place == column { rating(index) } else { cell.to_owned() });
        writer.write_record(filled).unwrap();
    }
    let bytes = writer.into_inner().unwrap();
    scratch.file(format!("sheet/{rater}.csv"), &String::from_utf8(bytes).unwrap());
}

#[tokio::test]
async fn a_sheet_has_clear_uncertain_and_rare_cases_with_their_probabilities() {
    let scratch = judged_run().await;
    let drawn = evalward(&scratch, "label latest --n 12 --raters ann,bob --seed 3").run();
    let drawn = drawn.expect_code(0);
    assert_snapshot!(drawn.clean_stdout(), @"
    12 of 24 answers of run [run] of suite helpdesk were drawn for `helpful` (seed 3):
      rare              1 of 1
      uncertain         4 of 4
      confident, good   3 of 15
      confident, bad    4 of 4

    labels/[run]-helpful has for each of ann, bob:
      a page (RATER.html) and a table (RATER.csv, with guidance.txt): one of them is enough
    sheet.json says which answers they are; raters do not need it.
    ");
    assert_snapshot!(drawn.clean_stderr(), @"
    warning: fewer than 20 labels say little of a judge
    Put what the raters send back into labels/[run]-helpful, and then: `evalward label read labels/[run]-helpful`
    ");
    let again = evalward(&scratch, "label latest --n 12 --raters ann,bob --seed 3").run();
    assert_snapshot!(again.expect_code(2).clean_stderr(), @"
    error: `labels/[run]-helpful` is there already, and raters may have written into it
      hint: name another folder: `--out DIR`
    ");
    let first = draw(&scratch, "--n 12 --raters ann,bob --seed 3");
    let answers = first["answers"].as_array().unwrap();
    assert!(answers.iter().all(|it| it["probability"].as_f64().unwrap() > 0.0));
    let run = scratch.only_run();
    let name = run.file_name().unwrap().to_str().unwrap();
    let other = scratch.read(format!("labels/{name}-helpful/sheet.json"));
    assert_eq!(serde_json::from_str::<Value>(&other).unwrap(), first);
}

#[tokio::test]
async fn what_raters_get_tells_nothing_of_judge_scores_or_examples() {
    let scratch = judged_run().await;
    let sheet = draw(&scratch, "--n 12 --raters 2");
    let (one, two) = (scratch.read("sheet/rater-1.csv"), scratch.read("sheet/rater-2.csv"));
    let page = scratch.read("sheet/rater-1.html");
    for (text, name) in [(&one, "table"), (&two, "table"), (&page, "page")] {
        for secret in ["q-", "judge-1", "So it is", "helpdesk", "uncertain", "probability"] {
            assert!(!text.contains(secret), "{secret} stands in a {name}");
        }
    }
    let codes = |text: &str| -> Vec<String> {
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap()[0].to_owned()).collect()
    };
    let (mut first, mut second) = (codes(&one), codes(&two));
    assert_ne!(first, second);
    first.sort();
    second.sort();
    assert_eq!(first, second);
    assert_eq!(first.len(), sheet["answers"].as_array().unwrap().len());
    // A spreadsheet takes no answer for a formula, and the page takes none for its own.
    assert!(one.contains(",\"'=It helps") || one.contains(",'=It helps"), "{one}");
    assert!(!page.contains("</script><script>window"), "an answer ended the data");
    assert_snapshot!(scratch.read("sheet/guidance.txt"));
}

#[tokio::test]
async fn tables_are_read_back_as_labels() {
    let scratch = judged_run().await;
    let sheet = draw(&scratch, "--n 12 --raters 2");
    fill(&scratch, "rater-1", |index| if index == 3 { "?".to_owned() } else { "4".to_owned() });
    fill(&scratch, "rater-2", |_| "2,0".to_owned());
    let read = evalward(&scratch, "label read sheet").run().expect_code(0);
    assert_snapshot!(read.clean_stdout(), @"23 labels of 12 answers by rater-1, rater-2; in 1 case a rater could not tell");
    let text = scratch.read("sheet/labels.jsonl");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 23);
    let first = &sheet["answers"][0];
    for line in lines.iter().filter(|line| line["id"] == first["id"]) {
        assert_eq!(line["probability"], first["probability"]);
        assert_eq!(line["label"], if line["annotator"] == "rater-1" { 4 } else { 2 });
    }
    // Judge and people can now be compared.
    let calibrate = "metric calibrate evalward.toml --metric helpful --labels sheet/labels.jsonl --run latest --positive-from 4";
    let calibrated = evalward(&scratch, calibrate).run();
    assert!(calibrated.stdout.contains("12 answers"), "{}{}", calibrated.stdout, calibrated.stderr);
    let report = evalward(&scratch, "report latest --labels sheet/labels.jsonl").run();
    assert!(report.stdout.contains("12 labels are too few; it takes 20"), "{}", report.stdout);
}

#[tokio::test]
async fn mistakes_of_raters_are_told_with_place_and_remedy() {
    let scratch = judged_run().await;
    drop(draw(&scratch, "--n 12 --raters 2"));
    fill(&scratch, "rater-1", |index| match index {
        0 => "7".to_owned(),
        1 => "very".to_owned(),
        _ => "4".to_owned(),
    });
    let table = scratch.read("sheet/rater-1.csv");
    let last = table.lines().last().unwrap().to_owned();
    let strange = last.replacen("a-", "b-", 1);
    scratch.file("sheet/rater-1.csv", &format!("{table}{last}\n{strange}\n"));
    scratch.file(
        "sheet/rater-2.jsonl",
        "{\"sheet\": \"another\", \"rater\": \"rater-2\", \"answer\": \"a-1\", \"ratings\": {}}\n",
    );
    let read = evalward(&scratch, "label read sheet").run().expect_code(2);
    // Ratings are told in the order of the codes, which differ from run to run.
    let text = without_codes(read.clean_stderr());
    let (mut ratings, others): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.contains("is no rating"));
    ratings.sort_unstable();
    assert_snapshot!([others, ratings].concat().join("\n"), @"
    rater-2.jsonl:1: the file is of another sheet; read it with the folder of its sheet
    rater-1.csv:14: `[code]` is rated twice by rater-1; the first time in rater-1.csv:13; remove one of the two
    rater-1.csv:15: the sheet has no answer `[code]`; leave the column `answer` as it was, and take the file of this sheet
    error: the ratings have 5 mistakes, and no labels were written
      hint: start at rater-2.jsonl:1
    rater-1.csv:2: `7` is no rating of `[code]`; write one of 1, 2, 3, 4, 5
    rater-1.csv:3: `very` is no rating of `[code]`; write one of 1, 2, 3, 4, 5
    ");
    assert!(!scratch.path("sheet/labels.jsonl").exists());
}

/// Blanks the codes of answers, which follow from the id of the run.
fn without_codes(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive('`') {
        let is_code = part.starts_with("a-") || part.starts_with("b-");
        out.push_str(if is_code { "[code]`" } else { part });
    }
    out
}

#[tokio::test]
async fn missing_ratings_are_told_and_may_be_left_out() {
    let scratch = judged_run().await;
    drop(draw(&scratch, "--n 4 --raters 2"));
    fill(&scratch, "rater-1", |index| if index == 0 { String::new() } else { "5".to_owned() });
    let read = evalward(&scratch, "label read sheet").run().expect_code(2);
    assert!(read.stderr.contains("rater-1: 1 of 4 answers are not rated: a-"), "{}", read.stderr);
    assert!(read.stderr.contains("rater-2: 4 of 4 answers are not rated: a-"), "{}", read.stderr);
    drop(evalward(&scratch, "label read sheet --partial").run().expect_code(0));
    assert_eq!(scratch.read("sheet/labels.jsonl").lines().count(), 3);
}

#[tokio::test]
async fn a_run_of_another_suite_judge_or_dataset_is_not_labelled() {
    let scratch = judged_run().await;
    let refused = |arguments: &str| {
        let run = evalward(&scratch, &format!("label {arguments}")).run().expect_code(2);
        run.clean_stderr().to_owned()
    };
    assert_snapshot!(refused("latest --metric helpfull"), @"
    error: suite `helpdesk` has no metric `helpfull`
      hint: did you mean `helpful`?
    ");
    assert_snapshot!(refused("latest --set metrics.helpful.judge.samples=2"), @"
    error: run `[run]` was scored with another version of metric `helpful`
      hint: give the overrides of the run (`--set`), or run the suite again
    ");
    assert_snapshot!(refused("latest --suite other.toml"), @"
    × failed to read `other.toml`: No such file or directory (os error 2)
    help: name a suite file, such as `evalward.toml`; `evalward init` makes one
    ");
    assert_snapshot!(refused("latest --raters ann,Ann"), @"
    error: invalid value 'ann,Ann' for '--raters <NUMBER|NAMES>': two raters have one name

    For more information, try '--help'.
    ");
    assert_snapshot!(refused("read nowhere"), @"
    error: `nowhere` is no folder of a sheet: it has no sheet.json
      hint: name the folder that `evalward label` wrote
    ");
    let changed: Vec<Example> = examples()
        .into_iter()
        .map(|example| example.with_input("question", "Something else?"))
        .collect();
    scratch.dataset(&changed);
    assert!(refused("latest").contains("has changed since run"), "{}", refused("latest"));
}

use super::*;

fn item(stratum: &'static str, outcome: &'static str) -> Item {
    // This key is not chosen at the base rate.
    Item { id: "a".to_owned(), key: "a".to_owned(), stratum, outcome }
}

fn row(stratum: &str, outcome: Option<&str>) -> Row {
    Row {
        received_at: evalward_core::Timestamp::from_millis(61_000),
        segment: "hour=00".to_owned(),
        stratum: stratum.to_owned(),
        is_sampled: outcome.is_some(),
        outcome: outcome.map(str::to_owned),
    }
}

/// Settles one batch of these items, of which these rows are stored.
fn settled(items: &[Item], is_acknowledged: bool, rows: &[Option<Row>]) -> Account {
    let mut account = Account::default();
    let batch = Batch { items: items.to_vec(), is_acknowledged };
    account.enter(&batch, &rows.iter().collect::<Vec<_>>());
    account
}

#[track_caller]
fn check(account: &Account, lost: u64, violations: &[&str]) {
    assert_eq!(account.violations, violations);
    assert_eq!(account.lost, lost);
}

#[test]
fn what_is_stored_as_it_must_be_balances() {
    let items = [item("base", "passed"), item("error", "errored")];
    let rows = [Some(row("base", None)), Some(row("error", Some("errored")))];
    check(&settled(&items, true, &rows), 0, &[]);
    check(&settled(&items, false, &[None, None]), 0, &[]);
}

#[test]
fn a_lost_interaction_is_found() {
    let items = [item("base", "passed"), item("base", "passed")];
    let account = settled(&items, true, &[Some(row("base", None)), None]);
    check(&account, 1, &["1 of 2 acknowledged interactions are not stored"]);
}

#[test]
fn half_a_batch_is_found() {
    let items = [item("base", "passed"), item("base", "passed")];
    let account = settled(&items, false, &[Some(row("base", None)), None]);
    check(&account, 0, &["a batch is stored in part: 1 of 2 interactions"]);
}

#[test]
fn a_sample_without_evaluation_and_a_wrong_choice_are_found() {
    let mut unevaluated = row("error", None);
    unevaluated.is_sampled = true;
    let account = settled(&[item("error", "errored")], true, &[Some(unevaluated)]);
    check(&account, 1, &["the sample `a` was not evaluated"]);
    let chosen = row("base", Some("passed"));
    let account = settled(&[item("base", "passed")], true, &[Some(chosen)]);
    check(&account, 0, &["`a`: sampled is true, the rule says false"]);
}

#[test]
fn windows_that_count_twice_are_found() {
    let rows = [row("error", Some("errored"))];
    let counted = recount(rows.iter(), 60_000);
    let mut told = counted.clone();
    let mut account = Account::default();
    account.compare("minute", &told, &counted);
    assert_eq!((account.doubled, account.violations.len()), (0, 0));
    for counts in told.values_mut() {
        counts[0] += 1;
    }
    account.compare("minute", &told, &counted);
    assert_eq!((account.doubled, account.violations.len()), (1, 1));
}

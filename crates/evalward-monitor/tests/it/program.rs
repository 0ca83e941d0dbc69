//! The program's arguments, and what people read.

use insta::assert_snapshot;

use crate::support::{MONITOR, Monitor, SUITE, files, interaction, program};

#[test]
fn check_config_tells_what_was_understood() {
    let monitor = MONITOR.to_owned()
        + r#"
[store]
url = "postgres://me:secret-word@db.example/evalward?sslmode=require"

[sampling.segments]
"hour=3" = 0.5

[sampling.always]
slow = "1500ms"

[alarms.constraints.failed_constraint]

[alarms.quality.pass_rate]
below = 0.9

[notify.ops.webhook]
url = "${OPS_WEBHOOK}"
"#;
    let scratch = files(&monitor, SUITE);
    let checked = program(&scratch, "check-config").env("OPS_WEBHOOK", "https://hooks.example/x");
    assert_snapshot!(checked.run().expect_code(0).stdout, @"
    server    127.0.0.1:0 without keys, at most 100000 samples wait
    store     postgres://me@db.example/evalward
    ingest    each call of a model is an interaction
    sampling  100 % of ordinary interactions; 50 % of hour=03; always: errors, answers over 1.500s, negative feedback; segments by hour
    evaluate  rules of suite support, 2 at once, up to 5 attempts, lease 5s
    alarm     constraints (medium): a constraint of rules fails; over after 15m
    alarm     quality (high): the pass rate over 60m is below 90 %
    alarm     recurrence (high): a covered pattern fails in a later version
    notify    ops
    ");
    let other = program(&scratch, "check-config").env("OPS_WEBHOOK", "https://hooks.example/x");
    let other = other.env("EVALWARD_DATABASE_URL", "sqlite://other.db").run().expect_code(0);
    assert!(other.stdout.contains("store     sqlite://other.db\n"), "{}", other.stdout);
}

#[test]
fn a_wrong_configuration_starts_nothing() {
    let scratch = files(&MONITOR.replace("base_rate", "base_rat"), SUITE);
    for arguments in ["", "check-config", "key list"] {
        let finished = program(&scratch, arguments).run().expect_code(2);
        assert_eq!(finished.stdout, "");
        assert!(finished.stderr.contains("did you mean `base_rate`?"), "{}", finished.stderr);
        assert!(!scratch.path("evalward.db").exists(), "a store was made");
    }
    let finished = program(&scratch, "--config nowhere.toml").run().expect_code(2);
    assert_snapshot!(finished.stderr, @r#"
    × failed to read `nowhere.toml`: No such file or directory (os error 2)
    help: name the monitor's file with `--config`; at the least it says `[evaluate]` and `suite =
          "evalward.toml"`
    "#);
    drop(program(&scratch, "serve").run().expect_code(2));
}

#[test]
fn a_variable_of_the_dotenv_file_counts() {
    let monitor = MONITOR.to_owned() + "\n[notify.ops.webhook]\nurl = \"${OPS_WEBHOOK}\"\n";
    let scratch = files(&monitor, SUITE);
    drop(program(&scratch, "check-config").run().expect_code(2));
    scratch.file(".env", "OPS_WEBHOOK=https://hooks.example/x\n");
    drop(program(&scratch, "check-config").run().expect_code(0));
    scratch.file(".env", "OPS_WEBHOOK='secret\n");
    let finished = program(&scratch, "check-config").run().expect_code(2);
    assert!(!finished.stderr.contains("secret"), "{}", finished.stderr);
}

#[test]
fn a_port_that_is_taken_and_a_store_that_is_away_are_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let scratch = files(&MONITOR.replace("127.0.0.1:0", &address), SUITE);
    let finished = program(&scratch, "").run().expect_code(3);
    assert_snapshot!(finished.stderr.replace(&address, "ADDRESS"), @"
    error: failed to listen on `ADDRESS`
      cause: Address already in use (os error 98)
      hint: another program has this port; choose another `server.listen`
    ");
    assert!(!scratch.path("evalward.db").exists(), "a store was made");
    let scratch =
        files(&(MONITOR.to_owned() + "\n[store]\nurl = \"sqlite://no/such/folder/x.db\"\n"), SUITE);
    let finished = program(&scratch, "").run().expect_code(3);
    assert!(finished.stderr.contains("hint: check `store.url`"), "{}", finished.stderr);
}

#[test]
fn keys_open_what_their_scopes_say_until_they_are_revoked() {
    let scratch = files(&MONITOR.replace("auth = \"off\"", "auth = \"keys\""), SUITE);
    let created =
        program(&scratch, "key create --project shop --name app --scopes ingest,read").run();
    let created = created.expect_code(0);
    let key = created.stdout.trim_end();
    assert!(key.starts_with("ew_") && key.len() == 46, "{key}");
    assert!(!created.stderr.contains(key), "{}", created.stderr);
    let list = program(&scratch, "key list").run().expect_code(0).stdout;
    assert!(!list.contains(key), "{list}");
    let columns: Vec<&str> = list.lines().nth(1).unwrap().split_whitespace().collect();
    let [id, "shop", "app", "ingest,read", _, "-"] = columns[..] else { panic!("{list}") };
    let monitor = Monitor::start(&scratch);
    let sent = interaction("int-1", "Why?", "Because.").to_string();
    let path = "/api/v1/interactions";
    assert_eq!(monitor.request("POST", path, &sent).0, 401);
    let monitor = monitor.with_key(key);
    assert_eq!(monitor.request("POST", path, &sent).0, 202);
    assert_eq!(monitor.request("GET", "/api/v1/interactions/int-1", "").0, 200);
    drop(program(&scratch, &format!("key revoke {id}")).run().expect_code(0));
    monitor.wait_until("the end of a revoked key", |monitor| {
        (monitor.request("GET", "/api/v1/interactions/int-1", "").0 == 401).then_some(())
    });
    drop(monitor.stop().expect_code(0));
    let missing = program(&scratch, "key revoke key-0").run().expect_code(2);
    assert_snapshot!(missing.stderr, @"
    error: failed to change the keys in the store
      cause: find API key `key-0`
      hint: `evalward-monitor key list` shows the ids
    ");
}

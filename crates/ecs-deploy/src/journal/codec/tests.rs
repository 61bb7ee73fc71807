use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::journal::tests::{entries, header};

/// Rows as a Go program writes them, byte for byte.
const GO_ROWS: [&str; 4] = [
    r#"{"Artifact":{"BuildNumber":7,"Value":"shop:abc","Tags":{"SHA":"abc"}},"ConfigSHA":"1a2b3c4d","NewTaskSetID":"ecs-svc/123","NewActiveColor":"green","Done":false,"Step":9}"#,
    r#"{"Artifact":{"BuildNumber":1,"Value":"a","Tags":null},"ConfigSHA":"1a2b3c4d","NewTaskSetID":"","NewActiveColor":"","Done":false,"Step":2}"#,
    r#"{"Artifact":{"BuildNumber":12,"Value":"x\u003c1\u003e\u0026\"\\","Tags":{"A":"\b\f\u2028","B":"ü","a":""}},"ConfigSHA":"dev","NewTaskSetID":"ecs-svc/9","NewActiveColor":"blue","Done":true,"Step":13}"#,
    r#"{"Artifact":{"BuildNumber":18446744073709551615,"Value":"","Tags":{"deploy-dev-1a2b3c4d":"success"}},"ConfigSHA":"1a2b3c4d","NewTaskSetID":"","NewActiveColor":"blue","Done":false,"Step":4}"#,
];

fn text(state: &State) -> String {
    String::from_utf8(encode(state)).unwrap()
}

fn go_row() -> State {
    decode(GO_ROWS[0].as_bytes()).unwrap()
}

fn with(member: &str, value: Value) -> Vec<u8> {
    let mut row: Value = serde_json::from_str(GO_ROWS[0]).unwrap();
    row[member] = value;
    row.to_string().into_bytes()
}

#[test]
fn a_row_of_the_go_program_is_written_back_byte_for_byte() {
    for row in GO_ROWS {
        let state = decode(row.as_bytes()).unwrap();
        assert_eq!(state.journal, None);
        assert_eq!(text(&state), row);
    }
}

#[test]
fn the_members_of_a_row_are_read() {
    let state = go_row();
    assert_eq!(state.artifact.build_number, BuildNumber(7));
    assert_eq!((&*state.artifact.value, &*state.artifact.tags["SHA"]), ("shop:abc", "abc"));
    assert_eq!((state.step, state.done), (Step::Swap, false));
    assert_eq!(state.new_color, Some(Color::Green));
    assert_eq!(state.task_set.unwrap().as_str(), "ecs-svc/123");
}

#[test]
fn our_journal_is_one_more_member_behind_the_originals() {
    let State { artifact, config_sha, .. } = go_row();
    let text = text(&State::new(artifact, config_sha, header()));
    let originals = concat!(
        r#"{"Artifact":{"BuildNumber":7,"Value":"shop:abc","Tags":{"SHA":"abc"}},"#,
        r#""ConfigSHA":"1a2b3c4d","NewTaskSetID":"","NewActiveColor":"","Done":false,"Step":1"#,
    );
    let (first, journal) = text.split_once(r#","Journal":"#).unwrap();
    assert_eq!(first, originals);
    let journal: Value = serde_json::from_str(journal.strip_suffix('}').unwrap()).unwrap();
    assert_eq!(journal["Version"], VERSION);
}

#[test]
fn members_that_nobody_knows_are_ignored() {
    let state = decode(&with("Mood", json!({"Any": ["thing"]}))).unwrap();
    assert_eq!(state, go_row());
}

#[test]
fn null_means_absent() {
    for member in ["NewTaskSetID", "NewActiveColor", "Done", "Journal"] {
        decode(&with(member, Value::Null)).unwrap();
    }
}

#[test]
fn a_journal_of_a_later_version_is_refused_whatever_it_holds() {
    let later = decode(&with("Journal", json!({"Version": VERSION + 1, "By": 7}))).unwrap_err();
    assert!(matches!(later, DecodeError::Newer(2)), "{later}");
}

#[test]
fn a_journal_that_lacks_its_members_is_malformed() {
    for journal in [json!({}), json!({"Version": VERSION}), json!([]), json!(3)] {
        let error = decode(&with("Journal", journal)).unwrap_err();
        assert!(matches!(error, DecodeError::Malformed(_)), "{error}");
    }
}

#[test]
fn what_no_deploy_writes_is_named() {
    let impossible = [
        ("Step", json!(0), "Step"),
        ("Step", json!(14), "Step"),
        ("NewActiveColor", json!("red"), "NewActiveColor"),
        ("ConfigSHA", json!("a b"), "ConfigSHA"),
        ("NewTaskSetID", json!("ecs svc"), "NewTaskSetID"),
    ];
    for (member, value, named) in impossible {
        match decode(&with(member, value)).unwrap_err() {
            DecodeError::Impossible { member, .. } => assert_eq!(member, named),
            error => panic!("{error}"),
        }
    }
}

#[test]
fn numbers_with_a_fraction_or_an_exponent_are_malformed_as_they_are_to_go() {
    for number in ["9.0", "9e0", "-1", "\"9\""] {
        let row = GO_ROWS[0].replace(r#""Step":9"#, &format!(r#""Step":{number}"#));
        assert!(matches!(decode(row.as_bytes()), Err(DecodeError::Malformed(_))), "{number}");
    }
}

proptest! {
    #[test]
    fn a_state_survives_its_row_after_any_entries(entries in entries()) {
        let state = after(&entries);
        prop_assert_eq!(decode(&encode(&state)).unwrap(), state);
    }

    #[test]
    fn any_artifact_survives_its_row_and_nothing_that_go_escapes_stands_bare(
        value in any::<String>(),
        tags in prop::collection::btree_map(any::<String>(), any::<String>(), 0..4),
    ) {
        let mut state = go_row();
        state.artifact.value = value;
        state.artifact.tags = tags;
        let text = text(&state);
        let bare = text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
        prop_assert!(!bare, "{text}");
        prop_assert_eq!(decode(text.as_bytes()).unwrap(), state);
    }

    #[test]
    fn bytes_that_are_no_row_are_an_error(bytes in any::<Vec<u8>>()) {
        prop_assert!(decode(&bytes).is_err());
    }

    #[test]
    fn a_row_with_any_bytes_in_it_is_read_or_refused(
        at in 0..GO_ROWS[0].len(),
        bytes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut row = GO_ROWS[0].as_bytes().to_vec();
        row.splice(at..at, bytes);
        if let Ok(state) = decode(&row) {
            prop_assert!(decode(&encode(&state)).is_ok());
        }
    }

    /// A row of ours with a part of it lost, doubled or replaced by anything.
    #[test]
    fn a_row_of_ours_that_was_garbled_is_read_or_refused(
        entries in entries(),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
        bytes in prop::collection::vec(any::<u8>(), 0..9),
    ) {
        let mut row = encode(&after(&entries));
        let (one, other) = (cut.0.index(row.len()), cut.1.index(row.len()));
        row.splice(one.min(other)..one.max(other), bytes);
        if let Ok(mut state) = decode(&row) {
            entries.iter().for_each(|entry| state.apply(entry));
            let row = encode(&state);
            prop_assert_eq!(encode(&decode(&row).unwrap()), row);
        }
    }

    /// The same with a member of any depth replaced by a value of any type.
    #[test]
    fn a_row_of_ours_with_other_values_in_it_is_read_or_refused(
        entries in entries(),
        which in any::<prop::sample::Index>(),
        value in odd_value(),
    ) {
        let mut row: Value = serde_json::from_slice(&encode(&after(&entries))).unwrap();
        let places = places(&row, "");
        *row.pointer_mut(&places[which.index(places.len())]).unwrap() = value;
        if let Ok(mut state) = decode(row.to_string().as_bytes()) {
            entries.iter().for_each(|entry| state.apply(entry));
            let row = encode(&state);
            prop_assert_eq!(encode(&decode(&row).unwrap()), row);
        }
    }
}

fn after(entries: &[crate::journal::Entry]) -> State {
    let mut state = go_row();
    state.journal = Some(Journal::new(header()));
    entries.iter().for_each(|entry| state.apply(entry));
    state
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!("9".repeat(300_000))),
    ]
}

/// The JSON pointers of all values in one.
fn places(value: &Value, at: &str) -> Vec<String> {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(all) => all.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(all) => {
            all.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let deeper = below.iter().flat_map(|(name, of)| places(of, &format!("{at}/{}", escaped(name))));
    std::iter::once(at.to_owned()).chain(deeper).collect()
}

//! What a document is refused for.

use tested_facts::{Found, Kind, Row, Sources, TestName, find, read};

const KINDS: [Kind; 2] =
    [Kind { letter: 'E', asks: &["fact", "place"] }, Kind { letter: 'D', asks: &["reason"] }];

const WHOLE: &str = "
Words before.

| No. | Fact | Here | Tests |
| --- | --- | --- | --- |
| E1 | it is so | same | `a.rs::it_is_so` |
| E2 | that too, `a|b` | mended | `a.rs::one`, `dir/b.rs::two` |

| No. | Reason | Tests |
| --- | --- | --- |
| D1 | better | `a.rs::it_is_so` |
";

/// What is said of the document with this put in the place of that.
fn refusal(from: &str, to: &str) -> String {
    assert!(WHOLE.contains(from), "{from}");
    read(&WHOLE.replace(from, to), &KINDS).expect_err(to).join("\n")
}

fn test_name(file: &str, function: &str) -> TestName {
    TestName { file: file.into(), function: function.into() }
}

fn row(number: u32, tests: Vec<TestName>) -> Row {
    Row { kind: 'E', number, words: vec!["that too, `a|b`".into(), "mended".into()], tests }
}

#[test]
fn a_whole_document_is_read() {
    let rows = read(WHOLE, &KINDS).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1], row(2, vec![test_name("a.rs", "one"), test_name("dir/b.rs", "two")]));
}

#[test]
fn gaps_and_repeats_are_refused() {
    assert_eq!(refusal("| E2 |", "| E3 |"), "E3 stands where E2 should");
    assert_eq!(refusal("| E2 |", "| E1 |"), "E1 stands where E2 should");
    let without = "| D1 | better | `a.rs::it_is_so` |\n";
    assert_eq!(refusal(without, ""), "nothing is counted with D");
}

#[test]
fn a_row_that_lacks_something_is_refused() {
    for (from, to, told) in [
        ("`a.rs::one`, `dir/b.rs::two`", "", "E2: no test"),
        ("`a.rs::one`, `dir/b.rs::two`", "later", "E2: `later` is no list of tests"),
        ("`a.rs::one`,", "`a.rs`,", "E2: `a.rs` is no `file.rs::test`"),
        ("`a.rs::one`,", "`a.rs::one` and", "is no list of tests"),
        ("| mended |", "|  |", "E2 has no place"),
        ("| mended ", "", "E2 has 3 cells, not 4"),
        ("| better |", "|  |", "D1 has no reason"),
        ("| better ", "", "D1 has 2 cells, not 3"),
        ("| E1 |", "|  |", "`` is no number of a row"),
        ("| E1 |", "| Ea |", "`Ea` is no number of a row"),
        ("| E1 |", "| X1 |", "nothing is counted with X"),
    ] {
        let found = refusal(from, to);
        assert!(found.contains(told), "{to}: {found}");
    }
}

#[test]
fn only_what_runs_is_a_test() {
    let text = "
        #[test]
        fn plain() {}
        #[tokio::test(start_paused = true)]
        // A word in between.
        async fn paused() {}
        #[tokio::test]
        #[ignore = \"later\"]
        async fn ignored() {}
        fn no_test() {}
        // #[test]
        // fn in_a_comment() {}
        #[test]
        use something;
        fn apart() {}
    ";
    for (function, expected) in [
        ("plain", Found::Test),
        ("paused", Found::Test),
        ("ignored", Found::IgnoredTest),
        ("no_test", Found::NoTest),
        ("apart", Found::NoTest),
        ("in_a_comment", Found::Nothing),
        ("plai", Found::Nothing),
    ] {
        assert_eq!(find(text, function), expected, "{function}");
    }
}

#[test]
fn a_test_that_is_not_there_is_told_by_the_number_of_its_row() {
    let mut sources = Sources::new(env!("CARGO_MANIFEST_DIR"));
    let file = "tests/documents.rs";
    let rows = [
        row(1, vec![test_name(file, "a_whole_document_is_read")]),
        row(2, vec![test_name("no/such.rs", "plain"), test_name(file, "refusal")]),
        row(3, vec![test_name(file, "nowhere")]),
    ];
    assert_eq!(
        sources.problems(&rows),
        [
            "E2: there is no file no/such.rs",
            "E2: tests/documents.rs: refusal is no test",
            "E3: tests/documents.rs: nowhere is not there",
        ]
    );
}

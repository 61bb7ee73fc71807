//! `docs/compatibility.md` names a test for every fact, fault and difference, and each is there.

mod document;
mod source;

use document::{Row, TestName, read};
use source::{Found, Sources, find, repository};

/// A row of each kind, so that nothing is missing.
const WHOLE: &str = "
Words before.

| No. | Fact | Here | Tests |
| --- | --- | --- | --- |
| E1 | it is so | same | `a.rs::it_is_so` |
| E2 | that too, `a|b` | mended | `a.rs::one`, `dir/b.rs::two` |
| A1 | it is so | other (D1): it is not | `a.rs::it_is_so` |
| C1 | it is so | same | `a.rs::it_is_so` |
| F1 | it was so | gone | `a.rs::it_is_so` |

| No. | Difference | Reason | Tests |
| --- | --- | --- | --- |
| D1 | it is not so | better | `a.rs::it_is_so` |
";

/// What is said of the document with this put in the place of that.
fn refusal(from: &str, to: &str) -> String {
    assert!(WHOLE.contains(from), "{from}");
    read(&WHOLE.replace(from, to)).expect_err(to).join("\n")
}

#[test]
fn every_number_of_the_document_has_a_test_that_is_there() {
    let text = std::fs::read_to_string(repository().join("docs/compatibility.md")).unwrap();
    let rows = read(&text).unwrap_or_else(|problems| panic!("\n{}", problems.join("\n")));
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    for Row { kind, number, tests, .. } in &rows {
        let found = tests.iter().filter_map(|test| sources.problem(test));
        problems.extend(found.map(|problem| format!("{kind}{number}: {problem}")));
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_whole_document_is_read() {
    let rows = read(WHOLE).unwrap();
    assert_eq!(rows.len(), 6);
    let test =
        |file: &str, function: &str| TestName { file: file.into(), function: function.into() };
    let expected = Row {
        kind: 'E',
        number: 2,
        words: vec!["that too, `a|b`".into(), "mended".into()],
        tests: vec![test("a.rs", "one"), test("dir/b.rs", "two")],
    };
    assert_eq!(rows[1], expected);
}

#[test]
fn gaps_and_repeats_are_refused() {
    assert_eq!(refusal("| E2 |", "| E3 |"), "E3 stands where E2 should");
    assert_eq!(refusal("| E2 |", "| E1 |"), "E1 stands where E2 should");
    let without = "| C1 | it is so | same | `a.rs::it_is_so` |\n";
    assert_eq!(refusal(without, ""), "nothing is counted with C");
}

#[test]
fn a_row_that_lacks_something_is_refused() {
    for (from, to, told) in [
        ("`a.rs::one`, `dir/b.rs::two`", "", "E2: no test"),
        ("`a.rs::one`, `dir/b.rs::two`", "later", "E2: `later` is no list of tests"),
        ("`a.rs::one`,", "`a.rs`,", "E2: `a.rs` is no `file.rs::test`"),
        ("`a.rs::one`,", "`a.rs::one` and", "is no list of tests"),
        ("| mended |", "|  |", "E2 has no what this program does"),
        ("| mended ", "", "E2 has 3 cells, not 4"),
        ("| better |", "|  |", "D1 has no reason"),
        ("| better ", "", "D1 has 3 cells, not 4"),
        ("other (D1): ", "other: ", "A1 names no difference"),
        ("other (D1): ", "other (D2): ", "A1 names no difference"),
        ("| A1 |", "|  |", "`` is no number of a row"),
        ("| A1 |", "| Aa |", "`Aa` is no number of a row"),
        ("| A1 |", "| X1 |", "nothing is counted with X"),
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
    let missing = TestName { file: "no/such.rs".into(), function: "plain".into() };
    assert_eq!(Sources::default().problem(&missing).unwrap(), "there is no file no/such.rs");
}

//! `docs/compatibility.md` names a test for every fact, fault and difference, and each is there.

use std::path::Path;

use tested_facts::{Kind, Row, Sources, read};

const FACT: &[&str] = &["fact", "what this program does"];

const KINDS: [Kind; 5] = [
    Kind { letter: 'E', asks: FACT },
    Kind { letter: 'A', asks: FACT },
    Kind { letter: 'C', asks: FACT },
    Kind { letter: 'F', asks: &["fault", "what this program does"] },
    Kind { letter: 'D', asks: &["difference", "reason"] },
];

#[test]
fn every_number_of_the_document_has_a_test_that_is_there() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(repository.join("docs/compatibility.md")).unwrap();
    let rows = read(&text, &KINDS).unwrap_or_else(|problems| panic!("\n{}", problems.join("\n")));
    let mut problems = Sources::new(repository).problems(&rows);
    problems.extend(rows.iter().filter_map(|row| unexplained(row, &rows)));
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// What is done in another way here refers to the difference that has the reason.
fn unexplained(row: &Row, rows: &[Row]) -> Option<String> {
    let here = row.words.last()?.strip_prefix("other").filter(|_| row.kind != 'D')?;
    let difference = here.strip_prefix(" (D").and_then(|rest| rest.split_once("): "));
    let number: Option<u32> = difference.and_then(|(number, _)| number.parse().ok());
    let is_there = rows.iter().any(|other| other.kind == 'D' && Some(other.number) == number);
    (!is_there).then(|| format!("{}{} names no difference", row.kind, row.number))
}

#[test]
fn what_is_done_in_another_way_needs_a_difference_that_tells_why() {
    let row = |kind, here: &str| {
        let words = vec!["it is so".to_owned(), here.to_owned()];
        Row { kind, number: 1, words, tests: Vec::new() }
    };
    let rows = |here| [row('A', here), row('D', "better")];
    let told = |here| unexplained(&row('A', here), &rows(here));
    assert_eq!(told("other (D1): it is not"), None);
    assert_eq!(told("same"), None);
    for here in ["other: it is not", "other (D2): it is not", "other"] {
        assert_eq!(told(here).as_deref(), Some("A1 names no difference"), "{here}");
    }
}

//! The table of what stand-ins answer otherwise than AWS documents it.

use crate::tally::Difference;

const HEAD: &str = "| scenario | stand-in | it answers | the sandbox answers | AWS's documentation supports | on its page |\n\
                    | --- | --- | --- | --- | --- | --- |\n";

/// Somebody else's local AWS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StandIn<'a> {
    /// The first word of its cells.
    pub(crate) name: &'a str,
    /// The second one.
    pub(crate) version: &'a str,
}

impl StandIn<'_> {
    /// The table with the rows of other stand-ins as they were, and new ones of this one.
    pub(super) fn renewed(&self, part: &str, found: &[Difference]) -> String {
        let others = part.lines().skip_while(|line| !line.starts_with("| ---")).skip(1);
        let others = others.filter(|line| line.starts_with("| ") && !self.owns(line));
        let mut rows: Vec<String> = others.map(str::to_owned).collect();
        rows.extend(found.iter().map(|difference| self.row(difference)));
        rows.sort();
        let rows: String = rows.into_iter().map(|row| row + "\n").collect();
        format!("{HEAD}{rows}")
    }

    /// Whether a row's second cell names it, at whatever version.
    fn owns(&self, row: &str) -> bool {
        let cell = row.split(" | ").nth(1).unwrap_or_default();
        cell.split_whitespace().next() == Some(self.name)
    }

    /// The sandbox is held to the documentation by the same scenarios, so where the two differ the
    /// documentation is with the sandbox, if it speaks of it at all.
    fn row(&self, difference: &Difference) -> String {
        let Difference { scenario, answered, documented, page } = difference;
        let cells = [
            scenario.clone(),
            format!("{} {}", self.name, self.version),
            format!("`{answered}`"),
            format!("`{documented}`"),
            page.as_ref().map_or("neither", |_| "the sandbox").to_owned(),
            page.clone().unwrap_or_default(),
        ];
        format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(scenario: &str) -> Difference {
        Difference {
            scenario: scenario.into(),
            answered: "done".into(),
            documented: "a|b".into(),
            page: Some("Action".into()),
        }
    }

    fn rows(table: &str) -> Vec<&str> {
        table.lines().skip(2).collect()
    }

    #[test]
    fn a_row_tells_who_answers_what() {
        let moto = StandIn { name: "moto", version: "5.2.5" };
        let table = moto.renewed("", &[difference("a swap")]);
        let row = r"| a swap | moto 5.2.5 | `done` | `a\|b` | the sandbox | Action |";
        assert_eq!(rows(&table), [row]);
    }

    #[test]
    fn without_a_page_the_documentation_supports_neither() {
        let moto = StandIn { name: "moto", version: "5.2.5" };
        let table = moto.renewed("", &[Difference { page: None, ..difference("a swap") }]);
        assert!(table.ends_with("| neither |  |\n"), "{table}");
    }

    #[test]
    fn new_rows_take_the_place_of_older_ones_of_the_same_stand_in_alone() {
        let [old, new] = ["1", "2"].map(|version| StandIn { name: "moto", version });
        let other = StandIn { name: "moton", version: "1" };
        let before = old.renewed("", &[difference("gone"), difference("kept")]);
        let before = other.renewed(&before, &[difference("theirs")]);
        let table = new.renewed(&before, &[difference("kept")]);
        let expected =
            other.renewed(&new.renewed("", &[difference("kept")]), &[difference("theirs")]);
        assert_eq!(table, expected);
        assert_eq!(rows(&table).len(), 2);
    }
}

//! The table at the end of a run.

/// One witness's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The witness.
    pub(crate) witness: &'static str,
    /// The version of the software that judged.
    pub(crate) version: String,
    /// How often it looked.
    pub(crate) checks: usize,
    /// How often it found faults.
    pub(crate) failed: usize,
    /// Whether it did not run.
    pub(crate) skipped: usize,
}

const HEAD: [&str; 5] = ["witness", "version", "checks", "failed", "skipped"];

/// The lines below each other, each column as wide as it has to be.
pub(crate) fn table(lines: &[Line]) -> String {
    let cells = |line: &Line| {
        [
            line.witness.to_owned(),
            line.version.clone(),
            line.checks.to_string(),
            line.failed.to_string(),
            line.skipped.to_string(),
        ]
    };
    let rows: Vec<[String; 5]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(lines.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let padded = |row: &[String; 5]| {
        let cells = row.iter().enumerate().map(|(at, cell)| format!("{cell:<0$}", width(at)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(padded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_stand_below_each_other() {
        let line = Line {
            witness: "boto3",
            version: "1.44.5".into(),
            checks: 1500,
            failed: 0,
            skipped: 0,
        };
        assert_eq!(
            table(&[line]),
            "witness  version  checks  failed  skipped\n\
             boto3    1.44.5   1500    0       0\n"
        );
    }
}

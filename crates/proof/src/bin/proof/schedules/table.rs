//! The ranges of seeds that ran, as a table that can be read again.

use std::fmt;
use std::time::Duration;

use super::totals::Totals;

/// Ranges in the order of their seeds, none of which touch.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Range>);

/// A range of seeds, and what their schedules add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    first: u64,
    schedules: u64,
    runs: u64,
    calls: u64,
    troubles: u64,
    violated: u64,
    seconds: u64,
}

/// A table that can't be added to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error("this is no row of seeds and six numbers: {0}")]
    NoRow(String),
    #[error("seeds from {0} on are in the table already")]
    Twice(u64),
}

const HEAD: &str =
    "| seeds | schedules | runs of the program | calls | troubles | violated | seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
";

impl Table {
    /// Reads what a table was written as.
    pub(crate) fn parse(text: &str) -> Result<Self, TableError> {
        let rows = text.lines().filter(|line| line.starts_with("| ")).skip(2);
        let rows = rows.filter(|row| !row.starts_with("| all "));
        Ok(Self(rows.map(Range::parse).collect::<Result<_, _>>()?))
    }

    /// Fails if one of the seeds from the first to before the end is in the table.
    pub(crate) fn lacks(&self, first: u64, end: u64) -> Result<(), TableError> {
        let overlaps = |range: &&Range| range.first < end && first < range.end();
        match self.0.iter().find(overlaps) {
            Some(range) => Err(TableError::Twice(range.first.max(first))),
            None => Ok(()),
        }
    }

    /// Adds a range; ranges that touch become one.
    pub(crate) fn add(&mut self, range: Range) -> Result<(), TableError> {
        self.lacks(range.first, range.end())?;
        self.0.push(range);
        self.0.sort_by_key(|range| range.first);
        self.0 = self.0.drain(..).fold(Vec::new(), |mut joined: Vec<Range>, range| {
            match joined.last_mut().filter(|last| last.end() == range.first) {
                Some(last) => last.join(&range),
                None => joined.push(range),
            }
            joined
        });
        Ok(())
    }
}

impl Range {
    pub(crate) fn of(first: u64, totals: &Totals, took: Duration) -> Self {
        Self {
            first,
            schedules: totals.schedules,
            runs: totals.runs(),
            calls: totals.calls,
            troubles: totals.troubles(),
            violated: totals.violated,
            seconds: took.as_secs(),
        }
    }

    fn end(&self) -> u64 {
        self.first + self.schedules
    }

    fn join(&mut self, next: &Self) {
        self.schedules += next.schedules;
        self.runs += next.runs;
        self.calls += next.calls;
        self.troubles += next.troubles;
        self.violated += next.violated;
        self.seconds += next.seconds;
    }

    fn parse(row: &str) -> Result<Self, TableError> {
        let fields = || -> Option<[u64; 7]> {
            let mut cells = row.trim_matches('|').split('|').map(str::trim);
            let (first, _) = cells.next()?.split_once(" to ")?;
            let numbers: Vec<u64> = std::iter::once(first)
                .chain(cells)
                .map(|cell| cell.parse().ok())
                .collect::<Option<_>>()?;
            numbers.try_into().ok()
        };
        let found = fields().ok_or_else(|| TableError::NoRow(row.to_owned()))?;
        let [first, schedules, runs, calls, troubles, violated, seconds] = found;
        Ok(Self { first, schedules, runs, calls, troubles, violated, seconds })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        for range in &self.0 {
            writeln!(f, "| {} to {} {range}", range.first, range.end() - 1)?;
        }
        if let [first, rest @ ..] = &self.0[..]
            && !rest.is_empty()
        {
            let mut all = first.clone();
            rest.iter().for_each(|range| all.join(range));
            writeln!(f, "| all {all}")?;
        }
        Ok(())
    }
}

/// Without the seeds.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schedules, runs, calls, troubles, violated, seconds, .. } = self;
        write!(f, "| {schedules} | {runs} | {calls} | {troubles} | {violated} | {seconds} |")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u64, schedules: u64) -> Range {
        let (runs, calls) = (schedules * 5, schedules * 300);
        Range { first, schedules, runs, calls, troubles: 7, violated: 0, seconds: 2 }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut table = Table::default();
        for first in [0, 50, 200] {
            table.add(range(first, 10)).unwrap();
        }
        assert_eq!(Table::parse(&table.to_string()).unwrap().0, table.0);
        assert!(table.to_string().contains("| all | 30 |"), "{table}");
    }

    #[test]
    fn ranges_that_touch_become_one_whatever_their_order() {
        let mut table = Table::default();
        for first in [20, 0, 10] {
            table.add(range(first, 10)).unwrap();
        }
        let joined = Range { first: 0, troubles: 21, seconds: 6, ..range(0, 30) };
        assert_eq!(table.0, [joined]);
    }

    #[test]
    fn no_seed_counts_twice() {
        let mut table = Table::default();
        table.add(range(10, 10)).unwrap();
        for (first, count) in [(10, 10), (0, 11), (19, 1), (12, 2)] {
            assert!(table.add(range(first, count)).is_err(), "{first}, {count}");
        }
    }

    #[test]
    fn a_row_that_was_changed_by_hand_is_refused() {
        let table = format!("{HEAD}| 0 to 9 | 10 | many | 3000 | 7 | 0 | 2 |\n");
        assert!(matches!(Table::parse(&table), Err(TableError::NoRow(_))));
    }
}

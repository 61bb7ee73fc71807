//! How often the locks changed hands, and between whom.

use std::fmt;

use super::super::tenure::{Side, Tenure};

/// Of ten hand-overs each language has to get one at least.
const SHARE: usize = 10;

/// The hand-overs of a race.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shares {
    /// From any client to another one.
    all: usize,
    to_go: usize,
    to_rust: usize,
    /// Tenures that found data of the other language.
    data_to_go: usize,
    data_to_rust: usize,
}

pub(super) fn count(locks: &[Vec<&Tenure>]) -> Shares {
    let mut shares = Shares::default();
    for tenures in locks {
        for pair in tenures.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            if (before.side, before.seat) != (after.side, after.seat) {
                shares.hand_over(after.side);
            }
        }
        tenures.iter().for_each(|tenure| shares.read(tenure));
    }
    shares
}

impl Shares {
    fn hand_over(&mut self, to: Side) {
        self.all += 1;
        match to {
            Side::Go => self.to_go += 1,
            Side::Rust => self.to_rust += 1,
        }
    }

    fn read(&mut self, tenure: &Tenure) {
        match (tenure.side, Side::that_wrote(&tenure.found)) {
            (Side::Go, Some(Side::Rust)) => self.data_to_go += 1,
            (Side::Rust, Some(Side::Go)) => self.data_to_rust += 1,
            _ => {}
        }
    }

    pub(super) fn faults(&self) -> Vec<String> {
        let parts = [
            ("hand-overs to Go", self.to_go),
            ("hand-overs to Rust", self.to_rust),
            ("tenures in Go with data of Rust", self.data_to_go),
            ("tenures in Rust with data of Go", self.data_to_rust),
        ];
        let too_few = |&(_, part): &(&str, usize)| part == 0 || part * SHARE < self.all;
        let told = |(what, part): (&str, usize)| format!("{part} of {} are {what}", self.all);
        parts.into_iter().filter(too_few).map(told).collect()
    }
}

impl fmt::Display for Shares {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { all, to_go, to_rust, data_to_go, data_to_rust } = self;
        write!(formatter, "{all} hand-overs, {to_go} to Go and {to_rust} to Rust; ")?;
        write!(formatter, "data crossed {data_to_go} times to Go and {data_to_rust} to Rust")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenure;
    use super::*;

    #[test]
    fn a_client_hands_nothing_over_to_itself() {
        let first = tenure(Side::Go, 1, &[(0, 10)], "");
        let again = tenure(Side::Go, 1, &[(20, 30)], "go-1/1");
        let other = tenure(Side::Rust, 1, &[(40, 50)], "go-1/2");
        let shares = count(&[vec![&first, &again, &other]]);
        assert_eq!((shares.all, shares.to_go, shares.to_rust), (1, 0, 1));
        assert_eq!((shares.data_to_go, shares.data_to_rust), (0, 1));
    }

    #[test]
    fn a_language_that_gets_less_than_a_tenth_is_a_fault() {
        let shares = Shares { all: 100, to_go: 9, to_rust: 91, data_to_go: 10, data_to_rust: 11 };
        assert_eq!(shares.faults(), ["9 of 100 are hand-overs to Go"]);
        assert_eq!(Shares::default().faults().len(), 4);
    }
}

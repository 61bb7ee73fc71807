//! Do two clients believe to hold a lock at the same time?

use super::super::event::Belief;
use super::super::tenure::Tenure;

/// One line for each two tenures of one lock that intersect.
pub(super) fn faults(tenures: &[&Tenure]) -> Vec<String> {
    let mut spans: Vec<(Belief, &Tenure)> = Vec::new();
    for tenure in tenures {
        spans.extend(tenure.spans().map(|span| (span, *tenure)));
    }
    spans.sort_by_key(|(span, _)| span.from);
    let mut open: Vec<(Belief, &Tenure)> = Vec::new();
    let mut faults = Vec::new();
    for (span, tenure) in spans {
        open.retain(|(earlier, _)| earlier.until > span.from);
        let others = open.iter().filter(|(_, other)| !std::ptr::eq(*other, tenure));
        faults.extend(others.map(|(earlier, other)| told(earlier, other, &span, tenure)));
        open.push((span, tenure));
    }
    faults
}

fn told(earlier: &Belief, other: &Tenure, span: &Belief, tenure: &Tenure) -> String {
    format!(
        "{}: {}-{} believes it from {:?} to {:?}, and {}-{} from {:?}",
        tenure.lock,
        other.side.name(),
        other.seat,
        earlier.from,
        earlier.until,
        tenure.side.name(),
        tenure.seat,
        span.from,
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::tests::tenure;
    use super::*;
    use crate::race::tenure::Side;

    #[test]
    fn holders_one_after_the_other_are_good() {
        let first = tenure(Side::Go, 1, &[(0, 10), (8, 20)], "");
        let second = tenure(Side::Rust, 2, &[(20, 30)], "");
        assert_eq!(faults(&[&first, &second]), Vec::<String>::new());
    }

    #[test]
    fn a_holder_that_is_not_done_yet_is_found() {
        let first = tenure(Side::Go, 1, &[(0, 10), (8, 20)], "");
        let second = tenure(Side::Rust, 2, &[(19, 30)], "");
        assert_eq!(faults(&[&first, &second]).len(), 1);
    }

    #[test]
    fn a_holder_that_left_believes_no_longer() {
        let first =
            Tenure { left: Some(Duration::from_millis(5)), ..tenure(Side::Go, 1, &[(0, 10)], "") };
        let second = tenure(Side::Go, 2, &[(6, 30)], "");
        assert_eq!(faults(&[&first, &second]), Vec::<String>::new());
    }

    #[test]
    fn one_that_was_stopped_believes_nothing_in_the_pause() {
        let first = tenure(Side::Go, 1, &[(0, 10), (40, 30)], "");
        let second = tenure(Side::Rust, 2, &[(11, 50)], "");
        assert_eq!(faults(&[&first, &second]), Vec::<String>::new());
    }
}

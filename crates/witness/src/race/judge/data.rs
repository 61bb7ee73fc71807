//! Does every holder find what the one before it left?

use super::super::tenure::Tenure;

/// One line for each tenure that found other data than those that can stand in the row.
pub(super) fn faults(tenures: &[&Tenure]) -> Vec<String> {
    let mut possible = vec![String::new()];
    let mut faults = Vec::new();
    for tenure in tenures.iter().filter(|tenure| tenure.begin().is_some()) {
        if !possible.contains(&tenure.found) {
            faults.push(format!(
                "{}: {}-{} finds {:?}, where {possible:?} was written",
                tenure.lock,
                tenure.side.name(),
                tenure.seat,
                tenure.found,
            ));
        }
        possible = left_by(tenure);
    }
    faults
}

/// What can stand in the row when this tenure is over.
fn left_by(tenure: &Tenure) -> Vec<String> {
    let mut possible = vec![tenure.found.clone()];
    for write in &tenure.writes {
        if write.answered {
            possible.clear();
        }
        possible.push(write.data.clone());
    }
    possible
}

#[cfg(test)]
mod tests {
    use super::super::tests::{tenure, wrote};
    use super::*;
    use crate::race::tenure::Side;

    #[test]
    fn data_that_were_written_have_to_be_found() {
        let first = wrote(tenure(Side::Go, 1, &[(0, 10)], ""), "go-1/1", true);
        let good = tenure(Side::Rust, 2, &[(20, 30)], "go-1/1");
        let bad = tenure(Side::Rust, 2, &[(20, 30)], "");
        assert_eq!(faults(&[&first, &good]), Vec::<String>::new());
        assert_eq!(faults(&[&first, &bad]).len(), 1);
    }

    #[test]
    fn data_of_a_killed_writer_may_be_found_or_not() {
        let first = wrote(tenure(Side::Go, 1, &[(0, 10)], ""), "go-1/1", false);
        for found in ["", "go-1/1"] {
            let second = tenure(Side::Rust, 2, &[(20, 30)], found);
            assert_eq!(faults(&[&first, &second]), Vec::<String>::new());
        }
    }
}

//! Does every holder find what the one before it left?

use super::super::tenure::{Side, Tenure};

/// One line for each tenure that found other data than those that can stand in the row.
///
/// The library in Go is held to less: it may find, and so write, what stood there before owners that
/// came and went between its look and its put.
pub(super) fn faults(tenures: &[&Tenure]) -> Vec<String> {
    let (begun, unsure): (Vec<&Tenure>, Vec<&Tenure>) =
        tenures.iter().partition(|tenure| tenure.begin().is_some());
    // When they had the lock is not known, nor what they left in it for how long.
    let unsure: Vec<String> = unsure.into_iter().flat_map(left_by).collect();
    let mut possible = vec![String::new()];
    let mut past = possible.clone();
    let mut faults = Vec::new();
    for tenure in begun {
        let allowed = match tenure.side {
            Side::Go => &past,
            Side::Rust => &possible,
        };
        if !allowed.contains(&tenure.found) && !unsure.contains(&tenure.found) {
            faults.push(told(tenure, &possible));
        }
        possible = left_by(tenure);
        past.extend(possible.iter().cloned());
    }
    faults
}

fn told(tenure: &Tenure, possible: &[String]) -> String {
    let Tenure { side, seat, lock, found, .. } = tenure;
    format!("{lock}: {}-{seat} finds {found:?}, where {possible:?} was written", side.name())
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

    #[test]
    fn data_that_were_written_have_to_be_found() {
        let first = wrote(tenure(Side::Go, 1, &[(0, 10)], ""), "go-1/1", true);
        let good = tenure(Side::Rust, 2, &[(20, 30)], "go-1/1");
        let bad = tenure(Side::Rust, 2, &[(20, 30)], "");
        assert_eq!(faults(&[&first, &good]), Vec::<String>::new());
        assert_eq!(faults(&[&first, &bad]).len(), 1);
    }

    #[test]
    fn the_library_in_go_may_bring_back_older_data_and_never_other_ones() {
        let first = wrote(tenure(Side::Rust, 1, &[(0, 10)], ""), "rust-1/1", true);
        let second = wrote(tenure(Side::Go, 2, &[(20, 30)], "rust-1/1"), "go-2/1", true);
        let older = tenure(Side::Go, 3, &[(40, 50)], "rust-1/1");
        let other = tenure(Side::Go, 3, &[(40, 50)], "rust-9/9");
        assert_eq!(faults(&[&first, &second, &older]), Vec::<String>::new());
        assert_eq!(faults(&[&first, &second, &other]).len(), 1);
    }

    #[test]
    fn data_of_a_holder_that_was_stopped_before_it_knew_may_be_found() {
        let stopped = tenure(Side::Go, 1, &[(60, 30)], "go-7/7");
        let next = tenure(Side::Rust, 2, &[(40, 50)], "go-7/7");
        assert_eq!(faults(&[&stopped, &next]), Vec::<String>::new());
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

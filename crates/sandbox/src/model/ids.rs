/// Mints ids from a counter: unlike within one cloud, alike between equal runs.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    last: u64,
}

// Odd, so that a product names its number: the golden ratio spreads neighbours, and ids do not look
// alike to a reader.
const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

impl Ids {
    /// The next number, from 1.
    pub fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// The next id of `digits` hexadecimal digits, 32 at most (16 for balancers, rules and groups,
    /// 32 for tasks).
    pub fn hex(&mut self, digits: usize) -> String {
        let spread = u128::from(self.number()).wrapping_mul(SPREAD);
        format!("{spread:032x}")[..digits.min(32)].to_owned()
    }

    /// The next id of 19 decimal digits, as task sets have.
    pub fn decimal(&mut self) -> u64 {
        // Without a common factor with the span, so that products are unlike all over it.
        const FACTOR: u128 = 11_400_714_819_323_198_549;
        const FIRST: u64 = 1_000_000_000_000_000_000;
        const SPAN: u128 = 9_000_000_000_000_000_000;
        let offset = u128::from(self.number()) * FACTOR % SPAN;
        FIRST + u64::try_from(offset).unwrap_or_default()
    }

    /// The next id in the shape of a UUID, as requests and events have.
    pub fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unlike_and_of_the_asked_length() {
        let mut ids = Ids::default();
        let hex: BTreeSet<String> = (0..1000).map(|_| ids.hex(16)).collect();
        let decimal: BTreeSet<u64> = (0..1000).map(|_| ids.decimal()).collect();
        assert_eq!((hex.len(), decimal.len()), (1000, 1000));
        assert!(hex.iter().all(|id| id.len() == 16));
        assert!(decimal.iter().all(|id| id.to_string().len() == 19));
    }

    #[test]
    fn equal_runs_mint_equal_ids() {
        let run = || {
            let mut ids = Ids::default();
            (ids.uuid(), ids.decimal(), ids.hex(32))
        };
        assert_eq!(run(), run());
    }
}

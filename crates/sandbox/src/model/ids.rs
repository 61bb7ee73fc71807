/// Mints ids from a counter: unlike within one cloud, alike between equal runs.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    last: u64,
}

impl Ids {
    /// The next number, from 1.
    pub fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// The next id of `digits` hexadecimal digits (16 for balancers, rules and groups, 32 for tasks).
    pub fn hex(&mut self, digits: usize) -> String {
        // The golden ratio spreads neighbours, so that ids do not look alike to a reader.
        let spread = u128::from(self.number()).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        format!("{spread:032x}")[..digits].to_owned()
    }
}

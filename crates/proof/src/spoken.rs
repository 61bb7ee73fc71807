//! Names of code as words.

use std::fmt::Debug;

/// What a variant is called, in lower case with spaces: `swap rules` for `SwapRules`.
pub(crate) fn spoken(variant: &impl Debug) -> String {
    let mut words = String::new();
    for (place, letter) in format!("{variant:?}").char_indices() {
        if place > 0 && letter.is_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

//! Sizes of items, counted AWS's way.

use super::{AttributeValue, Item, Number};

/// The most bytes that an item may have.
pub(super) const MAX_ITEM_SIZE: usize = 400 * 1024;
/// What a list or a map costs beside its members.
const DOCUMENT_OVERHEAD: usize = 3;
/// What each member of a list or a map costs beside its content.
const MEMBER_OVERHEAD: usize = 1;

/// The bytes of an item: its attributes' names in UTF-8 and their values.
pub(super) fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number_size(number),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::Bool(_) | AttributeValue::Null => 1,
        AttributeValue::L(list) => {
            DOCUMENT_OVERHEAD
                + list.iter().map(|value| MEMBER_OVERHEAD + value_size(value)).sum::<usize>()
        }
        AttributeValue::M(map) => DOCUMENT_OVERHEAD + MEMBER_OVERHEAD * map.len() + item_size(map),
        AttributeValue::Ss(set) => set.iter().map(String::len).sum(),
        AttributeValue::Ns(set) => set.iter().map(number_size).sum(),
        AttributeValue::Bs(set) => set.iter().map(Vec::len).sum(),
    }
}

/// About a byte for two digits, one more, and one for a minus sign.
fn number_size(number: &Number) -> usize {
    number.significant_digits().div_ceil(2) + 1 + usize::from(number.is_negative())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(name: &str, value: AttributeValue) -> usize {
        item_size(&Item::from([(name.to_owned(), value)]))
    }

    #[test]
    fn names_and_strings_count_their_utf8_bytes() {
        assert_eq!(size("ä", "öö".into()), 6);
    }

    #[test]
    fn a_number_counts_half_its_digits_a_byte_and_its_sign() {
        assert_eq!(size("n", AttributeValue::N("-12345".parse().unwrap())), 1 + 3 + 1 + 1);
        assert_eq!(size("n", AttributeValue::N("1000".parse().unwrap())), 1 + 1 + 1);
    }

    #[test]
    fn lists_and_maps_count_three_bytes_and_one_for_each_member() {
        assert_eq!(size("l", AttributeValue::L(vec!["a".into(), AttributeValue::Null])), 1 + 3 + 4);
        let map = Item::from([("k".to_owned(), "vv".into())]);
        assert_eq!(size("m", AttributeValue::M(map)), 1 + 3 + 1 + 3);
    }
}

//! Values of rule conditions with the wildcards `*` (any text) and `?` (one character).

use std::fmt;

/// A value of a condition, with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(String);

impl Pattern {
    /// A value that is compared with case.
    pub fn exact(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A value that is compared without case.
    pub fn caseless(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether every text that `other` matches is matched by this one, as far as that can be shown:
    /// this one has to match `other` read as text, in which wildcards are taken by wildcards alone.
    pub fn covers(&self, other: &Self) -> bool {
        self == other || !self.is_escaped() && !other.is_escaped() && absorbs(&self.0, &other.0)
    }

    /// Whether no text is matched by both, as far as that can be shown.
    pub fn excludes(&self, other: &Self) -> bool {
        if self.is_escaped() || other.is_escaped() {
            return false;
        }
        match (self.is_literal(), other.is_literal()) {
            (true, true) => self != other,
            (true, false) => !absorbs(&other.0, &self.0),
            (false, true) => !absorbs(&self.0, &other.0),
            (false, false) => {
                let (one, two) = (self.literal_prefix(), other.literal_prefix());
                !one.starts_with(two) && !two.starts_with(one)
            }
        }
    }

    /// AWS's documentation has a backslash before a wildcard that stands for itself, though not for
    /// every field: such a value is only compared as it is.
    fn is_escaped(&self) -> bool {
        self.0.contains('\\')
    }

    fn is_literal(&self) -> bool {
        !self.0.contains(['*', '?'])
    }

    fn literal_prefix(&self) -> &str {
        self.0.split(['*', '?']).next().unwrap_or_default()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `outer` matches `inner`, read as text: `?` takes all but a `*`, and `*` takes anything.
fn absorbs(outer: &str, inner: &str) -> bool {
    let (outer, inner): (Vec<char>, Vec<char>) = (outer.chars().collect(), inner.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut last_any: Option<(usize, usize)> = None;
    while seen < inner.len() {
        match outer.get(at) {
            Some('*') => {
                last_any = Some((at, seen));
                at += 1;
            }
            Some(token) if takes(*token, inner[seen]) => {
                at += 1;
                seen += 1;
            }
            _ => {
                // Only the last `*` needs another try: what stands before it has matched.
                let Some((any, from)) = last_any else { return false };
                last_any = Some((any, from + 1));
                at = any + 1;
                seen = from + 1;
            }
        }
    }
    outer[at..].iter().all(|token| *token == '*')
}

fn takes(token: char, symbol: char) -> bool {
    match token {
        '?' => symbol != '*',
        literal => literal == symbol,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn covers(one: &str, other: &str) -> bool {
        Pattern::exact(one).covers(&Pattern::exact(other))
    }

    #[test]
    fn a_pattern_covers_what_it_matches_whatever_the_wildcards_stand_for() {
        for (one, other) in [
            ("*", "/x"),
            ("/*", "/x/*"),
            ("/api/*", "/api/v?/*"),
            ("*.example.com", "shop.example.com"),
            ("*.example.com", "*.shop.example.com"),
            ("/a?c", "/abc"),
            ("/a?c", "/a?c"),
            ("/a*", "/a"),
            ("/a\\*", "/a\\*"),
        ] {
            assert!(covers(one, other), "{one} covers {other}");
        }
        for (one, other) in [
            ("/x", "/*"),
            ("/api/*", "/api*"),
            ("/api/*", "/api"),
            ("/a?c", "/a*c"),
            ("*.example.com", "*example.com"),
            ("/a*", "/a\\*"),
            ("/a\\*", "/a*"),
        ] {
            assert!(!covers(one, other), "{one} does not cover {other}");
        }
    }

    #[test]
    fn patterns_exclude_each_other_where_no_text_fits_both() {
        let excludes = |one, other| Pattern::exact(one).excludes(&Pattern::exact(other));
        assert!(excludes("/a", "/b") && excludes("/a/*", "/b/*") && excludes("/a/*", "/b"));
        assert!(!excludes("/a*", "/ab*") && !excludes("*.a", "b.*") && !excludes("/a", "/a"));
    }

    /// Matching by the definition of the wildcards, one character after the other.
    fn matches(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|from| matches(rest, &text[from..])),
            Some(('?', rest)) => !text.is_empty() && matches(rest, &text[1..]),
            Some((literal, rest)) => text.first() == Some(literal) && matches(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn covering_and_excluding_never_contradict_a_text(
            one in "[ab*?]{0,5}", other in "[ab*?]{0,5}", text in "[ab]{0,6}",
        ) {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let fits = |pattern: &str| matches(&chars(pattern), &chars(&text));
            let (left, right) = (Pattern::exact(&*one), Pattern::exact(&*other));
            if left.covers(&right) && fits(&other) {
                prop_assert!(fits(&one));
            }
            if left.excludes(&right) {
                prop_assert!(!(fits(&one) && fits(&other)));
            }
        }
    }
}

//! The regular expressions of rules.

use regex_lite::{Regex, RegexBuilder};

use crate::model::ApiError;

/// A regular expression as a client gave it. Two are alike when their texts are.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    compiled: Regex,
}

impl Pattern {
    /// One that tells upper from lower case.
    ///
    /// # Errors
    /// `ValidationError` when it is none that rules can have.
    pub fn new(text: impl Into<String>) -> Result<Self, ApiError> {
        let text = text.into();
        Self::compile(&text, &mut RegexBuilder::new(&text))
    }

    /// One that does not.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub fn caseless(text: impl Into<String>) -> Result<Self, ApiError> {
        let text = text.into();
        Self::compile(&text, RegexBuilder::new(&text).case_insensitive(true))
    }

    fn compile(text: &str, builder: &mut RegexBuilder) -> Result<Self, ApiError> {
        match builder.build() {
            Ok(compiled) => Ok(Self { text: text.to_owned(), compiled }),
            Err(error) => {
                let message = format!("'{text}' is not a valid regular expression: {error}");
                Err(ApiError::client("ValidationError", message))
            }
        }
    }

    /// What the client gave.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches somewhere in a text.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }

    /// The text with each match replaced; nothing where there is none. `$1` in the replacement stands
    /// for what the first group matched, and so on.
    pub(super) fn replace(&self, text: &str, replacement: &str) -> Option<String> {
        let (mut replaced, mut end) = (String::new(), None);
        for captures in self.compiled.captures_iter(text) {
            let whole = captures.get(0)?;
            replaced.push_str(&text[end.unwrap_or_default()..whole.start()]);
            expand(replacement, &mut replaced, |group| {
                captures.get(group).map_or("", |group| group.as_str())
            });
            end = Some(whole.end());
        }
        replaced.push_str(&text[end?..]);
        Some(replaced)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// Writes a replacement with its groups filled in.
fn expand<'a>(replacement: &str, out: &mut String, group: impl Fn(usize) -> &'a str) {
    let mut parts = replacement.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        match part[..digits].parse() {
            Ok(number) => out.push_str(group(number)),
            Err(_) => out.push('$'),
        }
        out.push_str(&part[digits..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(pattern: &str, text: &str, replacement: &str) -> Option<String> {
        Pattern::new(pattern).unwrap().replace(text, replacement)
    }

    #[test]
    fn groups_are_filled_in() {
        for (pattern, text, replacement, expected) in [
            ("^/dp/([A-Z0-9]+)/?$", "/dp/B09/", "/product?id=$1", "/product?id=B09"),
            ("^/(a)(b)?", "/ac", "/$2$1_x", "/a_xc"),
            ("b", "abcb", "$", "a$c$"),
            ("b", "abc", "$$9", "a$c"),
        ] {
            assert_eq!(
                replaced(pattern, text, replacement).as_deref(),
                Some(expected),
                "{pattern}"
            );
        }
    }

    #[test]
    fn without_a_match_there_is_nothing_new() {
        assert_eq!(replaced("^/shop", "/api/shop", "/"), None);
    }

    #[test]
    fn what_rules_do_not_know_is_refused() {
        for bad in ["(", "(?=a)", "(?<!a)b", r"(a)\1", "(?>a)", r"\p{L}"] {
            assert_eq!(Pattern::new(bad).unwrap_err().code, "ValidationError", "{bad}");
        }
    }

    #[test]
    fn case_matters_or_not() {
        assert!(!Pattern::new("^shop").unwrap().matches("SHOP.example"));
        assert!(Pattern::caseless("^shop").unwrap().matches("SHOP.example"));
    }
}

//! The text of a config file, and positions in it.

use std::fmt;
use std::sync::Arc;

use super::error::{ConfigError, Place, Problem};

/// A config file's text under its name.
pub(super) struct Source {
    pub(super) file: Arc<str>,
    pub(super) text: String,
}

/// Where a value stands: the members that lead to it, and its first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub(super) path: Arc<str>,
    pub(super) offset: usize,
}

/// A string of the file with its place.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) at: At,
}

// Both may hold passwords that someone wrote into a container's environment.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.file).finish()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.at.path).finish()
    }
}

impl Source {
    /// The position as people count it.
    pub(super) fn place(&self, at: &At) -> Place {
        let (line, column) = line_and_column(&self.text, at.offset);
        Place { path: at.path.to_string(), line, column }
    }

    pub(super) fn error(&self, at: &At, problem: impl Into<Problem>) -> ConfigError {
        ConfigError {
            file: Arc::clone(&self.file),
            place: Some(self.place(at)),
            problem: Box::new(problem.into()),
        }
    }

    /// The same as [`Source::error`] for a value that is of the right type and yet can't be used.
    pub(super) fn unusable(&self, at: &At, why: impl Into<String>) -> ConfigError {
        self.error(at, Problem::Unusable(why.into()))
    }

    /// The position of one character of a string, counted as its reader sees it, from 0.
    pub(super) fn inside_string(&self, string: &At, index: usize) -> At {
        let literal = &self.text[string.offset + 1..];
        At {
            path: Arc::clone(&string.path),
            offset: string.offset + 1 + raw_length(literal, index),
        }
    }
}

/// The line and the character in it, both from 1, of a byte of the text.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// How many bytes of a JSON string literal make up its first `characters` characters.
fn raw_length(literal: &str, characters: usize) -> usize {
    let mut rest = literal;
    for _ in 0..characters {
        let escape = match rest.as_bytes() {
            [b'\\', b'u', b'd' | b'D', b'8'..=b'9' | b'a' | b'b' | b'A' | b'B', ..] => 12,
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => rest.chars().next().map_or(0, char::len_utf8),
        };
        rest = rest.get(escape..).unwrap_or_default();
    }
    literal.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_of_a_string_is_found_behind_escapes() {
        let source = Source {
            file: "test".into(),
            text: String::from("[\n\"a\\n\\u00e9\\ud83d\\ude00é{\"]"),
        };
        let string = At { path: "[0]".into(), offset: 2 };
        for (index, found) in [(0, "a"), (1, "\\n"), (2, "\\u00e9"), (3, "\\ud83d"), (5, "{")] {
            let at = source.inside_string(&string, index);
            assert!(source.text[at.offset..].starts_with(found), "{index}");
        }
        let place = source.place(&source.inside_string(&string, 5));
        assert_eq!((place.line, place.column), (2, 24));
    }
}

//! Text to tokens.

use std::ops::Range;

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword, a function's name or a bare attribute name.
    Word(String),
    /// `#name`, with its mark.
    Name(String),
    /// `:value`, with its mark.
    Value(String),
    /// A list index.
    Index(String),
    /// An operator or a punctuation mark.
    Symbol(&'static str),
    /// What no expression may hold.
    Unknown,
    /// The end of the text.
    End,
}

/// A token and the bytes it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

/// Longer ones first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 14] =
    ["<>", "<=", ">=", "<", ">", "=", "(", ")", "[", "]", ",", ".", "+", "-"];

/// Splits a text into tokens, ending with [`Token::End`].
pub(super) fn tokens(text: &str) -> Vec<Spanned> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let (token, length) = token(rest, first);
        tokens.push(Spanned { token, span: at..at + length });
        rest = rest[length..].trim_start();
    }
    tokens.push(Spanned { token: Token::End, span: text.len()..text.len() });
    tokens
}

/// The first token of a text that starts with `first`, and its length in bytes.
fn token(text: &str, first: char) -> (Token, usize) {
    let marked = |make: fn(String) -> Token| match 1 + word_length(&text[1..]) {
        1 => (Token::Unknown, 1),
        length => (make(text[..length].to_owned()), length),
    };
    match first {
        '#' => marked(Token::Name),
        ':' => marked(Token::Value),
        '0'..='9' => {
            let length = word_length(text);
            let digits = text[..length].bytes().all(|byte| byte.is_ascii_digit());
            (if digits { Token::Index(text[..length].to_owned()) } else { Token::Unknown }, length)
        }
        'a'..='z' | 'A'..='Z' | '_' => {
            let length = word_length(text);
            (Token::Word(text[..length].to_owned()), length)
        }
        _ => SYMBOLS
            .into_iter()
            .find(|symbol| text.starts_with(symbol))
            .map_or((Token::Unknown, first.len_utf8()), |symbol| {
                (Token::Symbol(symbol), symbol.len())
            }),
    }
}

fn word_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Token> {
        tokens(text).into_iter().map(|spanned| spanned.token).collect()
    }

    #[test]
    fn placeholders_may_be_digits_and_newlines_are_blanks() {
        assert_eq!(
            kinds("#0\n<>\t:1 a_b2"),
            [
                Token::Name("#0".into()),
                Token::Symbol("<>"),
                Token::Value(":1".into()),
                Token::Word("a_b2".into()),
                Token::End
            ]
        );
    }

    #[test]
    fn a_lone_mark_and_a_strange_character_are_unknown() {
        assert_eq!(kinds("# é 1a"), [Token::Unknown, Token::Unknown, Token::Unknown, Token::End]);
    }

    #[test]
    fn a_span_is_where_the_token_stands() {
        let spans: Vec<_> = tokens("a  >= :b").into_iter().map(|spanned| spanned.span).collect();
        assert_eq!(spans, [0..1, 3..5, 6..8, 8..8]);
    }
}

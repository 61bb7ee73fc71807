//! The wildcards of rule conditions.

/// Whether `text` matches `pattern`, in which `*` stands for any text, `?` for one character, and
/// a backslash takes the meaning from either.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut seen) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while seen < text.len() {
        match pattern.get(at) {
            Some(Token::Any) => {
                resume = Some((at, seen));
                at += 1;
            }
            Some(token) if token.takes(text[seen]) => {
                at += 1;
                seen += 1;
            }
            _ => {
                // Only the last `*` needs another try: what came before it has matched.
                let Some((any, from)) = resume else { return false };
                resume = Some((any, from + 1));
                at = any + 1;
                seen = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|token| *token == Token::Any)
}

/// How many wildcards a pattern has.
pub(super) fn wildcards(pattern: &str) -> usize {
    tokens(pattern).iter().filter(|token| !matches!(token, Token::Literal(_))).count()
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Any,
    One,
    Literal(char),
}

impl Token {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::Literal(literal) => *literal == character,
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => match characters.next_if(|next| matches!(next, '*' | '?' | '\\')) {
                Some(escaped) => Token::Literal(escaped),
                None => Token::Literal('\\'),
            },
            literal => Token::Literal(literal),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_any_text_and_for_one_character() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "/anything"),
            ("/img/*", "/img/"),
            ("/img/*/pics", "/img/a/b/pics"),
            ("*.example.com", "a.b.example.com"),
            ("a?c", "abc"),
            ("*a*b", "xaxbxb"),
            (r"what\?", "what?"),
        ] {
            assert!(matches(pattern, text), "{pattern} should match {text}");
        }
        for (pattern, text) in
            [("/img/*", "/img"), ("a?c", "ac"), ("*.example.com", "example.com"), (r"a\*", "ab")]
        {
            assert!(!matches(pattern, text), "{pattern} should not match {text}");
        }
    }

    #[test]
    fn a_pattern_of_many_wildcards_is_matched_without_exploding() {
        assert!(!matches(&"*a".repeat(60), &"a".repeat(59)));
    }

    #[test]
    fn escaped_wildcards_do_not_count() {
        assert_eq!(wildcards(r"/*/\*?"), 2);
    }
}

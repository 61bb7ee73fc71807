//! JSON as Go's encoder writes it, for texts that Go programs and scripts compare.

/// Escapes what Go escapes and `serde_json` does not: `<`, `>`, `&` and two line separators.
///
/// `json` is a whole JSON text, compact or indented: outside of strings it has none of these
/// characters.
pub fn escape(json: &str) -> String {
    const ESCAPED: [(char, &str); 5] = [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ];
    ESCAPED.iter().fold(json.to_owned(), |text, (from, to)| text.replace(*from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_and_javascript_would_trip_over_is_escaped() {
        assert_eq!(
            escape("{\"a<b\": \"&>\u{2028}\u{2029}é\"}"),
            "{\"a\\u003cb\": \"\\u0026\\u003e\\u2028\\u2029é\"}"
        );
    }
}

//! Splits a string into literal text and `{{…}}` actions.

/// A part of a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text that stands for itself.
    Literal(&'t str),
    /// What stands between braces, without trimming dashes and outer spaces.
    Action {
        body: &'t str,
        /// Where its braces open, in characters from the string's start.
        index: usize,
    },
}

/// Why a string can't be split.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ScanError {
    pub(super) index: usize,
    pub(super) why: String,
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// The white space that Go's trimming dashes remove.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Splits a string; trimming dashes have taken their effect on the literal text.
pub(super) fn split(text: &str) -> Result<Vec<Piece<'_>>, ScanError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut trim_start = false;
    while let Some(open) = rest.find(OPEN) {
        let index = text[..text.len() - rest.len() + open].chars().count();
        let inside = &rest[open + OPEN.len()..];
        let close = find_close(inside).ok_or_else(|| unclosed(index))?;
        let (trim_end, body, trim_next) = trimmed(&inside[..close]);
        push_literal(&mut pieces, &rest[..open], trim_start, trim_end);
        pieces.push(Piece::Action { body, index });
        rest = &inside[close + CLOSE.len()..];
        trim_start = trim_next;
    }
    push_literal(&mut pieces, rest, trim_start, false);
    Ok(pieces)
}

fn unclosed(index: usize) -> ScanError {
    let why = String::from("`{{` is never closed by `}}`");
    ScanError { index, why }
}

fn push_literal<'t>(pieces: &mut Vec<Piece<'t>>, text: &'t str, start: bool, end: bool) {
    let text = if start { text.trim_start_matches(SPACE) } else { text };
    let text = if end { text.trim_end_matches(SPACE) } else { text };
    if !text.is_empty() {
        pieces.push(Piece::Literal(text));
    }
}

/// Where the action ends: at braces that do not stand between backquotes.
fn find_close(inside: &str) -> Option<usize> {
    let mut quoted = false;
    inside
        .char_indices()
        .find(|(at, c)| {
            quoted ^= *c == '`';
            !quoted && inside[*at..].starts_with(CLOSE)
        })
        .map(|(at, _)| at)
}

/// The action without its trimming dashes, and whether it has one before and after.
fn trimmed(inside: &str) -> (bool, &str, bool) {
    let after_dash = inside.strip_prefix('-').filter(|t| t.starts_with(SPACE));
    let body = after_dash.unwrap_or(inside);
    let before_dash = body.strip_suffix('-').filter(|t| t.ends_with(SPACE));
    let trims = (after_dash.is_some(), before_dash.is_some());
    (trims.0, before_dash.unwrap_or(body).trim_matches(SPACE), trims.1)
}

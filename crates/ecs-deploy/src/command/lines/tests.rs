use std::sync::Mutex;

use super::{LONGEST, Splitter};

/// The lines of an output that comes in these pieces.
fn lines_of(pieces: &[&[u8]]) -> Vec<String> {
    let lines = Mutex::new(Vec::new());
    let line = |text: &str| lines.lock().unwrap().push(text.to_owned());
    let mut splitter = Splitter::default();
    for piece in pieces {
        splitter.take(piece, &line);
    }
    splitter.finish(&line);
    lines.into_inner().unwrap()
}

#[test]
fn a_line_may_come_in_pieces_and_the_last_one_needs_no_end() {
    assert_eq!(lines_of(&[b"on", b"e\ntwo\n", b"\nthr", b"ee"]), ["one", "two", "", "three"]);
}

#[test]
fn nothing_follows_the_last_line_end() {
    assert_eq!(lines_of(&[b"one\n"]), ["one"]);
    assert!(lines_of(&[]).is_empty());
}

#[test]
fn a_carriage_return_ends_a_line_alone_or_with_the_line_feed_after_it() {
    assert_eq!(lines_of(&[b"10%\r20%\r\ndone\r", b"\nend\r\r\n"]), ["10%", "20%", "done", "end"]);
    assert_eq!(lines_of(&[b"\r\n\nx\r\n\r\n"]), ["", "", "x", ""]);
}

#[test]
fn bytes_that_are_no_text_are_shown_as_replacement_characters() {
    assert_eq!(lines_of(&[b"a\xFFb\n"]), ["a\u{FFFD}b"]);
}

#[test]
fn a_character_may_come_in_pieces() {
    assert_eq!(lines_of(&[b"\xE2\x82", b"\xAC\n"]), ["\u{20AC}"]);
}

#[test]
fn a_line_of_the_greatest_length_stays_whole_and_a_longer_one_is_cut() {
    let longest = "x".repeat(LONGEST);
    assert_eq!(lines_of(&[longest.as_bytes(), b"\n"]), [longest.as_str()]);
    assert_eq!(lines_of(&[longest.as_bytes(), b"y\n"]), [longest.as_str(), "y"]);
}

#[test]
fn a_cut_never_splits_a_character() {
    for before in 0..8 {
        let text = "x".repeat(before) + &"\u{1F980}".repeat(LONGEST / 3);
        let lines = lines_of(&[text.as_bytes()]);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= LONGEST));
        assert_eq!(lines.concat(), text);
    }
}

#[test]
fn a_flood_of_bytes_that_are_no_text_is_cut_too() {
    for byte in [0x80, 0xFF] {
        let lines = lines_of(&[&vec![byte; 3 * LONGEST]]);
        assert!(lines.len() >= 3);
        assert_eq!(lines.concat().chars().count(), 3 * LONGEST);
    }
}

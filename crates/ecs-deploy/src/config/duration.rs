//! Durations as Go writes them.

use std::time::Duration;

/// The longest duration of Go, about 292 years.
const LONGEST: Duration = Duration::from_nanos(i64::MAX.unsigned_abs());

/// Reads a duration such as `10m`, `90s`, `1h30m` or `1.5s`, which must be longer than nothing.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let (seconds, after) = part(rest)?;
        sum = sum.checked_add(Duration::try_from_secs_f64(seconds).ok()?)?;
        rest = after;
    }
    (sum > Duration::ZERO && sum <= LONGEST).then_some(sum)
}

/// The first number with its unit in seconds, and what follows.
fn part(text: &str) -> Option<(f64, &str)> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(number_end);
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let seconds = match unit {
        "h" => 3600.0,
        "m" => 60.0,
        "s" => 1.0,
        "ms" => 1e-3,
        "us" | "µs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    };
    Some((number.parse::<f64>().ok()? * seconds, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, millis) in [
            ("10m", 600_000),
            ("90s", 90_000),
            ("1h30m", 5_400_000),
            ("1h30m5s", 5_405_000),
            ("1.5s", 1_500),
            ("250ms", 250),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_or_no_time_at_all_is_refused() {
        for text in
            ["", "0s", "10", "m", "-5s", "5 m", "1d", "5minutes", "1..5s", "99999999999999h"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

use proptest::prelude::*;

use super::*;

fn nanos(text: &str) -> Result<i64, ParseDurationError> {
    text.parse::<GoDuration>().map(GoDuration::as_nanos)
}

#[test]
fn durations_are_written_as_go_writes_them() {
    let cases = [
        (0, "0s"),
        (1, "1ns"),
        (1_100, "1.1µs"),
        (1_000_000, "1ms"),
        (2_200_000, "2.2ms"),
        (500_000_000, "500ms"),
        (999_999_999, "999.999999ms"),
        (1_500_000_000, "1.5s"),
        (10_000_000_000, "10s"),
        (60_000_000_000, "1m0s"),
        (3_600_000_000_000, "1h0m0s"),
        (3_723_500_000_000, "1h2m3.5s"),
        (245_001_000_000, "4m5.001s"),
        (-1_500_000, "-1.5ms"),
        (i64::MAX, "2562047h47m16.854775807s"),
        (i64::MIN, "-2562047h47m16.854775808s"),
    ];
    for (nanos, text) in cases {
        assert_eq!(GoDuration::from_nanos(nanos).to_string(), text);
    }
}

#[test]
fn durations_are_read_as_go_reads_them() {
    let cases = [
        ("0", 0),
        ("-0", 0),
        ("5s", 5_000_000_000),
        ("+5s", 5_000_000_000),
        ("-5s", -5_000_000_000),
        ("5.0s", 5_000_000_000),
        (".5s", 500_000_000),
        ("1.s", 1_000_000_000),
        ("1.004s", 1_004_000_000),
        ("100.00100s", 100_001_000_000),
        ("12us", 12_000),
        ("12\u{b5}s", 12_000),
        ("12\u{3bc}s", 12_000),
        ("3h30m", 12_600_000_000_000),
        ("39h9m14.425s", 140_954_425_000_000),
        ("1s1s", 2_000_000_000),
        ("0.3333333333333333333h", 1_200_000_000_000),
        ("0.100000000000000000000h", 360_000_000_000),
        ("0.9223372036854775807999h", 3_320_413_933_267),
        ("-9223372036854775808ns", i64::MIN),
        ("9223372036854775807ns", i64::MAX),
    ];
    for (text, expected) in cases {
        assert_eq!(nanos(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_go_refuses_is_refused_with_the_reason() {
    use ParseDurationError::{MissingNumber, MissingUnit, TooLong, UnknownUnit};
    let cases = [
        ("", MissingNumber),
        ("-", MissingNumber),
        (".", MissingNumber),
        (".s", MissingNumber),
        ("s", MissingNumber),
        ("10", MissingUnit),
        ("00", MissingUnit),
        ("1m5", MissingUnit),
        ("1d", UnknownUnit),
        ("10 s", UnknownUnit),
        ("10s ", UnknownUnit),
        ("9223372036854775808ns", TooLong),
        ("-9223372036854775809ns", TooLong),
        ("99999999999999999999ns", TooLong),
        ("2562048h", TooLong),
        ("9223372036854775807ns1ns", TooLong),
    ];
    for (text, error) in cases {
        assert_eq!(nanos(text), Err(error), "{text:?}");
    }
}

#[test]
fn a_negative_duration_counts_as_none() {
    assert_eq!(GoDuration::from_nanos(-1).to_std(), Duration::ZERO);
}

#[test]
fn a_duration_beyond_go_is_refused() {
    assert_eq!(GoDuration::try_from(Duration::MAX), Err(TooLong));
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back(nanos: i64) {
        let duration = GoDuration::from_nanos(nanos);
        // The reader's decimals go through floating point, which is exact for nine of them.
        prop_assert_eq!(duration.to_string().parse(), Ok(duration));
    }

    #[test]
    fn short_durations_are_read_back_too(nanos in -10_000_000_000_i64..10_000_000_000) {
        let duration = GoDuration::from_nanos(nanos);
        prop_assert_eq!(duration.to_string().parse(), Ok(duration));
    }

    #[test]
    fn terms_add_up(hours in 0_u32..1000, minutes in 0_u32..1000, millis in 0_u32..100_000) {
        let total = i64::from(hours) * 3_600_000 + i64::from(minutes) * 60_000 + i64::from(millis);
        prop_assert_eq!(nanos(&format!("{hours}h{minutes}m{millis}ms")), Ok(total * 1_000_000));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,20}") {
        let _ = nanos(&text);
    }

    #[test]
    fn no_text_like_a_duration_makes_the_reader_panic(text in "[-+]?([0-9.]{0,25}[nuµmsh]{0,2}){0,4}") {
        if let Ok(nanos) = nanos(&text) {
            prop_assert!(text.trim_start_matches('+').starts_with('-') || nanos >= 0);
        }
    }
}

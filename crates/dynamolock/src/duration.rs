use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A duration as Go has it: signed 64-bit nanoseconds, with Go's text form (`1m0s`, `1.5s`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoDuration(i64);

impl GoDuration {
    /// A duration of so many nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// The nanoseconds.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// The duration without sign: a negative one is over before it began, so it counts as zero.
    pub fn to_std(self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0).unwrap_or(0))
    }
}

/// A duration of more than about 292 years, which Go cannot express.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("duration is longer than 292 years")]
pub struct TooLong;

impl TryFrom<Duration> for GoDuration {
    type Error = TooLong;

    fn try_from(duration: Duration) -> Result<Self, TooLong> {
        i64::try_from(duration.as_nanos()).map(Self).map_err(|_| TooLong)
    }
}

const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match self.0.unsigned_abs() {
            0 => f.write_str("0s"),
            nanos if nanos < MICROSECOND => write!(f, "{nanos}ns"),
            nanos if nanos < MILLISECOND => write_decimal(f, nanos, MICROSECOND, "µs"),
            nanos if nanos < SECOND => write_decimal(f, nanos, MILLISECOND, "ms"),
            nanos => write_clock(f, nanos),
        }
    }
}

/// From a second on: hours and minutes once there are any, then always seconds.
fn write_clock(f: &mut fmt::Formatter<'_>, nanos: u64) -> fmt::Result {
    if nanos >= HOUR {
        write!(f, "{}h", nanos / HOUR)?;
    }
    if nanos >= MINUTE {
        write!(f, "{}m", nanos % HOUR / MINUTE)?;
    }
    write_decimal(f, nanos % MINUTE, SECOND, "s")
}

/// The value in the unit, with as many decimals as it needs.
fn write_decimal(f: &mut fmt::Formatter<'_>, nanos: u64, unit: u64, name: &str) -> fmt::Result {
    write!(f, "{}", nanos / unit)?;
    let rest = nanos % unit;
    if rest > 0 {
        let width = unit.ilog10() as usize;
        let digits = format!("{rest:0width$}");
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    f.write_str(name)
}

/// Why a text is not a Go duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDurationError {
    /// No number where one is needed, or nothing at all.
    #[error("a number is missing")]
    MissingNumber,
    /// A number without a unit.
    #[error("a unit is missing")]
    MissingUnit,
    /// A unit that Go does not know.
    #[error("the unit is not one of ns, us, µs, ms, s, m, h")]
    UnknownUnit,
    /// More than about 292 years.
    #[error("the duration is too long")]
    TooLong,
}

impl FromStr for GoDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, ParseDurationError> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        // The only number that may stand without a unit.
        if unsigned == "0" {
            return Ok(Self(0));
        }
        let nanos = i128::from(parse_terms(unsigned)?);
        let signed = if negative { -nanos } else { nanos };
        i64::try_from(signed).map(Self).map_err(|_| ParseDurationError::TooLong)
    }
}

fn parse_terms(mut text: &str) -> Result<u64, ParseDurationError> {
    let mut total = 0;
    loop {
        let (nanos, rest) = parse_term(text)?;
        total = checked_sum(total, nanos)?;
        if rest.is_empty() {
            return Ok(total);
        }
        text = rest;
    }
}

/// One number with its unit, and what follows it.
fn parse_term(text: &str) -> Result<(u64, &str), ParseDurationError> {
    let (whole, rest) = split_digits(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(ParseDurationError::MissingNumber);
    }
    let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let unit = unit_nanos(name)?;
    let whole = checked_product(parse_whole(whole)?, unit)?;
    Ok((checked_sum(whole, fraction_nanos(fraction, unit))?, rest))
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

fn parse_whole(digits: &str) -> Result<u64, ParseDurationError> {
    if digits.is_empty() {
        return Ok(0);
    }
    digits.parse().map_err(|_| ParseDurationError::TooLong)
}

fn unit_nanos(name: &str) -> Result<u64, ParseDurationError> {
    match name {
        "" => Err(ParseDurationError::MissingUnit),
        "ns" => Ok(1),
        // The micro sign and the Greek letter are two characters that look alike.
        "us" | "\u{b5}s" | "\u{3bc}s" => Ok(MICROSECOND),
        "ms" => Ok(MILLISECOND),
        "s" => Ok(SECOND),
        "m" => Ok(MINUTE),
        "h" => Ok(HOUR),
        _ => Err(ParseDurationError::UnknownUnit),
    }
}

/// The part of a unit that the decimals stand for, with Go's rounding: digits that no longer fit
/// into 63 bits are ignored, the rest is multiplied in floating point and cut off.
fn fraction_nanos(digits: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        let Ok(next) =
            checked_product(value, 10).and_then(|v| checked_sum(v, (digit - b'0').into()))
        else {
            break;
        };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

/// Go allows one more than the largest positive value, for the sake of the smallest negative one.
const LIMIT: u64 = 1 << 63;

fn checked_sum(a: u64, b: u64) -> Result<u64, ParseDurationError> {
    a.checked_add(b).filter(|sum| *sum <= LIMIT).ok_or(ParseDurationError::TooLong)
}

fn checked_product(a: u64, b: u64) -> Result<u64, ParseDurationError> {
    a.checked_mul(b).filter(|product| *product <= LIMIT).ok_or(ParseDurationError::TooLong)
}

#[cfg(test)]
mod tests;

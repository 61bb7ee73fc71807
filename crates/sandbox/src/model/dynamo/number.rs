//! Numbers: decimals of up to 38 significant digits, compared and added exactly.

use std::cmp::Ordering;
use std::fmt;

/// The most significant digits that a number may have.
const MAX_DIGITS: usize = 38;
/// The exponent of the largest number's first digit.
const MAX_EXPONENT: i64 = 125;
/// The exponent of the smallest positive number's first digit.
const MIN_EXPONENT: i64 = -130;

/// An exact decimal number, as the type N holds it.
///
/// Equal numbers are equal values however they were written (`1`, `1.0` and `1e0`), and
/// [`Display`](fmt::Display) writes the one canonical form, without an exponent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    /// The power of ten that the first digit counts; 0 for zero.
    exponent: i64,
    /// The significant digits, without zeros at either end; empty for zero.
    digits: Vec<u8>,
}

/// Why a text is not a number that can be stored; the texts are AWS's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not a decimal number at all.
    #[error("The parameter cannot be converted to a numeric value{}", detail(.0))]
    Syntax(String),
    /// Too far from zero.
    #[error(
        "Number overflow. Attempting to store a number with magnitude larger than supported range"
    )]
    Overflow,
    /// Too close to zero, but not zero.
    #[error(
        "Number underflow. Attempting to store a number with magnitude smaller than supported range"
    )]
    Underflow,
    /// More than 38 significant digits.
    #[error("Attempting to store more than 38 significant digits in a Number")]
    Precision,
}

fn detail(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl Number {
    /// How many significant digits it has; none for zero.
    pub(super) fn significant_digits(&self) -> usize {
        self.digits.len()
    }

    /// Whether it lies below zero.
    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// The exact sum.
    ///
    /// # Errors
    /// When the sum is out of range or needs more than 38 digits.
    pub fn plus(&self, other: &Self) -> Result<Self, NumberError> {
        if self.negative == other.negative {
            return Self::checked(self.negative, add(self, other));
        }
        match self.magnitude_cmp(other) {
            Ordering::Less => Self::checked(other.negative, subtract(other, self)),
            _ => Self::checked(self.negative, subtract(self, other)),
        }
    }

    /// The exact difference.
    ///
    /// # Errors
    /// When the difference is out of range or needs more than 38 digits.
    pub fn minus(&self, other: &Self) -> Result<Self, NumberError> {
        self.plus(&Self { negative: !other.negative, ..other.clone() })
    }

    /// Brings digits (with the exponent of the first) into canonical form.
    fn checked(
        negative: bool,
        (exponent, mut digits): (i64, Vec<u8>),
    ) -> Result<Self, NumberError> {
        let Some(first) = digits.iter().position(|&digit| digit != 0) else {
            return Ok(Self { negative: false, exponent: 0, digits: Vec::new() });
        };
        digits.drain(..first);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let exponent = exponent.saturating_sub(first as i64);
        match exponent {
            _ if exponent > MAX_EXPONENT => Err(NumberError::Overflow),
            _ if exponent < MIN_EXPONENT => Err(NumberError::Underflow),
            _ if digits.len() > MAX_DIGITS => Err(NumberError::Precision),
            _ => Ok(Self { negative, exponent, digits }),
        }
    }

    fn magnitude_cmp(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Digits without trailing zeros compare like fractions, from the left.
            (false, false) => {
                self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits))
            }
        }
    }

    /// The power of ten of the last digit.
    fn last_exponent(&self) -> i64 {
        self.exponent + 1 - self.digits.len() as i64
    }

    /// The digit that counts `10^exponent`.
    fn digit(&self, exponent: i64) -> u8 {
        usize::try_from(self.exponent - exponent)
            .ok()
            .and_then(|index| self.digits.get(index).copied())
            .unwrap_or(0)
    }
}

/// The powers of ten that two numbers' digits span, from the lowest.
fn span(a: &Number, b: &Number) -> std::ops::RangeInclusive<i64> {
    a.last_exponent().min(b.last_exponent())..=a.exponent.max(b.exponent)
}

/// The sum of two magnitudes.
fn add(a: &Number, b: &Number) -> (i64, Vec<u8>) {
    let mut carry = 0;
    let mut digits: Vec<u8> = span(a, b)
        .map(|exponent| {
            let sum = a.digit(exponent) + b.digit(exponent) + carry;
            carry = sum / 10;
            sum % 10
        })
        .collect();
    digits.push(carry);
    digits.reverse();
    (a.exponent.max(b.exponent) + 1, digits)
}

/// The difference of two magnitudes, the first being the larger.
fn subtract(a: &Number, b: &Number) -> (i64, Vec<u8>) {
    let mut borrow = 0;
    let mut digits: Vec<u8> = span(a, b)
        .map(|exponent| {
            let (top, bottom) = (a.digit(exponent), b.digit(exponent) + borrow);
            borrow = u8::from(top < bottom);
            top + 10 * borrow - bottom
        })
        .collect();
    digits.reverse();
    (a.exponent.max(b.exponent), digits)
}

impl std::str::FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let syntax = || NumberError::Syntax(text.to_owned());
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let power: i64 = power.parse::<i32>().map_err(|_| syntax())?.into();
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let written = || whole.bytes().chain(fraction.bytes());
        if written().next().is_none() || !written().all(|byte| byte.is_ascii_digit()) {
            return Err(syntax());
        }
        let digits = written().map(|byte| byte - b'0').collect();
        Self::checked(negative, (power + whole.len() as i64 - 1, digits))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        for exponent in (0..=self.exponent.max(0)).rev() {
            write!(f, "{}", self.digit(exponent))?;
        }
        if self.last_exponent() < 0 {
            f.write_str(".")?;
            for exponent in (self.last_exponent()..0).rev() {
                write!(f, "{}", self.digit(exponent))?;
            }
        }
        Ok(())
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude_cmp(other),
            (true, true) => other.magnitude_cmp(self),
            (negative, _) => {
                if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        let digits: Vec<u8> = value.to_string().bytes().map(|byte| byte - b'0').collect();
        // A u64 has at most 20 digits, which is always in range; zero is the fallback's value too.
        Self::checked(false, (digits.len() as i64 - 1, digits)).unwrap_or(Self {
            negative: false,
            exponent: 0,
            digits: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests;

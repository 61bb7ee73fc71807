//! The size of a task, as ECS spells it: `512` or `.5 vCPU`, `1024` or `1 GB`.

use super::error::ConfigError;
use super::source::{Source, Text};

/// A task's CPU; absent is empty.
pub(super) fn cpu(text: Option<&Text>, source: &Source) -> Result<String, ConfigError> {
    size(text, source, "vcpu", "expected CPU units like `512`, or a form like `.5 vCPU`")
}

/// A task's memory; absent is empty.
pub(super) fn memory(text: Option<&Text>, source: &Source) -> Result<String, ConfigError> {
    size(text, source, "gb", "expected MiB like `1024`, or a form like `1 GB`")
}

fn size(
    text: Option<&Text>,
    source: &Source,
    unit: &str,
    expected: &str,
) -> Result<String, ConfigError> {
    let Some(text) = text else {
        return Ok(String::new());
    };
    if text.value.is_empty() || is_size(&text.value, unit) {
        return Ok(text.value.clone());
    }
    let why = format!("`{}` is not a size: {expected}", text.value);
    Err(source.unusable(&text.at, why))
}

fn is_size(text: &str, unit: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let folded = text.to_ascii_lowercase();
    match folded.strip_suffix(unit) {
        None => digits(&folded),
        Some(number) => {
            let (whole, fraction) =
                number.trim_end().split_once('.').unwrap_or((number.trim_end(), ""));
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
        }
    }
}

/// A task's CPU in CPU units.
pub(super) fn cpu_units(text: &str) -> Option<u64> {
    whole(text, "vcpu")
}

/// A task's memory in MiB.
pub(super) fn mebibytes(text: &str) -> Option<u64> {
    whole(text, "gb")
}

/// A size as a number, without what is left of a fraction.
fn whole(text: &str, unit: &str) -> Option<u64> {
    let folded = text.to_ascii_lowercase();
    let Some(number) = folded.strip_suffix(unit) else {
        return folded.parse().ok();
    };
    let (whole, fraction) = number.trim_end().split_once('.').unwrap_or((number.trim_end(), ""));
    let number = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse().ok() };
    let (whole, parts): (u64, u64) = (number(whole)?, number(fraction)?);
    let scale = 10_u64.checked_pow(fraction.len().try_into().ok()?)?;
    whole.checked_mul(1024)?.checked_add(parts.checked_mul(1024)? / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_the_units_that_they_stand_for() {
        for (text, units) in [("512", 512), (".5 vCPU", 512), ("0.25vcpu", 256), ("2. vCPU", 2048)]
        {
            assert_eq!(cpu_units(text), Some(units), "{text}");
        }
        for (text, size) in [("1024", 1024), ("0.5 GB", 512), ("30gb", 30720), ("1.50 GB", 1536)] {
            assert_eq!(mebibytes(text), Some(size), "{text}");
        }
        assert_eq!(cpu_units("99999999999999999999 vCPU"), None);
        assert_eq!(mebibytes("0.99999999999999999999999 GB"), None);
    }

    #[test]
    fn sizes_are_units_or_amounts() {
        for text in ["512", ".5 vCPU", "1vcpu", "0.25 vCPU"] {
            assert!(is_size(text, "vcpu"), "{text}");
        }
        for text in ["512m", "1 GB", "vCPU", "half", "1.2.3 vCPU", "-1"] {
            assert!(!is_size(text, "vcpu"), "{text}");
        }
        assert!(is_size("1 GB", "gb") && is_size("0.5GB", "gb") && !is_size("1 MB", "gb"));
    }
}

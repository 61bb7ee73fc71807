//! The demo program's environment variables.

use std::time::Duration;

use super::{Demo, Exit, Health};

/// An environment variable of the demo program with a value that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value:?}, expected {expected}")]
pub struct DemoVariableError {
    name: &'static str,
    value: String,
    expected: &'static str,
}

impl Demo {
    /// Changes the program as these environment variables say; others are not its business.
    ///
    /// - `DEMO_VERSION`: the version that it shows.
    /// - `DEMO_HEALTH`: `healthy` or `never`.
    /// - `DEMO_EXIT_AFTER`: when it breaks down and with which exit code, such as `1s:3` or `50ms:0`.
    ///
    /// # Errors
    /// When a value is none of these.
    pub fn configure(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, DemoVariableError> {
        for (name, value) in variables {
            match name.as_str() {
                "DEMO_VERSION" => self.version = value,
                "DEMO_HEALTH" => self.health = health(value)?,
                "DEMO_EXIT_AFTER" => self.exit = Some(exit(value)?),
                _ => {}
            }
        }
        Ok(self)
    }
}

fn health(value: String) -> Result<Health, DemoVariableError> {
    match value.as_str() {
        "healthy" => Ok(Health::Healthy),
        "never" => Ok(Health::Never),
        _ => {
            Err(DemoVariableError { name: "DEMO_HEALTH", value, expected: "`healthy` or `never`" })
        }
    }
}

fn exit(value: String) -> Result<Exit, DemoVariableError> {
    let parsed = value
        .split_once(':')
        .and_then(|(after, code)| Some(Exit { after: duration(after)?, code: code.parse().ok()? }));
    parsed.ok_or(DemoVariableError {
        name: "DEMO_EXIT_AFTER",
        value,
        expected: "a time and an exit code, such as `1s:3`",
    })
}

fn duration(text: &str) -> Option<Duration> {
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return Some(Duration::from_millis(milliseconds.parse().ok()?));
    }
    Some(Duration::from_secs(text.strip_suffix('s')?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(name: &str, value: &str) -> Result<Demo, DemoVariableError> {
        let demo = Demo::new("1", "127.0.0.1:1".parse().unwrap());
        demo.configure([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn variables_change_the_program() {
        assert_eq!(configured("DEMO_VERSION", "2").unwrap().version, "2");
        assert_eq!(configured("DEMO_HEALTH", "never").unwrap().health, Health::Never);
        let exit = |text| configured("DEMO_EXIT_AFTER", text).unwrap().exit.unwrap();
        assert_eq!(exit("1s:3"), Exit { after: Duration::from_secs(1), code: 3 });
        assert_eq!(exit("50ms:0"), Exit { after: Duration::from_millis(50), code: 0 });
        assert_eq!(configured("PORT", "80").unwrap().version, "1");
    }

    #[test]
    fn a_value_that_means_nothing_is_named() {
        let error = configured("DEMO_HEALTH", "maybe").unwrap_err();
        assert_eq!(error.to_string(), r#"DEMO_HEALTH is "maybe", expected `healthy` or `never`"#);
        for value in ["1s", "1:3", "s:3", "1s:256", "-1s:3"] {
            configured("DEMO_EXIT_AFTER", value).unwrap_err();
        }
    }
}

//! The environment variables that set CloudTamer up.

use super::http::Secret;

const BASE_URL: &str = "CLOUDTAMER_BASE_URL";
const ADMIN_GROUP_ID: &str = "CLOUDTAMER_ADMIN_GROUP_ID";
const USERNAME: &str = "CLOUDTAMER_USERNAME";
const PASSWORD: &str = "CLOUDTAMER_PASSWORD";
const IDMS_ID: &str = "CLOUDTAMER_IDMS_ID";

const ALL: [&str; 5] = [BASE_URL, USERNAME, PASSWORD, IDMS_ID, ADMIN_GROUP_ID];

/// Variables that set CloudTamer up in a way that can't be right. Values are not shown.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VariableError {
    /// Some are set, and some are not.
    #[error(
        "for CloudTamer {} must be set too; without CloudTamer, unset {}",
        and(missing),
        and(set)
    )]
    Missing {
        /// Those that are not set.
        missing: Vec<&'static str>,
        /// Those that are.
        set: Vec<&'static str>,
    },
    /// One must be a whole number.
    #[error("{name} is not a whole number")]
    NotANumber {
        /// The variable.
        name: &'static str,
    },
    /// The base URL is not one.
    #[error("{BASE_URL} is not a URL like `https://cloudtamer.example.com/api`")]
    NotAUrl,
}

fn and(names: &[&str]) -> String {
    names.join(" and ")
}

/// What the variables say. The admin group is required as in the original, and nothing needs it.
#[derive(Debug)]
pub(super) struct Variables {
    pub(super) base: String,
    pub(super) username: String,
    pub(super) password: Secret,
    pub(super) idms: i64,
}

impl Variables {
    /// Reads them; none where none is set.
    pub(super) fn read(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, VariableError> {
        let (set, missing): (Vec<_>, Vec<_>) =
            ALL.into_iter().partition(|name| variable(name).is_some());
        match (&set[..], &missing[..]) {
            ([], _) => return Ok(None),
            (_, []) => {}
            _ => return Err(VariableError::Missing { missing, set }),
        }
        let text = |name| variable(name).unwrap_or_default();
        let number =
            |name| text(name).trim().parse::<i64>().map_err(|_| VariableError::NotANumber { name });
        number(ADMIN_GROUP_ID)?;
        Ok(Some(Self {
            base: base_url(&text(BASE_URL))?,
            username: text(USERNAME),
            password: text(PASSWORD).into(),
            idms: number(IDMS_ID)?,
        }))
    }
}

/// The URL without a slash at its end. One with a user in it, a query or a fragment is refused: the
/// first would show up in messages, the others can't be a base.
fn base_url(text: &str) -> Result<String, VariableError> {
    let base = text.trim().trim_end_matches('/');
    let is_base = crate::settings::is_http(base) && !base.contains(['@', '?', '#']);
    is_base.then(|| base.to_owned()).ok_or(VariableError::NotAUrl)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [(&str, &str); 5] = [
        (BASE_URL, "https://ct.example.com/api/"),
        (ADMIN_GROUP_ID, "7"),
        (USERNAME, "ann"),
        (PASSWORD, "hush"),
        (IDMS_ID, "2"),
    ];

    fn read(variables: &[(&str, &str)]) -> Result<Option<Variables>, VariableError> {
        Variables::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn all_five_or_none_are_set() {
        assert!(read(&[]).unwrap().is_none());
        let whole = read(&WHOLE).unwrap().unwrap();
        assert_eq!(whole.base, "https://ct.example.com/api");
        assert!(!format!("{whole:?}").contains("hush"));
        let error = read(&WHOLE[..3]).unwrap_err().to_string();
        let expected = "for CloudTamer CLOUDTAMER_PASSWORD and CLOUDTAMER_IDMS_ID must be set too; \
                        without CloudTamer, unset CLOUDTAMER_BASE_URL and CLOUDTAMER_USERNAME and \
                        CLOUDTAMER_ADMIN_GROUP_ID";
        assert_eq!(error, expected);
    }

    #[test]
    fn numbers_and_the_url_are_checked_and_no_value_is_shown() {
        for (index, value) in [(1, "seven"), (4, "2.0"), (0, "ct/api"), (0, "https://u:p@ct/api")] {
            let mut variables = WHOLE;
            variables[index].1 = value;
            let error = read(&variables).unwrap_err().to_string();
            assert!(error.starts_with(WHOLE[index].0), "{error}");
            assert!(!error.contains(value), "{error}");
        }
    }
}

//! Names that are plain text under a rule.

/// A text that is not the name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {what}: {expected}")]
#[non_exhaustive]
pub struct InvalidName {
    /// The text as it was given.
    pub value: String,
    /// What it should have been, with its article.
    pub what: &'static str,
    /// The rule it breaks.
    pub expected: &'static str,
}

impl InvalidName {
    pub(super) fn new(value: &str, what: &'static str, expected: &'static str) -> Self {
        let value = value.to_owned();
        Self { value, what, expected }
    }
}

/// Gives a type that has `FromStr` and `Display` the same text in serialized data.
macro_rules! serialized_as_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = $crate::names::InvalidName;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.to_string()
            }
        }
    };
}
pub(super) use serialized_as_text;

/// Declares a name that is a text for which `$rule` holds.
macro_rules! text_name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $expected:literal, $rule:expr) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::names::InvalidName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let rule: fn(&str) -> bool = $rule;
                if rule(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err($crate::names::InvalidName::new(text, $what, $expected))
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        $crate::names::text::serialized_as_text!($name);
    };
}
pub(super) use text_name;

/// Whether `text` has 1 to `longest` ASCII letters, digits, hyphens and underscores.
pub(super) fn is_ecs_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

text_name!(
    /// An AWS account.
    AccountId,
    "an AWS account id",
    "expected 12 digits",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
);

text_name!(
    /// An AWS region, such as `us-east-1` or `us-gov-west-1`.
    Region,
    "an AWS region",
    "expected a form like `us-east-1`",
    |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let Some((number, words)) = parts.split_last() else {
            return false;
        };
        words.len() >= 2
            && words
                .iter()
                .all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()))
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    }
);

text_name!(
    /// The name of an app: a key of the config's `Apps`.
    AppName,
    "an app's name",
    "expected at least one character and no control characters",
    is_printable
);

text_name!(
    /// The name of an environment: a key of an app's `Environments`.
    EnvironmentName,
    "an environment's name",
    "expected at least one character and no control characters",
    is_printable
);

text_name!(
    /// An ECS service, which has the name of its task definition family.
    ServiceName,
    "a service's name",
    "expected up to 255 letters, digits, hyphens and underscores",
    |text| is_ecs_name(text, 255)
);

text_name!(
    /// A container of a task definition.
    ContainerName,
    "a container's name",
    "expected up to 255 letters, digits, hyphens and underscores",
    |text| is_ecs_name(text, 255)
);

text_name!(
    /// Which version of the config is deployed: a shortened git commit, or what the caller names.
    ///
    /// It becomes a tag's value in ECS and a part of a tag's name in ArtifactDB.
    ConfigSha,
    "a config SHA",
    "expected up to 128 letters, digits and characters of `+-=._:/@`",
    |text| {
        (1..=128).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-=._:/@".contains(&b))
    }
);

text_name!(
    /// What a deploy makes, as a digest: equal ones make the same.
    PlanDigest,
    "a plan's digest",
    "expected 40 hexadecimal digits",
    |text| text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
);

text_name!(
    /// Rules that are accepted for one run, as a digest that a refusal prints.
    RulesDigest,
    "a digest of rules",
    "expected the 12 hexadecimal digits that the refusal prints",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_hexdigit())
);

text_name!(
    /// A project of ArtifactDB, which numbers the artifacts of one program.
    ProjectName,
    "an ArtifactDB project's name",
    "expected at least one character and no control characters",
    is_printable
);

text_name!(
    /// A subnet that tasks are placed in.
    SubnetId,
    "a subnet's id",
    "expected a form like `subnet-0a1b2c3d`",
    |text| text.strip_prefix("subnet-").is_some_and(is_alphanumeric)
);

text_name!(
    /// A security group of the tasks.
    SecurityGroupId,
    "a security group's id",
    "expected a form like `sg-0a1b2c3d`",
    |text| text.strip_prefix("sg-").is_some_and(is_alphanumeric)
);

fn is_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_printable(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

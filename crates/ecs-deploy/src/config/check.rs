//! Turns the members of a structure into checked names.

use std::str::FromStr;

use super::error::{ConfigError, Problem};
use super::source::{At, Source, Text};
use crate::names::{AccountId, Arn, InvalidName, Partition, Region, RoleArn};

/// Checks the members of one structure of the file.
pub(super) struct Checker<'a> {
    source: &'a Source,
    at: &'a At,
}

impl<'a> Checker<'a> {
    pub(super) fn new(source: &'a Source, at: &'a At) -> Self {
        Self { source, at }
    }

    /// A member that must be there; empty text counts as absent, as it does to Go.
    pub(super) fn there<'t>(
        &self,
        member: &'static str,
        text: Option<&'t Text>,
    ) -> Result<&'t Text, ConfigError> {
        text.filter(|text| !text.value.is_empty())
            .ok_or_else(|| self.source.error(self.at, Problem::Missing { member }))
    }

    /// The name that a member must hold.
    pub(super) fn required<T: FromStr<Err = InvalidName>>(
        &self,
        member: &'static str,
        text: Option<&Text>,
    ) -> Result<T, ConfigError> {
        self.name(self.there(member, text)?)
    }

    /// The name that a member holds; absent counts as empty text, for names that may be empty.
    pub(super) fn optional<T: FromStr<Err = InvalidName>>(
        &self,
        text: Option<&Text>,
    ) -> Result<T, ConfigError> {
        match text {
            Some(text) => self.name(text),
            None => "".parse().map_err(|e| self.source.error(self.at, Problem::Name(e))),
        }
    }

    /// The name that a member holds, if it is there; empty text counts as absent.
    pub(super) fn if_there<T: FromStr<Err = InvalidName>>(
        &self,
        text: Option<&Text>,
    ) -> Result<Option<T>, ConfigError> {
        text.filter(|text| !text.value.is_empty()).map(|text| self.name(text)).transpose()
    }

    /// The role that a member names, if it is there: one of this account.
    pub(super) fn role_of(
        &self,
        account: &AccountId,
        text: Option<&Text>,
    ) -> Result<Option<RoleArn>, ConfigError> {
        let role: Option<RoleArn> = self.if_there(text)?;
        match (role.as_ref().and_then(|role| role.arn().account()), text) {
            (Some(other), Some(text)) if other != account => {
                let why =
                    format!("is a role of the account {other}, and one of {account} is needed");
                Err(self.source.unusable(&text.at, why))
            }
            _ => Ok(role),
        }
    }

    /// The names in a list that must not be empty.
    pub(super) fn at_least_one<T: FromStr<Err = InvalidName>>(
        &self,
        member: &'static str,
        texts: &[Text],
    ) -> Result<Vec<T>, ConfigError> {
        if texts.is_empty() {
            return Err(self.source.error(self.at, Problem::Missing { member }));
        }
        self.names(texts)
    }

    pub(super) fn name<T: FromStr<Err = InvalidName>>(
        &self,
        text: &Text,
    ) -> Result<T, ConfigError> {
        let parsed = text.value.parse();
        parsed.map_err(|error| self.source.error(&text.at, Problem::Name(error)))
    }

    pub(super) fn names<T: FromStr<Err = InvalidName>>(
        &self,
        texts: &[Text],
    ) -> Result<Vec<T>, ConfigError> {
        texts.iter().map(|text| self.name(text)).collect()
    }
}

/// Where an environment's resources have to be.
pub(super) struct Surroundings<'a> {
    pub(super) source: &'a Source,
    pub(super) partition: &'a Partition,
    pub(super) region: &'a Region,
    pub(super) account: &'a AccountId,
}

impl Surroundings<'_> {
    /// Refuses a resource of another partition, region or account than the environment's. A global
    /// service's ARN has no region.
    pub(super) fn hold(&self, arn: &Arn, text: &Text) -> Result<(), ConfigError> {
        let differ = |what: &str, theirs: &str, ours: &str| {
            let why = format!("is in the {what} {theirs}, and the environment is in {ours}");
            Err(self.source.unusable(&text.at, why))
        };
        if let Some(region) = arn.region()
            && region != self.region
        {
            return differ("region", region.as_str(), self.region.as_str());
        }
        if let Some(account) = arn.account()
            && account != self.account
        {
            return differ("account", account.as_str(), self.account.as_str());
        }
        if arn.partition() != self.partition {
            let theirs = arn.partition().as_str();
            return differ("partition", theirs, self.partition.as_str());
        }
        Ok(())
    }
}

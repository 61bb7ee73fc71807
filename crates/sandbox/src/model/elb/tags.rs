//! The tags of balancers, listeners, rules and target groups.

use std::collections::BTreeMap;

use super::{Elb, Resource};
use crate::model::ApiError;

/// AWS's limit of tags on one resource.
const TAGS_PER_RESOURCE: usize = 50;

impl Elb {
    /// Tags a resource; a key that it has takes the new value.
    ///
    /// # Errors
    /// The kind's not-found error, `TooManyTags`, `DuplicateTagKeys`, `ValidationError` for an
    /// unusable key or value.
    pub fn add_tags(&mut self, arn: &str, tags: &[(String, String)]) -> Result<(), ApiError> {
        self.check_exists(arn)?;
        check_tags(tags)?;
        let mut all = self.tags.get(arn).cloned().unwrap_or_default();
        all.extend(tags.iter().cloned());
        if all.len() > TAGS_PER_RESOURCE {
            return Err(too_many());
        }
        self.tags.insert(arn.to_owned(), all);
        Ok(())
    }

    /// Takes tags from a resource; a key that it has not is no error.
    ///
    /// # Errors
    /// The kind's not-found error.
    pub fn remove_tags(&mut self, arn: &str, keys: &[String]) -> Result<(), ApiError> {
        self.check_exists(arn)?;
        if let Some(tags) = self.tags.get_mut(arn) {
            tags.retain(|key, _| !keys.contains(key));
        }
        Ok(())
    }

    /// The tags of a resource.
    ///
    /// # Errors
    /// The kind's not-found error.
    pub fn tags(&self, arn: &str) -> Result<BTreeMap<String, String>, ApiError> {
        self.check_exists(arn)?;
        Ok(self.tags.get(arn).cloned().unwrap_or_default())
    }

    fn check_exists(&self, arn: &str) -> Result<(), ApiError> {
        match Resource::of(arn) {
            Some(Resource::LoadBalancer) => self.balancer(arn).map(drop),
            Some(Resource::Listener) => self.listener(arn).map(drop),
            Some(Resource::Rule) => self.rule(arn).map(drop),
            Some(Resource::TargetGroup) => self.group(arn).map(drop),
            None => {
                let message = format!("'{arn}' is not a valid ARN of Elastic Load Balancing");
                Err(ApiError::client("ValidationError", message))
            }
        }
    }
}

/// Refuses tags that AWS refuses on any resource.
pub(crate) fn check_tags(tags: &[(String, String)]) -> Result<(), ApiError> {
    if tags.len() > TAGS_PER_RESOURCE {
        return Err(too_many());
    }
    for (index, (key, value)) in tags.iter().enumerate() {
        if tags[..index].iter().any(|(other, _)| other == key) {
            return Err(ApiError::client(
                "DuplicateTagKeys",
                format!("Tag key '{key}' is repeated"),
            ));
        }
        let too_long = key.chars().count() > 128 || value.chars().count() > 256;
        if key.is_empty() || too_long || key.to_lowercase().starts_with("aws:") {
            let message = format!(
                "Tag '{key}' is not valid: a key has 1 to 128 characters and does \
                                   not begin with aws:, a value has at most 256"
            );
            return Err(ApiError::client("ValidationError", message));
        }
    }
    Ok(())
}

fn too_many() -> ApiError {
    let message = format!("A resource can have at most {TAGS_PER_RESOURCE} tags");
    ApiError::client("TooManyTags", message)
}

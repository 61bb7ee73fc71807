//! Tags of ECS's resources.

use serde::{Deserialize, Serialize};

use super::Ecs;
use super::error::invalid;
use crate::model::ApiError;

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// At most 128 characters, not beginning with `aws:`.
    pub key: String,
    /// At most 256 characters.
    #[serde(default)]
    pub value: String,
}

/// The tags of one resource: at most 50, one for each key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tags(Vec<Tag>);

impl Tags {
    const LIMIT: usize = 50;

    /// The tags of a new resource.
    ///
    /// # Errors
    /// `InvalidParameterException` when ECS would not take them.
    pub fn new(tags: Vec<Tag>) -> Result<Self, ApiError> {
        let mut checked = Self::default();
        checked.add(tags)?;
        Ok(checked)
    }

    /// Adds tags; one whose key is there replaces it.
    ///
    /// # Errors
    /// `InvalidParameterException` when ECS would not take them; nothing is changed then.
    pub fn add(&mut self, tags: Vec<Tag>) -> Result<(), ApiError> {
        let mut all = self.0.clone();
        for tag in tags {
            check(&tag)?;
            match all.iter_mut().find(|there| there.key == tag.key) {
                Some(there) => *there = tag,
                None => all.push(tag),
            }
        }
        if all.len() > Self::LIMIT {
            return Err(invalid("Too many tags: the limit is 50."));
        }
        self.0 = all;
        Ok(())
    }

    /// Removes the tags with these keys.
    pub fn remove(&mut self, keys: &[String]) {
        self.0.retain(|tag| !keys.contains(&tag.key));
    }
}

fn check(tag: &Tag) -> Result<(), ApiError> {
    let reserved = tag.key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    let length = tag.key.chars().count();
    if reserved {
        Err(invalid("Tag keys must not start with aws:."))
    } else if length == 0 || length > 128 {
        Err(invalid("A tag key must have 1 to 128 characters."))
    } else if tag.value.chars().count() > 256 {
        Err(invalid("A tag value must have at most 256 characters."))
    } else if !tag.key.chars().chain(tag.value.chars()).all(is_allowed) {
        Err(invalid("A tag can have letters, digits, spaces and _ . : / = + - @ only."))
    } else {
        Ok(())
    }
}

fn is_allowed(character: char) -> bool {
    let is_space = character.is_whitespace() && !character.is_control();
    character.is_alphanumeric() || is_space || "_.:/=+-@".contains(character)
}

impl Ecs {
    /// The tags of a resource.
    ///
    /// # Errors
    /// `InvalidParameterException` when nothing has that ARN.
    pub fn tags(&mut self, arn: &str) -> Result<&mut Tags, ApiError> {
        if let Some(definition) = self.task_definitions.by_arn_mut(arn) {
            return Ok(&mut definition.tags);
        }
        self.clusters
            .values_mut()
            .find_map(|cluster| cluster.tags_of(arn))
            .ok_or_else(|| invalid("The specified resource ARN was not found."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: key.into(), value: value.into() }
    }

    #[test]
    fn a_key_has_one_value() {
        let mut tags = Tags::new(vec![tag("a", "1"), tag("b", "2")]).unwrap();
        tags.add(vec![tag("a", "3")]).unwrap();
        assert_eq!(tags, Tags(vec![tag("a", "3"), tag("b", "2")]));
        tags.remove(&["a".into()]);
        assert_eq!(tags, Tags(vec![tag("b", "2")]));
    }

    #[test]
    fn limits_are_kept() {
        let many = |count| (0..count).map(|n| tag(&n.to_string(), "")).collect();
        assert!(Tags::new(many(50)).is_ok());
        assert!(Tags::new(many(51)).is_err());
        assert!(Tags::new(vec![tag(&"k".repeat(128), &"v".repeat(256))]).is_ok());
        for bad in
            [tag(&"k".repeat(129), ""), tag("k", &"v".repeat(257)), tag("aws:k", ""), tag("", "")]
        {
            assert!(Tags::new(vec![bad]).is_err());
        }
    }
}

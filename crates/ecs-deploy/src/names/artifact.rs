//! Names of ArtifactDB's rows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text::serialized_as_text;
use super::{InvalidName, ProjectName};

/// The number of a build in ArtifactDB, from 1 upwards; 0 is what ArtifactDB does not hold.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct BuildNumber(pub u64);

impl fmt::Display for BuildNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BuildNumber {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |_| InvalidName::new(text, "a build number", "expected a whole number");
        text.parse().map(Self).map_err(invalid)
    }
}

/// One build of one project, as ArtifactDB names what an artifact contains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArtifactId {
    /// The project.
    pub project: ProjectName,
    /// The build's number within the project.
    pub build: BuildNumber,
}

impl fmt::Display for ArtifactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.project, self.build)
    }
}

impl FromStr for ArtifactId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.rsplit_once(':');
        parts
            .and_then(|(project, build)| {
                Some(Self { project: project.parse().ok()?, build: build.parse().ok()? })
            })
            .ok_or_else(|| InvalidName::new(text, "an artifact", "expected `PROJECT:BUILD`"))
    }
}

serialized_as_text!(ArtifactId);

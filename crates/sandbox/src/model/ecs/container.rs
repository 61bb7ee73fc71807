//! The part of a container definition that has an effect here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// What this cloud reads of a container definition; the rest is kept and shown only.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerDefinition {
    /// Its name, unlike the others of the task definition.
    #[serde(default)]
    pub name: String,
    /// Its image.
    #[serde(default)]
    pub image: String,
    /// Whether the task ends with it.
    #[serde(default = "yes")]
    pub essential: bool,
    /// The ports that it listens on.
    #[serde(default)]
    pub port_mappings: Vec<PortMapping>,
    /// What takes the place of the image's own command.
    #[serde(default)]
    pub command: Vec<String>,
    /// Hard limit of memory, in MiB.
    pub memory: Option<u32>,
    /// Soft limit of memory, in MiB.
    pub memory_reservation: Option<u32>,
    #[serde(default)]
    environment: Vec<Variable>,
    stop_timeout: Option<u64>,
}

fn yes() -> bool {
    true
}

/// A port that a container listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortMapping {
    /// The port; 0 in a mapping of a range of ports.
    #[serde(default, deserialize_with = "port")]
    pub container_port: u16,
    /// The port that it has on its host: none or 0 leaves it to the network mode.
    #[serde(default, deserialize_with = "maybe_port")]
    pub host_port: Option<u16>,
}

/// A number that is no port becomes 0 here, and is refused by what it was given as.
fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    Ok(maybe_port(deserializer)?.unwrap_or_default())
}

fn maybe_port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let number = Option::<i64>::deserialize(deserializer)?;
    Ok(number.map(|number| u16::try_from(number).unwrap_or_default()))
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Variable {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

impl ContainerDefinition {
    /// What its environment adds to the image's.
    pub fn environment(&self) -> BTreeMap<String, String> {
        self.environment.iter().map(|it| (it.name.clone(), it.value.clone())).collect()
    }

    /// How long it may take to end before it is killed.
    pub fn stop_timeout(&self) -> Duration {
        Duration::from_secs(self.stop_timeout.unwrap_or(30))
    }

    /// Whether it declares that it listens on a port.
    pub fn listens_on(&self, port: u16) -> bool {
        self.port_mappings.iter().any(|mapping| mapping.container_port == port)
    }
}

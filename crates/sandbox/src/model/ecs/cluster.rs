//! Clusters.

use std::collections::BTreeMap;

use super::error::cluster_not_found;
use super::lagging::Lagging;
use super::{Ecs, Service, Tags, Task, error, named};
use crate::model::{ApiError, Place};

/// A cluster with what runs in it.
#[derive(Debug)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its tags.
    pub tags: Tags,
    pub(super) services: BTreeMap<String, Lagging<Service>>,
    pub(super) tasks: BTreeMap<String, Task>,
}

impl Cluster {
    /// Its tasks, stopped ones of the last hour included, by id.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// Its services as they are, whatever a reader sees of them.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values().map(Lagging::truth)
    }

    /// Takes a task by id or ARN.
    pub fn task(&self, reference: &str) -> Option<&Task> {
        self.tasks.get(named(reference)).filter(|task| task.is(reference))
    }

    pub(super) fn tags_of(&mut self, arn: &str) -> Option<&mut Tags> {
        if self.arn == arn {
            return Some(&mut self.tags);
        }
        if let Some(task) = self.tasks.values_mut().find(|task| task.arn == arn) {
            return Some(&mut task.tags);
        }
        self.services.values_mut().find_map(|service| service.truth_mut().tags_of(arn))
    }
}

impl Ecs {
    /// The clusters, by name.
    pub fn clusters(&self) -> impl Iterator<Item = &Cluster> {
        self.clusters.values()
    }

    /// A cluster by name or ARN.
    ///
    /// # Errors
    /// `ClusterNotFoundException`.
    pub fn cluster(&self, reference: &str) -> Result<&Cluster, ApiError> {
        self.clusters
            .get(named(reference))
            .filter(|cluster| cluster.name == reference || cluster.arn == reference)
            .ok_or_else(cluster_not_found)
    }

    pub(super) fn cluster_mut(&mut self, reference: &str) -> Result<&mut Cluster, ApiError> {
        self.clusters
            .get_mut(named(reference))
            .filter(|cluster| cluster.name == reference || cluster.arn == reference)
            .ok_or_else(cluster_not_found)
    }
}

impl Place<'_> {
    /// Makes a cluster; one of that name that is there is taken as it is.
    ///
    /// # Errors
    /// `InvalidParameterException` when the name is not one.
    pub fn create_cluster(&mut self, name: &str, tags: Tags) -> Result<&Cluster, ApiError> {
        error::check_name("Cluster", name)?;
        let arn = self.scope.arn("ecs", &format!("cluster/{name}"));
        Ok(self.regional.ecs.clusters.entry(name.to_owned()).or_insert_with(|| Cluster {
            name: name.to_owned(),
            arn,
            tags,
            services: BTreeMap::new(),
            tasks: BTreeMap::new(),
        }))
    }
}

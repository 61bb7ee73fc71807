//! Operations on clusters.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Call;
use super::include::ClusterInclude;
use super::page::page;
use super::{default_cluster, missing, show};
use crate::model::ApiError;
use crate::model::ecs::{Tag, Tags};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateCluster {
    #[serde(default = "default_cluster")]
    cluster_name: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateCluster = call.input(input)?;
    let tags = Tags::new(input.tags)?;
    let mut place = call.place();
    let cluster = place.create_cluster(&input.cluster_name, tags)?;
    Ok(json!({"cluster": show::cluster(cluster)}))
}

#[derive(Deserialize)]
struct DescribeClusters {
    #[serde(default)]
    clusters: Vec<String>,
    #[serde(default)]
    include: Vec<ClusterInclude>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let mut input: DescribeClusters = call.input(input)?;
    if input.clusters.is_empty() {
        input.clusters.push(default_cluster());
    }
    if input.include.iter().any(|what| *what != ClusterInclude::Tags) {
        call.cloud.ignore(&call.operation, "include");
    }
    let ecs = &call.cloud.region(&call.scope).ecs;
    let (mut clusters, mut failures) = (Vec::new(), Vec::new());
    for reference in &input.clusters {
        match ecs.cluster(reference) {
            Ok(cluster) => {
                let mut shown = show::cluster(cluster);
                if input.include.contains(&ClusterInclude::Tags) {
                    shown["tags"] = json!(cluster.tags);
                }
                clusters.push(shown);
            }
            Err(_) => {
                failures.push(missing(&call.scope.arn("ecs", &format!("cluster/{reference}"))))
            }
        }
    }
    Ok(json!({"clusters": clusters, "failures": failures}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListClusters {
    max_results: Option<usize>,
    next_token: Option<String>,
}

pub(super) fn list(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ListClusters = call.input(input)?;
    let ecs = &call.cloud.region(&call.scope).ecs;
    let arns = ecs.clusters().map(|cluster| cluster.arn.clone()).collect();
    page("clusterArns", arns, input.max_results, input.next_token)
}

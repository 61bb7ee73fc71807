//! What a deploy asks of ArtifactDB: each change one call, fenced by the deploy's lease.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use async_trait::async_trait;
use ecs_deploy::cloud::{Artifact, Artifacts, CloudError};
use ecs_deploy::fence::Permit;
use ecs_deploy::names::{ArtifactId, BuildNumber, ProjectName};

use super::table::{ArtifactTable, TagChange};
use super::{GET_ITEM, QUERY, UPDATE_ITEM, item};
use crate::call::Call;

#[async_trait]
impl Artifacts for ArtifactTable {
    async fn latest(
        &self,
        project: &ProjectName,
        tags: &BTreeMap<String, String>,
    ) -> Result<Option<Artifact>, CloudError> {
        let latest = self.latest_row(project, tags).await?;
        latest.map(|row| item::artifact(QUERY, &row)).transpose()
    }

    async fn newest(
        &self,
        project: &ProjectName,
        limit: usize,
    ) -> Result<Vec<Artifact>, CloudError> {
        let mut newest = Vec::new();
        if limit == 0 {
            return Ok(newest);
        }
        let visit = |_, artifact| {
            newest.push(artifact);
            if newest.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        self.walk(project, visit).await?;
        Ok(newest)
    }

    async fn get(
        &self,
        project: &ProjectName,
        build: BuildNumber,
    ) -> Result<Option<Artifact>, CloudError> {
        let id = ArtifactId { project: project.clone(), build };
        let row = self.row(Call::read(GET_ITEM), &id).await?;
        row.map(|row| item::artifact(GET_ITEM, &row)).transpose()
    }

    async fn set_tag(
        &self,
        permit: &Permit,
        project: &ProjectName,
        build: BuildNumber,
        key: &str,
        value: &str,
    ) -> Result<(), CloudError> {
        let id = ArtifactId { project: project.clone(), build };
        let call = Call::change(UPDATE_ITEM, permit);
        self.change_tags(call, &id, TagChange::Set { key, value }).await
    }
}

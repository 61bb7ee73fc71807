//! ArtifactDB over the SDK.

mod item;

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use ecs_deploy::cloud::{Artifact, Artifacts, CloudError, ErrorClass};
use ecs_deploy::fence::Permit;
use ecs_deploy::names::{BuildNumber, ProjectName};

use crate::call::Call;
use crate::pages::{MAX_PAGES, Page, endless};
use item::{BUILD, PROJECT, TAGS};

/// The table that holds the artifacts.
pub const ARTIFACT_TABLE: &str = "ArtifactDB";

const GET_ITEM: &str = "dynamodb:GetItem";
const QUERY: &str = "dynamodb:Query";
const UPDATE_ITEM: &str = "dynamodb:UpdateItem";

/// How many builds are read at once: mostly the one that is asked for is among the newest.
const BUILDS_PER_PAGE: i32 = 200;

type Row = HashMap<String, AttributeValue>;

/// ArtifactDB in one account and region.
pub(crate) struct ArtifactDb {
    client: Client,
}

impl ArtifactDb {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Shows a project's builds, the newest first, until it is told to stop.
    async fn walk(
        &self,
        project: &ProjectName,
        mut visit: impl FnMut(Artifact) -> ControlFlow<()> + Send,
    ) -> Result<(), CloudError> {
        let mut start = None;
        for _ in 0..MAX_PAGES {
            let page = self.page(project, start).await?;
            for row in &page.items {
                if visit(item::artifact(QUERY, row)?).is_break() {
                    return Ok(());
                }
            }
            match page.next {
                Some(next) => start = Some(next),
                None => return Ok(()),
            }
        }
        Err(endless(QUERY))
    }

    async fn page(
        &self,
        project: &ProjectName,
        start: Option<Row>,
    ) -> Result<Page<Row, Row>, CloudError> {
        let call = Call::read(QUERY);
        let request = self
            .client
            .query()
            .table_name(ARTIFACT_TABLE)
            .key_condition_expression("#project = :project")
            .expression_attribute_names("#project", PROJECT)
            .expression_attribute_values(":project", AttributeValue::S(project.to_string()))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(BUILDS_PER_PAGE)
            .set_exclusive_start_key(start)
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await.map_err(naming_the_table)?;
        let next = answer.last_evaluated_key.filter(|key| !key.is_empty());
        Ok(Page { items: answer.items.unwrap_or_default(), next })
    }

    async fn row(
        &self,
        call: Call,
        project: &ProjectName,
        build: BuildNumber,
    ) -> Result<Option<Row>, CloudError> {
        let request = self
            .client
            .get_item()
            .table_name(ARTIFACT_TABLE)
            .set_key(Some(item::key(project, build)))
            .consistent_read(true)
            .customize()
            .interceptor(call.fence());
        Ok(call.answer(request.send()).await.map_err(naming_the_table)?.item)
    }

    /// The update that adds a tag to a row as it was read: one that was created without tags has
    /// no map to put it in.
    fn tagging(&self, row: &Row, key: &str, value: &str) -> UpdateItemFluentBuilder {
        let value = AttributeValue::S(value.to_owned());
        let update = self
            .client
            .update_item()
            .table_name(ARTIFACT_TABLE)
            .expression_attribute_names("#project", PROJECT)
            .expression_attribute_names("#tags", TAGS);
        match row.get(TAGS) {
            Some(AttributeValue::M(_)) => update
                .update_expression("SET #tags.#key = :value")
                .condition_expression("attribute_exists(#project)")
                .expression_attribute_names("#key", key)
                .expression_attribute_values(":value", value),
            _ => update
                .update_expression("SET #tags = :tags")
                .condition_expression(
                    "attribute_exists(#project) AND (attribute_not_exists(#tags) OR #tags = :null)",
                )
                .expression_attribute_values(":tags", item::map([(key.to_owned(), value)]))
                .expression_attribute_values(":null", AttributeValue::Null(true)),
        }
    }
}

#[async_trait]
impl Artifacts for ArtifactDb {
    async fn latest(
        &self,
        project: &ProjectName,
        tags: &BTreeMap<String, String>,
    ) -> Result<Option<Artifact>, CloudError> {
        let mut latest = None;
        let visit = |artifact: Artifact| {
            if !has_tags(&artifact, tags) {
                return ControlFlow::Continue(());
            }
            latest = Some(artifact);
            ControlFlow::Break(())
        };
        self.walk(project, visit).await?;
        Ok(latest)
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
        let visit = |artifact| {
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
        let row = self.row(Call::read(GET_ITEM), project, build).await?;
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
        let call = Call::change(UPDATE_ITEM, permit);
        let row = self.row(Call::read(GET_ITEM).within(&call), project, build).await?;
        let Some(row) = row else {
            let message = format!("{ARTIFACT_TABLE} has no build {build} of {project}");
            return Err(CloudError::new(UPDATE_ITEM, ErrorClass::NotFound, message));
        };
        let request = self
            .tagging(&row, key, value)
            .set_key(Some(item::key(project, build)))
            .customize()
            .interceptor(call.fence());
        call.answer(request.send()).await.map(drop).map_err(naming_the_table)
    }
}

/// A tag that is asked for with an empty value also fits where it is missing.
fn has_tags(artifact: &Artifact, tags: &BTreeMap<String, String>) -> bool {
    tags.iter().all(|(key, value)| artifact.tags.get(key).map_or("", String::as_str) == value)
}

/// DynamoDB does not say which table it did not find.
fn naming_the_table(mut error: CloudError) -> CloudError {
    if error.class == ErrorClass::NotFound {
        error.message =
            format!("table {ARTIFACT_TABLE} with key {PROJECT}, {BUILD}: {}", error.message);
    }
    error
}

//! Transforms of rules, as they are given and shown.

use serde::Deserialize;
use serde_json::{Value, json};

use super::invalid;
use crate::model::ApiError;
use crate::model::elb::{Pattern, Rewrite, Transform};
use crate::wire::query::List;

/// A transform as it is given.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TransformInput {
    #[serde(rename = "Type")]
    kind: String,
    host_header_rewrite_config: Option<Rewrites>,
    url_rewrite_config: Option<Rewrites>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rewrites {
    #[serde(default)]
    rewrites: List<RewriteInput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RewriteInput {
    regex: String,
    replace: String,
}

pub(super) fn read(given: List<TransformInput>) -> Result<Vec<Transform>, ApiError> {
    given.0.into_iter().map(transform).collect()
}

fn transform(given: TransformInput) -> Result<Transform, ApiError> {
    let TransformInput { kind, host_header_rewrite_config: host, url_rewrite_config: url } = given;
    match (kind.as_str(), host, url) {
        ("host-header-rewrite", host, None) => {
            let given = one(&kind, host)?;
            let regex = Pattern::caseless(given.regex)?;
            Ok(Transform::Host(Rewrite { regex, replace: given.replace }))
        }
        ("url-rewrite", None, url) => {
            let given = one(&kind, url)?;
            let regex = Pattern::new(given.regex)?;
            Ok(Transform::Url(Rewrite { regex, replace: given.replace }))
        }
        ("host-header-rewrite" | "url-rewrite", ..) => {
            Err(invalid(format!("A transform of type '{kind}' cannot have another type's config")))
        }
        _ => Err(invalid(format!("Transform type '{kind}' is not supported"))),
    }
}

fn one(kind: &str, config: Option<Rewrites>) -> Result<RewriteInput, ApiError> {
    let mut rewrites = config.map_or_else(Vec::new, |config| config.rewrites.0);
    match (rewrites.pop(), rewrites.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(invalid(format!("A transform of type '{kind}' must have one rewrite"))),
    }
}

/// Transforms as AWS shows them.
pub(super) fn shown(transforms: &[Transform]) -> Vec<Value> {
    transforms.iter().map(shown_one).collect()
}

fn shown_one(transform: &Transform) -> Value {
    let Rewrite { regex, replace } = transform.rewrite();
    let config = json!({"Rewrites": [{"Regex": regex.as_str(), "Replace": replace}]});
    let name = match transform {
        Transform::Host(_) => "HostHeaderRewriteConfig",
        Transform::Url(_) => "UrlRewriteConfig",
    };
    json!({"Type": transform.kind(), name: config})
}

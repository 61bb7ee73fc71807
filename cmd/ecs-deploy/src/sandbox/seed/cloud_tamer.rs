//! CloudTamer, for deploys whose accounts are several.

use std::collections::BTreeMap;

use ecs_deploy::config::Target;
use ecs_deploy_aws::DEFAULT_CLOUD_TAMER_ROLES;
use ecs_deploy_sandbox::model::cloud_tamer::{AccountKind, CloudTamer};

use super::{scope, scope_of};

/// Its one user; the words stand in `-h`.
const USERNAME: &str = "sandbox";
const PASSWORD: &str = "sandbox";
const IDMS: i64 = 1;

/// A CloudTamer that lets its user into every account of the config.
pub(super) fn create(targets: &[Target]) -> CloudTamer {
    let mut accounts = BTreeMap::new();
    for target in targets {
        let tables = scope(target.config_account.as_str(), target.config_region.as_str());
        for place in [tables, scope_of(target)] {
            accounts.insert(place.account.clone(), kind(place.partition()));
        }
    }
    let roles = roles(targets);
    let tamer = CloudTamer::new(USERNAME, PASSWORD, IDMS);
    accounts
        .into_iter()
        .fold(tamer, |tamer, (account, kind)| tamer.with_account_of(kind, &account, &roles))
}

/// The first role that a deploy looks for: the config's own, or else the original's.
fn roles(targets: &[Target]) -> Vec<&str> {
    let named = targets.iter().find_map(|target| target.cloud_tamer_roles.first());
    vec![named.map_or(DEFAULT_CLOUD_TAMER_ROLES[0], |role| role.as_str())]
}

fn kind(partition: &str) -> AccountKind {
    match partition {
        "aws-us-gov" => AccountKind::GovCloud,
        _ => AccountKind::Commercial,
    }
}

/// The variables with which a deploy asks the CloudTamer of this endpoint.
pub(in crate::sandbox) fn variables(endpoint: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("CLOUDTAMER_BASE_URL", format!("{endpoint}/api")),
        ("CLOUDTAMER_ADMIN_GROUP_ID", "1".to_owned()),
        ("CLOUDTAMER_USERNAME", USERNAME.to_owned()),
        ("CLOUDTAMER_PASSWORD", PASSWORD.to_owned()),
        ("CLOUDTAMER_IDMS_ID", IDMS.to_string()),
    ])
}

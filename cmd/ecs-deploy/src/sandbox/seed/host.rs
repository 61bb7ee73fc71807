use ecs_deploy::config::Target;
use ecs_deploy::names::ListenerArn;

/// The host that tells an environment's requests apart, where another environment has one of its
/// listeners; requests need it as their `Host`.
pub(in crate::sandbox) fn host(target: &Target, all: &[Target]) -> Option<String> {
    let own: Vec<ListenerArn> = target.traffic_scope().named().cloned().collect();
    let is_other = |other: &&Target| other.lock_key() != target.lock_key();
    let shares = |other: &Target| other.traffic_scope().named().any(|arn| own.contains(arn));
    let (app, environment) = (&target.app, &target.environment);
    let name = || format!("{environment}.{app}.localhost").to_lowercase();
    all.iter().filter(is_other).any(shares).then(name)
}

//! Who deploys, from where.

use ecs_deploy::journal::Actor;

/// The user, the host and the CI job of this process.
pub(crate) fn of_this_process() -> Actor {
    Actor { user: user(), host: host(), job: job(|name| std::env::var(name).ok()) }
}

fn user() -> String {
    let known = nix::unistd::User::from_uid(nix::unistd::Uid::effective()).ok().flatten();
    let id = || nix::unistd::Uid::effective().to_string();
    known.map(|user| user.name).unwrap_or_else(id)
}

fn host() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.unwrap_or_else(|| "unknown".to_owned())
}

/// The CI job's address, from the variables that CI systems set.
fn job(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let github = || {
        let server = variable("GITHUB_SERVER_URL")?;
        let repository = variable("GITHUB_REPOSITORY")?;
        Some(format!("{server}/{repository}/actions/runs/{}", variable("GITHUB_RUN_ID")?))
    };
    let buildkite = || {
        let build = variable("BUILDKITE_BUILD_URL")?;
        Some(match variable("BUILDKITE_JOB_ID") {
            Some(job) => format!("{build}#{job}"),
            None => build,
        })
    };
    github()
        .or_else(|| variable("CI_JOB_URL"))
        .or_else(|| variable("CIRCLE_BUILD_URL"))
        .or_else(buildkite)
        .or_else(|| variable("BUILD_URL"))
        .map(|url| without_user(&url))
}

/// A URL without a user and password before its host: everybody reads it in the lock's row.
fn without_user(url: &str) -> String {
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job_with(variables: &[(&str, &str)]) -> Option<String> {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        job(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_job_is_known_on_every_well_known_ci_system() {
        let github = [
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("GITHUB_RUN_ID", "7"),
        ];
        let expected = "https://github.com/acme/shop/actions/runs/7";
        assert_eq!(job_with(&github).as_deref(), Some(expected));
        for name in ["CI_JOB_URL", "CIRCLE_BUILD_URL", "BUILDKITE_BUILD_URL", "BUILD_URL"] {
            assert_eq!(job_with(&[(name, "https://ci/7")]).as_deref(), Some("https://ci/7"));
        }
        let buildkite = [("BUILDKITE_BUILD_URL", "https://ci/7"), ("BUILDKITE_JOB_ID", "j")];
        assert_eq!(job_with(&buildkite).as_deref(), Some("https://ci/7#j"));
    }

    #[test]
    fn a_password_in_the_address_of_a_job_is_left_out() {
        let url = "https://ann:hush@ci.example.com/job/a@b/7";
        let expected = "https://ci.example.com/job/a@b/7";
        assert_eq!(job_with(&[("BUILD_URL", url)]).as_deref(), Some(expected));
    }

    #[test]
    fn at_a_desk_there_is_no_job() {
        assert_eq!(job_with(&[("BUILD_URL", ""), ("USER", "ann")]), None);
    }
}

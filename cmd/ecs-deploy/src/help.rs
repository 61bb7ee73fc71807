//! What `-h` and `-version` print.

/// What to do about a command line that can't be followed.
pub(crate) const HINT: &str = "`ecs-deploy -h` lists the flags, with examples";

/// `ecs-deploy -version`.
pub(crate) const VERSION: &str = concat!("ecs-deploy ", env!("CARGO_PKG_VERSION"), "\n");

/// `ecs-deploy -h`.
pub(crate) const DEPLOY: &str = include_str!("help/deploy.txt");

/// `ecs-deploy rollback -h`.
pub(crate) const ROLLBACK: &str = include_str!("help/rollback.txt");

/// `ecs-deploy status -h` and `ecs-deploy lock status -h`.
pub(crate) const STATUS: &str = include_str!("help/status.txt");

/// `ecs-deploy sandbox serve -h`.
pub(crate) const SERVE: &str = include_str!("help/serve.txt");

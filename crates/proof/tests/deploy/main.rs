//! Whole deploys in one process: the library, the real adapters, the SDK, the sandbox.

mod battery;
mod cap;
mod hosts;
mod permissions;
mod requests;
mod rivals;
mod rollback;
mod rollout;
mod sequence;
mod stopped;
mod unreachable;

use ecs_deploy_proof::Bench;

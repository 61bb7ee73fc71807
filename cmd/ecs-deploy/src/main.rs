//! The `ecs-deploy` program.

fn main() {}

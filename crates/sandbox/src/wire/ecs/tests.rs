//! ECS as a client sees it.

mod bench;
mod changes;
mod drains;
mod limits;
mod registration;
mod services;
mod stops;
mod task_definitions;
mod task_set_rules;
mod task_sets;
mod tasks;

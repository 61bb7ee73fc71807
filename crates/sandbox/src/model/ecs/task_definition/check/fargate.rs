//! What Fargate does not run.

use super::super::Registration;
use super::given::Given;
use super::{container, containers, logs};
use crate::model::ApiError;
use crate::model::ecs::error::client;
use crate::model::ecs::fargate;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    if registration.network_mode.as_deref() != Some("awsvpc") {
        return Err(client("Fargate only supports network mode ‘awsvpc’."));
    }
    size(registration)?;
    of_task(Given(&registration.members))?;
    containers(registration).try_for_each(of_container)?;
    logs::on_fargate(registration)?;
    has_role(registration)
}

fn size(registration: &Registration) -> Result<(), ApiError> {
    let given = |value: &Option<String>, what: &str| {
        value.clone().filter(|text| !text.is_empty()).ok_or_else(|| {
            client(format!("Fargate requires that '{what}' be defined at the task level."))
        })
    };
    let (cpu, memory) = (given(&registration.cpu, "cpu")?, given(&registration.memory, "memory")?);
    let (Some(cpu), Some(memory)) = (fargate::cpu(&cpu), fargate::memory(&memory)) else {
        return Err(none_such(&cpu, &memory));
    };
    if fargate::offers(cpu, memory) && !(cpu < 1024 && is_windows(registration)) {
        Ok(())
    } else {
        Err(none_such(&cpu.to_string(), &memory.to_string()))
    }
}

fn none_such(cpu: &str, memory: &str) -> ApiError {
    client(format!(
        "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon \
         ECS documentation for the valid values."
    ))
}

fn is_windows(registration: &Registration) -> bool {
    let platform = Given(&registration.members).inside("runtimePlatform");
    let family = platform.and_then(|platform| platform.text("operatingSystemFamily"));
    family.is_some_and(|family| family.starts_with("WINDOWS"))
}

fn of_task(task: Given<'_>) -> Result<(), ApiError> {
    if task.says("ipcMode") {
        return Err(client("Tasks using the Fargate launch type do not support ipcMode."));
    }
    if task.text("pidMode") == Some("host") {
        return Err(unsupported("pidMode host"));
    }
    for volume in task.list("volumes") {
        if volume.inside("host").is_some_and(|host| host.says("sourcePath")) {
            return Err(unsupported("sourcePath"));
        }
        for kind in ["dockerVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration"] {
            if volume.says(kind) {
                return Err(unsupported(kind));
            }
        }
    }
    Ok(())
}

/// What a container can't have on Fargate, by its path.
const UNSUPPORTED: &[&str] = &[
    "privileged",
    "dockerSecurityOptions",
    "linuxParameters.devices",
    "linuxParameters.sharedMemorySize",
    "linuxParameters.maxSwap",
    "linuxParameters.swappiness",
];

fn of_container(given: Given<'_>) -> Result<(), ApiError> {
    for path in UNSUPPORTED {
        let (structure, member) = match path.split_once('.') {
            Some((outer, member)) => (given.inside(outer), member),
            None => (Some(given), *path),
        };
        if structure.is_some_and(|structure| structure.says(member)) {
            return Err(unsupported(member));
        }
    }
    capabilities(given)?;
    if let Some(limit) = given.list("ulimits").find(|it| it.text("name") != Some("nofile")) {
        return Err(unsupported(&format!("ulimit {}", limit.text("name").unwrap_or_default())));
    }
    if given.list("resourceRequirements").any(|it| it.text("type") == Some("GPU")) {
        return Err(unsupported("GPU resource requirements"));
    }
    ["startTimeout", "stopTimeout"].into_iter().try_for_each(|what| timeout(given, what))
}

fn capabilities(given: Given<'_>) -> Result<(), ApiError> {
    let capabilities = given.inside("linuxParameters").and_then(|it| it.inside("capabilities"));
    let mut added = capabilities.into_iter().flat_map(|it| it.texts("add"));
    match added.find(|name| *name != "SYS_PTRACE") {
        Some(name) => Err(unsupported(&format!("adding Linux capability {name}"))),
        None => Ok(()),
    }
}

fn timeout(given: Given<'_>, what: &str) -> Result<(), ApiError> {
    match given.number(what) {
        Some(seconds) if !(2..=120).contains(&seconds) => Err(client(format!(
            "Invalid '{what}' setting for container '{}'. Fargate supports values between 2 and 120.",
            container::name(given)
        ))),
        _ => Ok(()),
    }
}

/// What Fargate does for a task it does in the execution role.
fn has_role(registration: &Registration) -> Result<(), ApiError> {
    if Given(&registration.members).says("executionRoleArn") {
        return Ok(());
    }
    let missing = |what: &str| {
        Err(client(format!(
            "Fargate requires task definition to have execution role ARN to support {what}."
        )))
    };
    if registration.containers.iter().any(|container| is_of_ecr(&container.image)) {
        return missing("ECR images");
    }
    if logs::drivers(registration).any(|driver| driver == "awslogs") {
        return missing("log driver awslogs");
    }
    Ok(())
}

/// Whether an image is in a private registry of ECR, such as
/// `111111111111.dkr.ecr.us-east-1.amazonaws.com/web:1`.
fn is_of_ecr(image: &str) -> bool {
    let host = image.split_once('/').map_or("", |(host, _)| host);
    let account = host.split_once(".dkr.ecr").map_or("", |(account, _)| account);
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    is_account && host.contains(".amazonaws.com")
}

fn unsupported(what: &str) -> ApiError {
    client(format!("Fargate compatible task definitions do not support {what}"))
}

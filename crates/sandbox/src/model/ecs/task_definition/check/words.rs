//! The members whose words, numbers and lengths AWS's API limits, and those that a structure needs.

use serde_json::Value;

use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::client;

pub(super) fn check(task: Given<'_>) -> Result<(), ApiError> {
    needed(task)?;
    words(task)?;
    numbers(task)?;
    lengths(task)
}

/// The members that a structure can't be without.
const NEEDED: &[(&str, &[&str])] = &[
    ("ephemeralStorage", &["sizeInGiB"]),
    ("proxyConfiguration", &["containerName"]),
    ("trustedExecutionConfiguration", &["isolationMode"]),
    ("volumes.efsVolumeConfiguration", &["fileSystemId"]),
    (
        "volumes.fsxWindowsFileServerVolumeConfiguration",
        &["fileSystemId", "rootDirectory", "authorizationConfig"],
    ),
    ("volumes.s3filesVolumeConfiguration", &["fileSystemArn"]),
    ("containerDefinitions.repositoryCredentials", &["credentialsParameter"]),
    ("containerDefinitions.restartPolicy", &["enabled"]),
    ("containerDefinitions.environmentFiles", &["value", "type"]),
    ("containerDefinitions.secrets", &["name", "valueFrom"]),
    ("containerDefinitions.dependsOn", &["containerName", "condition"]),
    ("containerDefinitions.extraHosts", &["hostname", "ipAddress"]),
    ("containerDefinitions.ulimits", &["name", "softLimit", "hardLimit"]),
    ("containerDefinitions.logConfiguration", &["logDriver"]),
    ("containerDefinitions.logConfiguration.secretOptions", &["name", "valueFrom"]),
    ("containerDefinitions.healthCheck", &["command"]),
    ("containerDefinitions.resourceRequirements", &["type"]),
    ("containerDefinitions.firelensConfiguration", &["type"]),
    ("containerDefinitions.linuxParameters.devices", &["hostPath"]),
    ("containerDefinitions.linuxParameters.tmpfs", &["containerPath", "size"]),
];

fn needed(task: Given<'_>) -> Result<(), ApiError> {
    for (path, members) in NEEDED {
        for structure in task.at(path).into_iter().flat_map(each) {
            let Some(structure) = structure.as_object().map(Given) else { continue };
            if let Some(name) = members.iter().find(|name| structure.member(name).is_none()) {
                return Err(client(format!("Missing required field '{name}' in '{path}'.")));
            }
        }
    }
    Ok(())
}

/// The words that a member has to be one of.
const WORDS: &[(&str, &[&str])] = &[
    ("pidMode", &["host", "task"]),
    ("ipcMode", &["host", "task", "none"]),
    ("proxyConfiguration.type", &["APPMESH"]),
    ("runtimePlatform.cpuArchitecture", &["X86_64", "ARM64"]),
    (
        "runtimePlatform.operatingSystemFamily",
        &[
            "LINUX",
            "WINDOWS_SERVER_2016_FULL",
            "WINDOWS_SERVER_2004_CORE",
            "WINDOWS_SERVER_20H2_CORE",
            "WINDOWS_SERVER_2019_FULL",
            "WINDOWS_SERVER_2019_CORE",
            "WINDOWS_SERVER_2022_FULL",
            "WINDOWS_SERVER_2022_CORE",
            "WINDOWS_SERVER_2025_FULL",
            "WINDOWS_SERVER_2025_CORE",
        ],
    ),
    (
        "trustedExecutionConfiguration.isolationMode",
        &["SHARED", "ISOLATED_SANDBOX", "CONFIDENTIAL_SANDBOX"],
    ),
    ("volumes.dockerVolumeConfiguration.scope", &["task", "shared"]),
    ("volumes.efsVolumeConfiguration.transitEncryption", &["ENABLED", "DISABLED"]),
    ("volumes.efsVolumeConfiguration.authorizationConfig.iam", &["ENABLED", "DISABLED"]),
    ("containerDefinitions.portMappings.appProtocol", &["http", "http2", "grpc"]),
    ("containerDefinitions.environmentFiles.type", &["s3"]),
    ("containerDefinitions.dependsOn.condition", &["START", "COMPLETE", "SUCCESS", "HEALTHY"]),
    ("containerDefinitions.versionConsistency", &["enabled", "disabled"]),
    (
        "containerDefinitions.ulimits.name",
        &[
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack",
        ],
    ),
    (
        "containerDefinitions.logConfiguration.logDriver",
        &["json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"],
    ),
    ("containerDefinitions.firelensConfiguration.type", &["fluentd", "fluentbit"]),
    (
        "containerDefinitions.resourceRequirements.type",
        &["GPU", "InferenceAccelerator", "NeuronDevice"],
    ),
    ("containerDefinitions.linuxParameters.devices.permissions", &["read", "write", "mknod"]),
];

fn words(task: Given<'_>) -> Result<(), ApiError> {
    for (path, known) in WORDS {
        let given = task.at(path).into_iter().flat_map(each).filter_map(Value::as_str);
        for word in given {
            if !known.contains(&word) {
                let known = known.join(", ");
                return Err(client(format!(
                    "Invalid value '{word}' for '{path}'. Valid values: {known}."
                )));
            }
        }
    }
    Ok(())
}

/// The least and the greatest number of a member.
const NUMBERS: &[(&str, i64, i64)] = &[
    ("ephemeralStorage.sizeInGiB", 21, 200),
    ("volumes.efsVolumeConfiguration.transitEncryptionPort", 1, 65_535),
    ("volumes.s3filesVolumeConfiguration.transitEncryptionPort", 1, 65_535),
    ("containerDefinitions.healthCheck.interval", 5, 300),
    ("containerDefinitions.healthCheck.timeout", 2, 60),
    ("containerDefinitions.healthCheck.retries", 1, 10),
    ("containerDefinitions.healthCheck.startPeriod", 0, 300),
    ("containerDefinitions.restartPolicy.restartAttemptPeriod", 60, 1800),
    ("containerDefinitions.linuxParameters.swappiness", 0, 100),
    ("containerDefinitions.linuxParameters.maxSwap", 0, i64::MAX),
    ("containerDefinitions.resourceRequirements.sharingStrategy.nvidiaMps.memory", 1, i64::MAX),
    (
        "containerDefinitions.resourceRequirements.sharingStrategy.nvidiaMps.maxComputePercent",
        1,
        100,
    ),
];

fn numbers(task: Given<'_>) -> Result<(), ApiError> {
    for (path, least, most) in NUMBERS {
        for number in task.at(path).into_iter().filter_map(Value::as_i64) {
            if !(*least..=*most).contains(&number) {
                return Err(client(match *most {
                    i64::MAX => {
                        format!("Invalid value {number} for '{path}'. It must be at least {least}.")
                    }
                    most => format!(
                        "Invalid value {number} for '{path}'. It must be between {least} and {most}."
                    ),
                }));
            }
        }
    }
    Ok(())
}

/// The most elements of a list.
const LENGTHS: &[(&str, usize)] = &[
    ("containerDefinitions.restartPolicy.ignoredExitCodes", 50),
    ("containerDefinitions.environmentFiles", 10),
    ("containerDefinitions.credentialSpecs", 1),
];

fn lengths(task: Given<'_>) -> Result<(), ApiError> {
    for (path, most) in LENGTHS {
        let mut lists = task.at(path).into_iter().filter_map(Value::as_array);
        if lists.any(|list| list.len() > *most) {
            return Err(client(format!("'{path}' can have at most {most} items.")));
        }
    }
    Ok(())
}

/// The elements of a list, or the value itself.
fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

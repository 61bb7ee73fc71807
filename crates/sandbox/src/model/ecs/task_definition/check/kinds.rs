//! Of what kind the members are that have no type here.

use serde_json::Value;

use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::serialization;

/// A kind of value.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    Structure,
    Texts,
    Numbers,
    Structures,
}

use Kind::{Flag, Number, Numbers, Structure, Structures, Text, Texts};

/// The members of the task.
const TASK: &[(&str, Kind)] = &[
    ("taskRoleArn", Text),
    ("executionRoleArn", Text),
    ("pidMode", Text),
    ("ipcMode", Text),
    ("enableFaultInjection", Flag),
    ("ephemeralStorage", Structure),
    ("ephemeralStorage.sizeInGiB", Number),
    ("runtimePlatform", Structure),
    ("runtimePlatform.cpuArchitecture", Text),
    ("runtimePlatform.operatingSystemFamily", Text),
    ("trustedExecutionConfiguration", Structure),
    ("trustedExecutionConfiguration.isolationMode", Text),
    ("proxyConfiguration", Structure),
    ("proxyConfiguration.type", Text),
    ("proxyConfiguration.containerName", Text),
    ("proxyConfiguration.properties", Structures),
    ("proxyConfiguration.properties.name", Text),
    ("proxyConfiguration.properties.value", Text),
    ("volumes", Structures),
    ("volumes.name", Text),
    ("volumes.configuredAtLaunch", Flag),
    ("volumes.host", Structure),
    ("volumes.host.sourcePath", Text),
    ("volumes.dockerVolumeConfiguration", Structure),
    ("volumes.dockerVolumeConfiguration.scope", Text),
    ("volumes.dockerVolumeConfiguration.autoprovision", Flag),
    ("volumes.dockerVolumeConfiguration.driver", Text),
    ("volumes.dockerVolumeConfiguration.driverOpts", Structure),
    ("volumes.dockerVolumeConfiguration.labels", Structure),
    ("volumes.efsVolumeConfiguration", Structure),
    ("volumes.efsVolumeConfiguration.fileSystemId", Text),
    ("volumes.efsVolumeConfiguration.rootDirectory", Text),
    ("volumes.efsVolumeConfiguration.transitEncryption", Text),
    ("volumes.efsVolumeConfiguration.transitEncryptionPort", Number),
    ("volumes.efsVolumeConfiguration.authorizationConfig", Structure),
    ("volumes.efsVolumeConfiguration.authorizationConfig.accessPointId", Text),
    ("volumes.efsVolumeConfiguration.authorizationConfig.iam", Text),
    ("volumes.fsxWindowsFileServerVolumeConfiguration", Structure),
    ("volumes.s3filesVolumeConfiguration", Structure),
];

/// The members of a container.
const CONTAINER: &[(&str, Kind)] = &[
    ("repositoryCredentials", Structure),
    ("repositoryCredentials.credentialsParameter", Text),
    ("cpu", Number),
    ("links", Texts),
    ("portMappings.protocol", Text),
    ("portMappings.name", Text),
    ("portMappings.appProtocol", Text),
    ("portMappings.containerPortRange", Text),
    ("restartPolicy", Structure),
    ("restartPolicy.enabled", Flag),
    ("restartPolicy.ignoredExitCodes", Numbers),
    ("restartPolicy.restartAttemptPeriod", Number),
    ("entryPoint", Texts),
    ("environmentFiles", Structures),
    ("environmentFiles.type", Text),
    ("environmentFiles.value", Text),
    ("mountPoints", Structures),
    ("mountPoints.sourceVolume", Text),
    ("mountPoints.containerPath", Text),
    ("mountPoints.readOnly", Flag),
    ("volumesFrom", Structures),
    ("volumesFrom.sourceContainer", Text),
    ("volumesFrom.readOnly", Flag),
    ("linuxParameters", Structure),
    ("linuxParameters.capabilities", Structure),
    ("linuxParameters.capabilities.add", Texts),
    ("linuxParameters.capabilities.drop", Texts),
    ("linuxParameters.devices", Structures),
    ("linuxParameters.devices.hostPath", Text),
    ("linuxParameters.devices.containerPath", Text),
    ("linuxParameters.devices.permissions", Texts),
    ("linuxParameters.initProcessEnabled", Flag),
    ("linuxParameters.sharedMemorySize", Number),
    ("linuxParameters.tmpfs", Structures),
    ("linuxParameters.tmpfs.containerPath", Text),
    ("linuxParameters.tmpfs.size", Number),
    ("linuxParameters.tmpfs.mountOptions", Texts),
    ("linuxParameters.maxSwap", Number),
    ("linuxParameters.swappiness", Number),
    ("secrets", Structures),
    ("secrets.name", Text),
    ("secrets.valueFrom", Text),
    ("dependsOn", Structures),
    ("dependsOn.containerName", Text),
    ("dependsOn.condition", Text),
    ("startTimeout", Number),
    ("versionConsistency", Text),
    ("hostname", Text),
    ("user", Text),
    ("workingDirectory", Text),
    ("disableNetworking", Flag),
    ("privileged", Flag),
    ("readonlyRootFilesystem", Flag),
    ("dnsServers", Texts),
    ("dnsSearchDomains", Texts),
    ("extraHosts", Structures),
    ("extraHosts.hostname", Text),
    ("extraHosts.ipAddress", Text),
    ("dockerSecurityOptions", Texts),
    ("interactive", Flag),
    ("pseudoTerminal", Flag),
    ("dockerLabels", Structure),
    ("ulimits", Structures),
    ("ulimits.name", Text),
    ("ulimits.softLimit", Number),
    ("ulimits.hardLimit", Number),
    ("logConfiguration", Structure),
    ("logConfiguration.logDriver", Text),
    ("logConfiguration.options", Structure),
    ("logConfiguration.secretOptions", Structures),
    ("logConfiguration.secretOptions.name", Text),
    ("logConfiguration.secretOptions.valueFrom", Text),
    ("healthCheck", Structure),
    ("healthCheck.command", Texts),
    ("healthCheck.interval", Number),
    ("healthCheck.timeout", Number),
    ("healthCheck.retries", Number),
    ("healthCheck.startPeriod", Number),
    ("systemControls", Structures),
    ("systemControls.namespace", Text),
    ("systemControls.value", Text),
    ("resourceRequirements", Structures),
    ("resourceRequirements.type", Text),
    ("resourceRequirements.value", Text),
    ("firelensConfiguration", Structure),
    ("firelensConfiguration.type", Text),
    ("firelensConfiguration.options", Structure),
    ("credentialSpecs", Texts),
];

pub(super) fn check(task: Given<'_>) -> Result<(), ApiError> {
    all(task, TASK)?;
    task.list("containerDefinitions").try_for_each(|container| all(container, CONTAINER))
}

fn all(given: Given<'_>, members: &[(&str, Kind)]) -> Result<(), ApiError> {
    for (path, kind) in members {
        if given.at(path).into_iter().any(|value| !kind.has(value)) {
            return Err(serialization(format!("'{path}' must be {}", kind.name())));
        }
    }
    Ok(())
}

impl Kind {
    fn has(self, value: &Value) -> bool {
        let all = |is: fn(&Value) -> bool| value.as_array().is_some_and(|all| all.iter().all(is));
        match self {
            Text => value.is_string(),
            Number => value.is_number(),
            Flag => value.is_boolean(),
            Structure => value.is_object(),
            Texts => all(Value::is_string),
            Numbers => all(Value::is_number),
            Structures => all(Value::is_object),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Text => "a string",
            Number => "a number",
            Flag => "true or false",
            Structure => "an object",
            Texts => "a list of strings",
            Numbers => "a list of numbers",
            Structures => "a list of objects",
        }
    }
}

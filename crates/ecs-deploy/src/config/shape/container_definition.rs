//! ECS's `ContainerDefinition`.

use super::Shape::{self, Boolean, Integer, List, Struct, Text};
use super::{MAP, Members, TEXTS};

pub(in crate::config) const CONTAINER_DEFINITION: Shape = Struct(&[
    ("name", Text),
    ("image", Text),
    ("repositoryCredentials", Struct(&[("credentialsParameter", Text)])),
    ("cpu", Integer),
    ("memory", Integer),
    ("memoryReservation", Integer),
    ("links", TEXTS),
    ("portMappings", List(&Struct(PORT_MAPPING))),
    ("essential", Boolean),
    ("restartPolicy", Struct(RESTART_POLICY)),
    ("entryPoint", TEXTS),
    ("command", TEXTS),
    ("environment", List(&Struct(&[("name", Text), ("value", Text)]))),
    ("environmentFiles", List(&Struct(&[("value", Text), ("type", Text)]))),
    ("mountPoints", List(&Struct(MOUNT_POINT))),
    ("volumesFrom", List(&Struct(VOLUME_FROM))),
    ("linuxParameters", Struct(LINUX_PARAMETERS)),
    ("secrets", SECRETS),
    ("dependsOn", List(&Struct(&[("containerName", Text), ("condition", Text)]))),
    ("startTimeout", Integer),
    ("stopTimeout", Integer),
    ("versionConsistency", Text),
    ("hostname", Text),
    ("user", Text),
    ("workingDirectory", Text),
    ("disableNetworking", Boolean),
    ("privileged", Boolean),
    ("readonlyRootFilesystem", Boolean),
    ("dnsServers", TEXTS),
    ("dnsSearchDomains", TEXTS),
    ("extraHosts", List(&Struct(&[("hostname", Text), ("ipAddress", Text)]))),
    ("dockerSecurityOptions", TEXTS),
    ("interactive", Boolean),
    ("pseudoTerminal", Boolean),
    ("dockerLabels", MAP),
    ("ulimits", List(&Struct(ULIMIT))),
    ("logConfiguration", Struct(LOG_CONFIGURATION)),
    ("healthCheck", Struct(HEALTH_CHECK)),
    ("systemControls", List(&Struct(&[("namespace", Text), ("value", Text)]))),
    ("resourceRequirements", List(&Struct(RESOURCE_REQUIREMENT))),
    ("firelensConfiguration", Struct(&[("type", Text), ("options", MAP)])),
    ("credentialSpecs", TEXTS),
]);

const SECRETS: Shape = List(&Struct(&[("name", Text), ("valueFrom", Text)]));

const PORT_MAPPING: Members = &[
    ("containerPort", Integer),
    ("hostPort", Integer),
    ("protocol", Text),
    ("name", Text),
    ("appProtocol", Text),
    ("containerPortRange", Text),
];

const RESTART_POLICY: Members = &[
    ("enabled", Boolean),
    ("ignoredExitCodes", List(&Integer)),
    ("restartAttemptPeriod", Integer),
];

const MOUNT_POINT: Members =
    &[("sourceVolume", Text), ("containerPath", Text), ("readOnly", Boolean)];

const VOLUME_FROM: Members = &[("sourceContainer", Text), ("readOnly", Boolean)];

const LINUX_PARAMETERS: Members = &[
    ("capabilities", Struct(&[("add", TEXTS), ("drop", TEXTS)])),
    ("devices", List(&Struct(DEVICE))),
    ("initProcessEnabled", Boolean),
    ("sharedMemorySize", Integer),
    ("tmpfs", List(&Struct(TMPFS))),
    ("maxSwap", Integer),
    ("swappiness", Integer),
];

const DEVICE: Members = &[("hostPath", Text), ("containerPath", Text), ("permissions", TEXTS)];

const TMPFS: Members = &[("containerPath", Text), ("size", Integer), ("mountOptions", TEXTS)];

const ULIMIT: Members = &[("name", Text), ("softLimit", Integer), ("hardLimit", Integer)];

const LOG_CONFIGURATION: Members =
    &[("logDriver", Text), ("options", MAP), ("secretOptions", SECRETS)];

const HEALTH_CHECK: Members = &[
    ("command", TEXTS),
    ("interval", Integer),
    ("timeout", Integer),
    ("retries", Integer),
    ("startPeriod", Integer),
];

const RESOURCE_REQUIREMENT: Members = &[("value", Text), ("type", Text), ("sharingStrategy", Text)];

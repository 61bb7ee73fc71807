//! What `RegisterTaskDefinition` takes beside what a deploy decides.

use super::Shape::{self, Boolean, Elsewhere, Integer, List, Struct, Text};
use super::{MAP, Members};

pub(in crate::config) const TASK_DEFINITION: Shape = Struct(&[
    ("volumes", List(&Struct(VOLUME))),
    ("placementConstraints", List(&Struct(&[("type", Text), ("expression", Text)]))),
    ("pidMode", Text),
    ("ipcMode", Text),
    ("proxyConfiguration", Struct(PROXY_CONFIGURATION)),
    ("inferenceAccelerators", List(&Struct(&[("deviceName", Text), ("deviceType", Text)]))),
    ("ephemeralStorage", Struct(&[("sizeInGiB", Integer)])),
    ("runtimePlatform", Struct(&[("cpuArchitecture", Text), ("operatingSystemFamily", Text)])),
    ("enableFaultInjection", Boolean),
    ("family", Elsewhere("the environment's `Family` is the family")),
    ("containerDefinitions", Elsewhere("they are the app's `ContainerDefinitionTemplates`")),
    ("cpu", Elsewhere("it is the environment's `CPU`")),
    ("memory", Elsewhere("it is the environment's `Memory`")),
    ("taskRoleArn", Elsewhere("it is the environment's `TaskRoleArn`")),
    ("executionRoleArn", Elsewhere("it is the environment's `ExecutionRoleArn`")),
    ("networkMode", Elsewhere("a deploy always uses awsvpc")),
    ("requiresCompatibilities", Elsewhere("a deploy always asks for FARGATE")),
    ("tags", Elsewhere("a deploy sets the tags, which name its config and its build")),
]);

const VOLUME: Members = &[
    ("name", Text),
    ("host", Struct(&[("sourcePath", Text)])),
    ("dockerVolumeConfiguration", Struct(DOCKER_VOLUME)),
    ("efsVolumeConfiguration", Struct(EFS_VOLUME)),
    ("s3filesVolumeConfiguration", Struct(S3_FILES_VOLUME)),
    ("fsxWindowsFileServerVolumeConfiguration", Struct(FSX_VOLUME)),
    ("configuredAtLaunch", Boolean),
];

const DOCKER_VOLUME: Members = &[
    ("scope", Text),
    ("autoprovision", Boolean),
    ("driver", Text),
    ("driverOpts", MAP),
    ("labels", MAP),
];

const EFS_VOLUME: Members = &[
    ("fileSystemId", Text),
    ("rootDirectory", Text),
    ("transitEncryption", Text),
    ("transitEncryptionPort", Integer),
    ("authorizationConfig", Struct(&[("accessPointId", Text), ("iam", Text)])),
];

const S3_FILES_VOLUME: Members = &[
    ("fileSystemArn", Text),
    ("rootDirectory", Text),
    ("transitEncryptionPort", Integer),
    ("accessPointArn", Text),
];

const FSX_VOLUME: Members = &[
    ("fileSystemId", Text),
    ("rootDirectory", Text),
    ("authorizationConfig", Struct(&[("credentialsParameter", Text), ("domain", Text)])),
];

const PROXY_CONFIGURATION: Members = &[
    ("type", Text),
    ("containerName", Text),
    ("properties", List(&Struct(&[("name", Text), ("value", Text)]))),
];

"""Members of a task definition where AWS takes them: many need others beside them, or no Fargate."""

NAME, ROLE = "web", "arn:aws:iam::111111111111:role/execution"
INSTANCES = {"requiresCompatibilities": ["EC2"], "networkMode": "bridge"}
SIDE = {"name": "side", "image": "registry.example/side:1", "essential": False}
LOGS = {
    "logDriver": "awslogs",
    "options": {
        "awslogs-group": "web",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": "web",
    },
    "secretOptions": [{"name": "awslogs-endpoint", "valueFrom": "/logs"}],
}
CHECK = {
    "command": ["CMD", "true"],
    "interval": 10,
    "timeout": 5,
    "retries": 2,
    "startPeriod": 10,
}
SHARED = {"nvidiaMps": {"memory": 1024, "maxComputePercent": 50}}
EFS = {
    "fileSystemId": "fs-1",
    "rootDirectory": "/",
    "transitEncryption": "ENABLED",
    "transitEncryptionPort": 2049,
    "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"},
}
DOCKER = {
    "scope": "shared",
    "autoprovision": True,
    "driver": "local",
    "driverOpts": {"type": "nfs"},
    "labels": {"team": "shop"},
}
PROXY = {
    "type": "APPMESH",
    "containerName": NAME,
    "properties": [{"name": "AppPorts", "value": "8080"}],
}

# By a member of the container: what the container has.
ANYWHERE = {
    "memory": {"memory": 256},
    "memoryReservation": {"memoryReservation": 128},
    "portMappings.hostPort": {"portMappings": [{"containerPort": 8080, "hostPort": 8080}]},
    "portMappings.containerPortRange": {"portMappings": [{"containerPortRange": "8080-8090"}]},
    "linuxParameters.capabilities": {
        "linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}}
    },
    "restartPolicy.restartAttemptPeriod": {
        "restartPolicy": {"enabled": False, "restartAttemptPeriod": 60}
    },
    "startTimeout": {"startTimeout": 30},
    "stopTimeout": {"stopTimeout": 30},
    "ulimits": {"ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 4096}]},
    "healthCheck": {"healthCheck": CHECK},
    "systemControls": {"systemControls": [{"namespace": "net.core.somaxconn", "value": "1024"}]},
}
ON_INSTANCES = {
    "hostname": {"hostname": "web"},
    "disableNetworking": {"disableNetworking": True},
    "privileged": {"privileged": True},
    "dnsServers": {"dnsServers": ["10.0.0.2"]},
    "dnsSearchDomains": {"dnsSearchDomains": ["internal"]},
    "extraHosts": {"extraHosts": [{"hostname": "db", "ipAddress": "10.0.0.3"}]},
    "dockerSecurityOptions": {"dockerSecurityOptions": ["no-new-privileges"]},
    "linuxParameters.devices": {
        "linuxParameters": {
            "devices": [{"hostPath": "/dev/a", "containerPath": "/dev/b", "permissions": ["read"]}]
        }
    },
    "linuxParameters.sharedMemorySize": {"linuxParameters": {"sharedMemorySize": 64}},
    "linuxParameters.maxSwap": {"linuxParameters": {"maxSwap": 64}},
    "linuxParameters.swappiness": {"linuxParameters": {"maxSwap": 64, "swappiness": 60}},
    "resourceRequirements": {"resourceRequirements": [{"type": "GPU", "value": "1"}]},
    "resourceRequirements.sharingStrategy": {
        "resourceRequirements": [{"type": "GPU", "sharingStrategy": SHARED}]
    },
}
WITH_A_ROLE = {
    "secrets": {"secrets": [{"name": "KEY", "valueFrom": "/key"}]},
    "logConfiguration": {"logConfiguration": LOGS},
}
BESIDE_ANOTHER = {
    "volumesFrom": {"volumesFrom": [{"sourceContainer": "side", "readOnly": True}]},
    "dependsOn": {"dependsOn": [{"containerName": "side", "condition": "START"}]},
}


def members(web):
    """By its path, what each such member needs; `web` is the container of a good call."""
    prefix = "containerDefinitions."
    found = _of_task() | _linked(web)
    for name, container in ANYWHERE.items():
        found[prefix + name] = _containers(web | container)
    for name, container in ON_INSTANCES.items():
        found[prefix + name] = INSTANCES | _containers(web | container)
    for name, container in WITH_A_ROLE.items():
        found[prefix + name] = {"executionRoleArn": ROLE} | _containers(web | container)
    for name, container in BESIDE_ANOTHER.items():
        found[prefix + name] = _containers(web | container, SIDE)
    return found


def _linked(web):
    """Members that point at another container or a volume in a way of their own."""
    mount = {"sourceVolume": "data", "containerPath": "/data", "readOnly": True}
    router = {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}}
    sent = {"logConfiguration": {"logDriver": "awsfirelens"}}
    return {
        "containerDefinitions.links": INSTANCES | _containers(web | {"links": ["side:db"]}, SIDE),
        "containerDefinitions.mountPoints": {"volumes": [{"name": "data"}]}
        | _containers(web | {"mountPoints": [mount]}),
        "containerDefinitions.firelensConfiguration": _containers(
            SIDE | {"firelensConfiguration": router}, web | sent
        ),
    }


def _of_task():
    windows = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "X86_64"}
    return {
        "volumes.host": INSTANCES | _volume("host", {"sourcePath": "/var/data"}),
        "volumes.dockerVolumeConfiguration": INSTANCES
        | _volume("dockerVolumeConfiguration", DOCKER),
        "volumes.efsVolumeConfiguration": _volume("efsVolumeConfiguration", EFS),
        "volumes.fsxWindowsFileServerVolumeConfiguration": INSTANCES,
        "volumes.configuredAtLaunch": _volume("configuredAtLaunch", True),
        "pidMode": {"pidMode": "task"},
        "ipcMode": INSTANCES | {"ipcMode": "task"},
        "proxyConfiguration": {"proxyConfiguration": PROXY},
        "ephemeralStorage": {"ephemeralStorage": {"sizeInGiB": 21}},
        "runtimePlatform": {"cpu": "1024", "memory": "2048", "runtimePlatform": windows},
    }


def _volume(kind, value):
    return {"volumes": [{"name": "data", kind: value}]}


def _containers(*containers):
    return {"containerDefinitions": list(containers)}

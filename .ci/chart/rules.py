"""Our own rules for what is rendered. Each rule yields its problems as text."""

from collections import Counter
from collections.abc import Callable, Iterator

from flows import Flows, Pod
from render import label

RULES: list[Callable[[list[dict]], Iterator[str]]] = []
GRPC, HTTP, ADMIN = 50051, 8080, 9090


def rule(check):
    RULES.append(check)
    return check


def of(objects: list[dict], *kinds: str) -> list[dict]:
    return [found for found in objects if found["kind"] in kinds]


def workloads(objects: list[dict]) -> list[dict]:
    return of(objects, "Deployment", "StatefulSet", "Job")


def pod_of(workload: dict) -> dict:
    return workload["spec"]["template"]


def containers(workload: dict) -> list[dict]:
    spec = pod_of(workload)["spec"]
    return spec.get("initContainers", []) + spec["containers"]


def is_hook(found: dict) -> bool:
    return "helm.sh/hook" in found["metadata"].get("annotations", {})


def ports_of(workload: dict) -> dict:
    return {port["name"]: port["containerPort"] for c in containers(workload) for port in c.get("ports", [])}


def pods(objects: list[dict]) -> dict[str, Pod]:
    """The pods that the objects make, by workload name; a database Cluster makes some too."""
    made = {w["metadata"]["name"]: Pod(w["metadata"]["name"], pod_of(w)["metadata"]["labels"], ports_of(w))
            for w in workloads(objects)}
    for cluster in of(objects, "Cluster"):
        name = cluster["metadata"]["name"]
        made[name] = Pod(name, {"cnpg.io/cluster": name}, {"postgresql": 5432})
    return made


@rule
def names_are_unique(objects):
    for name, count in Counter(label(found) for found in objects).items():
        if count > 1:
            yield f"{name} is there {count} times"


@rule
def pods_are_hardened(objects):
    for workload in workloads(objects):
        where, spec = label(workload), pod_of(workload)["spec"]
        security = spec.get("securityContext", {})
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{where}: a service-account token is mounted"
        if security.get("runAsNonRoot") is not True or security.get("runAsUser", 0) == 0:
            yield f"{where}: may run as root"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{where}: no seccomp profile"
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if spec.get(key):
                yield f"{where}: {key}"
        for container in containers(workload):
            own = container.get("securityContext", {})
            if own.get("readOnlyRootFilesystem") is not True:
                yield f"{where}: writable root file system"
            if own.get("allowPrivilegeEscalation") is not False:
                yield f"{where}: privilege escalation"
            if own.get("capabilities", {}).get("drop") != ["ALL"] or own.get("capabilities", {}).get("add"):
                yield f"{where}: keeps capabilities"
            resources = container.get("resources", {})
            if not {"cpu", "memory"} <= resources.get("requests", {}).keys():
                yield f"{where}: no requests"
            if "memory" not in resources.get("limits", {}):
                yield f"{where}: no memory limit"


@rule
def probes_differ_and_their_ports_exist(objects):
    for workload in of(objects, "Deployment", "StatefulSet"):
        named = ports_of(workload)
        for container in containers(workload):
            probes = {kind: container.get(f"{kind}Probe") for kind in ("startup", "liveness", "readiness")}
            for kind, probe in probes.items():
                if probe is None:
                    yield f"{label(workload)}: no {kind} probe"
                    continue
                target = probe.get("httpGet") or probe.get("tcpSocket") or probe.get("grpc") or {}
                if "port" in target and target["port"] not in [*named, *named.values()]:
                    yield f"{label(workload)}: {kind} probe on port {target['port']}, which does not exist"
            if probes["liveness"] and probes["liveness"] == probes["readiness"]:
                yield f"{label(workload)}: liveness is readiness"


@rule
def services_select_one_workload_each(objects):
    for service in of(objects, "Service"):
        selector = service["spec"]["selector"].items()
        chosen = [w for w in of(objects, "Deployment", "StatefulSet") if selector <= pod_of(w)["metadata"]["labels"].items()]
        if len(chosen) != 1:
            yield f"{label(service)}: selects {len(chosen)} workloads"
            continue
        named = ports_of(chosen[0])
        for port in service["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            if target not in [*named, *named.values()]:
                yield f"{label(service)}: target port {target} does not exist"
            if service["spec"].get("clusterIP") == "None" and named.get(target, target) != port["port"]:
                yield f"{label(service)}: headless, but port {port['port']} is not the container's"


@rule
def selectors_match_templates(objects):
    for workload in of(objects, "Deployment", "StatefulSet"):
        wanted = workload["spec"]["selector"]["matchLabels"]
        if not wanted.items() <= pod_of(workload)["metadata"]["labels"].items():
            yield f"{label(workload)}: its selector misses its own pods"
    for budget in of(objects, "PodDisruptionBudget"):
        wanted = budget["spec"]["selector"]["matchLabels"].items()
        chosen = [w for w in of(objects, "Deployment") if wanted <= pod_of(w)["metadata"]["labels"].items()]
        if len(chosen) != 1:
            yield f"{label(budget)}: selects {len(chosen)} workloads"


@rule
def replicas_have_one_owner(objects):
    scaled, fewest = {}, {}
    for scaler in of(objects, "HorizontalPodAutoscaler", "ScaledObject"):
        target, spec = scaler["spec"]["scaleTargetRef"]["name"], scaler["spec"]
        if target in scaled:
            yield f"{target} has two autoscalers"
        scaled[target] = scaler
        fewest[target] = spec.get("minReplicas", spec.get("minReplicaCount"))
        if fewest[target] > spec.get("maxReplicas", spec.get("maxReplicaCount")):
            yield f"{label(scaler)}: min is above max"
    deployments = {d["metadata"]["name"]: d for d in of(objects, "Deployment")}
    for target in scaled.keys() - deployments.keys():
        yield f"{label(scaled[target])}: scales {target}, which does not exist"
    budgets = {b["metadata"]["name"] for b in of(objects, "PodDisruptionBudget")}
    for name, deployment in deployments.items():
        replicas = deployment["spec"].get("replicas")
        if name in scaled and replicas is not None:
            yield f"{label(deployment)}: replicas beside an autoscaler"
        if name not in scaled and replicas is None:
            yield f"{label(deployment)}: neither replicas nor an autoscaler"
        if (fewest.get(name, replicas) > 1) != (name in budgets):
            yield f"{label(deployment)}: a disruption budget belongs to more than one pod, and only there"


@rule
def references_exist(objects):
    there = {(found["kind"], found["metadata"]["name"]) for found in objects if not is_hook(found)}
    for workload in workloads(objects):
        spec = pod_of(workload)["spec"]
        wanted = [("ServiceAccount", spec["serviceAccountName"])] if "serviceAccountName" in spec else []
        wanted += [("ConfigMap", v["configMap"]["name"]) for v in spec.get("volumes", []) if "configMap" in v]
        mounted = {m["name"] for c in containers(workload) for m in c.get("volumeMounts", [])}
        for name in mounted ^ {v["name"] for v in spec.get("volumes", [])}:
            yield f"{label(workload)}: volume {name} is mounted or defined, not both"
        for container in containers(workload):
            wanted += [("ConfigMap", e["configMapRef"]["name"]) for e in container.get("envFrom", []) if "configMapRef" in e]
            for name, count in Counter(e["name"] for e in container.get("env", [])).items():
                if count > 1:
                    yield f"{label(workload)}: {name} is set twice"
        for kind, name in wanted:
            if is_hook(workload):
                yield f"{label(workload)}: a hook runs before {kind}/{name} exists"
            elif (kind, name) not in there:
                yield f"{label(workload)}: {kind}/{name} does not exist"


def peers_of(objects: list[dict], name: str) -> set[str]:
    """Services that the pods of `name` are configured to call."""
    config = next((c["data"] for c in of(objects, "ConfigMap") if c["metadata"]["name"] == name), {})
    return {url.split("//")[1].split(":")[0] for key, url in config.items() if key.startswith("ZHURNAL__PEERS__URLS__")}


@rule
def network_policies_allow_the_calls_and_no_others(objects):
    if not of(objects, "NetworkPolicy"):
        return
    flows, made = Flows(objects), pods(objects)
    deployed = [d["metadata"]["name"] for d in of(objects, "Deployment") if "grpc" in ports_of(d) or "http" in ports_of(d)]
    stranger = Pod("a pod of another namespace", {}, namespace={"kubernetes.io/metadata.name": "other"})
    neighbour = Pod("another pod of the namespace", {})
    for target in deployed:
        for source in deployed:
            expected = target in peers_of(objects, source)
            refusal = flows.allowed(made[source], made[target], GRPC)
            if expected and refusal:
                yield f"calls are configured, but {refusal}"
            if not expected and not refusal and source != target:
                yield f"{source} calls nothing at {target}, but may connect"
        for port in (GRPC, ADMIN):
            for outsider in (stranger, neighbour):
                if flows.allowed(outsider, made[target], port) is None and "grpc" in ports_of_named(objects, target):
                    if not outsider_is_welcome(objects, target, port):
                        yield f"{outsider.name} may connect to {target}:{port}"


def ports_of_named(objects: list[dict], name: str) -> dict:
    return ports_of(next(d for d in of(objects, "Deployment") if d["metadata"]["name"] == name))


def outsider_is_welcome(objects: list[dict], target: str, port: int) -> bool:
    """A GRPCRoute leads outsiders to the service."""
    routes = of(objects, "GRPCRoute")
    backends = {b["name"] for r in routes for rule in r["spec"]["rules"] for b in rule["backendRefs"]}
    return port == GRPC and target in backends


@rule
def routes_lead_to_ports_that_exist(objects):
    offered = {(s["metadata"]["name"], p["port"]) for s in of(objects, "Service") for p in s["spec"]["ports"]}
    for route in of(objects, "HTTPRoute", "GRPCRoute"):
        for part in route["spec"]["rules"]:
            for backend in part["backendRefs"]:
                if (backend["name"], backend["port"]) not in offered:
                    yield f"{label(route)}: {backend['name']}:{backend['port']} is not offered"

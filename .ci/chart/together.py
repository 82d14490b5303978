"""Checks that the chart and the manifests of k8s/ fit together when both are installed."""

import re
from collections.abc import Iterator

from flows import Flows
from render import ROOT, Rendering, label
from rules import containers, of, peers_of, pod_of, pods, workloads


def problems(chart: Rendering, overlay: Rendering) -> Iterator[str]:
    yield from databases(chart.objects, overlay.objects)
    yield from connections(chart.objects, overlay.objects)
    yield from what_is_brought_along(chart.objects, overlay.objects)


def secrets_of(workload: dict) -> set[str]:
    spec = pod_of(workload)["spec"]
    volumes = spec.get("volumes", [])
    named = {v["secret"]["secretName"] for v in volumes if "secret" in v}
    named |= {source["secret"]["name"] for v in volumes for source in v.get("projected", {}).get("sources", [])
              if "secret" in source}
    for container in containers(workload):
        named |= {e["valueFrom"]["secretKeyRef"]["name"] for e in container.get("env", [])
                  if "secretKeyRef" in e.get("valueFrom", {})}
    return named


def databases(chart: list[dict], overlay: list[dict]) -> Iterator[str]:
    """Each database is somebody's, and each URL comes from a database."""
    clusters = {cluster["metadata"]["name"] for cluster in of(overlay, "Cluster")}
    used = {name.removesuffix("-app") for w in workloads(chart) for name in secrets_of(w) if name.endswith("-db-app")}
    for name in used - clusters:
        yield f"the chart wants the database {name}, which nobody makes"
    for name in clusters - used:
        yield f"nobody uses the database {name}"


def connections(chart: list[dict], overlay: list[dict]) -> Iterator[str]:
    """Under the policies of both, every pod reaches what it is configured for and no other database."""
    flows, made = Flows(chart + overlay), pods(chart + overlay)
    clusters = [cluster["metadata"]["name"] for cluster in of(overlay, "Cluster")]
    for workload in of(chart, "Deployment", "Job"):
        source, secrets = made[workload["metadata"]["name"]], secrets_of(workload)
        wanted = {cluster: 5432 for cluster in clusters if f"{cluster}-app" in secrets}
        for cluster in clusters:
            if cluster not in wanted and flows.allowed(source, made[cluster], 5432) is None:
                yield f"{source.name} may connect to {cluster}, which is not its database"
        if workload["kind"] == "Deployment":
            wanted |= dict.fromkeys(peers_of(chart, source.name), 50051)
            wanted |= {"valkey": 6379} if "zhurnal-redis" in secrets else {}
        wanted |= {"otel-collector": 4317}
        for target, port in wanted.items():
            refusal = flows.allowed(source, made[target], port)
            if refusal:
                yield f"{label(workload)}: {refusal}"


def what_is_brought_along(chart: list[dict], overlay: list[dict]) -> Iterator[str]:
    """Secrets and claims that neither side makes are listed in the operator's manual."""
    objects = chart + overlay
    there = {f"{cluster['metadata']['name']}-app" for cluster in of(objects, "Cluster")}
    manual = (ROOT / "docs" / "operations.md").read_text()
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", manual, re.M))
    wanted = set().union(*map(secrets_of, workloads(objects)))
    for name in sorted(wanted - there - listed):
        yield f"docs/operations.md does not list the Secret {name}"
    claims = {c["metadata"]["name"] for c in of(objects, "PersistentVolumeClaim")}
    for workload in workloads(objects):
        for volume in pod_of(workload)["spec"].get("volumes", []):
            name = volume.get("persistentVolumeClaim", {}).get("claimName")
            if name and name not in claims:
                yield f"{label(workload)}: nobody makes the claim {name}"

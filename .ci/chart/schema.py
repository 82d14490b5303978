"""Validates objects against the schemas of Kubernetes and of the custom resources."""

import json
import subprocess
from collections.abc import Iterator

import kubernetes_validate

from render import ROOT, Rendering, label

NPM = ROOT / ".cache" / "tools" / "npm"
CUSTOM_GROUPS = {
    "postgresql.cnpg.io": "cloudnative-pg",
    "keda.sh": "keda",
    "gateway.networking.k8s.io": "gateway-api",
    "monitoring.coreos.com": "prometheus-operator",
}


def is_custom(found: dict) -> bool:
    return found["apiVersion"].split("/")[0] in CUSTOM_GROUPS


def builtin(rendering: Rendering) -> Iterator[str]:
    """Problems of the built-in kinds: unknown fields, wrong types, missing fields."""
    for found in rendering.objects:
        if is_custom(found):
            continue
        try:
            kubernetes_validate.validate(found, rendering.kube, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(step) for step in error.path)
            yield f"{label(found)}: {path}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError:
            yield f"{label(found)}: {found['apiVersion']} {found['kind']} is unknown in {rendering.kube}"


def custom(objects: list[dict]) -> Iterator[str]:
    """Problems of custom resources.

    Their validators check types, patterns and required fields but let unknown fields pass; the
    TypeScript compiler finds those, for each object is written as a literal of its interface.
    """
    items = [
        {
            "where": label(found),
            "module": f"@kubernetes-models/{CUSTOM_GROUPS[group]}/{found['apiVersion']}/{found['kind']}",
            "kind": found["kind"],
            "object": found,
        }
        for found in objects
        if (group := found["apiVersion"].split("/")[0]) in CUSTOM_GROUPS
    ]
    # The script lies where Node finds the packages.
    script = NPM / "custom.mjs"
    script.write_text((ROOT / ".ci" / "chart" / "custom.mjs").read_text())
    done = subprocess.run(["node", script], input=json.dumps(items), capture_output=True, text=True, cwd=NPM)
    if done.returncode:
        yield f"the validators of custom resources failed: {done.stderr.strip()}"
    yield from done.stdout.splitlines()

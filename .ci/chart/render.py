"""Renders the chart with the real helm and the overlays with the real kustomize."""

import pathlib
import subprocess
from dataclasses import dataclass

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "helm" / "zhurnal"
TOOLS = ROOT / ".cache" / "tools" / "bin"

KUBE_VERSIONS = ("1.33", "1.35", "1.37")
PROFILES = {
    "default": None,
    "small": CHART / "values-small.yaml",
    "region": CHART / "values-region.yaml",
    "everything": CHART / "tests" / "values" / "everything.yaml",
}


@dataclass
class Rendering:
    """Objects of one rendering and where they come from."""

    name: str
    kube: str
    text: str
    objects: list[dict]


class Refused(Exception):
    """Helm or kustomize said no."""


# Reading a thousand objects is most of the work: use the C reader where there is one.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def run(tool: str, *arguments: str) -> str:
    done = subprocess.run([TOOLS / tool, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise Refused(done.stderr.strip() or done.stdout.strip())
    return done.stdout


def template(values: pathlib.Path | None, *arguments: str) -> str:
    chosen = ["--values", str(values)] if values else []
    return run("helm", "template", "zhurnal", str(CHART), "--namespace=zhurnal", *chosen, *arguments)


def chart(profile: str, kube: str) -> Rendering:
    text = template(PROFILES[profile], f"--kube-version={kube}")
    return Rendering(f"chart {profile}", kube, text, parse(text))


def overlay(folder: pathlib.Path, kube: str) -> Rendering:
    text = run("kubectl", "kustomize", str(folder))
    return Rendering(str(folder.relative_to(ROOT)), kube, text, parse(text))


def parse(text: str) -> list[dict]:
    return [found for found in yaml.load_all(text, Loader=LOADER) if found]


def label(found: dict) -> str:
    """How messages name an object."""
    return f"{found['kind']}/{found['metadata']['name']}"

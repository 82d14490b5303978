"""Checks that the chart tells the truth about the code."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from render import ROOT, label
from rules import containers, of, peers_of

LIBRARIES = {"chassis", "zhurnal"}
CONNECTION = re.compile(r'\.channel\(\s*"(\w+)"\s*\)|const PRODUCER: &(?:\'static )?str = "(\w+)"')


def problems(chart: list[dict]) -> Iterator[str]:
    """`chart`: a rendering in which every service runs."""
    run = {found["metadata"]["name"].removeprefix("zhurnal-") for found in of(chart, "Deployment")}
    written = {path.parent.name for path in (ROOT / "services").glob("*/Cargo.toml")} - LIBRARIES
    for name in sorted(run ^ written):
        yield f"{name} stands in the chart or under services/, not in both"
    for name in sorted(run & written):
        yield from connections(chart, name)
    yield from routes(chart)
    yield from environment(chart)


def connections(chart: list[dict], name: str) -> Iterator[str]:
    """Whoever the code connects to stands in `calls` or `listens`."""
    text = "".join(path.read_text() for path in (ROOT / "services" / name / "src").rglob("*.rs"))
    wanted = {called or followed for called, followed in CONNECTION.findall(text)}
    allowed = {peer.removeprefix("zhurnal-") for peer in peers_of(chart, f"zhurnal-{name}")}
    for peer in sorted(wanted - allowed - {name}):
        yield f"{name} connects to {peer}; the chart's calls and listens do not say so"


def routes(chart: list[dict]) -> Iterator[str]:
    declared = {
        f"{package}.{service}"
        for path in (ROOT / "proto" / "zhurnal").rglob("*_service.proto")
        for package in re.findall(r"^package ([\w.]+);", path.read_text(), re.M)
        for service in re.findall(r"^service (\w+)", path.read_text(), re.M)
    }
    for route in of(chart, "GRPCRoute"):
        for rule in route["spec"]["rules"]:
            for match in rule["matches"]:
                if match["method"]["service"] not in declared:
                    yield f"{label(route)}: no proto has {match['method']['service']}"


def environment(chart: list[dict]) -> Iterator[str]:
    """The binary refuses a key that it does not know: every variable is one."""
    variables = {key for config in of(chart, "ConfigMap") for key in config["data"]}
    variables |= {e["name"] for w in of(chart, "Deployment", "Job") for c in containers(w) for e in c.get("env", [])}
    sections = fields("Common")
    for variable in sorted(variables):
        _, section, *path = variable.lower().split("__")
        if section in sections:
            known = knows(sections[section], path)
        else:
            defaults = ROOT / "services" / section / "config.default.toml"
            known = defaults.is_file() and path[0] in tomllib.loads(defaults.read_text())
        if not known:
            yield f"the binary has no setting for {variable}"


def knows(kind: str, path: list[str]) -> bool:
    """Whether the path leads to a value of the Rust type."""
    inner = re.fullmatch(r"(?:Option|BTreeMap)<(?:String, )?(.+)>", kind)
    if inner:
        return knows(inner[1], path[1:] if kind.startswith("BTreeMap") else path)
    if not path:
        return not fields(kind)
    return path[0] in fields(kind) and knows(fields(kind)[path[0]], path[1:])


@cache
def fields(struct: str) -> dict[str, str]:
    """Public fields of a struct of the chassis, with their types."""
    body = re.search(rf"pub struct {re.escape(struct)} \{{\n(.*?)\n\}}", chassis(), re.S)
    return dict(re.findall(r"^    pub (\w+): (.+),$", body[1], re.M)) if body else {}


@cache
def chassis() -> str:
    return "".join(path.read_text() for path in sorted((ROOT / "services" / "chassis" / "src").rglob("*.rs")))

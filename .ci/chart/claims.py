"""Checks that the chart tells the truth about the code."""

import re
from collections.abc import Iterator

from render import ROOT, label
from rules import of, peers_of

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

"""Checks alert expressions: they parse, and their metrics exist."""

import re
from collections.abc import Iterator

import promql_parser

from render import ROOT, label

# What others export: Prometheus itself and the database operator.
FOREIGN = {"up", "cnpg_pg_replication_lag"}
INSTRUMENT = re.compile(
    r'\.(?P<kind>u64_counter|f64_counter|f64_histogram|u64_histogram|i64_up_down_counter|\w*gauge)\(\s*"(?P<name>[a-z0-9_.]+)"\s*\)'
    r'(?P<rest>[^;]*?)\.build\(\)',
)


def exported() -> set[str]:
    """Names under which Prometheus sees the instruments in our code."""
    names = set()
    for source in (ROOT / "services").glob("*/src/**/*.rs"):
        for found in INSTRUMENT.finditer(source.read_text()):
            name = found["name"].replace(".", "_")
            unit = re.search(r'\.with_unit\("(\w+)"\)', found["rest"])
            name += {"s": "_seconds", "By": "_bytes"}.get(unit[1], "") if unit else ""
            kind = found["kind"]
            names |= (
                {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind.endswith("histogram")
                else {f"{name}_total"} if kind.endswith("_counter") and "up_down" not in kind
                else {name}
            )
    return names


def metrics_in(expression: str) -> set[str]:
    """Metric names of an expression; raises ValueError when it does not parse."""
    selectors = set()

    def walk(node) -> None:
        if isinstance(node, (promql_parser.VectorSelector, promql_parser.MatrixSelector)):
            vector = getattr(node, "vector_selector", node)
            selectors.add(vector.name)
            return
        for attribute in ("expr", "lhs", "rhs", "param"):
            if (child := getattr(node, attribute, None)) is not None:
                walk(child)
        for child in getattr(node, "args", None) or []:
            walk(child)

    walk(promql_parser.parse(expression))
    return selectors


def problems(objects: list[dict]) -> Iterator[str]:
    known = exported() | FOREIGN
    for resource in objects:
        if resource["kind"] != "PrometheusRule":
            continue
        rules = [rule for group in resource["spec"]["groups"] for rule in group["rules"]]
        recorded = {rule["record"] for rule in rules if "record" in rule}
        for rule in rules:
            where = f"{label(resource)}: {rule.get('alert') or rule['record']}"
            try:
                used = metrics_in(rule["expr"])
            except ValueError as error:
                yield f"{where}: {error}"
                continue
            if not used:
                yield f"{where}: looks at no metric"
            for name in sorted(used - known - recorded):
                yield f"{where}: nothing exports {name}"
            if "alert" in rule:
                yield from runbook(where, rule)


def runbook(where: str, rule: dict) -> Iterator[str]:
    """Every alert names a heading that says what to do."""
    path, _, anchor = rule["annotations"].get("runbook", "").partition("#")
    document = ROOT / path
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.M) if path and document.is_file() else []
    if anchor not in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}:
        yield f"{where}: no runbook at {path}#{anchor}"

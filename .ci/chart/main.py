"""Checks the Helm chart and the manifests of k8s/.

usage: main.py [--write]   (--write: golden files and the README's table are written, not compared)
"""

import difflib
import pathlib
import sys
import time
import unittest
from collections.abc import Iterator

import claims
import promql
import readme
import render
import rules
import schema
import together
from render import CHART, KUBE_VERSIONS, PROFILES, ROOT, Refused

GOLDEN = CHART / "tests" / "golden"
OVERLAYS = (ROOT / "k8s" / "base", ROOT / "k8s" / "overlays" / "region")


def lint() -> Iterator[str]:
    for profile, values in PROFILES.items():
        try:
            render.run("helm", "lint", "--strict", "--quiet", str(CHART), *(["--values", str(values)] if values else []))
        except Refused as refusal:
            yield f"helm lint, {profile}: {refusal}"


def renderings(chart: dict, overlays: list) -> Iterator[str]:
    """Every object of every rendering: schema and own rules."""
    for rendering in [*chart.values(), *overlays]:
        for problem in [*schema.builtin(rendering), *own_rules(rendering)]:
            yield f"{rendering.name}, {rendering.kube}: {problem}"
    newest = [r for r in [*chart.values(), *overlays] if r.kube == KUBE_VERSIONS[-1]]
    yield from schema.custom([found for rendering in newest for found in rendering.objects])


def own_rules(rendering: render.Rendering) -> Iterator[str]:
    for rule in rules.RULES:
        yield from rule(rendering.objects)


def golden(chart: dict, write: bool) -> Iterator[str]:
    """What the profiles render to is reviewed as a diff, and is the same each time."""
    for profile, values in PROFILES.items():
        text = chart[profile, KUBE_VERSIONS[0]].text
        for kube in KUBE_VERSIONS[1:]:
            if chart[profile, kube].text != text:
                yield f"{profile} renders differently for {kube}"
        if render.template(values, f"--kube-version={KUBE_VERSIONS[0]}", "--is-upgrade") != text:
            yield f"{profile} renders differently the second time"
        yield from stored(GOLDEN / f"{profile}.yaml", text, write)
    for extra in set(GOLDEN.glob("*")) - {GOLDEN / f"{profile}.yaml" for profile in PROFILES}:
        yield f"{extra.relative_to(ROOT)} belongs to no profile"


def stored(path: pathlib.Path, text: str, write: bool) -> Iterator[str]:
    before = path.read_text() if path.exists() else ""
    if before == text:
        return
    if write:
        path.write_text(text)
        return
    diff = difflib.unified_diff(before.splitlines(), text.splitlines(), "stored", "now", lineterm="", n=2)
    yield "\n    ".join([f"{path.relative_to(ROOT)} is out of date (make chart-golden):", *list(diff)[:40]])


def refused_values() -> Iterator[str]:
    """Each file of tests/refused names in its first line why helm refuses it."""
    for values in sorted((CHART / "tests" / "refused").glob("*.yaml")):
        reason = values.read_text().splitlines()[0].removeprefix("# refused: ")
        try:
            render.template(values)
            yield f"{values.name} is accepted"
        except Refused as refusal:
            if reason not in str(refusal):
                yield f"{values.name} is refused for another reason: {refusal}"


def configuration_reaches_the_pods() -> Iterator[str]:
    """A change of configuration changes the pods' annotation, so that they restart."""
    def checksums(*arguments: str) -> dict:
        objects = render.parse(render.template(None, *arguments))
        return {d["metadata"]["name"]: d["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
                for d in rules.of(objects, "Deployment")}

    before, after = checksums(), checksums("--set=services.grading.env.ZHURNAL__GRADING__X=1")
    changed = {name for name in before if before[name] != after[name]}
    if changed != {"zhurnal-grading"}:
        yield f"a setting of grading restarts {sorted(changed)}"


def self_test() -> Iterator[str]:
    suite = unittest.defaultTestLoader.discover(str(ROOT / ".ci" / "chart"))
    outcome = unittest.TestResult()
    suite.run(outcome)
    if not outcome.testsRun:
        yield "no test of the rules ran"
    for test, trace in [*outcome.failures, *outcome.errors]:
        yield f"{test}: {trace}"


def main(write: bool) -> int:
    chart = {(profile, kube): render.chart(profile, kube) for profile in PROFILES for kube in KUBE_VERSIONS}
    overlays = [render.overlay(folder, kube) for folder in OVERLAYS for kube in KUBE_VERSIONS]
    region = next(o for o in overlays if o.name.endswith("region"))
    manual = CHART / "README.md"
    checks = {
        "lint": lint,
        "schema and rules": lambda: renderings(chart, overlays),
        "golden files": lambda: golden(chart, write),
        "README": lambda: [*readme.undescribed(), *stored(manual, readme.with_table(manual.read_text()), write)],
        "refused values": refused_values,
        "restarts": configuration_reaches_the_pods,
        "chart with k8s/": lambda: together.problems(chart["region", KUBE_VERSIONS[0]], region),
        "chart and code": lambda: claims.problems(chart["region", KUBE_VERSIONS[0]].objects),
        "alerts": lambda: promql.problems(region.objects),
        "the checks themselves": self_test,
    }
    failed = 0
    for name, check in checks.items():
        start = time.monotonic()
        problems = sorted(set(check()))
        failed += len(problems)
        print(f"chart: {name}: {f'{len(problems)} problems' if problems else 'ok'} ({time.monotonic() - start:.1f} s)")
        for problem in problems:
            print(f"  {problem}")
    objects = sum(len(rendering.objects) for rendering in [*chart.values(), *overlays])
    print(f"chart: {len(chart) + len(overlays)} renderings, {objects} objects, {failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))

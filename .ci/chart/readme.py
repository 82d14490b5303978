"""Writes the README's table of values from values.yaml and its `# --` comments."""

from collections.abc import Iterator

import yaml

from render import CHART

BEGIN, END = "<!-- values: written by `make chart-golden` -->", "<!-- /values -->"


def rows(node: yaml.Node, lines: list[str], path: str = "") -> Iterator[tuple[str, str, str]]:
    """(key, default, description) of each leaf; a described map is a leaf when `# --` stands above it."""
    for key, value in node.value:
        name = f"{path}{key.value}"
        above = lines[key.start_mark.line - 1].strip()
        description = above.removeprefix("# -- ") if above.startswith("# -- ") else None
        if isinstance(value, yaml.MappingNode) and value.value and description is None:
            yield from rows(value, lines, f"{name}.")
        elif name == "services":
            entries = ", ".join(f"`{entry.value}`" for entry, _ in value.value)
            yield name, entries, description
        else:
            default = yaml.safe_load(yaml.serialize(value))
            yield name, f"`{yaml.dump(default, default_flow_style=True, width=10**6).splitlines()[0]}`", description


def table() -> str:
    text = (CHART / "values.yaml").read_text()
    written = ["| Key | Default | What it is |", "| --- | --- | --- |"]
    written += [f"| `{key}` | {default} | {what or ''} |" for key, default, what in rows(yaml.compose(text), text.splitlines())]
    return "\n".join(written)


def undescribed() -> Iterator[str]:
    text = (CHART / "values.yaml").read_text()
    for key, _, what in rows(yaml.compose(text), text.splitlines()):
        if not what:
            yield f"values.yaml: {key} has no `# --` comment"


def with_table(readme: str) -> str:
    head, rest = readme.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}"

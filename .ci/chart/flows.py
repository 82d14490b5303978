"""Answers "may this pod connect to that one?" from NetworkPolicies, as a cluster would.

Knows pods of the release's namespace and outsiders with namespace labels; ipBlocks match nothing.
"""

from dataclasses import dataclass, field


@dataclass
class Pod:
    """One kind of pod: its labels, the labels of its namespace, its ports by name."""

    name: str
    labels: dict
    ports: dict = field(default_factory=dict)
    namespace: dict = field(default_factory=lambda: {"kubernetes.io/metadata.name": "zhurnal"})


def selects(selector: dict, labels: dict) -> bool:
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for term in selector.get("matchExpressions", []):
        value = labels.get(term["key"])
        holds = {
            "In": lambda: value in term["values"],
            "NotIn": lambda: value not in term["values"],
            "Exists": lambda: value is not None,
            "DoesNotExist": lambda: value is None,
        }[term["operator"]]()
        if not holds:
            return False
    return True


class Flows:
    """The NetworkPolicies of one namespace."""

    def __init__(self, objects: list[dict]):
        self.policies = [found["spec"] for found in objects if found["kind"] == "NetworkPolicy"]

    def allowed(self, source: Pod, target: Pod, port: int, protocol: str = "TCP") -> str | None:
        """None when the connection is allowed, else which side refuses it."""
        if not self._side("Egress", source, target, target, port, protocol):
            return f"{source.name} may not leave for {target.name}:{port}"
        if not self._side("Ingress", target, source, target, port, protocol):
            return f"{target.name}:{port} does not let {source.name} in"
        return None

    def _side(self, kind: str, subject: Pod, other: Pod, target: Pod, port: int, protocol: str) -> bool:
        home = {"kubernetes.io/metadata.name": "zhurnal"}
        mine = [
            policy
            for policy in self.policies
            if subject.namespace == home
            and kind in policy.get("policyTypes", ["Ingress"])
            and selects(policy["podSelector"], subject.labels)
        ]
        if not mine:
            return True
        rules = [rule for policy in mine for rule in policy.get(kind.lower(), [])]
        side = "to" if kind == "Egress" else "from"
        return any(
            self._peer(rule.get(side), other) and self._port(rule.get("ports"), target, port, protocol)
            for rule in rules
        )

    @staticmethod
    def _peer(peers: list | None, other: Pod) -> bool:
        if not peers:
            return True
        home = {"matchLabels": {"kubernetes.io/metadata.name": "zhurnal"}}
        return any(
            "ipBlock" not in peer
            and selects(peer.get("namespaceSelector", home), other.namespace)
            and selects(peer.get("podSelector", {}), other.labels)
            for peer in peers
        )

    @staticmethod
    def _port(ports: list | None, target: Pod, port: int, protocol: str) -> bool:
        if not ports:
            return True
        return any(
            rule.get("protocol", "TCP") == protocol
            and ("port" not in rule or target.ports.get(rule["port"], rule["port"]) == port)
            for rule in ports
        )

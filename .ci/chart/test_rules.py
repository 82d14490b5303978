"""The rules can fail: each is shown an object with the fault it looks for."""

import copy
import unittest

import claims
import promql
import render
import rules
import schema
import together


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chart = render.chart("region", "1.35")
        cls.overlay = render.overlay(render.ROOT / "k8s" / "overlays" / "region", "1.35")

    def objects(self):
        return copy.deepcopy(self.chart.objects)

    @staticmethod
    def one(objects, kind, name):
        return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)

    def assert_found(self, rule, objects, words):
        problems = list(rule(objects))
        self.assertTrue(any(words in problem for problem in problems), problems)

    def test_a_writable_root_file_system_is_found(self):
        objects = self.objects()
        container = self.one(objects, "Deployment", "zhurnal-roster")["spec"]["template"]["spec"]["containers"][0]
        container["securityContext"]["readOnlyRootFilesystem"] = False
        self.assert_found(rules.pods_are_hardened, objects, "writable root")

    def test_a_mounted_token_is_found(self):
        objects = self.objects()
        del self.one(objects, "Job", "zhurnal-roster-migrate")["spec"]["template"]["spec"]["automountServiceAccountToken"]
        self.assert_found(rules.pods_are_hardened, objects, "token")

    def test_a_probe_on_a_port_that_is_not_there_is_found(self):
        objects = self.objects()
        container = self.one(objects, "Deployment", "zhurnal-roster")["spec"]["template"]["spec"]["containers"][0]
        container["readinessProbe"]["httpGet"]["port"] = "metrics"
        self.assert_found(rules.probes_differ_and_their_ports_exist, objects, "does not exist")

    def test_a_service_without_pods_is_found(self):
        objects = self.objects()
        self.one(objects, "Service", "zhurnal-roster")["spec"]["selector"]["app.kubernetes.io/component"] = "rooster"
        self.assert_found(rules.services_select_one_workload_each, objects, "selects 0")

    def test_replicas_beside_a_scaler_are_found(self):
        objects = self.objects()
        self.one(objects, "Deployment", "zhurnal-grading")["spec"]["replicas"] = 2
        self.assert_found(rules.replicas_have_one_owner, objects, "beside an autoscaler")

    def test_a_missing_budget_is_found(self):
        objects = self.objects()
        objects.remove(self.one(objects, "PodDisruptionBudget", "zhurnal-roster"))
        self.assert_found(rules.replicas_have_one_owner, objects, "disruption budget")

    def test_a_hook_that_needs_the_release_is_found(self):
        objects = self.objects()
        self.one(objects, "Job", "zhurnal-roster-migrate")["spec"]["template"]["spec"]["serviceAccountName"] = "zhurnal-roster"
        self.assert_found(rules.references_exist, objects, "before ServiceAccount")

    def test_a_call_without_a_way_out_is_found(self):
        objects = self.objects()
        policy = self.one(objects, "NetworkPolicy", "zhurnal-grading")
        policy["spec"]["egress"] = [rule for rule in policy["spec"]["egress"] if {"port": 50051} not in rule["ports"]]
        self.assert_found(rules.network_policies_allow_the_calls_and_no_others, objects, "may not leave")

    def test_a_call_without_a_way_in_is_found(self):
        objects = self.objects()
        self.one(objects, "NetworkPolicy", "zhurnal-grading")["spec"]["ingress"] = []
        self.assert_found(rules.network_policies_allow_the_calls_and_no_others, objects, "does not let")

    def test_a_way_in_for_everybody_is_found(self):
        objects = self.objects()
        self.one(objects, "NetworkPolicy", "zhurnal-identity")["spec"]["ingress"].append({})
        self.assert_found(rules.network_policies_allow_the_calls_and_no_others, objects, "another pod of the namespace may connect")

    def test_a_misspelt_field_is_found(self):
        objects = self.objects()
        self.one(objects, "Deployment", "zhurnal-roster")["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
        self.one(objects, "ScaledObject", "zhurnal-grading")["spec"]["triggers"][0]["metdata"] = {}
        broken = render.Rendering("broken", "1.35", "", objects)
        self.assert_found(schema.builtin, broken, "readynessProbe")
        self.assert_found(schema.custom, objects, "metdata")

    def test_a_database_that_is_not_there_is_found(self):
        overlay = copy.deepcopy(self.overlay)
        overlay.objects.remove(self.one(overlay.objects, "Cluster", "grading-db"))
        self.assert_found(lambda _: together.databases(self.chart.objects, overlay.objects), None, "grading-db, which nobody makes")

    def test_a_way_into_a_foreign_database_is_found(self):
        objects = self.objects()
        self.one(objects, "NetworkPolicy", "zhurnal-gateway")["spec"]["egress"].append({"ports": [{"port": 5432}]})
        self.assert_found(lambda o: together.connections(o, self.overlay.objects), objects, "not its database")

    def test_a_service_that_the_chart_forgets_is_found(self):
        objects = self.objects()
        objects.remove(self.one(objects, "Deployment", "zhurnal-roster"))
        self.one(objects, "GRPCRoute", "zhurnal")["spec"]["rules"][0]["matches"][0]["method"]["service"] = "zhurnal.x.v1.X"
        self.assert_found(claims.problems, objects, "roster stands in the chart or under services/")
        self.assert_found(claims.problems, objects, "no proto has zhurnal.x.v1.X")

    def test_a_setting_that_the_binary_does_not_know_is_found(self):
        objects = self.objects()
        config = self.one(objects, "ConfigMap", "zhurnal-roster")["data"]
        config |= {"ZHURNAL__SERVER__GRPC_PORT": "1", "ZHURNAL__SERVER__TLS__CERT": "x", "ZHURNAL__GATEWAY__HTST": "true"}
        for variable in ("SERVER__GRPC_PORT", "SERVER__TLS__CERT", "GATEWAY__HTST"):
            self.assert_found(claims.problems, objects, f"no setting for ZHURNAL__{variable}")

    def test_an_alert_on_a_metric_that_nobody_exports_is_found(self):
        objects = copy.deepcopy(self.overlay.objects)
        rule = next(o for o in objects if o["kind"] == "PrometheusRule")["spec"]["groups"][1]["rules"]
        rule[0]["expr"] = "marks_lost_total > 0"
        rule[1]["expr"] = "sum(("
        self.assert_found(promql.problems, objects, "nothing exports marks_lost_total")
        self.assertEqual(promql.metrics_in('sum(rate(a{b="c"}[5m])) / on(x) topk(3, d offset 1h)'), {"a", "d"})


if __name__ == "__main__":
    unittest.main()

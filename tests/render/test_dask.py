"""The chart dask as rendered: no known fault of the upstream chart, and each kind of value arrives."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from tests.render.dask_chart import COMPONENT, DaskChart
from tests.render.helm_binary import Helm

DEPLOYMENTS = ("scheduler", "worker", "notebook")
GROUP = {"workerGroups": {"gpu": {"replicas": 2, "gpus": 1}}}
EVERYTHING = {
    "worker": {"replicas": 3},
    "workerGroups": {"gpu": {"gpus": 1}, "auto": {"autoscaling": {"enabled": True}}},
    "config": {"distributed": {"admin": {"tick": {"limit": "5s"}}}},
    "notebook": {"config": "c.ServerApp.open_browser = False", "pdb": {"enabled": True}},
    "scheduler": {"pdb": {"enabled": True}},
    "metrics": {"enabled": True},
    "global": {"customResources": "always"},
}


@pytest.fixture(scope="session")
def chart(helms: dict[str, Helm]) -> DaskChart:
    return DaskChart(tuple(helms.values()))


class TestFaultsOfTheUpstreamChart:
    """One test for each fault that was seen in dask/helm-chart, named after it."""

    def test_replicas_0_is_honoured(self, chart: DaskChart) -> None:
        found = chart({"worker": {"replicas": 3}, "workerGroups": {"gpu": {"replicas": 0}}})
        deployments = found.kind("Deployment")
        assert deployments["worker"]["spec"]["replicas"] == 3
        assert deployments["worker-gpu"]["spec"]["replicas"] == 0
        assert chart({"worker": {"replicas": 0}}).kind("Deployment")["worker"]["spec"]["replicas"] == 0

    def test_selectors_are_pairwise_disjoint(self, chart: DaskChart) -> None:
        groups = {"workerGroups": {"gpu": {}, "big": {"podLabels": {COMPONENT: "worker"}}}}
        deployments = chart(groups).kind("Deployment").values()
        assert len(deployments) == 5
        for one, other in itertools.permutations(deployments, 2):
            selector = one["spec"]["selector"]["matchLabels"].items()
            assert not selector <= other["spec"]["template"]["metadata"]["labels"].items()
        for each in deployments:
            labels = each["spec"]["template"]["metadata"]["labels"].items()
            assert each["spec"]["selector"]["matchLabels"].items() <= labels

    def test_groups_keep_probes(self, chart: DaskChart) -> None:
        group = {"probes": {"liveness": {"enabled": False}, "startup": {"failureThreshold": 7}}}
        found = chart(
            {"worker": {"probes": {"readiness": {"periodSeconds": 3}}}, "workerGroups": {"gpu": group}}
        )
        container = found.container("worker-gpu")
        assert container["startupProbe"]["failureThreshold"] == 7
        assert container["startupProbe"]["periodSeconds"] == 5
        assert container["readinessProbe"]["periodSeconds"] == 3
        assert "livenessProbe" not in container
        assert "livenessProbe" in found.container("worker")

    def test_groups_keep_the_whole_strategy(self, chart: DaskChart) -> None:
        group = {"gpu": {"strategy": {"maxUnavailable": 1}}, "once": {"strategy": {"type": "Recreate"}}}
        deployments = chart({"workerGroups": group}).kind("Deployment")
        rolling = {"maxSurge": 0, "maxUnavailable": 1}
        assert deployments["worker-gpu"]["spec"]["strategy"] == {
            "type": "RollingUpdate",
            "rollingUpdate": rolling,
        }
        assert deployments["worker-once"]["spec"]["strategy"] == {"type": "Recreate"}

    def test_groups_do_not_change_each_other(self, chart: DaskChart) -> None:
        groups = {"a": {"env": {"A": "1"}, "gpus": 1}, "b": {"env": {"B": "1"}}}
        found = chart({"workerGroups": groups})
        assert "A" not in found.env("worker-b")
        assert "B" not in found.env("worker-a")
        assert not {"A", "B"} & set(found.env("worker"))
        assert "nvidia.com/gpu" not in found.container("worker-b")["resources"]["limits"]

    def test_no_fixed_names(self, chart: DaskChart) -> None:
        one, other = (
            {(each["kind"], each["metadata"]["name"]) for each in chart(EVERYTHING, release=name).documents}
            for name in ("one", "two")
        )
        assert not one & other
        assert all(name.startswith("one-dask-") for _, name in one)

    def test_long_names_stay_distinct_and_short(self, chart: DaskChart) -> None:
        groups: dict[str, Any] = {f"{'long-' * 9}{end}": {} for end in "ab"}
        found = chart({"workerGroups": groups}, release="r" * 53)
        names = [each["metadata"]["name"] for each in found.documents if each["kind"] == "Deployment"]
        assert len(set(names)) == 5
        assert all(len(name) <= 63 for name in names)
        labels = [label for each in found.documents for label in each["metadata"]["labels"].values()]
        assert all(len(label) <= 63 for label in labels)

    @pytest.mark.parametrize(
        "key",
        ["worker.replcas", "workerGroups.gpu.replcas", "scheduler.replicas", "notebook.auth.password",
         "worker.probes.liveness.period", "workerGroups.gpu.resources.limit", "networkPolicy.egres",
         "scheduler.service.nodePorts.http"],
    )  # fmt: skip
    def test_typo_is_refused_by_the_schema(self, chart: DaskChart, key: str) -> None:
        said = chart.refusal(set=[f"{key}=9"])
        assert key.rpartition(".")[2] in said

    def test_scheduler_port_follows(self, chart: DaskChart) -> None:
        found = chart({"scheduler": {"port": 9000, "dashboardPort": 9001}})
        service = {each["name"]: each for each in found.kind("Service")["scheduler"]["spec"]["ports"]}
        ports = {each["name"]: each["containerPort"] for each in found.container("scheduler")["ports"]}
        assert ports == {name: each["port"] for name, each in service.items()}
        assert ports == {"scheduler": 9000, "dashboard": 9001}
        assert {"--port=9000", "--dashboard-address=:9001"} <= set(found.args("scheduler"))
        address = "tcp://platform-dask-scheduler:9000"
        assert found.args("worker")[0] == address
        assert {found.env(name)["DASK_SCHEDULER_ADDRESS"] for name in (*DEPLOYMENTS, "test")} == {address}

    def test_no_two_schedulers_during_a_roll(self, chart: DaskChart) -> None:
        spec = chart().kind("Deployment")["scheduler"]["spec"]
        assert spec["replicas"] == 1
        assert spec["strategy"] == {"type": "Recreate"}

    @pytest.mark.parametrize("component", [*DEPLOYMENTS, "worker-gpu"])
    def test_startup_readiness_and_liveness_everywhere(self, chart: DaskChart, component: str) -> None:
        container = chart(GROUP).container(component)
        ports = {port["name"] for port in container["ports"]}
        for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
            get = container[kind]["httpGet"]
            assert get["path"] == ("/api" if component == "notebook" else "/health")
            assert get["port"] in ports

    def test_no_dashboard_flag_beside_a_dashboard_address(self, chart: DaskChart) -> None:
        args = chart().args("worker")
        assert "--dashboard-address=:8790" in args
        assert "--no-dashboard" not in args

    @pytest.mark.parametrize(
        ("cpu", "threads"),
        [("500m", "1"), ("1500m", "2"), ("2", "2"), (2, "2"), (0.5, "1"), ("2.5", "3"), ("1000m", "1")],
    )
    def test_nthreads_from_any_form_of_cpu(self, chart: DaskChart, cpu: str | float, threads: str) -> None:
        found = chart({"worker": {"resources": {"limits": {"cpu": cpu}}}})
        assert f"--nthreads={threads}" in found.args("worker")
        assert "--memory-limit=512Mi" in found.args("worker")

    def test_nthreads_and_memory_limit_without_limits(self, chart: DaskChart) -> None:
        none = {"limits": {"cpu": "", "memory": ""}}
        assert not _flags(chart({"worker": {"resources": none}}).args("worker")) & {
            "--nthreads",
            "--memory-limit",
        }
        asked = {**none, "requests": {"cpu": "3", "memory": "1Gi"}}
        args = chart({"worker": {"resources": asked}}).args("worker")
        assert "--nthreads=3" in args
        assert "--memory-limit" not in _flags(args)

    def test_nthreads_and_memory_limit_by_hand(self, chart: DaskChart) -> None:
        args = chart({"worker": {"threads": 4, "memoryLimit": "300Mi"}}).args("worker")
        assert {"--nthreads=4", "--memory-limit=300Mi"} <= set(args)

    def test_memory_as_a_number_of_bytes(self, chart: DaskChart) -> None:
        found = chart({"worker": {"resources": {"limits": {"memory": 536870912}}}})
        assert found.container("worker")["resources"]["limits"]["memory"] == "536870912"
        assert "--memory-limit=536870912" in found.args("worker")

    def test_nanny_death_timeout_and_lifetime(self, chart: DaskChart) -> None:
        args = chart().args("worker")
        assert {"--nanny", "--nanny-port=8789", "--death-timeout=300"} <= set(args)
        assert "--lifetime" not in _flags(args)
        values = {"nanny": False, "deathTimeoutSeconds": 5, "lifetime": {"duration": "1h", "stagger": "5m"}}
        args = chart({"worker": values}).args("worker")
        wanted = {
            "--no-nanny",
            "--death-timeout=5",
            "--lifetime=1h",
            "--lifetime-stagger=5m",
            "--lifetime-restart",
        }
        assert wanted <= set(args)
        assert "--nanny-port" not in _flags(args)

    def test_gpus_are_limit_request_and_dask_resource(self, chart: DaskChart) -> None:
        shared = {"global": {"gpu": {"resourceName": "nvidia.com/gpu.shared", "runtimeClassName": "nvidia"}}}
        group = {"workerGroups": {"gpu": {"gpus": 2, "daskResources": {"LICENCE": 1}}}}
        found = chart({**shared, **group})
        resources = found.container("worker-gpu")["resources"]
        assert resources["limits"]["nvidia.com/gpu.shared"] == "2"
        assert resources["requests"]["nvidia.com/gpu.shared"] == "2"
        assert "--resources=GPU=2 LICENCE=1" in found.args("worker-gpu")
        assert found.pod("worker-gpu")["runtimeClassName"] == "nvidia"
        assert "runtimeClassName" not in found.pod("worker")
        assert "--resources" not in _flags(found.args("worker"))

    def test_shared_memory_and_local_scratch_directory(self, chart: DaskChart) -> None:
        found = chart({"worker": {"sharedMemory": "2Gi", "scratch": {"sizeLimit": "20Gi"}}})
        mounts = found.mounts("worker")
        assert mounts["/dev/shm"]["volume"]["emptyDir"] == {"medium": "Memory", "sizeLimit": "2Gi"}
        assert mounts["/scratch"]["volume"]["emptyDir"] == {"sizeLimit": "20Gi"}
        assert "--local-directory=/scratch" in found.args("worker")
        assert "/dev/shm" not in chart().mounts("worker")

    def test_workers_have_time_to_stop(self, chart: DaskChart) -> None:
        found = chart({"workerGroups": {"slow": {"terminationGracePeriodSeconds": 0, "retireOnStop": False}}})
        assert found.pod("worker")["terminationGracePeriodSeconds"] == 60
        assert "retire_workers" in found.container("worker")["lifecycle"]["preStop"]["exec"]["command"][2]
        assert found.pod("worker-slow")["terminationGracePeriodSeconds"] == 0
        assert "lifecycle" not in found.container("worker-slow")

    def test_disruption_budget_where_more_than_one_worker_can_run(self, chart: DaskChart) -> None:
        assert not chart().kind("PodDisruptionBudget")
        budgets = chart(EVERYTHING).kind("PodDisruptionBudget")
        assert set(budgets) == {"scheduler", "worker", "worker-auto", "worker-gpu", "notebook"}
        assert budgets["worker"]["spec"]["maxUnavailable"] == 1
        assert budgets["scheduler"]["spec"]["maxUnavailable"] == 0
        share = chart({"worker": {"replicas": 2, "pdb": {"maxUnavailable": "25%"}}})
        assert share.kind("PodDisruptionBudget")["worker"]["spec"]["maxUnavailable"] == "25%"

    def test_autoscaling_without_rendered_replicas(self, chart: DaskChart) -> None:
        found = chart(
            {"worker": {"replicas": 5}, "workerGroups": {"auto": {"autoscaling": {"enabled": True}}}}
        )
        scaler = found.kind("HorizontalPodAutoscaler")["worker-auto"]
        assert "replicas" not in found.kind("Deployment")["worker-auto"]["spec"]
        assert scaler["spec"]["scaleTargetRef"]["name"] == "platform-dask-worker-auto"
        assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (1, 10)
        assert set(found.kind("HorizontalPodAutoscaler")) == {"worker-auto"}
        assert found.container("worker-auto")["resources"]["requests"]["cpu"] == "500m"

    def test_topology_spread_of_each_group_apart(self, chart: DaskChart) -> None:
        for component in ("worker", "worker-gpu"):
            (spread,) = chart(GROUP).pod(component)["topologySpreadConstraints"]
            assert spread["topologyKey"] == "kubernetes.io/hostname"
            assert spread["labelSelector"]["matchLabels"][COMPONENT] == component

    def test_priority_class_and_runtime_class(self, chart: DaskChart) -> None:
        classes = {"priorityClassName": "high", "runtimeClassName": "kata"}
        for component in DEPLOYMENTS:
            assert chart({component: classes}).pod(component).items() >= classes.items()

    @pytest.mark.parametrize("component", [*DEPLOYMENTS, "worker-gpu", "test"])
    def test_restricted_security_context(self, chart: DaskChart, component: str) -> None:
        found = chart(GROUP)
        pod, container = (
            found.pod(component)["securityContext"],
            found.container(component)["securityContext"],
        )
        assert pod["runAsNonRoot"] is True
        assert pod["runAsUser"] == 1000
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["allowPrivilegeEscalation"] is False
        assert container["capabilities"] == {"drop": ["ALL"]}
        assert container["readOnlyRootFilesystem"] is True
        assert found.mounts(component)["/tmp"]["volume"]["emptyDir"] == {}

    @pytest.mark.parametrize("component", [*DEPLOYMENTS, "worker-gpu", "test"])
    def test_no_token_of_the_api_server_in_pods(self, chart: DaskChart, component: str) -> None:
        found = chart(GROUP)
        accounts = found.kind("ServiceAccount").values()
        assert found.pod(component)["automountServiceAccountToken"] is False
        assert found.pod(component)["serviceAccountName"] in {each["metadata"]["name"] for each in accounts}
        assert all(each["automountServiceAccountToken"] is False for each in accounts)
        assert not found.kind("Role")

    @pytest.mark.parametrize("component", DEPLOYMENTS)
    def test_pod_labels_and_annotations(self, chart: DaskChart, component: str) -> None:
        values = {component: {"podLabels": {"cost": "ml"}, "podAnnotations": {"note": "x"}}}
        metadata = chart(values).kind("Deployment")[component]["spec"]["template"]["metadata"]
        assert metadata["labels"]["cost"] == "ml"
        assert metadata["annotations"]["note"] == "x"

    @pytest.mark.parametrize("component", DEPLOYMENTS)
    def test_init_containers_and_sidecars(self, chart: DaskChart, component: str) -> None:
        values = {"initContainers": [{"name": "first"}], "extraContainers": [{"name": "beside"}]}
        pod = chart({component: values}).pod(component)
        assert [each["name"] for each in pod["initContainers"]] == ["first"]
        assert [each["name"] for each in pod["containers"]] == [component, "beside"]

    def test_dual_stack(self, chart: DaskChart) -> None:
        values = {
            name: {"service": {"ipFamilyPolicy": "PreferDualStack"}} for name in ("scheduler", "notebook")
        }
        for service in chart(values).kind("Service").values():
            assert service["spec"]["ipFamilyPolicy"] == "PreferDualStack"

    def test_tls_between_all(self, chart: DaskChart) -> None:
        found = chart({"tls": {"secretName": "dask-tls"}})
        assert "--protocol=tls" in found.args("scheduler")
        assert found.args("worker")[0].startswith("tls://")
        for component in (*DEPLOYMENTS, "test"):
            assert found.mounts(component)["/etc/labhelm-tls"]["volume"]["secret"]["secretName"] == "dask-tls"
            assert found.env(component)["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"] == "True"

    def test_extra_objects(self, chart: DaskChart) -> None:
        mine = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "mine", "labels": {COMPONENT: "m"}},
        }
        assert mine in chart({"extraObjects": [mine]}).documents

    def test_standard_labels(self, chart: DaskChart) -> None:
        for each in chart(EVERYTHING).documents:
            labels = each["metadata"]["labels"]
            assert labels["app.kubernetes.io/name"] == "dask"
            assert labels["app.kubernetes.io/instance"] == "platform"

    def test_checksum_restarts_pods_when_a_config_map_changes(self, chart: DaskChart) -> None:
        def checksums(values: dict[str, Any]) -> list[str]:
            deployments = chart(values).kind("Deployment")
            metadata = [deployments[name]["spec"]["template"]["metadata"] for name in DEPLOYMENTS]
            return [each.get("annotations", {}).get("checksum/config", "") for each in metadata]

        base = {"config": {"a": 1}}
        assert checksums({}) == ["", "", ""]
        assert all(
            one != other for one, other in zip(checksums(base), checksums({"config": {"a": 2}}), strict=True)
        )
        with_notebook = checksums({**base, "notebook": {"config": "c.x = 1"}})
        assert with_notebook[:2] == checksums(base)[:2]
        assert with_notebook[2] != checksums(base)[2]

    def test_no_default_password(self, chart: DaskChart) -> None:
        found = chart(EVERYTHING)
        assert not found.kind("Secret")
        token = {"secretKeyRef": {"name": "platform-dask-notebook", "key": "token"}}
        assert found.env("notebook")["JUPYTER_TOKEN"] == token
        own = chart(
            {"notebook": {"auth": {"secretName": "login", "key": "t"}, "env": {"JUPYTER_TOKEN": "plain"}}}
        )
        assert own.env("notebook")["JUPYTER_TOKEN"] == {"secretKeyRef": {"name": "login", "key": "t"}}


def _flags(args: list[str]) -> set[str]:
    return {arg.partition("=")[0] for arg in args}


class TestValues:
    """Each kind of value arrives where it belongs."""

    def test_defaults_are_those_of_the_algorithm_reference_library(self, chart: DaskChart) -> None:
        found = chart()
        amounts = {"cpu": "500m", "memory": "512Mi"}
        assert found.kind("Deployment")["worker"]["spec"]["replicas"] == 1
        assert found.container("worker")["resources"] == {"requests": amounts, "limits": amounts}

    def test_scaling_on_the_command_line(self, chart: DaskChart) -> None:
        options = [
            "worker.replicas=10",
            "worker.resources.limits.cpu=1000m",
            "worker.resources.limits.memory=4098Mi",
        ]
        found = chart(set=options)
        assert found.kind("Deployment")["worker"]["spec"]["replicas"] == 10
        assert {"--nthreads=1", "--memory-limit=4098Mi"} <= set(found.args("worker"))

    def test_images(self, chart: DaskChart) -> None:
        digest = f"sha256:{'0' * 64}"
        values = {
            "image": {"repository": "arl_img", "tag": "1.0", "pullPolicy": "Never"},
            "workerGroups": {"gpu": {"image": {"repository": "gpu_img", "digest": digest}}},
            "global": {"imageRegistry": "harbor.example.org/hub", "imagePullSecrets": ["arlregcred"]},
        }
        found = chart(values)
        prefix = "harbor.example.org/hub"
        for component in ("scheduler", "worker", "test"):
            assert found.container(component)["image"] == f"{prefix}/arl_img:1.0"
            assert found.container(component)["imagePullPolicy"] == "Never"
        assert found.container("worker-gpu")["image"] == f"{prefix}/gpu_img@{digest}"
        assert found.container("worker-gpu")["imagePullPolicy"] == "IfNotPresent"
        for component in (*DEPLOYMENTS, "worker-gpu", "test"):
            assert found.pod(component)["imagePullSecrets"] == [{"name": "arlregcred"}]

    def test_default_images_are_pinned(self, chart: DaskChart) -> None:
        for component in (*DEPLOYMENTS, "test"):
            assert re.search(r":\d{4}\.\d+\.\d+$", chart().container(component)["image"])

    def test_volumes_in_all_three_and_in_the_test(self, chart: DaskChart) -> None:
        values = {
            "volumes": {
                "data": {"claim": "arl-data", "mountPath": "/arl/data", "readOnly": True},
                "out": {"claim": "output", "mountPath": "/out", "subPath": "mine"},
                "disk": {"claim": "disk", "mountPath": "/disk", "accessMode": "ReadWriteOnce"},
            },
            "notebook": {"volumes": {"more": {"claim": "more", "mountPath": "/more"}}},
        }
        found = chart(values)
        for component in (*DEPLOYMENTS, "test"):
            mounts = found.mounts(component)
            assert mounts["/arl/data"]["volume"]["persistentVolumeClaim"] == {"claimName": "arl-data"}
            assert mounts["/arl/data"]["readOnly"] is True
            assert mounts["/out"]["subPath"] == "mine"
            assert ("/more" in mounts) == (component == "notebook")
        assert found.env("test")["TEST_SHARED_PATHS"] == "/out"

    def test_volume_names_of_any_length(self, chart: DaskChart) -> None:
        names = [f"{'v' * 62}{end}" for end in "ab"]
        found = chart({"volumes": {name: {"claim": name, "mountPath": f"/{name}"} for name in names}})
        assert len(found.mounts("worker")) == 4
        assert all(len(volume["name"]) <= 63 for volume in found.pod("worker")["volumes"])

    def test_extra_volumes(self, chart: DaskChart) -> None:
        values = {
            "extraVolumes": [{"name": "x", "hostPath": {"path": "/x"}}],
            "extraVolumeMounts": [{"name": "x", "mountPath": "/x"}],
        }
        assert chart({"worker": values}).mounts("worker")["/x"]["volume"]["hostPath"] == {"path": "/x"}

    def test_environment(self, chart: DaskChart) -> None:
        values = {
            "env": {"N": 1, "BIG": 100000000, "ON": True, "TEXT": "a: b", "HOME": "/data"},
            "envFromSecrets": ["s3"],
            "envFromConfigMaps": ["settings"],
        }
        found = chart({"worker": values})
        wanted = {"N": "1", "BIG": "100000000", "ON": "true", "TEXT": "a: b", "HOME": "/data"}
        assert {name: found.env("worker").get(name) for name in wanted} == wanted
        sources = [{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "s3"}}]
        assert found.container("worker")["envFrom"] == sources

    def test_command_and_arguments_of_an_older_dask(self, chart: DaskChart) -> None:
        found = chart(
            {
                "scheduler": {
                    "command": ["dask-scheduler"],
                    "args": ["--port", "8786"],
                    "extraArgs": ["--x"],
                },
                "worker": {"command": ["dask-worker"], "extraArgs": ["--preload=m"]},
                "notebook": {"command": ["jupyter", "notebook"], "rootDir": "/arl"},
            }
        )
        assert found.container("scheduler")["command"] == ["dask-scheduler"]
        assert found.args("scheduler") == ["--port", "8786"]
        assert found.container("worker")["command"] == ["dask-worker"]
        assert found.args("worker")[-1] == "--preload=m"
        assert found.container("notebook")["command"] == ["jupyter", "notebook"]
        assert found.container("notebook")["workingDir"] == "/arl"

    @pytest.mark.parametrize("component", DEPLOYMENTS)
    @pytest.mark.parametrize(
        ("placement", "rule"),
        [("worker", "preferredDuringSchedulingIgnoredDuringExecution"),
         ("system", "requiredDuringSchedulingIgnoredDuringExecution"),
         ("build", "requiredDuringSchedulingIgnoredDuringExecution"), ("any", "")],
    )  # fmt: skip
    def test_placement(self, chart: DaskChart, component: str, placement: str, rule: str) -> None:
        pod = chart({component: {"placement": placement}}).pod(component)
        assert list(pod.get("affinity", {}).get("nodeAffinity", {})) == ([rule] if rule else [])

    def test_workers_prefer_nodes_without_the_system_label_of_the_scheme(self, chart: DaskChart) -> None:
        scheme = {"global": {"nodeLabels": {"system": {"key": "riseml.com/system", "value": "yes"}}}}
        (rule,) = chart(scheme).pod("worker")["affinity"]["nodeAffinity"].popitem()[1]
        (expression,) = rule["preference"]["matchExpressions"]
        assert expression == {"key": "riseml.com/system", "operator": "NotIn", "values": ["yes"]}

    def test_scheduling(self, chart: DaskChart) -> None:
        equal = {"key": "k", "operator": "Equal", "value": "1", "effect": "NoExecute"}
        values = {
            "affinity": {"podAntiAffinity": {}},
            "nodeSelector": {"rack": "a1"},
            "tolerations": [{"key": "gpu"}, equal],
        }
        pod = chart({"worker": values}).pod("worker")
        assert pod["affinity"] == {"podAntiAffinity": {}}
        assert pod["nodeSelector"] == {"rack": "a1"}
        assert pod["tolerations"] == [{"operator": "Exists", "key": "gpu"}, equal]

    def test_group_replaces_lists_and_maps_whole(self, chart: DaskChart) -> None:
        base = {"env": {"A": "1"}, "nodeSelector": {"a": "b"}, "extraArgs": ["--a"], "threads": 3}
        group = {
            "env": {"B": "1"},
            "nodeSelector": {},
            "extraArgs": [],
            "resources": {"limits": {"cpu": "8"}},
        }
        found = chart({"worker": base, "workerGroups": {"g": group}})
        assert "A" not in found.env("worker-g")
        assert "nodeSelector" not in found.pod("worker-g")
        assert "--a" not in found.args("worker-g")
        assert found.container("worker-g")["resources"]["limits"] == {"cpu": "8"}
        assert "--nthreads=3" in found.args("worker-g")

    def test_security_overrides(self, chart: DaskChart) -> None:
        values = {
            "user": {"runAsUser": 0, "fsGroup": 7},
            "readOnlyRootFilesystem": False,
            "podSecurityContext": {"supplementalGroups": [5]},
            "containerSecurityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "p"}},
        }
        found = chart({"worker": values})
        context = found.pod("worker")["securityContext"]
        assert "runAsUser" not in context
        assert (context["fsGroup"], context["supplementalGroups"]) == (7, [5])
        assert found.container("worker")["securityContext"]["readOnlyRootFilesystem"] is False
        assert found.container("worker")["securityContext"]["seccompProfile"]["type"] == "Localhost"

    def test_existing_service_accounts(self, chart: DaskChart) -> None:
        found = chart({"worker": {"serviceAccountName": "mine"}, "notebook": {"enabled": False}})
        assert found.pod("worker")["serviceAccountName"] == "mine"
        assert set(found.kind("ServiceAccount")) == {"scheduler"}

    def test_namespace_of_a_team(self, chart: DaskChart) -> None:
        spaces = {
            each["metadata"]["namespace"] for each in chart({**EVERYTHING, "namespace": "vision"}).documents
        }
        assert spaces == {"vision"}

    def test_without_notebook_and_test(self, chart: DaskChart) -> None:
        found = chart({"notebook": {"enabled": False}, "test": {"enabled": False}})
        assert {each["metadata"]["labels"][COMPONENT] for each in found.documents} == {"scheduler", "worker"}

    def test_home_of_the_notebook(self, chart: DaskChart) -> None:
        found = chart({"notebook": {"home": {"claim": "notebooks", "mountPath": "/home/me"}}})
        assert found.mounts("notebook")["/home/me"]["volume"]["persistentVolumeClaim"] == {
            "claimName": "notebooks"
        }
        assert found.env("notebook")["HOME"] == "/home/me"
        assert found.container("notebook")["workingDir"] == "/home/me"

    def test_configuration_files(self, chart: DaskChart) -> None:
        found = chart({"config": {"distributed": {"x": 1}}, "notebook": {"config": "c.A.b = 1\nc.A.c = 2"}})
        data = found.kind("ConfigMap")["config"]["data"]
        assert data["dask.yaml"].strip() == "distributed:\n  x: 1"
        assert data["jupyter_server_config.py"].strip() == "c.A.b = 1\nc.A.c = 2"
        for component in (*DEPLOYMENTS, "test"):
            assert found.env(component)["DASK_CONFIG"] == "/etc/labhelm"
            assert "/etc/labhelm" in found.mounts(component)


class TestAccess:
    """Services, routes, policies, monitors."""

    @pytest.mark.parametrize("component", ["scheduler", "notebook"])
    @pytest.mark.parametrize("kind", ["ClusterIP", "NodePort", "LoadBalancer"])
    def test_service_types(self, chart: DaskChart, component: str, kind: str) -> None:
        port = "dashboard" if component == "scheduler" else "http"
        settings = {
            "type": kind,
            "nodePorts": {port: 30100},
            "annotations": {"pool": "a"},
            "loadBalancerSourceRanges": ["192.168.11.0/24"],
            "externalTrafficPolicy": "Local",
        }
        service = chart({component: {"service": settings}}).kind("Service")[component]
        spec = service["spec"]
        node_ports = {each["name"]: each.get("nodePort", 0) for each in spec["ports"]}
        assert spec["type"] == kind
        assert service["metadata"]["annotations"] == {"pool": "a"}
        assert node_ports[port] == (0 if kind == "ClusterIP" else 30100)
        assert ("loadBalancerSourceRanges" in spec) == (kind == "LoadBalancer")
        assert ("externalTrafficPolicy" in spec) == (kind != "ClusterIP")

    def test_services_find_their_pods_alone(self, chart: DaskChart) -> None:
        found = chart(GROUP)
        for component, service in found.kind("Service").items():
            selector = service["spec"]["selector"].items()
            fits = [
                name
                for name, deployment in found.kind("Deployment").items()
                if selector <= deployment["spec"]["template"]["metadata"]["labels"].items()
            ]
            assert fits == [component]

    def test_policies_cover_every_pod_and_name_ports_that_exist(self, chart: DaskChart) -> None:
        found = chart({**GROUP, "networkPolicy": {"clients": {"hub": {"podLabels": {"a": "b"}}}}})
        policies = found.kind("NetworkPolicy")
        assert set(policies) == {"scheduler", "worker", "notebook", "test"}
        for name, policy in policies.items():
            assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
            pod = (
                found.kind("Pod")["test"]
                if name == "test"
                else found.kind("Deployment")[name]["spec"]["template"]
            )
            assert policy["spec"]["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
        gpu = found.kind("Deployment")["worker-gpu"]["spec"]["template"]["metadata"]["labels"]
        assert policies["worker"]["spec"]["podSelector"]["matchLabels"].items() <= gpu.items()

    def test_who_may_reach_the_scheduler(self, chart: DaskChart) -> None:
        hub = {"namespaceLabels": {"team": "vision"}, "podLabels": {"component": "singleuser-server"}}
        rules = chart({"networkPolicy": {"clients": {"hub": hub}}}).kind("NetworkPolicy")["scheduler"][
            "spec"
        ]["ingress"]
        roles = [rule["from"][0].get("podSelector", {}).get("matchLabels", {}) for rule in rules]
        assert [role.get("labhelm.io/dask-role") for role in roles] == [
            "worker",
            "notebook",
            "test",
            None,
            None,
        ]
        assert rules[3]["from"][0] == {
            "podSelector": {"matchLabels": hub["podLabels"]},
            "namespaceSelector": {"matchLabels": hub["namespaceLabels"]},
        }
        monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
        assert rules[4]["from"] == [monitoring]

    def test_exposed_services_pass_the_policy(self, chart: DaskChart) -> None:
        service = {"type": "LoadBalancer", "loadBalancerSourceRanges": ["192.168.11.0/24"]}
        values = {"notebook": {"service": service}, "scheduler": {"service": {"type": "NodePort"}}}
        policies = chart(values).kind("NetworkPolicy")
        assert "ingress" not in chart().kind("NetworkPolicy")["notebook"]["spec"]
        (rule,) = policies["notebook"]["spec"]["ingress"]
        assert rule["from"] == [{"ipBlock": {"cidr": "192.168.11.0/24"}}]
        assert "from" not in policies["scheduler"]["spec"]["ingress"][-1]

    def test_egress(self, chart: DaskChart) -> None:
        def blocks(values: dict[str, Any], role: str) -> list[str]:
            rules = chart({"networkPolicy": values}).kind("NetworkPolicy")[role]["spec"]["egress"]
            peers = [peer for rule in rules for peer in rule.get("to", [])]
            return [peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer]

        closed = {"egress": {"publicAddresses": False}}
        for role in ("worker", "notebook"):
            assert blocks({}, role) == ["0.0.0.0/0", "2000::/3"]
            assert blocks(closed, role) == []
            assert blocks({"egress": {"publicAddresses": False, "cidrs": ["10.1.0.0/16"]}}, role) == [
                "10.1.0.0/16"
            ]
        assert blocks({}, "scheduler") == []
        assert blocks({"extraEgress": [{"to": [{"ipBlock": {"cidr": "10.9.0.0/16"}}]}]}, "scheduler") == [
            "10.9.0.0/16"
        ]

    def test_policies_can_be_left_out(self, chart: DaskChart) -> None:
        assert not chart({"networkPolicy": {"enabled": False}}).kind("NetworkPolicy")

    def test_monitors_where_the_cluster_knows_them(self, chart: DaskChart) -> None:
        values = {
            **GROUP,
            "metrics": {"enabled": True, "interval": "1s", "labels": {"release": "prometheus"}},
        }
        assert not chart(values).kind("ServiceMonitor")
        found = chart(values, api_versions=["monitoring.coreos.com/v1"])
        for kind, endpoints in (("ServiceMonitor", "endpoints"), ("PodMonitor", "podMetricsEndpoints")):
            (monitor,) = found.kind(kind).values()
            assert monitor["metadata"]["labels"]["release"] == "prometheus"
            assert monitor["spec"][endpoints][0]["interval"] == "1s"
        (pods,) = found.kind("PodMonitor").values()
        assert pods["spec"]["podTargetLabels"] == [COMPONENT]
        for name in ("worker", "worker-gpu"):
            labels = found.kind("Deployment")[name]["spec"]["template"]["metadata"]["labels"]
            assert pods["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert not chart(api_versions=["monitoring.coreos.com/v1"]).kind("ServiceMonitor")

    def test_routes(self, chart: DaskChart) -> None:
        parents = [{"name": "lab", "namespace": "gateway"}]
        route = {"enabled": True, "parentRefs": parents, "hostnames": ["dask.example.org"]}
        values = {"notebook": {"route": route}, "scheduler": {"route": route}}
        assert not chart(values).kind("HTTPRoute")
        found = chart(values, api_versions=["gateway.networking.k8s.io/v1"])
        ports = {
            name: each["spec"]["rules"][0]["backendRefs"][0]["port"]
            for name, each in found.kind("HTTPRoute").items()
        }
        assert ports == {"notebook": 8888, "scheduler": 8787}
        (rule,) = found.kind("NetworkPolicy")["notebook"]["spec"]["ingress"]
        assert rule["from"][0]["namespaceSelector"]["matchLabels"] == {
            "kubernetes.io/metadata.name": "gateway"
        }


class TestHook:
    """`helm test`."""

    def test_hooks_come_in_order_and_go_afterwards(self, chart: DaskChart) -> None:
        found = chart()
        script, pod = found.kind("ConfigMap")["test"], found.kind("Pod")["test"]
        for each in (script, pod):
            annotations = each["metadata"]["annotations"]
            assert annotations["helm.sh/hook"] == "test"
            assert annotations["helm.sh/hook-delete-policy"] == "before-hook-creation,hook-succeeded"
        assert script["metadata"]["annotations"]["helm.sh/hook-weight"] == "-1"
        assert pod["spec"]["restartPolicy"] == "Never"
        compile(script["data"]["compute.py"], "compute.py", "exec")

    @pytest.mark.parametrize(
        ("values", "wanted"),
        [({}, "true"), ({"worker": {"replicas": 0}}, "false"),
         ({"worker": {"replicas": 0}, "workerGroups": {"g": {"replicas": 1}}}, "true"),
         ({"worker": {"replicas": 0, "autoscaling": {"enabled": True}}}, "true")],
    )  # fmt: skip
    def test_workers_are_expected_where_some_are_asked_for(
        self, chart: DaskChart, values: dict[str, Any], wanted: str
    ) -> None:
        assert chart(values).env("test")["TEST_WANT_WORKERS"] == wanted

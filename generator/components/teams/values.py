"""Values of the chart `teams`."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.base import ChartValues
from generator.components.fields import Image, Resources
from generator.components.teams.deployer import Deployer
from generator.components.teams.isolation import Dns, Isolation
from generator.model import Model, doc
from generator.names import Cidr, DnsLabel, DnsName, LabelKey, LabelValue
from generator.quantities import OptionalBytes, OptionalCpu

Level = Literal["", "restricted", "baseline", "privileged"]
UNLIMITED = -1
"""Number that stands for "no limit", as 0 stands for "none at all"."""


class PodSecurity(Model):
    """Pod Security of a namespace."""

    enforce: Annotated[Level, doc('Level below which pods are refused; "" leaves the label out.')] = (
        "restricted"
    )
    audit: Annotated[Level, doc('Level below which pods are noted in the audit log; "" for none.')] = (
        "restricted"
    )
    warn: Annotated[Level, doc('Level below which users are warned; "" for none.')] = "restricted"
    version: Annotated[
        str,
        doc("Version of the levels' definition.", example="v1.34", pattern=r"^(latest|v1\.\d{1,2})$"),
    ] = "latest"


class Amounts(Model):
    """CPU and memory of a container."""

    cpu: Annotated[OptionalCpu, doc('CPU; "" for none.', unit="cores", example="500m")] = ""
    memory: Annotated[OptionalBytes, doc('Memory; "" for none.', unit="bytes", example="512Mi")] = ""


class Limits(Model):
    """LimitRange: what a container gets that asks for nothing, and the most that one may ask for."""

    default_request: Annotated[Amounts, doc("Request of a container that names none.")] = Amounts(
        cpu="500m", memory="512Mi"
    )
    default: Annotated[Amounts, doc("Limit of a container that names none.")] = Amounts(
        cpu="500m", memory="512Mi"
    )
    max: Annotated[Amounts, doc("Largest limit of a container.")] = Amounts()
    max_claim: Annotated[
        OptionalBytes, doc('Largest claim; "" for any size.', unit="bytes", example="1Ti")
    ] = ""


class Quota(Model):
    """ResourceQuota: upper bound of all pods and claims of the namespace together."""

    cpu: Annotated[OptionalCpu, doc('CPU requests; "" for no limit.', unit="cores", example="32")] = ""
    memory: Annotated[
        OptionalBytes, doc('Memory requests; "" for no limit.', unit="bytes", example="64Gi")
    ] = ""
    gpus: Annotated[
        int,
        doc("GPUs, or slices of shared ones; -1 for no limit.", unit="GPUs", example=4, ge=UNLIMITED),
    ] = UNLIMITED
    storage: Annotated[
        OptionalBytes, doc('Storage that claims request; "" for no limit.', unit="bytes", example="1Ti")
    ] = ""
    claims: Annotated[
        int, doc("Number of claims; -1 for no limit.", unit="claims", example=20, ge=UNLIMITED)
    ] = UNLIMITED
    pods: Annotated[int, doc("Number of pods; -1 for no limit.", unit="pods", example=100, ge=UNLIMITED)] = (
        UNLIMITED
    )
    extra: Annotated[
        dict[str, str | int],
        doc("Any other key of a ResourceQuota.", example={"count/jobs.batch": 50}),
    ] = {}


class Subjects(Model):
    """Who gets a role."""

    users: Annotated[list[str], doc("Users as the API server knows them.", example=["ada@example.org"])] = []
    groups: Annotated[list[str], doc("Groups as the API server knows them.", example=["vision"])] = []


class Defaults(Model):
    """What every team gets; a key that a team sets replaces the whole key here."""

    pod_security: Annotated[PodSecurity, doc("Pod Security labels of the namespace.")] = PodSecurity()
    limits: Annotated[Limits, doc("Defaults and bounds of single containers and claims.")] = Limits()
    network: Annotated[Isolation, doc("What the team's pods may talk to.")] = Isolation()


class Team(Defaults):
    """One team and its namespace. Keys that are left out are taken from `defaults`."""

    namespace: Annotated[str, doc('Name of the namespace; "" takes the team\'s name.', max_length=63)] = ""
    keep: Annotated[
        bool,
        doc(
            "Leave the namespace when the release is uninstalled or the team is removed. "
            "Without it all that is in the namespace is deleted with it, claims and their data too."
        ),
    ] = True
    labels: Annotated[
        dict[LabelKey, LabelValue],
        doc("Further labels of the namespace.", example={"istio-injection": "enabled"}),
    ] = {}
    annotations: Annotated[dict[LabelKey, str], doc("Annotations of the namespace.")] = {}
    access: Annotated[
        dict[DnsName, Subjects],
        doc(
            "Members by the ClusterRole that they get in the namespace. `edit` lets them run everything, "
            "read the namespace's Secrets and add NetworkPolicies, but change neither quota nor access.",
            example={"edit": {"groups": ["vision"]}, "view": {"users": ["guest@example.org"]}},
        ),
    ] = {}
    quota: Annotated[Quota, doc("Upper bound of what the team uses.")] = Quota()
    image_pull_secrets: Annotated[
        list[DnsName],
        doc("Pull secrets of the namespace's default ServiceAccount, beside the global ones."),
    ] = []


class DefaultServiceAccount(Model):
    """Gives pull secrets to the ServiceAccount `default`, which Kubernetes makes in each namespace."""

    enabled: Annotated[
        bool,
        doc("Run a Job after install and upgrade that sets them; no pull secrets, no Job."),
    ] = True
    image: Annotated[Image, doc("Image with kubectl as its entrypoint.")] = Image(
        repository="registry.k8s.io/kubectl", tag="v1.36.3"
    )
    deadline: Annotated[
        int, doc("How long the Job may take, pulling the image included.", unit="seconds", ge=10)
    ] = 180
    resources: Annotated[Resources, doc("Size of the Job's container.")] = Resources.model_validate(
        {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "128Mi"}}
    )


class TeamsValues(ChartValues):
    """A namespace for each team, with its limits and rights, and the account that deploys the platform."""

    defaults: Annotated[Defaults, doc("What every team gets that does not say otherwise.")] = Defaults()
    teams: Annotated[
        dict[DnsLabel, Team],
        doc("Teams by name.", example={"vision": {"quota": {"cpu": "32", "memory": "64Gi", "gpus": 4}}}),
    ] = {}
    private_ranges: Annotated[
        list[Cidr], doc("Networks that are not the internet: those of the cluster and private ones.")
    ] = [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
    ]
    dns: Annotated[Dns, doc("The cluster's DNS, which every pod may ask.")] = Dns()
    default_service_account: Annotated[
        DefaultServiceAccount, doc("Pull secrets for pods that name no ServiceAccount.")
    ] = DefaultServiceAccount()
    deployer: Annotated[Deployer, doc("Account for CI and GitOps.")] = Deployer()

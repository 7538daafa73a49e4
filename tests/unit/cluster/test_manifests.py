"""Which Secrets rendered manifests need, and which of them we may make."""

from __future__ import annotations

from generator.cluster.manifests import SecretNeed, namespaces, parse, pull_secret_needs, secret_needs

TEXT = """
apiVersion: v1
kind: Namespace
metadata: {name: vision}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: notebook
  namespace: vision
  annotations: {labhelm.io/make-secret: login/token}
spec:
  template:
    spec:
      imagePullSecrets: [{name: registry}]
      containers:
        - name: notebook
          env:
            - {name: PLAIN, value: x}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: login, key: token}}}
            - {name: KEY, valueFrom: {secretKeyRef: {name: mine, key: key}}}
            - {name: MAYBE, valueFrom: {secretKeyRef: {name: maybe, key: x, optional: true}}}
      volumes:
        - {name: tls, secret: {secretName: tls}}
        - {name: data, persistentVolumeClaim: {claimName: data}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec: {jobTemplate: {spec: {template: {spec: {containers: [], volumes: [{secret: {secretName: cron}}]}}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer}
imagePullSecrets: [{name: ci-registry}]
---
"""


def test_only_the_marked_secret_is_ours_to_make() -> None:
    assert secret_needs(parse(TEXT), "default") == [
        SecretNeed("default", "cron"),
        SecretNeed("vision", "login", "token", generated=True),
        SecretNeed("vision", "mine", "key"),
        SecretNeed("vision", "tls"),
    ]


def test_pull_secrets_of_pods_and_accounts() -> None:
    assert pull_secret_needs(parse(TEXT), "default") == [
        SecretNeed("default", "ci-registry"),
        SecretNeed("vision", "registry"),
    ]


def test_namespaces_are_found_and_empty_documents_are_not() -> None:
    manifests = parse(TEXT)
    assert [one["metadata"]["name"] for one in namespaces(manifests)] == ["vision"]
    assert len(manifests) == 4

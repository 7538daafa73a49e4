"""Brings the PodDefaults of /later/settings.json into every namespace of Kubeflow's users.

Standard library only. What others made under the same name is left alone; what this program made and nobody
wants any more is removed. Exit code 1 when a namespace could not be looked after; the others are.
"""

import json
import os
import pathlib
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
OWNER = "labhelm.io/later"
KIND = {"apiVersion": "kubeflow.org/v1alpha1", "kind": "PodDefault"}
TIMEOUT = 30


class Api:
    """The API server as the pod's ServiceAccount sees it."""

    def __init__(self, url, token, context):
        self.url, self.token, self.context = url, token, context

    def call(self, method, path, body=None, **query):
        """The decoded answer. Raises urllib.error.HTTPError."""
        url = f"{self.url}{path}?{urllib.parse.urlencode(query)}"
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if method == "PATCH":
            headers["Content-Type"] = "application/apply-patch+yaml"
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT, context=self.context) as answer:
            return json.load(answer)


def from_pod():
    """The API of the cluster that this pod runs in."""
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    account = os.environ.get("LATER_ACCOUNT", ACCOUNT)
    token = pathlib.Path(account, "token").read_text().strip()
    address = f"[{host}]" if ":" in host else host
    return Api(f"https://{address}:{port}", token, ssl.create_default_context(cafile=f"{account}/ca.crt"))


def selector(labels):
    """Labels as the API server wants them in a query."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def namespaces(api, settings):
    """Namespaces of users; those that the chart itself serves, and those on their way out, are left out."""
    found = api.call("GET", "/api/v1/namespaces", labelSelector=selector(settings["namespaceLabels"]))
    living = [one["metadata"] for one in found["items"] if "deletionTimestamp" not in one["metadata"]]
    return sorted({one["name"] for one in living} - set(settings["others"]))


def look_after(api, namespace, settings):
    """Bring the wanted PodDefaults into a namespace; lines that say what was done."""
    place = f"/apis/kubeflow.org/v1alpha1/namespaces/{namespace}/poddefaults"
    there = {one["metadata"]["name"]: one for one in api.call("GET", place)["items"]}
    ours = {name for name, one in there.items() if owner_of(one) == settings["owner"]}
    for name, spec in sorted(settings["podDefaults"].items()):
        if name in there and name not in ours:
            yield f"{namespace}/{name}: made by somebody else, left alone"
        elif name not in there or there[name].get("spec") != spec:
            metadata = {"name": name, "namespace": namespace, "labels": {OWNER: settings["owner"]}}
            body = {**KIND, "metadata": metadata, "spec": spec}
            api.call("PATCH", f"{place}/{name}", body, fieldManager="labhelm-later", force="true")
            yield f"{namespace}/{name}: {'changed' if name in there else 'made'}"
    for name in sorted(ours - set(settings["podDefaults"])):
        api.call("DELETE", f"{place}/{name}")
        yield f"{namespace}/{name}: removed"


def owner_of(found):
    """Which release's program made it; None for anybody else."""
    return found["metadata"].get("labels", {}).get(OWNER)


def main(file):
    """Look after each namespace; 1 when one of them failed."""
    settings = json.loads(pathlib.Path(file).read_text())
    api, failed = from_pod(), False
    try:
        api.call("GET", "/apis/kubeflow.org/v1alpha1")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        print("Kubeflow's PodDefaults are not there yet")
        return 0
    for namespace in namespaces(api, settings):
        try:
            for line in look_after(api, namespace, settings):
                print(line)
        except (urllib.error.URLError, TimeoutError) as error:
            failed = True
            print(f"{namespace}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

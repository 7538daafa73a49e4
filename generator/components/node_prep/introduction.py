# ruff: noqa: E501 - a table of Markdown has its rows in one line each
"""The hand-written part of the chart's README."""

introduction = """
```console
helm install node-prep ./charts/node-prep -f values/lab/node-prep.yaml                   # look: changes nothing
kubectl get nodes -o custom-columns='NODE:.metadata.name,PREPARED:.status.conditions[?(@.type=="NodePrepared")].message'
kubectl label node kitt labhelm.io/node-prep=apply                                       # this node may be changed
helm upgrade node-prep ./charts/node-prep -f values/lab/node-prep.yaml --set mode=apply  # change it
helm test node-prep
```

A pod on each node runs the agent in `agent/` from time to time. Between two runs it is a single shell, below 2 MiB even
where no other pod shares its image. What each reason of the condition means, and what to do:
[Keep nodes as they should be](../../docs/how-to/keep-nodes.md).

| `mode` | What an agent does | What it can do |
|---|---|---|
| `plan` | reports the difference as the node's condition `NodePrepared` and in its log | the machine's files are mounted read-only; enters the machine's namespaces to ask its programs |
| `apply` | on nodes with the opt-in label: backs up, changes, verifies, or goes back; drains before it restarts anything | privileged |
| `undo` | takes back everything that was ever applied | privileged |

- One node at a time changes (`lease.slots`), and one that failed keeps its turn, so that no second one meets the
  same fault. Mend it and delete its pod, which tries once more; or take the opt-in label off it.
- Any agent may read all nodes, as RBAC knows no "own node", and may evict any pod while it drains; writes to nodes
  are limited to its own by a ValidatingAdmissionPolicy (`ownNodeOnly`).
- A running pod works with the settings it started with. `updateStrategy.type` says whether new ones come by
  themselves (`RollingUpdate`) or when you delete the pod of a node (`OnDelete`).
- `helm uninstall` leaves the machines as they are, and the nodes with their last condition. To take everything back,
  upgrade with `mode=undo`, wait, and uninstall; or set `undoOnUninstall` before.
- The pods use the host's network, since what they mend may be the pods' network; no NetworkPolicy applies to them.
- The release's own namespace cannot be made by the chart: with `namespace: ""` it needs the label
  `pod-security.kubernetes.io/enforce=privileged`.
"""

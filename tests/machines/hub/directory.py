"""A real slapd with TLS: it answers no password without encryption, and nobody who has not logged in."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from generator.cluster.runner import CommandRunner
from tests.machines.bed.archive import Image, Tree
from tests.machines.bed.images import bundle
from tests.machines.bed.rootfs import ensure_root

IMAGE = "labhelm.test/directory:1"
PACKAGES = ("slapd",)
HOST = "nas.default.svc.cluster.local"
BASE = "dc=example,dc=org"
PORTS = {"ldap": (389, 1389), "ldaps": (636, 1636)}
CONFIG = f"""\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile /data/slapd.pid
TLSCertificateFile /tls/tls.crt
TLSCertificateKeyFile /tls/tls.key
security simple_bind=128
disallow bind_anon
database mdb
suffix "{BASE}"
directory /data
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""
START = "slapadd -f /config/slapd.conf -l /entries/entries.ldif && exec slapd -f /config/slapd.conf -d 0 -h "
PEOPLE = ("ada", "eve", "bob", "grace")
GROUPS = {"ml": ("ada", "eve"), "admins": ("grace",)}
"""bob is in none."""


def image(runner: CommandRunner) -> Path:
    """The archive with Debian's slapd."""
    root = ensure_root("directory", PACKAGES, runner)
    return bundle("directory", [str(root)], lambda _: [Image((IMAGE,), (Tree(root),))])


def certificate(folder: Path, runner: CommandRunner, name: str = HOST) -> tuple[str, str]:
    """A certificate that signs itself, and its key."""
    key, made = folder / f"{name}.key", folder / f"{name}.crt"
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    runner.run([*argv, "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(made)])
    return made.read_text(), key.read_text()


def passwords() -> dict[str, str]:
    """A password for everyone and for `reader`, who may search."""
    return {name: secrets.token_urlsafe(12) for name in (*PEOPLE, "reader")}


def entries(known: dict[str, str]) -> str:
    """The directory as LDIF."""
    top = [f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: lab\ndc: example"]
    units = [
        f"dn: ou={name},{BASE}\nobjectClass: organizationalUnit\nou: {name}" for name in ("users", "groups")
    ]
    return "\n\n".join([*top, *units, *(_person(*one) for one in known.items()), *map(_group, GROUPS)]) + "\n"


def dn(name: str) -> str:
    """A person's entry."""
    return f"uid={name},ou=users,{BASE}"


def group(name: str) -> str:
    """A group's entry."""
    return f"cn={name},ou=groups,{BASE}"


def _person(name: str, password: str) -> str:
    return (
        f"dn: {dn(name)}\nobjectClass: inetOrgPerson\nuid: {name}\ncn: {name}\nsn: {name}\n"
        f"userPassword: {password}"
    )


def _group(name: str) -> str:
    members = "\n".join(f"member: {dn(one)}" for one in GROUPS[name])
    return f"dn: {group(name)}\nobjectClass: groupOfNames\ncn: {name}\n{members}"


def objects(known: dict[str, str], tls: tuple[str, str]) -> list[dict[str, Any]]:
    """Pod and Service `nas`, and what it mounts."""
    mounts = {"config": {"configMap": {"name": "nas"}}, "entries": {"secret": {"secretName": "nas-entries"}}}
    mounts |= {"tls": {"secret": {"secretName": "nas-tls"}}, "data": {"emptyDir": {}}}
    container = {
        "name": "slapd",
        "image": IMAGE,
        "imagePullPolicy": "Never",
        "command": ["sh", "-ec", START + "'" + " ".join(f"{n}://:{p[1]}/" for n, p in PORTS.items()) + "'"],
        "volumeMounts": [{"name": name, "mountPath": f"/{name}"} for name in mounts],
        "readinessProbe": {"tcpSocket": {"port": 1636}, "periodSeconds": 1},
    }
    ports = [{"name": name, "port": port, "targetPort": inside} for name, (port, inside) in PORTS.items()]
    return [
        _made("ConfigMap", "nas", data={"slapd.conf": CONFIG}),
        _made("Secret", "nas-entries", stringData={"entries.ldif": entries(known)}),
        _made("Secret", "nas-tls", stringData={"tls.crt": tls[0], "tls.key": tls[1]}),
        _made("Service", "nas", spec={"selector": {"app": "nas"}, "ports": ports}),
        _made("Pod", "nas", spec={
            "containers": [container],
            "terminationGracePeriodSeconds": 0,
            "volumes": [{"name": name, **source} for name, source in mounts.items()],
        }),
    ]  # fmt: skip


def _made(kind: str, name: str, **parts: Any) -> dict[str, Any]:
    meta = {"name": name, "labels": {"app": name}}
    return {"apiVersion": "v1", "kind": kind, "metadata": meta, **parts}

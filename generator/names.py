"""Names, addresses and paths with the checks that Kubernetes and IP networking really make."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = re.compile(_LABEL)
_DNS_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LABEL_PART = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_DURATION = re.compile(r"(\d+(ms|s|m|h|d))+")
_IMAGE = re.compile(
    r"(?P<repository>[a-z0-9]+([._-][a-z0-9]+|:[0-9]+(?=/))*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)"
    r"(:(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?P<digest>sha256:[0-9a-f]{64}))?"
)

Check = Callable[[str], str]


def _fault(message: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("S004", "{text}", {"text": message, "hint": hint})


def _matching(pattern: re.Pattern[str], limit: int, what: str, hint: str) -> Check:
    def check(value: str) -> str:
        if len(value) > limit:
            raise _fault(f"{what} is longer than {limit} characters", "shorten it")
        if not pattern.fullmatch(value):
            raise _fault(f"not {what}", hint)
        return value

    return check


def _label_key(value: str) -> str:
    prefix, slash, name = value.rpartition("/")
    if slash and not (len(prefix) <= 253 and _DNS_NAME.fullmatch(prefix)):
        raise _fault(
            "not a label key: the part before / must be a DNS name", "for example example.org/system"
        )
    if not (len(name) <= 63 and _LABEL_PART.fullmatch(name)):
        raise _fault(
            "not a label key: letters, digits, - _ . and at most 63 characters after the /",
            "for example example.org/system",
        )
    return value


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise _fault("not an IP address", "four numbers up to 255, for example 192.168.11.10") from None


def _cidr(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        pass
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise _fault("not a CIDR", "an address and a prefix length, for example 10.244.0.0/16") from None
    raise _fault("not a CIDR: bits are set right of the prefix", f"did you mean {network}?")


def range_bounds(value: str) -> tuple[int, int]:
    """First and last address, as numbers, of `a-b`, a CIDR or a single address. Raises ValueError."""
    first, dash, last = value.partition("-")
    if dash:
        low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
        if low.version != high.version or int(low) > int(high):
            raise ValueError(value)
        return int(low), int(high)
    network = ipaddress.ip_network(value)
    return int(network[0]), int(network[-1])


def _range(value: str) -> str:
    try:
        range_bounds(value)
    except ValueError:
        raise _fault(
            "not a range of addresses",
            "first-last or a CIDR: 192.168.11.100-192.168.11.120, 192.168.11.96/28",
        ) from None
    return value


def _path(value: str) -> str:
    if not value.startswith("/") or "//" in value or ".." in value.split("/") or "\0" in value:
        raise _fault("not an absolute path", "it starts with / and has no .. in it, for example /export/data")
    return value


def image_parts(value: str) -> dict[str, str]:
    """`repository`, `tag` and `digest` of an image reference; missing parts are ""."""
    match = _IMAGE.fullmatch(value)
    return {key: text or "" for key, text in match.groupdict().items()} if match else {}


def _image(value: str) -> str:
    parts = image_parts(value)
    if not parts:
        raise _fault("not an image reference", "for example ghcr.io/dask/dask:2025.11.0")
    if not parts["tag"] and not parts["digest"]:
        raise _fault("the image has neither tag nor digest", f"pin it: {value}:1.0")
    if parts["tag"] == "latest" and not parts["digest"]:
        raise _fault(
            "the tag latest names another image every day", "pin a version or a digest (@sha256:...)"
        )
    return value


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


def _dns_label(limit: int, what: str) -> Any:
    hint = "small letters, digits and -, starting and ending with a letter or digit"
    return AfterValidator(_matching(_DNS_LABEL, limit, what, hint))


PlatformName = Annotated[str, _dns_label(40, "a name"), _schema(rf"^{_LABEL}$")]
"""Name of a platform; short, for releases and files are named after it."""
DnsLabel = Annotated[str, _dns_label(63, "a DNS label"), _schema(rf"^{_LABEL}$")]
"""Name of a namespace, a service, a port (RFC 1123 label)."""
DnsName = Annotated[
    str,
    AfterValidator(
        _matching(_DNS_NAME, 253, "a DNS name", "labels of small letters, digits and -, joined by dots")
    ),
    _schema(rf"^{_LABEL}(\.{_LABEL})*$"),
]
"""Name of a node, a host, a domain, and of most objects (RFC 1123 subdomain)."""
LabelKey = Annotated[str, AfterValidator(_label_key)]
"""Key of a label or taint, with an optional DNS prefix."""
LabelValue = Annotated[
    str,
    AfterValidator(
        lambda v: v if v == "" else _matching(_LABEL_PART, 63, "a label value", "letters, digits, - _ .")(v)
    ),
]
"""Value of a label; may be empty."""
Address = Annotated[
    str, AfterValidator(_address), WithJsonSchema({"type": "string", "examples": ["192.168.11.10"]})
]
"""One IP address."""
Cidr = Annotated[
    str, AfterValidator(_cidr), WithJsonSchema({"type": "string", "examples": ["10.244.0.0/16"]})
]
"""A network: address and prefix length."""
AddressRange = Annotated[str, AfterValidator(_range)]
"""`first-last`, a CIDR or one address."""
AbsolutePath = Annotated[str, AfterValidator(_path), _schema("^/")]
"""A path on a machine or in a container."""
Image = Annotated[str, AfterValidator(_image)]
"""A pinned container image."""
Duration = Annotated[
    str,
    AfterValidator(_matching(_DURATION, 20, "a duration", "a number and ms, s, m, h or d: 30s, 5m, 2h")),
    _schema(r"^(\d+(ms|s|m|h|d))+$"),
]
"""A span of time: `30s`, `5m`, `1h30m`."""
HostName = Annotated[
    str,
    AfterValidator(
        _matching(
            re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?"),
            253,
            "a host name or address",
            "nas.example.org or 192.168.11.2",
        )
    ),
]
"""A host by name or address."""

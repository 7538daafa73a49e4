"""AUT103: the directory cannot be searched as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.auth import Ldap
from generator.profile.model import Profile
from generator.rules.base import Finding, Names

AT: tuple[str, str] = ("auth", "ldap")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each half or double way to find a user."""
    ldap = profile.auth.ldap if profile.auth else None
    if ldap:
        yield from _templates(ldap)
        yield from _search(ldap)


def _templates(ldap: Ldap) -> Iterator[Finding]:
    for index, template in enumerate(ldap.bind_dn_template):
        if "{username}" not in template:
            yield Finding(
                (*AT, "bindDNTemplate", index),
                "the same entry for every user",
                "put {username} where the login name stands: uid={username},cn=users,dc=example,dc=org",
            )


def _search(ldap: Ldap) -> Iterator[Finding]:
    if ldap.search_base and ldap.bind_dn_template:
        yield Finding(
            (*AT, "searchBase"),
            "users are searched, and their entries are known from bindDNTemplate",
            "keep one of both",
            related=(((*AT, "bindDNTemplate"), "the other way"),),
        )
    if ldap.search_user and ldap.search_password_secret is None:
        yield Finding((*AT, "searchUser"), "its password is missing", "add searchPasswordSecret: {name, key}")
    if ldap.search_password_secret and not ldap.search_user:
        yield Finding(
            (*AT, "searchPasswordSecret"),
            "whose password is it?",
            "add searchUser, the entry that may search",
        )

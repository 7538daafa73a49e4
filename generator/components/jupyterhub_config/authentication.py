"""Who may log in, as JupyterHub's authenticators want to know it."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc


class SecretKey(Model):
    """One key of a Secret; the hub gets its value as an environment variable."""

    name: Annotated[str, doc('Name of the Secret; "" for none.', example="github-oauth")] = ""
    key: Annotated[str, doc("Key in it.", example="client-secret")] = ""


class CaFile(Model):
    """Certificates of the authority that signed a server's certificate."""

    config_map: Annotated[
        str, doc('ConfigMap with them; "" trusts the public authorities.', example="nas-ca")
    ] = ""
    key: Annotated[str, doc("Key in it.")] = "ca.crt"


class Ldap(Model):
    """LDAPAuthenticator 2.x. Users are found by a template of their entry, or by a search."""

    server: Annotated[str, doc("Server, by the name in its certificate.", example="nas.lab.example.org")] = ""
    port: Annotated[int, doc("Port; 0 is 389, or 636 with on-connect.", ge=0, le=65535)] = 0
    tls: Annotated[
        Literal["before-bind", "on-connect", "insecure"],
        doc("When TLS starts: before-bind is StartTLS, on-connect is ldaps, insecure is never."),
    ] = "before-bind"
    ca: Annotated[CaFile, doc("Who signed the server's certificate; it is always verified.")] = CaFile()
    bind_dn_template: Annotated[
        list[str],
        doc(
            "Entries of users, tried in order.",
            alias="bindDNTemplate",
            example=["uid={username},cn=users,dc=example,dc=org"],
        ),
    ] = []
    search_base: Annotated[
        str, doc('Search users below this entry instead; "" for no search.', example="dc=example,dc=org")
    ] = ""
    search_filter: Annotated[str, doc("Filter of the search.")] = "({login_attr}={login})"
    user_attribute: Annotated[str, doc("Attribute with the login name.")] = "uid"
    search_user: Annotated[
        str, doc('Entry that may search; "" searches without login.', example="cn=reader,dc=example,dc=org")
    ] = ""
    search_password: Annotated[SecretKey, doc("Its password.")] = SecretKey()
    allowed_groups: Annotated[
        list[str], doc("Entries of groups whose members may log in.", example=["cn=ml,dc=example,dc=org"])
    ] = []
    admin_groups: Annotated[
        list[str], doc("Entries of groups whose members are administrators as well.")
    ] = []
    group_attributes: Annotated[
        list[str],
        doc(
            "Attributes with a group's members; memberUid holds login names, each other one entries."
            " Name only those that the directory's schema has: others make each login fail.",
            example=["member"],
        ),
    ] = ["member", "uniqueMember", "memberUid"]


class Application(Model):
    """This hub as the login service knows it."""

    client_id: Annotated[str, doc("Client ID of the registered application.")] = ""
    client_secret: Annotated[SecretKey, doc("Its secret.")] = SecretKey()
    callback_url: Annotated[
        str,
        doc(
            'Address to return to; "" takes that of the request.',
            example="https://hub.lab.example.org/hub/oauth_callback",
        ),
    ] = ""


class Github(Application):
    """GitHubOAuthenticator."""

    organizations: Annotated[
        list[str],
        doc("Organizations, or organization:team, whose members may log in.", example=["example:ml"]),
    ] = []


class Oidc(Application):
    """GenericOAuthenticator: any OpenID Connect provider."""

    authorize_url: Annotated[str, doc("Page for the login.", example="https://id.example.org/auth")] = ""
    token_url: Annotated[str, doc("Tokens.", example="https://id.example.org/token")] = ""
    userdata_url: Annotated[str, doc("Claims of a user.", example="https://id.example.org/userinfo")] = ""
    scopes: Annotated[list[str], doc("Scopes that are asked for.")] = ["openid", "profile", "email"]
    username_claim: Annotated[str, doc("Claim with the login name.")] = "preferred_username"
    groups_claim: Annotated[str, doc("Claim with the groups.")] = "groups"
    allowed_groups: Annotated[list[str], doc("Groups whose members may log in.", example=["ml"])] = []
    admin_groups: Annotated[list[str], doc("Groups whose members are administrators as well.")] = []
    login_service: Annotated[str, doc("Name on the login button.")] = "single sign-on"


class Google(Application):
    """GoogleOAuthenticator."""

    domains: Annotated[list[str], doc("Domains whose accounts may log in.", example=["example.org"])] = []


class Authentication(Model):
    """One provider. Without anybody who may log in the hub does not start, and says so."""

    type: Annotated[
        Literal["", "ldap", "github", "oidc", "google"], doc('Provider; with "" the hub does not start.')
    ] = ""
    allow_all: Annotated[bool, doc("Everyone whom the provider knows may log in.")] = False
    allowed_users: Annotated[
        list[str], doc("Users who may log in, besides the groups.", example=["ada"])
    ] = []
    admin_users: Annotated[list[str], doc("Administrators; they may log in as well.", example=["ada"])] = []
    ldap: Annotated[Ldap, doc("For type ldap.")] = Ldap()
    github: Annotated[Github, doc("For type github.")] = Github()
    oidc: Annotated[Oidc, doc("For type oidc.")] = Oidc()
    google: Annotated[Google, doc("For type google.")] = Google()

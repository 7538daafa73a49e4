"""Who may log in. JupyterHub 5 lets nobody in without a rule, so a hub without one ends here and says so."""

import ssl

CA_FOLDER = "/usr/local/etc/jupyterhub/labhelm_ca"
PASSWORD = "LABHELM_LDAP_PASSWORD"
CLIENT_SECRET = "LABHELM_CLIENT_SECRET"


def configure(c, login, env):
    """Set the authenticator, the rules that let people in, and the administrators."""
    kind = login["type"]
    if kind not in PROVIDERS:
        raise SystemExit("labhelm: authentication.type is not set: nobody could log in")
    admins = set(login["adminUsers"])
    c.Authenticator.allow_all = login["allowAll"]
    # JupyterHub lets administrators in only where others are named too.
    c.Authenticator.allowed_users = set(login["allowedUsers"]) | admins
    c.Authenticator.admin_users = admins
    # Otherwise who once logged in may do so for ever, also when no longer in the group.
    c.Authenticator.allow_existing_users = False
    allowed = PROVIDERS[kind](c, login[kind], env)
    if not (login["allowAll"] or login["allowedUsers"] or admins or allowed):
        raise SystemExit(f"labhelm: authentication lets nobody in: add users, groups or allowAll for {kind}")


def _ldap(c, ldap, env):
    c.JupyterHub.authenticator_class = "ldap"
    directory = c.LDAPAuthenticator
    directory.server_address = ldap["server"]
    if ldap["port"]:
        directory.server_port = ldap["port"]
    directory.tls_strategy = ldap["tls"].replace("-", "_")
    directory.tls_kwargs = _tls(ldap)
    directory.user_attribute = ldap["userAttribute"]
    if ldap["bindDNTemplate"]:
        directory.bind_dn_template = ldap["bindDNTemplate"]
    if ldap["searchBase"]:
        _search(directory, ldap, env)
    groups = [*ldap["allowedGroups"], *ldap["adminGroups"]]
    directory.allowed_groups = groups
    directory.group_attributes = ldap["groupAttributes"]
    directory.group_search_filter = _membership(ldap["groupAttributes"])
    if ldap["adminGroups"]:
        c.Authenticator.post_auth_hook = administrators(ldap["adminGroups"])
    return groups


def _membership(attributes):
    """Groups that the user is in; memberUid holds login names, the others entries."""
    users = {name: "uid" if name.lower() == "memberuid" else "userdn" for name in attributes}
    return "(|" + "".join(f"({name}={{{user}}})" for name, user in users.items()) + ")"


def _tls(ldap):
    """Without it ldap3 takes any certificate."""
    if ldap["tls"] == "insecure":
        return {}
    verified = {"validate": ssl.CERT_REQUIRED}
    if ldap["ca"]["configMap"]:
        verified["ca_certs_file"] = f"{CA_FOLDER}/{ldap['ca']['key']}"
    return verified


def _search(directory, ldap, env):
    directory.lookup_dn = True
    directory.user_search_base = ldap["searchBase"]
    directory.lookup_dn_search_filter = ldap["searchFilter"]
    directory.lookup_dn_user_dn_attribute = ldap["userAttribute"]
    if ldap["searchUser"]:
        directory.lookup_dn_search_user = ldap["searchUser"]
        directory.lookup_dn_search_password = _secret(env, PASSWORD, ldap["searchPassword"])


def administrators(groups):
    """A hook that makes members of these groups administrators, and nobody else who is not named."""

    async def hook(authenticator, handler, found):  # noqa: ARG001 - JupyterHub gives three
        state = found["auth_state"] or {}
        is_member = bool(set(groups) & set(state.get("ldap_groups", [])))
        return {**found, "admin": is_member or found["name"] in authenticator.admin_users}

    return hook


def _github(c, github, env):
    c.JupyterHub.authenticator_class = "github"
    _application(c.GitHubOAuthenticator, github, env)
    c.GitHubOAuthenticator.allowed_organizations = set(github["organizations"])
    if github["organizations"]:
        c.GitHubOAuthenticator.scope = ["read:org"]
    return github["organizations"]


def _oidc(c, oidc, env):
    c.JupyterHub.authenticator_class = "generic-oauth"
    provider = c.GenericOAuthenticator
    _application(provider, oidc, env)
    provider.authorize_url = oidc["authorizeUrl"]
    provider.token_url = oidc["tokenUrl"]
    provider.userdata_url = oidc["userdataUrl"]
    provider.scope = oidc["scopes"]
    provider.username_claim = oidc["usernameClaim"]
    provider.login_service = oidc["loginService"]
    groups = [*oidc["allowedGroups"], *oidc["adminGroups"]]
    if groups:
        provider.manage_groups = True
        provider.auth_state_groups_key = f"oauth_user.{oidc['groupsClaim']}"
        provider.allowed_groups = set(groups)
        provider.admin_groups = set(oidc["adminGroups"])
    return groups


def _google(c, google, env):
    c.JupyterHub.authenticator_class = "google"
    _application(c.GoogleOAuthenticator, google, env)
    c.GoogleOAuthenticator.hosted_domain = google["domains"]
    return google["domains"]


def _application(provider, application, env):
    provider.client_id = application["clientId"]
    provider.client_secret = _secret(env, CLIENT_SECRET, application["clientSecret"])
    if application["callbackUrl"]:
        provider.oauth_callback_url = application["callbackUrl"]


def _secret(env, variable, secret):
    if not env.get(variable):
        where = f"Secret {secret['name']}, key {secret['key']}"
        raise SystemExit(f"labhelm: {variable} is empty; the hub's pod takes it from {where}")
    return env[variable]


PROVIDERS = {"ldap": _ldap, "github": _github, "oidc": _oidc, "google": _google}

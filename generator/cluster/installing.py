"""Install a profile's umbrella into a cluster: prepare, helm, wait, and say what came up."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.cluster.helm import Helm, Values
from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import (
    Manifest,
    SecretNeed,
    namespaces,
    parse,
    pull_secret_needs,
    secret_needs,
)
from generator.cluster.preparing import ensure_namespaces, ensure_tokens, missing_secrets
from generator.cluster.readiness import waiting_for
from generator.errors import CommandError
from generator.toolchain.progress import Progress

_LOOK_EVERY = 2.0
_HINTS = {
    "invalid ownership metadata": "something of that name is there already: "
    "`labhelm adopt` tells how it becomes the release's own",
    "conflict occurred while applying": "somebody changed this by hand: write it into the profile, "
    "or let helm take it back by `helm upgrade ... --force-conflicts`",
}
"""What helm says -> what to do about it."""


@dataclass(frozen=True)
class Installation:
    """One release of the umbrella in one cluster. `timeout` in seconds."""

    kubectl: Kubectl
    helm: Helm
    chart: Path
    release: str
    namespace: str
    progress: Progress
    timeout: float = 300

    def install(self, text: str, settings: Sequence[str] = (), texts: Sequence[str] = ()) -> list[SecretNeed]:
        """Install or upgrade, and wait until all pods are ready; the Secrets that someone must still make."""
        with TemporaryDirectory(prefix="labhelm-") as folder:
            file = Path(folder) / "values.yaml"
            file.write_text(text)
            values = Values((file,), tuple(settings), tuple(texts))
            with self.progress.working("rendering the umbrella chart"):
                manifests = self._render(values)
            missing = self._prepare(manifests)
            self._upgrade(values, missing)
        return missing

    def uninstall(self) -> str:
        """Remove the release; what is marked to be kept stays. What helm said."""
        with self.progress.working(f"helm uninstall {self.release}"):
            return self.helm.uninstall(self.release, namespace=self.namespace, timeout=self.timeout)

    def _render(self, values: Values) -> list[Manifest]:
        return parse(self.helm.template(self.release, str(self.chart), values, namespace=self.namespace))

    def _prepare(self, manifests: Sequence[Manifest]) -> list[SecretNeed]:
        needs = secret_needs(manifests, self.namespace)
        with self.progress.working("making namespaces and login tokens"):
            self._own_namespace()
            made = ensure_namespaces(self.kubectl, namespaces(manifests), self.release, self.namespace)
            tokens = ensure_tokens(self.kubectl, needs)
            pull = pull_secret_needs(manifests, self.namespace)
            missing = missing_secrets(self.kubectl, [*needs, *pull])
        for name in made:
            self.progress.note(f"made namespace {name}")
        for need in tokens:
            self.progress.note(f"made Secret {need.namespace}/{need.name} with a random {need.key}")
        return missing

    def _own_namespace(self) -> None:
        if self.kubectl.find("namespace", self.namespace) is None:
            self.kubectl.run("create", "namespace", self.namespace)

    def _upgrade(self, values: Values, missing: Sequence[SecretNeed]) -> None:
        """helm in a thread, so that we can say what it waits for."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            running = pool.submit(
                self.helm.upgrade,
                self.release,
                str(self.chart),
                values,
                namespace=self.namespace,
                timeout=self.timeout,
            )
            try:
                self._watch(running)
            except CommandError as error:
                raise self._explained(error, missing) from error

    def _watch(self, running: Future[str]) -> None:
        line = f"helm upgrade --install {self.release}"
        while not running.done():
            with self.progress.working(line):
                line = self._look(running, line)
        running.result()

    def _look(self, running: Future[str], line: str) -> str:
        """Wait until there is something new to say, or helm is done."""
        new = line
        while new == line and not running.done():
            with suppress(NotYet, CommandError):
                running.result(timeout=_LOOK_EVERY)
            waits = waiting_for(self.kubectl, self.release)
            new = f"waiting for {len(waits)}: {waits[0]}" if waits else f"helm is installing {self.release}"
        return new

    def _explained(self, error: CommandError, missing: Sequence[SecretNeed]) -> CommandError:
        """helm only says that time ran out; the pods say why."""
        waits = [f"not ready: {line}" for line in waiting_for(self.kubectl, self.release)]
        lacks = [f"missing: Secret {need.namespace}/{need.name}" for need in missing]
        return CommandError(
            error.message,
            command=error.command,
            output="\n".join([error.output.rstrip(), *waits, *lacks]),
            hint=error.hint
            or next((hint for words, hint in _HINTS.items() if words in error.output), "")
            or "mend what the lines above name, then run the same command again: it goes on from here",
        )

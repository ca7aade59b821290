"""What a service is made of, and how it is run: subscriptions, background loops, probes.

A service's `app.py` builds a `ServiceApp` from the settings and its `__main__.py` says `sys.exit(launch(build))`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.delivery.messages import Handler, Publish
from shared.delivery.ports import AttemptsPort
from shared.settings import Settings
from shared.topics import ServiceName

Probe = Callable[[], bool]
"""Whether something answers. Synchronous, called in a thread with a time limit; an exception counts as no."""

Hook = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Subscription:
    """A topic (short name) that a service listens to.

    The consumer group is `PREFIX SERVICE.TOPIC`, one for each topic: partitions are shared out evenly only among members that want the same
    topics, and a member that joins or leaves one topic's group does not stop the others.

    Args: handler: see `shared.delivery.messages.Handler`. consumers: how many records are worked on at a time (each consumer takes one; more
    than the topic has partitions lie idle). needs_envelope: records without a readable envelope are dead letters at once (False for
    objects.notified: such records have `envelope` null). durable_attempts: attempts are counted through the AttemptsPort; False where the
    handler only writes down what it was told. alone_on_second: a second try waits until nothing else runs in this process, and nothing
    begins meanwhile. defer: False: a passing failure is tried in place for ever, and nothing is sent to events.deferred. So for that topic
    itself and for dead letters, whose own headers a deferral would replace, and for handlers that need nothing but the store's database:
    without it nothing could note the deferral.
    """

    topic: str
    handler: Handler
    consumers: int = 1
    needs_envelope: bool = True
    durable_attempts: bool = True
    alone_on_second: bool = True
    defer: bool = True


@dataclass(frozen=True)
class Background:
    """A loop beside the consumers, with the service's producer: the store's outbox relay and sweep.

    `run` goes on until it is cancelled (when the service stops, after the consumers have finished). TransientError out of it: it is started
    again with growing delays. Any other end is an error: the service is reported as not alive and ends (exit code 4).
    """

    name: str
    run: Callable[[Publish], Awaitable[None]]


@dataclass(frozen=True)
class ServiceApp:
    """A service, ready to be served.

    Args: attempts: see AttemptsPort. probes: dependencies by name (`s3`, `database`; Kafka is probed anyway): all must answer before the
    service is ready. pulses: own parts that must live (`workers`: the pool of child processes); one that says no makes the service not alive.
    on_start: run before anything is consumed; each is tried again with growing delays on TransientError. on_stop: run after the drain.
    """

    name: ServiceName
    settings: Settings
    subscriptions: Sequence[Subscription]
    attempts: AttemptsPort
    backgrounds: Sequence[Background] = ()
    probes: Mapping[str, Probe] = field(default_factory=dict)
    pulses: Mapping[str, Probe] = field(default_factory=dict)
    on_start: Sequence[Hook] = ()
    on_stop: Sequence[Hook] = ()


Build = Callable[[Settings], ServiceApp]


def launch(name: ServiceName, build: Build) -> int:
    """Loads the settings, sets up logs, builds the service and serves it: the whole of `python -m services.NAME`.

    Returns: an exit code: as `serve`, and 2 where a setting is wrong or fault points are set in production (one clear line on stderr).
    """
    from shared.delivery.launching import launch as launch_service

    return launch_service(name, build)


def serve(app: ServiceApp) -> int:
    """Runs a service until SIGTERM or SIGINT; then drains within `settings.drain_seconds`.

    A dependency that is not there at start is waited for, visibly (not ready, a log line for each try), for ever.
    Returns: 0 after a drain (also one cut off by its time limit: what was not finished comes again); 4 when the service is not alive any
    more by its own judgement (dead consumer, background task or worker pool, no progress): whoever supervises it starts it again.
    """
    from shared.delivery.launching import serve as serve_service

    return serve_service(app)

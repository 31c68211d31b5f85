"""The small schema in a process of its own, for tests that send signals to it."""

import sys

from tests.adapters.graphql.serving import prepared


def main() -> None:
    """Serve until a signal; print the port first and the state of the generators last."""
    served, listener = prepared(graceful_timeout=600)
    _say(served.port)
    with listener:
        served.server.run(sockets=[listener])
    _say(*served.lifespan)


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""An identity provider for tests: signing keys, and a real HTTP server that publishes them."""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
import jwt
from anyio.abc import SocketAttribute, SocketStream
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

ISSUER: Final = "https://project.example/auth/v1"
USER: Final = "5a0b7e9c-3d7f-4c55-9a39-0d3c1f6f2a11"


class SigningKey:
    """An ES256 key of the provider and the tokens it signs."""

    def __init__(self, kid: str) -> None:
        self.kid: Final = kid
        self.private: Final = ec.generate_private_key(ec.SECP256R1())

    def jwk(self) -> dict[str, str]:
        """The public key as the provider publishes it."""
        public: dict[str, str] = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "ES256", "use": "sig"}

    def token(self, headers: dict[str, Any] | None = None, **changes: Any) -> str:
        """A token as the provider issues it; a change to None leaves the claim out."""
        payload = {name: value for name, value in (claims() | changes).items() if value is not None}
        # Encoded by hand: PyJWT's own `encode` refuses some of the claims a forger would write.
        return jwt.PyJWS().encode(
            json.dumps(payload).encode(),
            self.private,
            algorithm="ES256",
            headers={"kid": self.kid, **(headers or {})},
        )


def claims() -> dict[str, Any]:
    """The claims of a good token."""
    now = int(time.time())
    return {
        "iss": ISSUER,
        "sub": USER,
        "aud": "authenticated",
        "role": "authenticated",
        "email": "player@example.com",
        "iat": now,
        "exp": now + 3600,
    }


class JwksServer:
    """Answers every request with `body`, once `gate` is open; counts what arrives."""

    def __init__(self, port: int) -> None:
        self.url: Final = f"http://127.0.0.1:{port}/auth/v1/.well-known/jwks.json"
        self.status = "200 OK"
        self.body = b""
        self.gate = anyio.Event()
        self.gate.set()
        self.requests = 0
        self._arrived: Final = anyio.Condition()

    def publish(self, *keys: SigningKey) -> None:
        """Serve these keys from now on."""
        self.status = "200 OK"
        self.body = json.dumps({"keys": [key.jwk() for key in keys]}).encode()

    def hold(self) -> None:
        """Leave requests without an answer until `gate` is set."""
        self.gate = anyio.Event()

    async def received(self, count: int) -> None:
        """Wait for the request with this number."""
        async with self._arrived:
            while self.requests < count:
                await self._arrived.wait()

    async def serve(self, stream: SocketStream) -> None:
        """One connection, one request."""
        async with stream:
            try:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += await stream.receive()
                async with self._arrived:
                    self.requests += 1
                    self._arrived.notify_all()
                await self.gate.wait()
                await stream.send(
                    f"HTTP/1.1 {self.status}\r\nContent-Length: {len(self.body)}\r\n"
                    f"Location: {self.url}\r\nConnection: close\r\n\r\n".encode()
                    + self.body
                )
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return


@asynccontextmanager
async def jwks_server(*keys: SigningKey) -> AsyncGenerator[JwksServer, None]:
    """A server on a free port that publishes `keys`."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as tasks:
        server = JwksServer(listener.extra(SocketAttribute.local_port))
        server.publish(*keys)
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()

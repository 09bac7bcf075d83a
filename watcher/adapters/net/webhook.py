"""Sends signed webhooks, as the Standard Webhooks specification has it."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from watcher.adapters.net.client import GuardedClient, Target
from watcher.adapters.net.retry_after import parse_retry_after
from watcher.errors import FetchFailed, SendFailed

TIMEOUT = 15.0
"""Seconds for a whole delivery; what the specification recommends."""


class WebhookSender:
    """A watcher.ports.Sender over a guarded client, which it shares and does not close.

    `user_agent` is ASCII text, `timeout` in seconds.
    """

    def __init__(self, client: GuardedClient, user_agent: str, *, timeout: float = TIMEOUT) -> None:
        self._client = client
        self._user_agent = user_agent
        self._timeout = timeout

    async def send(
        self, url: str, secret: str, message_id: str, body: bytes, now: datetime
    ) -> tuple[int, float | None]:
        """POSTs the exact bytes (UTF-8 JSON), signed with the base64 secret, `whsec_` or not.

        Gives the status, a redirect's too, and Retry-After in seconds or None. The answer's body
        is of no interest and not waited for. Raises SendFailed if no status came back; its text
        never holds the secret nor more of the URL than its host.
        """
        headers = {
            "User-Agent": self._user_agent,
            "Content-Type": "application/json",
            **sign(secret, message_id, body, now),
        }
        try:
            target = Target.parse(url)
            async with asyncio.timeout(self._timeout):
                reply = await self._client.send("POST", target, headers, body)
                await reply.close()
        except FetchFailed as error:
            # Its causes quote the URL, which may be a secret, and whatever the endpoint sent.
            raise SendFailed(error.detail) from None
        except TimeoutError as error:
            raise SendFailed(
                f"{target.url.scheme}://{target.host} did not answer within {self._timeout:g} s."
            ) from error
        waits = next((value for name, value in reply.headers() if name == "retry-after"), None)
        return reply.status, parse_retry_after(waits, now)


def sign(secret: str, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of a signed message. Raises SendFailed if the secret cannot be a key."""
    moment = now.astimezone(UTC)  # the library takes any time for UTC
    try:
        signature = Webhook(secret).sign(message_id, moment, body.decode())
    except (EmptyWebhookSecretError, ValueError):
        raise SendFailed(
            "The webhook's secret is not a base64 key; create one of 24 to 64 random bytes."
        ) from None  # the cause could quote the secret
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(math.floor(moment.timestamp())),
        "webhook-signature": signature,
    }

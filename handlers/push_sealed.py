"""What goes to a push service: sealed for one browser (RFC 8291), signed as ours (RFC 8292)."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher, WebPushException

from handlers.push_types import Claims, Subscription

_KEY = 32


def packed(to: Subscription, payload: bytes) -> bytes:
    """Readable by this browser alone; ValueError where its keys are none."""
    try:
        pusher = WebPusher({"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}})
        return bytes(pusher.encode(payload)["body"])
    except (WebPushException, binascii.Error) as error:
        raise ValueError(type(error).__name__) from None


def signed(claims: Claims, secret: bytes) -> dict[str, str]:
    """The header that names us."""
    key = Vapid02.from_raw(base64.urlsafe_b64encode(secret).rstrip(b"="))
    return dict(key.sign({"aud": claims.origin, "exp": claims.until, "sub": claims.contact}))


def public_key(secret: bytes) -> str:
    """As browsers take it: the uncompressed point, base64url."""
    key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1()).public_key()
    point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def new_secret() -> bytes:
    """The private number of a new key pair."""
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(_KEY, "big")

"""An S3 server for the fault runs."""

from __future__ import annotations

from tests.storage.test_files import s3

__all__ = ["s3"]

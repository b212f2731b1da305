"""The fixtures of ``mcp_kit``, whose helpers the tests import by that name."""

from mcp_kit import anyio_backend, backend, out, stdio

__all__ = ["anyio_backend", "backend", "out", "stdio"]

"""Faults and attacks: each row is a promise, and a function that puts it to the test."""

from faults import clients, clocks, datagrams, disks, files, packets, process, reload  # noqa: F401 each adds its rows
from faults.table import line_faults

__all__ = ["line_faults"]

"""The number of open files that the operating system allows a process: every connection is one."""

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

RESERVED = 200  # files of the process that are no connections: of the database, Redis, pictures, the log
WANTED = 20_000 + RESERVED
WITHOUT_LIMIT = 2_000  # connections on Windows


def raise_limit() -> None:
    """Use as many open files as an unprivileged process may allow itself, up to those that are wanted."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def max_connections() -> int:
    """How many connections a process may have at the same time."""
    if resource is None:
        return WITHOUT_LIMIT
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = WANTED if soft == resource.RLIM_INFINITY else min(soft, WANTED)
    return max(allowed - RESERVED, allowed // 2)

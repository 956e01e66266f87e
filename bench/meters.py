"""What a server and its database use of the machine."""

import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis
from django.db import connection

from bench.serving import Server


@dataclass(frozen=True)
class Used:
    """Seconds of the processor."""

    application: float
    database: float
    redis: float

    def __sub__(self, other: "Used") -> "Used":
        return Used(self.application - other.application, self.database - other.database, self.redis - other.redis)


@dataclass(frozen=True)
class Meter:
    server: Server
    database: psutil.Process
    redis: psutil.Process

    @classmethod
    def of(cls, server: Server, redis_url: str) -> "Meter":
        """Of a server that uses the database that `default` means, and this Redis."""
        with redis.Redis.from_url(redis_url) as client:
            return cls(server, database_process(), psutil.Process(client.info()["process_id"]))

    def read(self) -> Used:
        return Used(self.server.cpu_seconds(), database_seconds(self.database), sum(self.redis.cpu_times()[:2]))


def database_process() -> psutil.Process:
    """The database server, whose children serve connections."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0]).parent()


def database_seconds(database: psutil.Process) -> float:
    """Of the server and its children, those that have ended, too."""
    children = database.children()
    own = database.cpu_times()
    ended = own.children_user + own.children_system
    return own.user + own.system + ended + sum(sum(each.cpu_times()[:2]) for each in children)


def processor_ms() -> float:
    """What this process has used so far, and the one of the database that serves it, on the same machine."""
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() * 1000 + int(database) / 1e6

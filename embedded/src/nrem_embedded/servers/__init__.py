"""A real PostgreSQL and a real Apache Kafka on this machine, for the demonstration and for the tests.

Both are started as child processes on 127.0.0.1, keep their data in a state folder, and end when the process that
started them ends, however it ends. Nothing has to be installed beside the Python packages.
"""

from nrem_embedded.servers.kafka import Kafka
from nrem_embedded.servers.kafka_jars import JarsChangedError, JarsUnavailableError
from nrem_embedded.servers.memory import memory_held
from nrem_embedded.servers.ports import PortTakenError
from nrem_embedded.servers.postgres import Postgres
from nrem_embedded.servers.postgres_account import NoAccountError
from nrem_embedded.servers.process import ServerError, ServerFailedError, StateInUseError

__all__ = [
    "JarsChangedError",
    "JarsUnavailableError",
    "Kafka",
    "NoAccountError",
    "PortTakenError",
    "Postgres",
    "ServerError",
    "ServerFailedError",
    "StateInUseError",
    "memory_held",
]

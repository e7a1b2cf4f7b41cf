"""How the one-machine broker is set up: pure text, no processes."""

from pathlib import Path

from nrem_embedded.servers.ports import HOST

# One core's worth of compiler and collector: the broker starts sooner and leaves the other core to the services.
COMMON_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    # Standard output is the log: warnings of Kafka, and of Java only its errors.
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
)
FORMAT_OPTIONS = (*COMMON_OPTIONS, "-Xmx64m")
SERVER_OPTIONS = (
    *COMMON_OPTIONS,
    "-Xms64m",
    "-Xmx384m",
    # Give memory back after a burst.
    "-XX:MinHeapFreeRatio=10",
    "-XX:MaxHeapFreeRatio=30",
    # Buffers outside the heap, unbounded by default.
    "-XX:MaxDirectMemorySize=64m",
)

# Every setting that differs from Kafka's own default, and why, except where it only says "one broker".
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    # Topics are made by `migrate`, so that a misspelt name is an error.
    "auto.create.topics.enable": "false",
    # One broker.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # A group works at once instead of 3 s after its first member.
    "group.initial.rebalance.delay.ms": "0",
    # A killed broker may register again when its old session ends: 2 s instead of 9 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "250",
    # Memory: the cleaner alone takes 128 MB by default; threads have stacks and buffers.
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.cleaner.io.buffer.size": "262144",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "background.threads": "2",
    "num.recovery.threads.per.data.dir": "1",
    # Nobody reads the figures Java's own management interface would offer.
    "metric.reporters": "",
    # Space on disk: an index is reserved at full size for each partition.
    "log.index.size.max.bytes": "2097152",
    "log.segment.bytes": "268435456",
}


def configuration(port: int, controller_port: int, data: Path) -> str:
    """Text of `server.properties` for a broker with its data in `data`, reachable from this machine only."""
    places = {
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "log.dirs": escaped(str(data)),
    }
    return "".join(f"{name}={value}\n" for name, value in {**SETTINGS, **places}.items())


def escaped(text: str) -> str:
    """A value of a Java properties file: plain ASCII, backslashes doubled."""
    doubled = text.replace("\\", "\\\\")
    return "".join(char if char.isascii() else utf16_escapes(char) for char in doubled)


def utf16_escapes(char: str) -> str:
    """`\\uXXXX` once or twice, as Java counts."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

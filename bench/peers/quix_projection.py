"""QuixStreams with its own PostgreSQL sink. Run by a Python of its own: its packages do not go with the platform's.

Reads `{kafka, topic, group, host, port, database, user, password, count}` from stdin; prints `{"seconds": …}`.
"""

import json
import sys
import tempfile
import time

from quixstreams import Application
from quixstreams.sinks.community.postgresql import PostgreSQLSink

FIELDS = {"indicator", "value", "empty", "comment"}


def main() -> None:
    told = json.loads(sys.stdin.readline())
    progress = {"seen": 0, "began": 0.0, "ended": 0.0}
    app = Application(
        broker_address=told["kafka"], consumer_group=told["group"], auto_offset_reset="earliest", commit_interval=1.0,
        commit_every=2000, loglevel="ERROR", auto_create_topics=False, state_dir=tempfile.mkdtemp(),
        producer_extra_config={"enable.idempotence": True, "acks": "all"},
    )  # fmt: skip

    def rows_of(event):
        progress["began"] = progress["began"] or time.perf_counter()
        progress["seen"] += 1
        data = event["data"]
        return [_row(data, one) for one in data["content"]["observations"]]

    class Sink(PostgreSQLSink):
        def flush(self):
            super().flush()
            if progress["seen"] >= told["count"] and not progress["ended"]:
                progress["ended"] = time.perf_counter()
                app.stop()

    key = ["period", "member", "version", "indicator", "dimension_key"]
    sink = Sink(
        told["host"], told["port"], told["database"], told["user"], told["password"], "observation", "projection",
        schema_auto_update=False, include_metadata=False, primary_key_columns=key, upsert_on_primary_key=True,
    )  # fmt: skip
    app.dataframe(app.topic(told["topic"], value_deserializer="json")).apply(rows_of, expand=True).sink(sink)
    app.run()
    print(json.dumps({"seconds": progress["ended"] - progress["began"]}))


def _row(data, one):
    dimensions = {name: one[name] for name in sorted(one.keys() - FIELDS)}
    return {
        "period": data["period"], "member": data["member"], "version": data["version"], "indicator": one["indicator"],
        "dimension_key": "|".join(f"{name}={code}" for name, code in dimensions.items()), "dimensions": dimensions,
        "value": one["value"], "empty": one.get("empty"), "comment": one.get("comment"),
    }  # fmt: skip


if __name__ == "__main__":
    main()

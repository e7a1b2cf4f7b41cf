"""The `eventsourcing` library: aggregates in its own PostgreSQL store, projected with its tracking recorder.

Reads `{host, port, database, user, password, events}` from stdin, each event its data; prints `{"seconds": …}`.
"""

import json
import sys
import time

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

FIELDS = {"indicator", "value", "empty", "comment"}
INSERT = """
insert into projection.observation
       (period, member, version, indicator, dimension_key, dimensions, value, empty, comment)
values (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s) on conflict do nothing
"""


class Submission(Aggregate):
    class Submitted(Aggregate.Created):
        data: dict

    @event(Submitted)
    def __init__(self, data):
        self.data = data


class Intake(Application):
    def submit(self, data):
        self.save(Submission(data=data))


class View(PostgresTrackingRecorder):
    def put(self, rows, tracking):
        with self.datastore.transaction(commit=True) as cursor:
            cursor.executemany(INSERT, rows)
            self._insert_tracking(cursor, tracking)


class Observations(Projection[View]):
    name = "observations"

    @singledispatchmethod
    def process_event(self, domain_event, tracking):
        pass

    @process_event.register
    def _(self, submitted: Submission.Submitted, tracking):
        data = submitted.data
        self.view.put([_row(data, one) for one in data["content"]["observations"]], tracking)


def _row(data, one):
    dimensions = {name: one[name] for name in sorted(one.keys() - FIELDS)}
    return (
        data["period"], data["member"], data["version"], one["indicator"],
        "|".join(f"{name}={code}" for name, code in dimensions.items()), json.dumps(dimensions), one["value"],
        one.get("empty"), one.get("comment"),
    )  # fmt: skip


def main() -> None:
    told = json.loads(sys.stdin.readline())
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_DBNAME": told["database"],
        "POSTGRES_HOST": told["host"], "POSTGRES_PORT": str(told["port"]), "POSTGRES_USER": told["user"],
        "POSTGRES_PASSWORD": told["password"],
    }  # fmt: skip
    app = Intake(env=environment)
    for data in told["events"]:
        app.submit(data)
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Intake, projection_class=Observations, view_class=View, env=environment
    ) as runner:
        runner.wait(len(told["events"]), timeout=300)
        print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()

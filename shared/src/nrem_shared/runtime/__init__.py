"""The one way to do each thing: settings, logs, metrics, problems, database, journal, relay, projections, identity."""

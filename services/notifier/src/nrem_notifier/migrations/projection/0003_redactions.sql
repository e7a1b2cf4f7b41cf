-- A fact that is told again without a text that was redacted takes the place of what was kept of it.
grant update (type, recorded_at, data) on projection.fact to :app;

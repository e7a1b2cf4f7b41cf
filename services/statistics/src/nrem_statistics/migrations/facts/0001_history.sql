-- The historical series that this service records: every revision, the newest one counts.
create table facts.history (
    series      text        not null,
    revision    bigint      not null,
    recorded_at timestamptz not null,
    document    jsonb       not null,
    primary key (series, revision)
);

grant select, insert on facts.history to :app;

-- The quarters that were released: every version, never changed. `document` is the fact as it was journalled.
create table facts.release (
    period      text        not null,
    version     bigint      not null,
    released_at timestamptz not null,
    document    jsonb       not null,
    primary key (period, version)
);

grant select, insert on facts.release to :app;

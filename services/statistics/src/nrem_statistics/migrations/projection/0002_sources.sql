-- What other services decided and figures are made with.

create table projection.institution (
    code         text   primary key,
    revision     bigint not null,
    abbreviation text   not null,
    name         jsonb  not null,
    kind         text   not null
);

-- A period as its opening says; `owes` is frozen then.
create table projection.period (
    code         text        primary key,
    revision     bigint      not null,
    due          date        not null,
    owes         text[]      not null,
    illustrative boolean     not null,
    opened_at    timestamptz not null
);

create table projection.period_closing (
    code      text        not null,
    revision  bigint      not null,
    closed_at timestamptz not null,
    accepted  jsonb       not null,
    reference jsonb       not null,
    primary key (code, revision)
);

-- Every revision is kept: figures as known on a past date use the reference data of that date.
create table projection.reference (
    kind        text        not null,
    code        text        not null,
    revision    bigint      not null,
    recorded_at timestamptz not null,
    item        jsonb       not null,
    primary key (kind, code, revision)
);

grant select, insert, update on projection.institution, projection.period to :app;
grant select, insert on projection.period_closing, projection.reference to :app;

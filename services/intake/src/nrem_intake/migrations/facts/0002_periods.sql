create table facts.reference (
    kind     text   not null,
    code     text   not null,
    revision bigint not null,
    item     jsonb  not null,
    primary key (kind, code)
);

create table facts.period (
    code         text        primary key,
    revision     bigint      not null,
    grp          text        not null,
    due          date        not null,
    owes         text[]      not null,
    state        text        not null check (state in ('open', 'closed')),
    illustrative boolean     not null,
    opened_at    timestamptz not null,
    closed_at    timestamptz,
    manifest     jsonb
);

create table facts.clock (
    only_row boolean     primary key default true check (only_row),
    now      timestamptz not null,
    revision bigint      not null
);

grant select, insert, update on facts.reference, facts.period, facts.clock to :app;

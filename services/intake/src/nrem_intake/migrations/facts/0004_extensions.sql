-- How long a member has for a period's first submission beyond the period's due date: what the newest event of the
-- stream says. `due` is null until the coordinator gave time; what was asked for stays until it is decided.
create table facts.extension (
    period         text        not null references facts.period,
    member         text        not null references facts.institution,
    revision       bigint      not null check (revision > 0),
    due            date,
    reason         jsonb,
    asked_until    date,
    asked_reason   jsonb,
    refused_until  date,
    refused_reason jsonb,
    changed_at     timestamptz not null,
    primary key (period, member)
);

grant select, insert, update on facts.extension to :app;

-- Whether what a member's focal point prepared waits for its authorised officer: the newest event of the stream.
create table facts.signature (
    period   text    not null references facts.period,
    member   text    not null references facts.institution,
    revision bigint  not null check (revision > 0),
    awaited  boolean not null,
    item     jsonb   not null,
    primary key (period, member)
);

-- A correction that was prepared: no fact before it is signed. `given` is what was typed in the form, to be mended.
create table facts.correction_draft (
    period          text        not null references facts.period,
    member          text        not null references facts.institution,
    stream_revision bigint      not null,
    items           jsonb       not null,
    given           jsonb       not null,
    state           text        not null check (state in ('open', 'awaiting_signature')),
    prepared_by     text        not null,
    note            text,
    changed_at      timestamptz not null,
    primary key (period, member)
);

grant select, insert, update on facts.signature to :app;
grant select, insert, update, delete on facts.correction_draft to :app;
-- Files that no report refers to go with the draft that they were chosen for.
grant delete on facts.evidence to :app;

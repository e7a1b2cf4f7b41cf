-- A report being written: no fact, so it may be overwritten and is gone once it was submitted. `document` has the shape
-- of a submission's content; what was typed and is no number or date yet stands in its place as text.
create table facts.report_draft (
    period          text        not null references facts.period,
    member          text        not null references facts.institution,
    revision        bigint      not null check (revision > 0),
    stream_revision bigint      not null,
    document        jsonb       not null,
    sections        jsonb       not null,
    state           text        not null check (state in ('open', 'awaiting_signature', 'discarded')),
    prepared_by     text,
    note            text,
    changed_at      timestamptz not null,
    primary key (period, member)
);

-- Who prepared, signed or entered a version; null where the institution sent it itself and nobody had to sign.
alter table facts.submission_version add column authors jsonb;

grant select, insert, update, delete on facts.report_draft to :app;

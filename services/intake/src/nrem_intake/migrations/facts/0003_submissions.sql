-- One row per stream: what its newest event says.
create table facts.submission (
    period             text        not null references facts.period,
    member             text        not null references facts.institution,
    revision           bigint      not null check (revision > 0),
    version            integer     not null check (version > 0),
    state              text        not null check (state in ('submitted', 'returned', 'accepted', 'withdrawn')),
    accepted_version   integer,
    pending_version    integer,
    first_submitted_at timestamptz not null,
    late               boolean     not null,
    due                date        not null,
    changed_at         timestamptz not null,
    primary key (period, member)
);

-- What a member reported before: part-of rules add up over the quarters.
create index submission_accepted on facts.submission (member, period) where accepted_version is not null;
-- The coordinator's queue.
create index submission_pending on facts.submission (changed_at) where pending_version is not null;

-- Versions are kept for ever; only what became of one is added later.
create table facts.submission_version (
    period            text        not null,
    member            text        not null,
    version           integer     not null,
    kind              text        not null check (kind in ('first', 'resubmission', 'correction')),
    state             text        not null check (state in ('submitted', 'returned', 'accepted', 'withdrawn')),
    submitted_at      timestamptz not null,
    nothing_to_report boolean     not null,
    content           jsonb       not null,
    corrected_figures jsonb       not null,
    decided_at        timestamptz,
    reasons           jsonb,
    due               date,
    primary key (period, member, version),
    foreign key (period, member) references facts.submission
);

grant select, insert, update on facts.submission to :app;
grant select, insert on facts.submission_version to :app;
grant update (state, decided_at, reasons, due) on facts.submission_version to :app;

-- What the members reported. A version is stored whole, once, and never changed: a figure that a later version drops
-- is gone with its version. Decisions stand apart, so that the order in which records arrive makes no difference.

create table projection.submission_version (
    period             text        not null,
    member             text        not null,
    version            integer     not null,
    kind               text        not null,
    submitted_at       timestamptz not null,
    late               boolean     not null,
    due                date        not null,
    nothing_to_report  boolean     not null,
    illustrative       boolean     not null,
    corrected_figures  jsonb       not null,
    primary key (period, member, version)
);

-- accepted_at, returned_at or withdrawn_at of a version: when the decision was journalled.
create table projection.submission_decision (
    period     text        not null,
    member     text        not null,
    version    integer     not null,
    outcome    text        not null check (outcome in ('accepted', 'returned', 'withdrawn')),
    decided_at timestamptz not null,
    primary key (period, member, version)
);

create table projection.observation (
    period        text    not null,
    member        text    not null,
    version       integer not null,
    indicator     text    not null,
    dimension_key text    not null,
    dimensions    jsonb   not null,
    value         bigint,
    empty         text,
    comment       text,
    primary key (period, member, version, indicator, dimension_key),
    check (value is null or empty is null)
);

create table projection.activity (
    period        text    not null,
    member        text    not null,
    version       integer not null,
    ordinal       integer not null,
    code          text    not null,
    type          text    not null,
    audience      text    not null,
    participants  bigint,
    copies        bigint,
    reach         bigint,
    first_contact jsonb   not null,
    project_phase text,
    continues     boolean not null,
    primary key (period, member, version, ordinal)
);

create table projection.funding (
    period     text          not null,
    member     text          not null,
    version    integer       not null,
    ordinal    integer       not null,
    source     text          not null,
    purpose    text          not null,
    amount_eur numeric(16, 2) not null,
    primary key (period, member, version, ordinal)
);

create table projection.challenge (
    period  text    not null,
    member  text    not null,
    version integer not null,
    ordinal integer not null,
    code    text    not null,
    state   text    not null,
    text    jsonb   not null,
    primary key (period, member, version, ordinal)
);

-- The newest state of each stream, for those who ask about now.
create table projection.submission_stream (
    period           text   not null,
    member           text   not null,
    revision         bigint not null,
    state            text   not null,
    accepted_version integer,
    pending_version  integer,
    primary key (period, member)
);

grant select, insert on projection.submission_version, projection.submission_decision, projection.observation,
    projection.activity, projection.funding, projection.challenge to :app;
grant select, insert, update on projection.submission_stream to :app;

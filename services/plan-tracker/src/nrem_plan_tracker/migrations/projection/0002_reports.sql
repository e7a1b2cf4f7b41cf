-- What members reported, by version, whole and never changed; decisions stand apart, so that order makes no difference.
drop table projection.progress;
drop table projection.progress_version;

create table projection.submission_version (
    period            text        not null,
    member            text        not null,
    version           integer     not null,
    submitted_at      timestamptz not null,
    nothing_to_report boolean     not null,
    illustrative      boolean     not null,
    primary key (period, member, version)
);

create table projection.submission_decision (
    period     text        not null,
    member     text        not null,
    version    integer     not null,
    outcome    text        not null check (outcome in ('accepted', 'returned', 'withdrawn')),
    decided_at timestamptz not null,
    primary key (period, member, version)
);

-- One entry of a section: plan_progress, activities, future_plans or challenges; code is a result's or the entry's own.
create table projection.reported_item (
    period  text    not null,
    member  text    not null,
    version integer not null,
    section text    not null,
    place   integer not null,
    code    text    not null,
    item    jsonb   not null,
    primary key (period, member, version, section, place)
);
create index reported_item_by_code on projection.reported_item (section, code);

-- The newest state of each stream, for those who ask about now.
create table projection.submission_stream (
    period           text   not null,
    member           text   not null,
    revision         bigint not null,
    state            text   not null,
    accepted_version integer,
    pending_version  integer,
    due              date   not null,
    late             boolean not null,
    primary key (period, member)
);

create table projection.institution (
    code     text   primary key,
    revision bigint not null,
    item     jsonb  not null
);

create table projection.period (
    code         text    primary key,
    revision     bigint  not null,
    group_code   text    not null,
    due          date    not null,
    owes         text[]  not null,
    illustrative boolean not null
);

-- The one code list that is needed here: the exceptions of the calendar.
create table projection.code_list (
    code     text   primary key,
    revision bigint not null,
    item     jsonb  not null
);

grant select, insert on projection.submission_version, projection.submission_decision, projection.reported_item to :app;
grant select, insert, update on projection.submission_stream, projection.institution, projection.period,
    projection.code_list to :app;

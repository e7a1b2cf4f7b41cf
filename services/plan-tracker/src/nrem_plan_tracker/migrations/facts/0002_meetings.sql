-- Verdicts and dissents are never changed: a new one stands beside the old, so that any past date can be shown.
create table facts.verdict (
    plan     text        not null,
    result   text        not null,
    revision bigint      not null,
    given_at timestamptz not null,
    item     jsonb       not null,
    primary key (plan, result, revision)
);

create table facts.dissent (
    plan        text        not null,
    result      text        not null,
    institution text        not null,
    revision    bigint      not null,
    recorded_at timestamptz not null,
    item        jsonb       not null,
    primary key (plan, result, institution, revision)
);

create table facts.recommendation (
    code     text   primary key,
    revision bigint not null,
    item     jsonb  not null
);

create table facts.legal_deadline (
    code     text   primary key,
    revision bigint not null,
    item     jsonb  not null
);

create table facts.meeting (
    code      text        primary key,
    revision  bigint      not null,
    about     text        not null,
    state     text        not null,
    starts_at timestamptz not null,
    item      jsonb       not null
);

create table facts.minutes (
    meeting  text   primary key references facts.meeting (code),
    revision bigint not null,
    state    text   not null,
    item     jsonb  not null
);

create table facts.decision (
    code     text   primary key,
    revision bigint not null,
    meeting  text   not null references facts.meeting (code),
    item     jsonb  not null
);

create table facts.task (
    code     text   primary key,
    revision bigint not null,
    meeting  text   not null references facts.meeting (code),
    owner    text   not null,
    due      date   not null,
    state    text   not null,
    item     jsonb  not null
);
create index task_by_state on facts.task (state, due);

grant select, insert on facts.verdict, facts.dissent to :app;
grant select, insert, update on facts.recommendation, facts.legal_deadline, facts.meeting, facts.minutes,
    facts.decision, facts.task to :app;

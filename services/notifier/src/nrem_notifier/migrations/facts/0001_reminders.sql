-- The policies, the calendar and the switch as they stand; their history is in the journal.
create table facts.policies (
    only_row boolean     primary key default true check (only_row),
    revision bigint      not null,
    item     jsonb       not null,
    at       timestamptz not null
);

create table facts.working_calendar (
    only_row boolean     primary key default true check (only_row),
    revision bigint      not null,
    item     jsonb       not null,
    at       timestamptz not null
);

create table facts.sending (
    only_row boolean     primary key default true check (only_row),
    revision bigint      not null,
    paused   boolean     not null,
    reason   text        not null,
    at       timestamptz not null
);

-- Mails as they are sent, byte for byte. `content` is personal data: it is emptied when its time is over.
-- waiting → sending → sent | failed (for good) | waiting (again later); withheld = not on the allow-list;
-- superseded = never left: what it told is told by a later mail. `handed_over` = a server may have taken it.
create table facts.mail (
    id           uuid        primary key,
    kind         text        not null,
    contact      text        not null,
    institution  text        not null,
    role         text        not null,
    language     text        not null,
    day          date        not null,
    subject      text        not null,
    message_id   text        not null unique,
    content      bytea,
    state        text        not null check (state in ('waiting', 'sending', 'sent', 'failed', 'withheld', 'superseded')),
    planned_at   timestamptz not null,
    decided_at   timestamptz not null,
    settled_at   timestamptz,
    attempts     integer     not null default 0,
    handed_over  boolean     not null default false,
    not_before   timestamptz not null default '-infinity',
    leased_until timestamptz not null default '-infinity',
    cause        text        not null default '',
    sequence     integer     not null default 0
);
create index mail_to_send on facts.mail (not_before) where state in ('waiting', 'sending');
create index mail_by_day on facts.mail (day, contact);

-- What was told to whom: once per obligation × recipient × step. Of an obligation's row only the mail may change, and
-- only while the mail before never left.
create table facts.ledger (
    obligation  text        not null,
    institution text        not null,
    role        text        not null,
    step        text        not null,
    occurrence  text        not null default '',
    code        text        not null,
    planned     date        not null,
    due         date,
    outcome     text        not null check (outcome in ('sent', 'merged', 'lapsed')),
    fallback    boolean     not null default false,
    mail        uuid        references facts.mail,
    decided_at  timestamptz not null,
    primary key (obligation, institution, role, step, occurrence)
);
create index ledger_by_mail on facts.ledger (mail);
create index ledger_by_decided on facts.ledger (decided_at);

-- Every try to hand a mail to the server, in real time.
create table facts.attempt (
    mail     uuid        not null references facts.mail,
    number   integer     not null,
    began_at timestamptz not null,
    ended_at timestamptz not null,
    outcome  text        not null,
    cause    text        not null,
    detail   text        not null,
    primary key (mail, number)
);

-- Stretches of time in which nothing was decided, and why.
create table facts.hold (
    id       bigint generated always as identity primary key,
    began_at timestamptz not null,
    ended_at timestamptz,
    reason   text        not null,
    detail   text        not null
);

-- How far the notifier has decided: for this generation and change of the projection, at this instant of its clock.
create table facts.decided (
    only_row   boolean     primary key default true check (only_row),
    generation uuid        not null,
    change     bigint      not null,
    instant    timestamptz not null,
    held       text        not null
);

-- Calendar feeds: who has the address may read; only its hash is kept.
create table facts.feed (
    secret      bytea       primary key,
    institution text        not null,
    role        text        not null,
    created_at  timestamptz not null,
    ended_at    timestamptz
);

-- What the demonstration's own mail server received; empty elsewhere.
create table facts.received (
    id          bigint generated always as identity primary key,
    received_at timestamptz not null,
    recipient   text        not null,
    message_id  text        not null,
    subject     text        not null,
    content     bytea       not null
);
create index received_by_recipient on facts.received (recipient, id);

grant select, insert, update on facts.policies, facts.working_calendar, facts.sending, facts.mail, facts.ledger,
    facts.hold, facts.decided, facts.feed to :app;
grant select, insert on facts.attempt, facts.received to :app;

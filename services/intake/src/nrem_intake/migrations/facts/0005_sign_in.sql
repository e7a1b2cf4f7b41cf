-- Signing in. All of it in real time and none of it an event: of every secret only a hash is kept.
alter table facts.session
    add column address          text,
    add column way              text        not null default 'demonstration'
                                            check (way in ('demonstration', 'link', 'provider')),
    add column step             text        not null default 'complete'
                                            check (step in ('role', 'code', 'enrol', 'complete')),
    add column contact          uuid,
    add column contributor      uuid,
    add column sections         text[]      not null default '{}',
    add column language         text        not null default 'lv',
    add column second_factor_at timestamptz,
    add column agent            text        not null default '',
    add column return_to        text        not null default '';

create index session_address on facts.session (address);

-- A link that was mailed; `browser` is the hash of the cookie of the browser that asked for it.
create table facts.sign_in_link (
    secret     bytea       primary key,
    browser    bytea       not null,
    address    text        not null,
    return_to  text        not null,
    asked_at   timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

-- What is limited per address, per client and per person, under a keyed hash of it.
create table facts.sign_in_attempt (
    what  text        not null,
    whose bytea       not null,
    at    timestamptz not null
);

create index sign_in_attempt_whose on facts.sign_in_attempt (what, whose, at);

-- A browser that is away at the identity provider.
create table facts.provider_visit (
    state      bytea       primary key,
    browser    bytea       not null,
    return_to  text        not null,
    expires_at timestamptz not null
);

-- `person` is a keyed hash of the address, `secret` is encrypted, `last_step` the newest time step that was used.
create table facts.second_factor (
    person       bytea       primary key,
    secret       bytea       not null,
    created_at   timestamptz not null,
    confirmed_at timestamptz,
    last_step    bigint      not null default 0
);

create table facts.recovery_code (
    person  bytea not null references facts.second_factor on delete cascade,
    code    bytea not null,
    used_at timestamptz,
    primary key (person, code)
);

-- People of an institution who fill some sections of its report. Personal data: mutable, never in the journal.
create table facts.contributor (
    id         uuid        primary key,
    member     text        not null references facts.institution,
    address    text        not null,
    name       text        not null,
    language   text        not null,
    sections   text[]      not null,
    revision   bigint      not null,
    invited_at timestamptz not null
);

create unique index contributor_address on facts.contributor (member, lower(address));

-- Rotation of keys: the old one ends some time after the new one began.
alter table facts.institution_key
    add column ends_at  timestamptz,
    add column replaces uuid;

grant select, insert, update, delete on
    facts.sign_in_link, facts.sign_in_attempt, facts.provider_visit, facts.second_factor, facts.recovery_code,
    facts.contributor to :app;

-- Who read and exported what that was not their own institution's; kept for a time, then forgotten.
create table facts.access (
    number         bigint      generated always as identity primary key,
    at             timestamptz not null,
    actor          text        not null,
    display        text        not null,
    roles          text[]      not null,
    what           text        not null check (what in ('read', 'export')),
    about          text        not null,
    correlation_id text        not null
);

create index access_at on facts.access (at);

grant select, insert, delete on facts.access to :app;

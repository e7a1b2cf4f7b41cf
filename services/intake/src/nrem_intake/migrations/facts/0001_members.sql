create table facts.institution (
    code     text    primary key,
    revision bigint  not null,
    item     jsonb   not null
);

-- Personal data: mutable, never in the journal.
create table facts.contact (
    id           uuid    primary key,
    member       text    not null references facts.institution,
    role         text    not null,
    address      text    not null,
    language     text    not null,
    illustrative boolean not null,
    revision     bigint  not null,
    unique (member, role)
);

-- Keys of institutions' machines: only a keyed hash is kept.
create table facts.institution_key (
    id         uuid        primary key,
    member     text        not null,
    roles      text[]      not null,
    secret     bytea       not null,
    issued_at  timestamptz not null,
    revoked_at timestamptz,
    unique (member, secret)
);

-- Browser sessions, in real time; only a hash of the cookie is kept.
create table facts.session (
    id         uuid        primary key,
    cookie     bytea       not null unique,
    subject    text        not null,
    roles      text[]      not null,
    member     text,
    display    text        not null,
    created_at timestamptz not null,
    used_at    timestamptz not null,
    ends_at    timestamptz not null
);

grant select, insert, update on facts.institution to :app;
grant select, insert, update, delete on facts.contact, facts.session to :app;
grant select, insert, update on facts.institution_key to :app;

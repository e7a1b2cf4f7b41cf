-- What every projection keeps about itself. The whole schema may be dropped and rebuilt at any time.

-- A new row for every rebuild: a running consumer sees that its place is gone and starts from the beginning.
create table projection.generation (
    only_row   boolean     primary key default true check (only_row),
    id         uuid        not null default gen_random_uuid(),
    created_at timestamptz not null default now()
);
insert into projection.generation default values;

-- How far each topic-partition is applied, in the transaction that applies; at fresh_at (real time) nothing was missing.
create table projection.applied (
    topic       text        not null,
    partition   integer     not null,
    position    bigint      not null,
    next_offset bigint      not null,
    fresh_at    timestamptz,
    primary key (topic, partition)
);

-- The newest revision of each stream: what read-your-writes waits for.
create table projection.stream (
    subject  text   primary key,
    revision bigint not null
);

-- Records that should have come and did not.
create table projection.gap (
    topic       text        not null,
    partition   integer     not null,
    after       bigint      not null,
    before      bigint      not null,
    detected_at timestamptz not null,
    primary key (topic, partition, before)
);

-- Records that came and could not be understood.
create table projection.dead_letter (
    id            bigint generated always as identity primary key,
    topic         text        not null,
    partition     integer     not null,
    record_offset bigint      not null,
    key           text,
    value         bytea,
    cause         text        not null,
    detail        text        not null,
    event_type    text,
    failed_at     timestamptz not null,
    resolved_at   timestamptz,
    unique (topic, partition, record_offset)
);
create index dead_letter_open on projection.dead_letter (key) where resolved_at is null;

-- The relays' marks: at sent_at everything journalled had been sent up to position.
create table projection.heartbeat (
    service   text        not null,
    topic     text        not null,
    partition integer     not null,
    position  bigint      not null,
    sent_at   timestamptz not null,
    primary key (topic, partition)
);

create table projection.signing_key (
    kid text  primary key,
    jwk jsonb not null
);

create table projection.revocation (
    kind       text        not null,
    id         text        not null,
    revoked_at timestamptz not null,
    primary key (kind, id)
);

create table projection.clock (
    only_row boolean     primary key default true check (only_row),
    now      timestamptz not null
);

grant select on projection.generation to :app;
grant select, insert, update, delete on projection.applied, projection.stream, projection.gap,
    projection.dead_letter, projection.heartbeat, projection.signing_key, projection.revocation, projection.clock to :app;

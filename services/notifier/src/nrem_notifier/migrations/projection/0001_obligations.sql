-- Who can be written to. Personal data: follows the compacted topic, erased with its tombstone's rebuild.
create table projection.contact (
    id       text   primary key,
    member   text   not null,
    role     text   not null,
    address  text   not null,
    language text   not null,
    revision bigint not null
);

-- Who owes a submission for which period, by when.
create table projection.period (
    code     text   primary key,
    due      date   not null,
    owes     text[] not null,
    revision bigint not null
);

-- Where each submission stands.
create table projection.submission (
    period             text        not null,
    member             text        not null,
    state              text        not null,
    due                date        not null,
    first_submitted_at timestamptz not null,
    revision           bigint      not null,
    primary key (period, member)
);

grant select, insert, update, delete on projection.contact, projection.period, projection.submission to :app;
